"""Writes clips of the base's own worlds as latents, so that adapters can keep what the base knows.

How `assets/base-worlds` was made, from the root, the engine on the path:
node src/sample/clips-cli.ts --kind fellows --count 128 --seed 77 --heldout 0 --out CLIPS
PYTHONPATH=engine python assets/base-card/worlds.py assets/base CLIPS assets/base-worlds
"""

import json
import sys
from pathlib import Path
from typing import Any

import torch

from backlot_engine.data.hashing import folder_hash
from backlot_engine.data.model_folder import load_codec
from backlot_engine.data.read_once import read_folder
from backlot_engine.data.worlds_folder import save_worlds


def pixels_of(folder: Path, line: dict[str, Any]) -> torch.Tensor:
    data = (folder / line["shard"]).read_bytes()[line["offset"] : line["offset"] + line["bytes"]]
    flat = torch.frombuffer(bytearray(data), dtype=torch.uint8)
    return flat.view(line["frames"], line["height"], line["width"], 3).permute(0, 3, 1, 2)


def main(base: Path, clips: Path, out: Path) -> None:
    lines = [json.loads(line) for line in (clips / "manifest.jsonl").read_text().splitlines()]
    values = load_codec(read_folder(base)).encode(torch.stack([pixels_of(clips, line) for line in lines]))
    save_worlds(values, [line["caption"] for line in lines], folder_hash(base), out)


main(*map(Path, sys.argv[1:4]))
