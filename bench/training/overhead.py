"""Our loop against a bare one: the same model, batch size, precision and optimizer, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

import torch
from clock import cpu_of, ratio, side_by_side
from torch import nn
from world import BATCH

from backlot_engine.contract import TrainJob
from backlot_engine.learner import Learner
from backlot_engine.optimizers import Optimizers
from backlot_engine.run import Run
from backlot_engine.train import Progress, checkpoint, loop

BLOCK = 1  # steps of each loop in a pair


def our_steps(job: TrainJob, learner: Learner, run: Run) -> Callable[[], float]:
    """`train.loop` itself: clips, words hidden, frames given, average, events and looks for a cancel file."""
    progress = Progress(0, 0.0)

    def some() -> float:
        return loop(replace(job, steps=progress.step + BLOCK), learner, progress, run)

    return some


def bare_steps(job: TrainJob, learner: Learner) -> Callable[[], None]:
    """What anybody would write first."""
    model, data = learner.model, learner.data
    optimizers = Optimizers(learner.moving, job.optimizer)
    parameters = list(learner.moving.values())
    given = torch.zeros(BATCH, data.values.shape[1], 1)

    def one() -> None:
        index = torch.randint(len(data.clips), (BATCH,))
        clean, rows = data.values[index].float(), data.rows[index]
        noise, t = torch.randn_like(clean), torch.rand(BATCH)
        at = t[:, None, None]
        with torch.autocast("cpu", torch.bfloat16, enabled=learner.autocast._enabled):
            made = model((1 - at) * clean + at * noise, torch.zeros_like(clean), given, t, rows)
        nn.functional.mse_loss(made.float(), noise - clean).backward()
        nn.utils.clip_grad_norm_(parameters, job.optimizer.clip_norm)
        for part in optimizers.parts:
            part.step()
            part.zero_grad(set_to_none=True)

    def some() -> None:
        for _ in range(BLOCK):
            one()

    return some


def overhead(job: TrainJob, learner: Learner, run: Run, pairs: int) -> dict[str, Any]:
    ours, bare = side_by_side(our_steps(job, learner, run), bare_steps(job, learner), pairs)
    saved = cpu_of(lambda: checkpoint(job, learner, Progress(1, 0.0), run))
    return {
        "ours": median(ours) / BLOCK,
        "bare": median(bare) / BLOCK,
        "ratio": ratio(ours, bare),
        "checkpoint": saved,
    }
