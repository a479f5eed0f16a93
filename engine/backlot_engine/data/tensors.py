"""Safetensors and JSON, the only formats that the engine loads or saves."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from ..failure import Failure
from ..strict import no_constant
from .written import write_noted

Tensors = dict[str, Tensor]


def parse_tensors(data: bytes, path: Path) -> Tensors:
    """The tensors of a safetensors file that was read. Raises Failure("bad-tensors") for other content."""
    try:
        return load(data)
    except (SafetensorError, KeyError) as error:  # KeyError: a type of numbers that torch does not have
        raise _not_whole(path, error) from error


def parse_about(data: bytes) -> dict[str, str]:
    """The words in the header of a safetensors file that `parse_tensors` has read."""
    length = int.from_bytes(data[:8], "little")
    found: dict[str, str] = json.loads(data[8 : 8 + length]).get("__metadata__") or {}
    return found


def dump_tensors(tensors: Tensors, where: str, about: dict[str, str] | None = None) -> bytes:
    """The bytes of a safetensors file, for who must not read back from a disk. Refuses NaN and infinity."""
    _refuse_not_finite(tensors, where)
    data = save({name: tensors[name].contiguous() for name in sorted(tensors)}, about)
    return data if about is None else _sorted_about(data)


def _sorted_about(data: bytes) -> bytes:
    """The same file with its words in order: the library writes them in any, so that bytes differed."""
    length = int.from_bytes(data[:8], "little")
    header: dict[str, Any] = json.loads(data[8 : 8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    return data[:8] + text.ljust(length) + data[8 + length :]


def _refuse_not_finite(tensors: Tensors, where: str) -> None:
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise Failure(
                "not-finite",
                expected="finite numbers",
                where=f"{where}: {name}",
                found="NaN or infinity",
                remedy="Train again from the first step, at a lower learning rate or in fp32.",
            )


def save_tensors(tensors: Tensors, path: Path, about: dict[str, str] | None = None) -> None:
    """Writes tensors sorted by name, with words `about` them in the header, and waits until they are on the
    disk. Refuses NaN and infinity.
    """
    save_bytes(dump_tensors(tensors, path.name, about), path)


def load_json(path: Path, code: str) -> Any:
    """The JSON value in a file. Raises Failure(code) when there is none."""
    try:
        return parse_json(path.read_bytes(), path, code)
    except OSError as error:
        raise _no_json(path, error, code) from error


def parse_json(data: bytes, path: Path, code: str) -> Any:
    """As `load_json`, of bytes that were read already: UTF-8."""
    try:
        return json.loads(data.decode(), parse_constant=no_constant)
    except ValueError as error:
        raise _no_json(path, error, code) from error


def dump_json(value: Any) -> bytes:
    """Sorted, indented JSON in UTF-8."""
    return (json.dumps(value, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def save_json(value: Any, path: Path) -> None:
    """Writes sorted, indented JSON and waits until it is on the disk."""
    save_bytes(dump_json(value), path)


def save_bytes(data: bytes, path: Path) -> None:
    """Writes a file and waits until it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_noted(data, path)
    flush(path)


def save_new(data: bytes, path: Path) -> None:
    """As `save_bytes`, a file that must not be there yet: no link of somebody else's is followed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def flush(path: Path) -> None:
    """Makes a file's or folder's content durable before it is renamed."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _no_json(path: Path, error: Exception, code: str) -> Failure:
    return Failure(
        code,
        expected="a JSON file",
        where=str(path),
        found=str(error),
        remedy="Restore the file or name another folder.",
    )


def _not_whole(path: Path, error: Exception) -> Failure:
    return Failure(
        "bad-tensors",
        expected="a whole safetensors file",
        where=str(path),
        found=str(error),
        remedy="Restore the file; pickled weights are never loaded.",
    )
