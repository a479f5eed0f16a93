"""Maps a base's first and last layer to another codec's latents, by least squares on the same clips.

How base 3 began: base 2 (touching blocks) with the lapped codec. From the root, the engine on the path:
PYTHONPATH=engine python assets/base-card/rebase.py OLD_BASE CODEC_FOLDER SHARD OUT
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from backlot_engine.data.model_folder import WEIGHTS, load_codec, load_config, load_known_rows, save_model
from backlot_engine.data.read_once import read_folder
from backlot_engine.models.codec import Codec, CodecShape

CLIPS = 600


def touching_blocks(clips: torch.Tensor, shape: CodecShape) -> torch.Tensor:
    """Blocks as base 2's codec cut them: uint8 (n, frames, 3, height, width) -> (n, tokens, values)."""
    depth, rows, columns = shape.block
    times, down, across = shape.grid
    padded = torch.cat([clips[:, :1].expand(-1, depth - 1, -1, -1, -1), clips], 1)
    cut = padded.reshape(-1, times, depth, 3, down, rows, across, columns)
    return cut.permute(0, 1, 4, 6, 2, 3, 5, 7).reshape(-1, shape.tokens, shape.values).float() / 127.5 - 1


def pixels_of(shard: Path, shape: CodecShape) -> torch.Tensor:
    size = shape.frames * shape.height * shape.width * 3
    data = bytearray(shard.open("rb").read(CLIPS * size))
    flat = torch.frombuffer(data, dtype=torch.uint8)
    return flat.view(-1, shape.frames, shape.height, shape.width, 3).permute(0, 1, 4, 2, 3)


def latents(
    clips: torch.Tensor, old: dict[str, torch.Tensor], new: Codec
) -> tuple[torch.Tensor, torch.Tensor]:
    before = (touching_blocks(clips, new.shape) - old["mean"]) @ (old["basis"] / old["scale"])
    return before.flatten(0, 1), new.encode(clips).flatten(0, 1)


def main(base: Path, codec: Path, shard: Path, out: Path) -> None:
    read, fitted = read_folder(base), read_folder(codec)
    new, old = load_codec(fitted), load_file(base / "codec" / "codec.safetensors")
    pairs = [latents(part, old, new) for part in pixels_of(shard, new.shape).split(50)]
    before, after = (torch.cat(part) for part in zip(*pairs, strict=True))
    to_old = torch.linalg.lstsq(after, before).solution.T
    to_new = torch.linalg.lstsq(before, after).solution.T
    weights = {name: one.float() for name, one in load_file(base / "transformer" / WEIGHTS).items()}
    noisy, clean, mask = weights["patch.weight"].split([new.shape.components, new.shape.components, 1], 1)
    weights["patch.weight"] = torch.cat([noisy @ to_old, clean @ to_old, mask], 1)
    weights["head.weight"] = to_new @ weights["head.weight"]
    weights["head.bias"] = to_new @ weights["head.bias"]
    save_model(load_config(read), weights, load_known_rows(read), 3, fitted, out)


main(*map(Path, sys.argv[1:5]))
