"""A small learned decoder over the shipped linear one: what is read in held-out clips and takes with each."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import torch
from geometries import Arm
from lessons import Pupil
from readings import BATCH as AT_ONCE
from readings import decibels, read, there_and_back
from rendered import Clips
from torch import Tensor

from backlot_engine.contract import Sampling
from backlot_engine.data.model_folder import load_codec, load_transformer
from backlot_engine.data.read_once import read_folder
from backlot_engine.measures import flicker, sharpness
from backlot_engine.models.codec import Codec
from backlot_engine.models.upscaler import Upscaler, UpscalerShape, to_floats, to_pixels
from backlot_engine.optimizers import FLOOR
from backlot_engine.precision import has_fast_bf16
from backlot_engine.randomness import generator
from backlot_engine.sheet import draw

Line = dict[str, Any]
BASE = Path(__file__).parents[2] / "assets" / "base"
# The network that makes takes crisp, without enlarging: from three frames to what the middle one lacks.
SHAPE = UpscalerShape(factor=1, width=32, blocks=3)
RATE = 2e-3
BATCH = 2  # clips; all their frames are learned from
CHUNK = 8


def compared(wish: Line, train: Clips, held: Clips) -> None:
    codec = load_codec(read_folder(BASE))
    net, steps = learned(codec, train, wish["decoderSeed"], wish["decoderSeconds"])
    drawn = base_takes(wish["briefs"], Sampling(**wish["sampling"]), codec)
    ids = [f"{one['id']}-0" for one in wish["briefs"]]
    back = there_and_back(codec, held)
    for name, clips, shown in (
        ("linear", back, drawn),
        ("learned", restored(net, back), restored(net, drawn)),
    ):
        looks = {"sharpness": float(sharpness(shown).mean()), "flicker": float(flicker(shown).mean())}
        found = {
            "psnr": decibels(clips, held.pixels),
            "lines": read(held.ids, clips),
            "takes": read(ids, shown),
        }
        print(json.dumps({"decoder": name, "steps": steps, **looks, **found}), flush=True)


def learned(codec: Codec, clips: Clips, seed: int, seconds: float) -> tuple[Upscaler, int]:
    """Least squares against the true pixels for so many CPU seconds; the number of steps beside it."""
    torch.manual_seed(seed)
    net = Upscaler(SHAPE)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, fused=True)
    began, steps = time.process_time(), 0
    while (spent := time.process_time() - began) < seconds:
        index = torch.randint(len(clips.pixels), (BATCH,), generator=generator(seed, "decoder", steps))
        optimizer.param_groups[0]["lr"] = RATE * max(FLOOR, 1 - spent / seconds)
        _step(net, optimizer, codec, clips.pixels[index])
        steps += 1
    return net, steps


def _step(net: Upscaler, optimizer: torch.optim.Optimizer, codec: Codec, true: Tensor) -> None:
    with torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bf16()):
        made = net(to_floats(codec.decode(codec.encode(true))))
    (made.float() - to_floats(true)).pow(2).mean().backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)


@torch.no_grad()
def restored(net: Upscaler, pixels: Tensor) -> Tensor:
    return torch.cat([to_pixels(net(to_floats(part))) for part in pixels.split(CHUNK)])


def base_takes(briefs: list[Line], sampling: Sampling, codec: Codec) -> Tensor:
    """One take of the shipped base for each brief."""
    arm = Arm("base", (4, 16, 16), codec.shape.components, "words", "muon", 0.0, 0)
    family: Any = Pupil(load_transformer(read_folder(BASE)).eval(), codec, arm)
    autocast = torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bf16())
    texts = [one["text"] for one in briefs]
    parts = [texts[at : at + AT_ONCE] for at in range(0, len(texts), AT_ONCE)]
    return torch.cat([draw(family, part, sampling, at, autocast) for at, part in enumerate(parts)])
