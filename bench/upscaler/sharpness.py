"""How near enlarged clips come to sharp ones: the shipped upscaler and bicubic, side by side.

`python bench/upscaler/sharpness.py UPSCALER UPSCALER_SHA256 BASE SHEET GROUP.u8...` reads sharp clips (raw
uint8, 5 frames of 256 x 384 x RGB each), makes them as small and soft as takes are, enlarges them both ways,
and prints one line of JSON for each group. SHEET gets the first clip of each group: bicubic, upscaler, sharp.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

from backlot_engine.contract import Input
from backlot_engine.data.model_folder import load_codec
from backlot_engine.data.png import write_png
from backlot_engine.data.read_once import read_folder
from backlot_engine.data.upscaler_folder import load_upscaler
from backlot_engine.fit_upscaler import as_taken, codec_for, measured
from backlot_engine.models.upscaler import bicubic, to_floats, to_pixels
from backlot_engine.upscale import enlarged

SHAPE = (5, 256, 384, 3)
TAKE = (17, 3, 64, 96)


def main(upscaler_folder: str, sha256: str, base: str, sheet: str, groups: list[str]) -> None:
    torch.set_num_threads(1)
    upscaler = load_upscaler(Input(upscaler_folder, sha256))
    factor, rows = upscaler.shape.factor, []
    for path in map(Path, groups):
        flat = torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8)
        clips = flat.view(-1, *SHAPE).permute(0, 1, 4, 2, 3)
        codec = codec_for(clips, load_codec(read_folder(Path(base))), factor)
        print(
            json.dumps(
                {
                    "group": path.stem,
                    "clips": len(clips),
                    **measured(upscaler, clips, codec),
                }
            )
        )
        small = as_taken(clips[:1], codec, factor, None)
        plain = to_pixels(bicubic(to_floats(small), factor))[0]
        rows.append(torch.cat([plain[2], enlarged(upscaler, small[0])[2], clips[0, 2]], 2))
    write_png(torch.cat(rows, 1).permute(1, 2, 0).contiguous(), Path(sheet))
    print(
        json.dumps(
            {
                "group": "cost",
                "seconds": seconds_of(lambda take: enlarged(upscaler, take)),
            }
        )
    )


def seconds_of(work: Callable[[torch.Tensor], object], repeats: int = 9) -> float:
    """Median CPU seconds for one take of the shipped base, in bf16 as the product does it."""
    take = torch.randint(0, 256, TAKE, dtype=torch.uint8)
    found = []
    for _ in range(repeats):
        began = time.process_time()
        with torch.autocast("cpu", torch.bfloat16):
            work(take)
        found.append(time.process_time() - began)
    return sorted(found)[repeats // 2]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:])
