"""Rendered clips as `src/sample/clips-cli.ts` leaves them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Clips:
    """pixels: uint8 (clips, frames, 3, height, width), and what each shows in words."""

    pixels: Tensor
    captions: list[str]
    ids: list[str]


def read(folder: Path, split: str) -> Clips:
    lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    chosen = [line for line in lines if line["split"] == split]
    pixels = torch.stack([_pixels(folder, line) for line in chosen])
    return Clips(pixels, [line["caption"] for line in chosen], [line["id"] for line in chosen])


def _pixels(folder: Path, line: dict[str, Any]) -> Tensor:
    with (folder / line["shard"]).open("rb") as file:
        file.seek(line["offset"])
        flat = torch.frombuffer(bytearray(file.read(line["bytes"])), dtype=torch.uint8)
    return flat.view(line["frames"], line["height"], line["width"], 3).permute(0, 3, 1, 2).contiguous()
