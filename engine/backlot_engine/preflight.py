"""Job `preflight`: whether a training job can work here, and how long its steps take."""

from __future__ import annotations

import resource
import time
from typing import Any

import torch

from .batches import batch_at
from .contract import PreflightJob, TrainJob
from .data.model_folder import open_base
from .data.rates import refuse_other_rate
from .data.snapshot import open_snapshot
from .device import device_of
from .families import rate_to_learn
from .learner import Learner, choose_clips
from .parallel import any_of, part_of, prepared
from .room import check_disk, check_memory
from .run import Cancelled, Run
from .train import evaluate, train_step

WARMUP_STEPS = 2


def run(job: PreflightJob, run: Run) -> dict[str, Any]:
    """Result: sizes, memory and `secondsPerStep`, the median of `timedSteps` after a warm-up. Leaves no
    model.
    """
    began = time.monotonic()
    run.started(None)
    base, snapshot = open_base(job.base), open_snapshot(job.dataset, run.gate)
    refuse_other_rate(snapshot.clips, *rate_to_learn(job, base))
    clips = choose_clips(snapshot, job.subset, job.seed)
    fit = check_memory(job, base, clips)
    learner = prepared(job, run)
    disk_needed, disk_free = check_disk(job.keep_checkpoints, learner.trainable, run.folder)
    setup = time.monotonic() - began
    run.phase("time steps")
    each = time_steps(as_training(job), learner, run)
    evaluation = time_evaluation(learner, run)
    return {
        "secondsPerStep": each,
        "clipsPerSecond": job.batch / each,
        "setupSeconds": setup,
        "evaluationSeconds": evaluation,
        "clips": learner.data.count,
        "heldoutClips": len(learner.heldout.clips),
        "parameters": sum(one.numel() for one in learner.model.parameters()),
        "trainable": learner.trainable,
        "estimatedBytes": fit.needed,
        "peakBytes": peak_bytes(job) * job.processes,
        "freeBytes": fit.free,
        "diskBytes": disk_needed,
        "freeDiskBytes": disk_free,
    }


def peak_bytes(job: PreflightJob) -> int:
    """The most that this process has held of the memory that `check_memory` looks at."""
    if job.device == "cuda":
        return torch.cuda.max_memory_allocated(device_of(job.device))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def as_training(job: PreflightJob) -> TrainJob:
    """The training job whose steps are timed."""
    shared = {key: value for key, value in vars(job).items() if key not in ("kind", "timed_steps")}
    steps = WARMUP_STEPS + job.timed_steps
    rest: dict[str, Any] = {
        "eval_every": steps,
        "checkpoint_every": steps,
        "sample": None,
    }
    return TrainJob(**shared, **rest, kind="train", steps=steps, resume_from=None)


def time_steps(job: TrainJob, learner: Learner, run: Run) -> float:
    """Median seconds of a step, its data included."""
    seconds = []
    for step in range(job.steps):
        if any_of(run.cancelled()):
            raise Cancelled
        began = time.monotonic()
        batch = part_of(batch_at(step, job, learner.data, learner.prior, learner.grid))
        train_step(job, learner, batch, step)
        seconds.append(time.monotonic() - began)
        run.progress(step + 1, job.steps, "steps")
    return float(torch.tensor(seconds[WARMUP_STEPS:]).median())


def time_evaluation(learner: Learner, run: Run) -> float:
    began = time.monotonic()
    evaluate(learner, 0, run)
    return time.monotonic() - began
