"""What this process has written, by the sha256 of the bytes as they were made.

A run signs what it leaves by its hash. Who can write the run directory could put another file there before it
is read back, so it is not read back: the hashes of what is left are those noted here.
"""

from __future__ import annotations

from pathlib import Path

from .hashing import HASHED_SUFFIXES, lines_hash, sha256_of

_hashes: dict[Path, str] = {}


def write_noted(data: bytes, path: Path) -> str:
    """Writes a file; returns the sha256 of its bytes, as `written_hash` will."""
    path.write_bytes(data)
    return note(path, sha256_of(data))


def note(path: Path, sha256: str) -> str:
    """That this process has written these bytes to `path`, or has read and checked them there."""
    _hashes[path.absolute()] = sha256
    return sha256


def note_moved(old: Path, new: Path) -> None:
    """That a folder has another name now; what was noted under the new one before is gone."""
    start, end = old.absolute(), new.absolute()
    for path in [path for path in _hashes if end in path.parents]:
        del _hashes[path]
    for path in [path for path in _hashes if start in path.parents]:
        _hashes[end / path.relative_to(start)] = _hashes.pop(path)


def written_hash(path: Path) -> str:
    """sha256 of a file, or as `folder_hash` gives it of a folder, of what this process has written there.
    Raises KeyError where it has written nothing.
    """
    whole = path.absolute()
    if whole in _hashes:
        return _hashes[whole]
    below = {one.relative_to(whole).as_posix(): sha for one, sha in _hashes.items() if whole in one.parents}
    files = {name: sha for name, sha in below.items() if name.endswith(HASHED_SUFFIXES)}
    if not files:
        raise KeyError(f"{path}: nothing was written there")
    return lines_hash(files.items())
