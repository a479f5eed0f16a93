"""What a step waits for its batch, and whether memory grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import linear_regression, median
from typing import Any

from clock import cpu_of

from backlot_engine.batches import batch_at
from backlot_engine.contract import TrainJob
from backlot_engine.learner import Learner
from backlot_engine.parallel import part_of

EVERY = 100  # steps between two looks at memory
PAGE = 4096


def resident() -> float:
    """MiB of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20


def _one_batch(job: TrainJob, learner: Learner, step: int) -> object:
    return part_of(batch_at(step, job, learner.data, None, learner.grid)).noise.sum()


def loading(job: TrainJob, learner: Learner, steps: int, tell: Callable[[int], None]) -> dict[str, Any]:
    """The loader alone: every batch is made as training makes it, read once and dropped."""
    cpu: list[float] = []
    memory: list[tuple[int, float]] = []
    for step in range(steps):
        cpu.append(cpu_of(partial(_one_batch, job, learner, step)))
        if step % EVERY == 0:
            memory.append((step, resident()))
            tell(step)
    later = memory[len(memory) // 10 :]  # the heap has found its size
    slope = linear_regression(*zip(*later, strict=True)).slope
    return {
        "cpu": median(cpu),
        "steps": steps,
        "slope": slope * 1000,
        "first": later[0][1],
        "last": later[-1][1],
    }


def waiting(job: TrainJob, learner: Learner, step: Callable[[], object], pairs: int) -> dict[str, Any]:
    """Seconds by the clock of a batch and of a step with it, one after the other."""
    shares = []
    for number in range(pairs):
        began = time.perf_counter()
        batch_at(number, job, learner.data, None, learner.grid)
        loaded = time.perf_counter()
        step()
        shares.append((loaded - began) / (time.perf_counter() - began))
    return {"share": median(shares), "n": pairs}
