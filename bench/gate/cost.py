"""What the gate costs in CPU seconds, beside a training step of the shipped base's size."""

from __future__ import annotations

import json
import time
from pathlib import Path

import files
import torch
from attacked import COMMON, LEARNING, World
from signing import permit

from backlot_engine.batches import batch_at
from backlot_engine.contract import DatasetInput, TrainJob
from backlot_engine.data.gate import open_gate
from backlot_engine.data.hashing import folder_hash
from backlot_engine.data.snapshot import open_snapshot, read_clips
from backlot_engine.learner import make_learner
from backlot_engine.run import Run, read_job
from backlot_engine.train import train_step

BASE = Path(__file__).parents[2] / "assets" / "base"
# The demo's: clips of a snapshot and clips of a step.
CLIPS, BATCH = 142, 32
STEPS, OPENINGS = 4, 50


def costs(world: World) -> dict[str, float]:
    """CPU seconds of all threads: opening the gate once, hashing all clips once, one step."""
    files.FRAMES, files.HEIGHT, files.WIDTH = 17, 64, 96
    dataset = files.write_snapshot(world.folder / "demo", CLIPS, heldout=8)
    base = {"path": str(BASE), "sha256": folder_hash(BASE)}
    lora = {"rank": 32, "alpha": 32, "words": True, "wordRate": 5}
    changes = {
        "id": "cost",
        "dataset": dataset,
        "base": base,
        "method": "lora",
        "lora": lora,
        "shape": None,
    }
    folder = files.write_run(
        world.folder / "cost",
        {**COMMON, **LEARNING, **changes, "batch": BATCH, "steps": STEPS},
    )
    return {
        "gate": gate_seconds(folder),
        "hash": hash_seconds(folder),
        "step": step_seconds(folder),
        "mark": mark_seconds(folder),
    }


def gate_seconds(folder: Path) -> float:
    """Keys, permit and seal: what the gate adds to a run."""
    wanted = DatasetInput.of(json.loads((folder / "job.json").read_text())["dataset"])
    permit(folder)
    began = time.process_time()
    for _ in range(OPENINGS):
        open_gate(folder, *read_job(folder)).admit(wanted)
    return (time.process_time() - began) / OPENINGS


def mark_seconds(folder: Path) -> float:
    """Marking a checkpoint's files, whose hashes are taken anyway, and checking the mark."""
    marks = open_gate(folder, *read_job(folder)).marks
    files = {"state.json": "0" * 64, "state.safetensors": "1" * 64}
    began = time.process_time()
    for _ in range(OPENINGS):
        marks.marked(json.dumps(marks.mark(files)).encode(), "mark.json")
    return (time.process_time() - began) / OPENINGS


def hash_seconds(folder: Path) -> float:
    """Reading and hashing every clip of the snapshot."""
    wanted = DatasetInput.of(json.loads((folder / "job.json").read_text())["dataset"])
    snapshot = open_snapshot(wanted, open_gate(folder, *read_job(folder)))
    began = time.process_time()
    assert sum(1 for _ in read_clips(snapshot, snapshot.clips)) == CLIPS
    return time.process_time() - began


def step_seconds(folder: Path) -> float:
    """The fastest of a few steps: the cheapest step that the gate can be compared with."""
    run = Run(folder)
    job, data = read_job(folder)
    assert isinstance(job, TrainJob)
    run.gate = open_gate(folder, job, data)
    learner = make_learner(job, run)
    torch.set_num_threads(1)
    seconds = []
    for step in range(STEPS):
        began = time.process_time()
        train_step(
            job,
            learner,
            batch_at(step, job, learner.data, None, learner.grid),
            step,
        )
        seconds.append(time.process_time() - began)
    return min(seconds)
