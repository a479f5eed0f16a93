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
    files = [path for path in folder.rglob("*") if path.suffix in suffixes and path.is_file()]
    return lines_hash((path.relative_to(folder).as_posix(), file_hash(path)) for path in files)


def sha256_of(data: bytes) -> str:
    """In hex."""
    return hashlib.sha256(data).hexdigest()


def lines_hash(files: Iterable[tuple[str, str]]) -> str:
    """As `folder_hash`, of names and hashes that are known."""
    digest = hashlib.sha256()
    for name, sha256 in sorted((name.encode(), sha256) for name, sha256 in files):
        digest.update(name + b"\0" + sha256.encode() + b"\n")
    return digest.hexdigest()


def verified_folder(path: str, sha256: str, code: str) -> Path:
    """The folder at `path`, if it exists, holds nothing unsafe and hashes to `sha256`. Raises
    Failure(code).
    """
    folder = Path(path)
    if not folder.is_dir():
        raise Failure(
            code,
            expected="a folder",
            where=path,
            found="nothing",
            remedy="Restore the folder or name another.",
        )
    refuse_unsafe(folder)
    _refuse_other_hash(path, folder_hash(folder), sha256, code)
    return folder


def verified_file(path: str, sha256: str, code: str) -> Path:
    """The file at `path`, if it exists and hashes to `sha256`. Raises Failure(code)."""
    file = Path(path)
    if not file.is_file():
        raise Failure(
            code, expected="a file", where=path, found="nothing", remedy="Restore the file or name another."
        )
    _refuse_other_hash(path, file_hash(file), sha256, code)
    return file


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


def _refuse_other_hash(path: str, found: str, wanted: str, code: str) -> None:
    if found == wanted:
        return
    raise Failure(
        code,
        expected=f"content with sha256 {wanted}",
        where=path,
        found=found,
        remedy="The content changed after the job was written: write a new job, or restore what it named.",
    )
