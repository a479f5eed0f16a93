"""What is asked of a trained arm: how near it comes to held-out clips, and what its takes show."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from rendered import Clips
from torch import Tensor

from backlot_engine.check import rows_of
from backlot_engine.contract import Input, Sampling
from backlot_engine.data.checker_folder import load_checker
from backlot_engine.data.hashing import folder_hash
from backlot_engine.data.latents import Latents
from backlot_engine.flow.path import noised
from backlot_engine.heldout import heldout_losses
from backlot_engine.learner import Learner
from backlot_engine.models.codec import Codec
from backlot_engine.randomness import generator
from backlot_engine.sheet import draw

READER = Path(__file__).parents[2] / "assets" / "reader" / "weights"
# At 1 there is noise alone: then all arms know the same of a clip, its caption, whatever their tokens are.
TIMES = (0.6, 1.0)
CHUNK = 32
BATCH = 8
Line = dict[str, Any]


def decibels(found: Tensor, true: Tensor) -> list[float]:
    """PSNR of each clip, uint8."""
    error = (found.float() - true.float()).pow(2).mean((1, 2, 3, 4))
    return [10 * math.log10(255**2 / max(one, 1e-6)) for one in error.tolist()]


def there_and_back(codec: Codec, clips: Clips) -> Tensor:
    return torch.cat([codec.decode(codec.encode(part)) for part in clips.pixels.split(CHUNK)])


@torch.no_grad()
def guesses(learner: Learner, held: Latents, clips: Clips) -> dict[str, list[float]]:
    """PSNR of the clip that the model predicts from a noisy one and its caption, by time and clip."""
    values = held.values.float()
    noise = torch.randn(values.shape, generator=generator(0, "guesses"))
    found: dict[str, list[float]] = {}
    for time in TIMES:
        parts: list[float] = []
        for at in torch.arange(len(values)).split(CHUNK):
            t = torch.full((len(at),), time)
            x = noised(values[at], noise[at], t)
            none = torch.zeros_like(x)
            with learner.autocast:
                made = learner.model(x, none, none[..., :1], t, held.rows[at])
            guess = learner.family.codec.decode(x - time * made.float())
            parts += decibels(guess, clips.pixels[at])
        found[str(time)] = parts
    return found


def losses(learner: Learner, held: Latents) -> list[float]:
    """Held-out loss by clip: to be compared between arms of one codec alone."""
    return heldout_losses(learner.model, held, learner.autocast).mean(1).tolist()


def takes(learner: Learner, briefs: list[Line], sampling: Sampling) -> tuple[list[str], Tensor]:
    """Every candidate of every brief, and what it is called."""
    learner.model.eval()
    wanted = [(one, n) for one in briefs for n in range(one["candidates"])]
    parts = []
    for at in range(0, len(wanted), BATCH):
        texts = [one["text"] for one, _ in wanted[at : at + BATCH]]
        parts.append(draw(learner.family, texts, sampling, at, learner.autocast))
    return [f"{one['id']}-{n}" for one, n in wanted], torch.cat(parts)


def read(ids: list[str], pixels: Tensor) -> list[Line]:
    """What the reader of worlds, as it is, says of each."""
    return rows_of(load_checker(Input(str(READER), folder_hash(READER))), ids, pixels)
