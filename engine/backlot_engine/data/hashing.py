"""Content hashes of files and folders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ..failure import Failure

HASHED_SUFFIXES = (".json", ".safetensors")
# Formats whose loading can run code. A model folder that holds one is refused, whatever would be read
# from it.
UNSAFE_SUFFIXES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")


def file_hash(path: Path) -> str:
    """sha256 of the file's bytes, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def source_hash() -> str:
    """The engine's version: the hash of its own Python files."""
    return folder_hash(Path(__file__).parent.parent, (".py",))


def folder_hash(folder: Path, suffixes: tuple[str, ...] = HASHED_SUFFIXES) -> str:
    """Identity of a model, adapter, codec or checkpoint folder.

    sha256 over one line for each *.json and *.safetensors file below the folder, sorted by path (UTF-8
    bytes):
    `<relative path with forward slashes>\\0<sha256 of the file, hex>\\n`. Other files (a card, a sheet)
    do not count.
    """
    files = hashed_files(folder, suffixes)
    return lines_hash((path.relative_to(folder).as_posix(), file_hash(path)) for path in files)


def hashed_files(folder: Path, suffixes: tuple[str, ...] = HASHED_SUFFIXES) -> list[Path]:
    """Those that `folder_hash` counts, in no order."""
    return [path for path in folder.rglob("*") if path.suffix in suffixes and path.is_file()]


def sha256_of(data: bytes) -> str:
    """In hex."""
    return hashlib.sha256(data).hexdigest()


def lines_hash(files: Iterable[tuple[str, str]]) -> str:
    """As `folder_hash`, of names and hashes that are known."""
    digest = hashlib.sha256()
    for name, sha256 in sorted((name.encode(), sha256) for name, sha256 in files):
        digest.update(name + b"\0" + sha256.encode() + b"\n")
    return digest.hexdigest()


def refuse_unsafe(folder: Path) -> None:
    """Raises Failure("unsafe-file") when a pickle or a link lies in the folder."""
    for path in folder.rglob("*"):
        if path.suffix in UNSAFE_SUFFIXES or path.is_symlink():
            found = "a link" if path.is_symlink() else f"a {path.suffix} file, which can run code when loaded"
            raise Failure(
                "unsafe-file",
                expected="only plain safetensors and JSON files",
                where=str(path),
                found=found,
                remedy="Convert the weights to safetensors and remove this file.",
            )
