"""What a job names by its hash, read once: the bytes that were hashed are those that are parsed.

Who can write the workspace can exchange a file at any moment, also between its hash and its use. So nothing
here is opened a second time, but for the weights of open bases, which are too many to be held.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..failure import Failure
from .hashing import file_hash, hashed_files, lines_hash, refuse_unsafe, sha256_of
from .tensors import Tensors, parse_json, parse_tensors

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Folder:
    """files: bytes by relative path with forward slashes; path: for messages, and for what cannot be held."""

    path: Path
    files: Files
    sha256: str

    def json(self, name: str, code: str) -> Any:
        """The JSON value in a file. Raises Failure(code) when there is none."""
        return parse_json(self._bytes(name, code), self.path / name, code)

    def tensors(self, name: str) -> Tensors:
        """All tensors of a safetensors file. Raises Failure("bad-tensors")."""
        return parse_tensors(self._bytes(name, "bad-tensors"), self.path / name)

    def _bytes(self, name: str, code: str) -> bytes:
        if name in self.files:
            return self.files[name]
        raise _missing(code, "a file", str(self.path / name))


def read_folder(path: Path, holds: Callable[[Files], bool] = lambda _: True) -> Folder:
    """The folder's JSON and safetensors files, with the hash that `folder_hash` gives. `holds`: of its JSON
    files, whether the weights are to be held too; else they are hashed where they lie.
    """
    paths = {one.relative_to(path).as_posix(): one for one in hashed_files(path)}
    files = {name: one.read_bytes() for name, one in paths.items() if one.suffix == ".json"}
    if holds(files):
        files |= {name: one.read_bytes() for name, one in paths.items() if name not in files}
    hashes = {
        name: sha256_of(files[name]) if name in files else file_hash(one) for name, one in paths.items()
    }
    return Folder(path, files, lines_hash(hashes.items()))


def verified_folder(
    path: str, sha256: str, code: str, holds: Callable[[Files], bool] = lambda _: True
) -> Folder:
    """As `read_folder`, if it exists, holds nothing unsafe and hashes to `sha256`. Raises Failure(code)."""
    if not Path(path).is_dir():
        raise _missing(code, "a folder", path)
    refuse_unsafe(Path(path))
    try:
        folder = read_folder(Path(path), holds)
    except OSError as error:
        raise _missing(code, "files that can be read", path, str(error)) from error
    _refuse_other_hash(path, folder.sha256, sha256, code)
    return folder


def verified_bytes(path: str, sha256: str, code: str) -> bytes:
    """The bytes of the file at `path`, if it exists and they hash to `sha256`. Raises Failure(code)."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise _missing(code, "a file", path) from error
    _refuse_other_hash(path, sha256_of(data), sha256, code)
    return data


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


def _missing(code: str, expected: str, path: str, found: str = "nothing") -> Failure:
    remedy = "Restore it or name another."
    return Failure(code, expected=expected, where=path, found=found, remedy=remedy)
