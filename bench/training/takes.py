"""What a take costs at the base's size, and how far fewer sampling steps lead away from many."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from types import SimpleNamespace
from typing import Any

import torch
from clock import cpu_of
from torch import Tensor
from world import SEED

from backlot_engine.contract import EngineBrief, Sampling
from backlot_engine.generate import Studio, Wanted, draw
from backlot_engine.given import given_of
from backlot_engine.learner import Learner

BATCH = 8
# In the words that the base was taught (its card).
TEXTS = (
    "a red square fellow with tophat walks right in the city at day , camera still",
    "a blue round fellow with sash and crown jumps in the meadow at night , camera pans left",
    "a yellow tall fellow with belly and bag stands in the painted desert at sunset , camera zooms in",
    "a pink spiky fellow with cap and lollipop walks left in the winter at day , camera pans right",
)


def drawn(learner: Learner, sampling: Sampling) -> Tensor:
    """Eight takes, always from the same noise: uint8 (takes, frames, 3, height, width)."""
    nothing: dict[str, Any] = {"mode": "text", "first": None, "last": None, "video": None, "strength": None}
    briefs = [
        EngineBrief(id=str(n), candidates=BATCH // len(TEXTS), seed=SEED + n * BATCH, **nothing)
        for n in range(len(TEXTS))
    ]
    said = zip(briefs, TEXTS, strict=True)
    wanted = [Wanted(brief, text, n, "") for brief, text in said for n in range(brief.candidates)]
    given = {brief.id: given_of(brief, learner.family.codec) for brief in briefs}
    job: Any = SimpleNamespace(sampling=sampling)
    run: Any = SimpleNamespace(cancelled=lambda: False)
    return draw(wanted, Studio(learner.family, "12/1", learner.autocast), given, job, run)


def cost(learner: Learner, sampling: Sampling, times: int) -> dict[str, Any]:
    """Seconds a take: of the processor, and by the clock with two threads."""
    drawn(learner, sampling)
    cpu, clock = [], []
    for _ in range(times):
        began = time.perf_counter()
        cpu.append(cpu_of(lambda: drawn(learner, sampling)) / BATCH)
        clock.append((time.perf_counter() - began) / BATCH)
    return {"cpu": median(cpu), "clock": median(clock), "fastest": min(clock), "n": times}


def curve(
    learner: Learner, sampling: Sampling, steps: list[int], tell: Callable[[str, int, int], None]
) -> tuple[list[dict[str, Any]], float]:
    """For each number of steps, PSNR against the last and largest from the same noise, and motion as a share
    of its own; and how far apart two takes of one brief are anyway.
    """
    takes = {}
    for done, n in enumerate(steps):
        tell("sampling steps", done, len(steps))
        takes[n] = drawn(learner, with_steps(sampling, n)).float()
    best = takes[steps[-1]]
    rows = [{"steps": n, **against(made, best)} for n, made in takes.items() if n != steps[-1]]
    return rows, against(best[0::2], best[1::2])["psnr"]


def with_steps(sampling: Sampling, steps: int) -> Sampling:
    return Sampling(steps=steps, guidance=sampling.guidance, shift=sampling.shift)


def against(takes: Tensor, best: Tensor) -> dict[str, float]:
    error = (takes - best).pow(2).mean((1, 2, 3, 4))
    psnr = 10 * torch.log10(255**2 / error)
    return {"psnr": float(psnr.median()), "low": float(psnr.min()), "motion": moved(takes) / moved(best)}


def moved(takes: Tensor) -> float:
    """Mean difference between neighbouring frames."""
    return float(takes.diff(dim=1).abs().mean())
