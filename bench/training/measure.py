"""`measure.py FOLDER PART PAIRS LOADS STEPS GUIDANCE SHIFT CURVE` measures one part of the bench; prints JSON
lines, the result last.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import takes
import torch
from loader import loading, waiting
from overhead import our_steps, overhead
from peer import throughput
from world import opened

from backlot_engine.contract import Sampling, TrainJob
from backlot_engine.learner import Learner
from backlot_engine.run import Run

World = tuple[TrainJob, Learner, Run]


@dataclass(frozen=True)
class Size:
    """How much is measured, and how takes are drawn."""

    pairs: int
    loads: int
    sampling: Sampling
    curve: list[int]


def tell(phase: str, done: int = 0, total: int = 0) -> None:
    load = os.getloadavg()[0]
    print(json.dumps({"phase": phase, "done": done, "total": total, "load": load}), flush=True)


def loops(world: World, size: Size) -> dict[str, Any]:
    tell("our loop and a bare one")
    found = overhead(*world, size.pairs)
    job, learner, run = world
    share = waiting(job, learner, our_steps(job, learner, run), max(3, size.pairs // 4))
    return {"overhead": found, "waiting": share}


def peer(world: World, size: Size) -> dict[str, Any]:
    tell("the same size from diffusers")
    return {"peer": throughput(world[1], size.pairs)}


def loader(world: World, size: Size) -> dict[str, Any]:
    job, learner, _ = world
    return {"loader": loading(job, learner, size.loads, lambda step: tell("loader", step, size.loads))}


def drawing(world: World, size: Size) -> dict[str, Any]:
    tell("takes")
    torch.set_num_threads(2)
    cost = takes.cost(world[1], size.sampling, max(3, size.pairs // 4))
    curve, another = takes.curve(world[1], size.sampling, size.curve, tell)
    return {"take": cost, "curve": curve, "another": another}


PARTS = {"loops": loops, "peer": peer, "loader": loader, "takes": drawing}


def main(folder: str, part: str, pairs: str, loads: str, *sampling: str) -> dict[str, Any]:
    steps, guidance, shift, curve = sampling
    wanted = Sampling(steps=int(steps), guidance=float(guidance), shift=float(shift))
    size = Size(int(pairs), int(loads), wanted, [int(n) for n in curve.split(",")])
    found = PARTS[part](opened(Path(folder)), size)
    return {**found, "load": os.getloadavg()[0]}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
