"""An arm's model, learning from nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import torch
from geometries import BYTES, CAPTION_BYTES, CAPTION_WORDS, WORDS, Arm, encoded, rows_of, stills
from rendered import Clips
from torch import Tensor, nn
from torch.func import functional_call

from backlot_engine.batches import batch_at
from backlot_engine.contract import Optimizer
from backlot_engine.data.latents import Latents
from backlot_engine.learner import Learner
from backlot_engine.models.codec import Codec
from backlot_engine.models.transformer import Transformer, TransformerConfig
from backlot_engine.optimizers import Optimizers
from backlot_engine.precision import has_fast_bf16
from backlot_engine.train import train_step

# The shipped base's but for its depth, 6: half of it sees twice as many clips in the same time.
WIDTH, DEPTH, HEADS, MIXED = 192, 3, 3, 2
RATES = {"muon": 2e-3, "adamw": 1e-3}
BATCH = 32
STILLS = 96  # in a batch: a step then costs about what one of clips does
LATER = 1_000_000  # steps that no arm reaches


@dataclass(frozen=True)
class Pupil:
    """What `sheet.draw` asks of a family."""

    model: Transformer
    codec: Codec
    arm: Arm

    def rows(self, captions: list[str]) -> Tensor:
        return rows_of(captions, self.arm)


class Still(nn.Module):
    """The model on a single block of frames: the same weights, and of its moments the first."""

    def __init__(self, model: Transformer) -> None:
        super().__init__()
        config = replace(model.config, grid=(1, *model.config.grid[1:]))
        self.held = (model, Transformer(config))

    def forward(self, *batch: Tensor) -> Tensor:
        model, bare = self.held
        named = dict(model.named_parameters())
        made: Tensor = functional_call(bare, {**named, "moment": named["moment"][:1]}, batch)
        return made


def options(arm: Arm, batch: int) -> Any:
    """What `batch_at` and `train_step` read of a job. The rate stays level, so that every mark is fair."""
    optimizer = Optimizer(
        name="muon" if arm.optimizer == "muon" else "adamw",
        rate=RATES[arm.optimizer],
        weight_decay=0.02,
        warmup_steps=20,
        decay_from=1,
        clip_norm=1,
    )
    names = {"seed": arm.seed, "batch": batch, "steps": LATER, "optimizer": optimizer, "prior": None}
    return SimpleNamespace(**names, caption_dropout=0.1, given_share=0.0, shift=3, ema_decay=0.98)


def opened(arm: Arm, codec: Codec, clips: Clips) -> Lesson:
    """A new model and its clips. Only what a training step needs is there."""
    bytes_ = arm.captions == "bytes"
    config = TransformerConfig(
        width=WIDTH,
        depth=DEPTH,
        heads=HEADS,
        words=BYTES if bytes_ else WORDS,
        caption_words=CAPTION_BYTES if bytes_ else CAPTION_WORDS,
        channels=arm.components,
        grid=codec.shape.grid,
        mixed_blocks=MIXED,
    )
    torch.manual_seed(arm.seed)
    model = Transformer(config)
    moving = dict(model.named_parameters())
    average = [one.detach().clone() for one in moving.values()]
    family: Any = Pupil(model, codec, arm)
    nothing = Latents(torch.empty(0), torch.empty(0), ())
    optimizers = Optimizers(moving, options(arm, BATCH).optimizer)
    autocast = torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bf16())
    data = encoded(clips, codec, arm)
    learner = Learner(family, moving, average, optimizers, data, nothing, None, autocast, model)
    return Lesson(arm, learner, images_of(arm, learner, codec, clips) if arm.stills else None)


def images_of(arm: Arm, learner: Learner, codec: Codec, clips: Clips) -> Learner:
    model: Any = learner.model
    return replace(learner, data=stills(clips, codec, arm), shared=Still(model))


@dataclass
class Lesson:
    """An arm at work. `images` is the same model and optimizers over single frames."""

    arm: Arm
    learner: Learner
    images: Learner | None
    spent: float = 0.0
    steps: int = 0
    clips: int = 0
    stills: int = 0
    recent: list[float] = field(default_factory=list)

    def go_on(self, until: float) -> None:
        """Steps until so many CPU seconds are spent in all."""
        self.recent.clear()
        while self.spent < until:
            began = time.process_time()
            self.recent.append(self._step())
            self.spent += time.process_time() - began

    def _step(self) -> float:
        still = self.images is not None and self.spent < self.arm.stills
        held = self.images if still and self.images else self.learner
        job = options(self.arm, STILLS if still else BATCH)
        times, down, across = self.learner.grid
        grid = (1 if still else times, down, across)
        loss = train_step(job, held, batch_at(self.steps, job, held.data, None, grid), self.steps)
        self.steps += 1
        self.clips += 0 if still else BATCH
        self.stills += STILLS if still else 0
        return loss
