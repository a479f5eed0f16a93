"""The shipped base as a training run holds it, on clips of noise: what they show costs no time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import files
import torch
from signing import trust

from backlot_engine.batches import Batch
from backlot_engine.contract import TrainJob
from backlot_engine.data.gate import open_gate
from backlot_engine.data.hashing import folder_hash
from backlot_engine.learner import Learner
from backlot_engine.parallel import prepared
from backlot_engine.run import Run, read_job

BASE = Path(__file__).parents[2] / "assets" / "base"
# Those of the demo: clips of its snapshot, clips of a step.
CLIPS, BATCH = 142, 32
SEED = 5
LATER = 1_000_000  # steps that this bench never reaches: no held-out loss and no checkpoint between


def opened(folder: Path) -> tuple[TrainJob, Learner, Run]:
    """A full fine-tune of the base, before its first step: all its weights move, so most is to be done."""
    trust()
    files.FRAMES, files.HEIGHT, files.WIDTH = 17, 64, 96
    dataset = files.write_snapshot(folder / "clips", CLIPS, heldout=8)
    base = {"path": str(BASE), "sha256": folder_hash(BASE)}
    made = files.write_run(folder / "run", {**OPTIONS, "dataset": dataset, "base": base})
    run = Run(made)
    job, data = read_job(made)
    assert isinstance(job, TrainJob)
    run.gate = open_gate(made, job, data)
    return job, prepared(job, run), run


def some_batch(learner: Learner) -> Batch:
    """A batch that is held already."""
    draw = torch.Generator().manual_seed(SEED)
    clean = learner.data.values[:BATCH].float()
    noise, t = torch.randn(clean.shape, generator=draw), torch.rand(BATCH, generator=draw)
    return Batch(clean, noise, torch.zeros(*clean.shape[:2], 1), t, learner.data.rows[:BATCH])


OPTIMIZER = {
    "name": "muon",
    "rate": 1e-4,
    "weightDecay": 0.02,
    "warmupSteps": 20,
    "decayFrom": 0.5,
    "clipNorm": 1,
}
OPTIONS: dict[str, Any] = {
    "version": 1,
    "id": "bench",
    "seed": SEED,
    "threads": 1,
    "device": "cpu",
    "kind": "train",
    "subset": None,
    "method": "full",
    "shape": None,
    "lora": None,
    "prior": None,
    "batch": BATCH,
    "processes": 1,
    "optimizer": OPTIMIZER,
    "emaDecay": 0.98,
    "captionDropout": 0.1,
    "givenShare": 0.3,
    "mirror": False,
    "shift": 3,
    "precision": "bf16",
    "latents": None,
    "knownWords": None,
    "steps": LATER,
    "evalEvery": LATER,
    "checkpointEvery": LATER,
    "keepCheckpoints": 1,
    "sample": None,
    "resumeFrom": None,
}
