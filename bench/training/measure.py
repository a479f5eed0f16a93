"""`measure.py FOLDER PAIRS LOADS STEPS GUIDANCE SHIFT CURVE` measures; prints JSON lines, the result last."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import takes
import torch
from loader import loading, waiting
from overhead import our_steps, overhead
from peer import throughput
from world import BASE, opened

from backlot_engine.contract import Sampling
from backlot_engine.data.model_folder import load_transformer


def tell(phase: str, done: int = 0, total: int = 0) -> None:
    load = os.getloadavg()[0]
    print(json.dumps({"phase": phase, "done": done, "total": total, "load": load}), flush=True)


def main(folder: Path, pairs: int, loads: int, sampling: Sampling, steps: list[int]) -> dict[str, Any]:
    job, learner, run = opened(folder)
    found: dict[str, Any] = {"load": [os.getloadavg()[0]]}
    tell("our loop and a bare one")
    found["overhead"] = overhead(job, learner, run, pairs)
    found["waiting"] = waiting(job, learner, our_steps(job, learner, run), max(3, pairs // 4))
    tell("the same size from diffusers")
    found["peer"] = throughput(learner, pairs)
    tell("loader")
    found["loader"] = loading(job, learner, loads, lambda step: tell("loader", step, loads))
    tell("takes")
    untrained = load_transformer(BASE)
    learner.model.load_state_dict(untrained.state_dict())
    torch.set_num_threads(2)
    found["take"] = takes.cost(learner, sampling, max(3, pairs // 4))
    found["curve"], found["another"] = takes.curve(learner, sampling, steps, tell)
    found["load"].append(os.getloadavg()[0])
    return found


if __name__ == "__main__":
    at, pairs, loads, steps, guidance, shift, curve = sys.argv[1:]
    wanted = Sampling(steps=int(steps), guidance=float(guidance), shift=float(shift))
    print(json.dumps(main(Path(at), int(pairs), int(loads), wanted, [int(n) for n in curve.split(",")])))
