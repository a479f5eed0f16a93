"""Takes on the disk: a JSONL file of lines, raw frames beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from torch import Tensor

from .contract import Input, TakeLine
from .data.read_once import verified_bytes
from .failure import mismatch
from .strict import check, json_lines, loads

CODE = "takes-mismatch"


def read_lines(wanted: Input) -> list[TakeLine]:
    """The lines of a takes.jsonl whose sha256 is the wanted one. Raises Failure("takes-mismatch")."""
    path, lines = wanted.path, []
    for number, text in json_lines(verified_bytes(path, wanted.sha256, CODE)):
        value = loads(text, f"{path}:{number}", CODE)
        check("TakeLine", value, f"{path}:{number}", CODE)
        lines.append(TakeLine.of(value))
    return lines


def read_pixels(line: TakeLine, folder: Path) -> Tensor:
    """uint8 (frames, 3, height, width). Raises Failure("takes-mismatch") for other bytes than the line's."""
    data = (folder / line.path).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != line.sha256:
        raise mismatch(CODE, line.sha256, line.path, found)
    flat = torch.frombuffer(bytearray(data), dtype=torch.uint8)
    return flat.view(line.frames, line.height, line.width, 3).permute(0, 3, 1, 2)
