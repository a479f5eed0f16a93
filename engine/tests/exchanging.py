"""Files that somebody else exchanges while the engine works: for tests and bench/gate."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from unittest import mock

from safetensors.torch import load, save


@contextmanager
def exchanged(theirs: dict[Path, bytes], before: bool = False) -> Iterator[None]:
    """Another process puts its own bytes into each of these files in the moment in which the engine has read
    or hashed it for the first time; or just `before` that.
    """
    left, read, digest = dict(theirs), Path.read_bytes, hashlib.file_digest

    def exchange(path: Path) -> None:
        data = left.pop(path, None)
        if data is not None:
            path.write_bytes(data)

    def read_bytes(path: Path) -> bytes:
        if before:
            exchange(path)
        data = read(path)
        exchange(path)
        return data

    def file_digest(file: IO[bytes], name: str) -> Any:
        if before:
            exchange(Path(file.name))
        found = digest(file, name)  # type: ignore[arg-type]
        exchange(Path(file.name))
        return found

    with mock.patch.object(Path, "read_bytes", read_bytes), mock.patch("hashlib.file_digest", file_digest):
        yield
    assert not left, f"never read: {left.keys()}"


def theirs_for(path: Path, scale: float = 2) -> dict[Path, bytes]:
    """Bytes that the engine could read as well, in place of a file's or of a folder's weights."""
    if path.is_dir():
        weights = [one for one in path.rglob("*.safetensors") if one.is_file()]
        return {file: data for one in weights for file, data in theirs_for(one, scale).items()}
    data = path.read_bytes()
    if path.suffix == ".safetensors":
        tensors = {name: one * scale if one.is_floating_point() else one for name, one in load(data).items()}
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        return {path: save(tensors, header.get("__metadata__"))}
    if path.suffix == ".jsonl":
        return {path: b"".join(data.splitlines(keepends=True)[1:])}
    return {path: bytes(255 - one for one in data)}
