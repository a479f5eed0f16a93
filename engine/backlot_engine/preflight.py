"""Job `preflight`: whether a training job can work here, and how long its steps take."""

from __future__ import annotations

import resource
import shutil
import time
from pathlib import Path
from typing import Any

import torch

from .batches import batch_at
from .contract import PreflightJob, TrainJob
from .data.model_folder import load_codec, open_base
from .data.snapshot import open_snapshot
from .failure import Failure
from .families import open_module
from .learner import Learner, choose_clips
from .models.codec import CodecShape
from .models.transformer import TransformerConfig
from .parallel import any_of, part_of, prepared
from .run import Cancelled, Run
from .small import config_for
from .train import evaluate, train_step

WARMUP_STEPS = 2
# Bytes that one token costs per width and block while training: activations kept for the backward pass.
# Measured at width 192, depth 6, batch 32 (144 tokens each): a peak of 874 MiB, of which 221 are the process
# with torch loaded and 81 weights, moments and latents, leaves 113; rounded up.
ACTIVATION_BYTES = 120
# float32 weight, gradient, average and two optimizer moments.
STATE_BYTES = 20
# What a checkpoint and the finished model keep of each of them: float32 weight, average and two moments.
KEPT_BYTES = 16
# The interpreter with torch (221 MiB) and room for the heap's gaps.
RUNTIME_BYTES = 300 * 2**20


def run(job: PreflightJob, run: Run) -> dict[str, Any]:
    """Result: sizes, memory and `secondsPerStep`, the median of `timedSteps` after a warm-up. Leaves no
    model.
    """
    began = time.monotonic()
    run.started(None)
    needed, free = check_memory(job, run)
    learner = prepared(job, run)
    disk_needed, disk_free = check_disk(job, learner, run.folder)
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
        "trainable": sum(one.numel() for one in learner.moving.values()),
        "estimatedBytes": needed,
        "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 * job.processes,
        "freeBytes": free,
        "diskBytes": disk_needed,
        "freeDiskBytes": disk_free,
    }


def check_memory(job: PreflightJob, run: Run) -> tuple[int, int]:
    """Bytes needed (an estimate) and free. Raises Failure("out-of-memory") when they do not fit."""
    base = open_base(job.base)
    clips = len(choose_clips(open_snapshot(job.dataset, run.gate), job.subset, job.seed))
    held = clips * 2 if job.mirror else clips
    needed, free = needed_bytes(job, base, held) * job.processes, free_bytes()
    if needed > free:
        raise Failure(
            "out-of-memory",
            expected=f"{needed >> 20} MiB free",
            where="this machine",
            found=f"{free >> 20} MiB",
            remedy=f"Lower the batch from {job.batch} or the number of clips, or close other programs.",
            retryable=True,
        )
    return needed, free


def check_disk(job: PreflightJob, learner: Learner, folder: Path) -> tuple[int, int]:
    """Bytes that a run writes (its checkpoints, one more while it is written, and the model) and bytes free.
    Raises Failure("disk-full") when they do not fit.
    """
    each = sum(one.numel() for one in learner.moving.values()) * KEPT_BYTES
    needed, free = each * (job.keep_checkpoints + 2), shutil.disk_usage(folder).free
    if needed > free:
        raise Failure(
            "disk-full",
            expected=f"{needed >> 20} MiB free, for {job.keep_checkpoints} checkpoints and the model",
            where=str(folder),
            found=f"{free >> 20} MiB",
            remedy="Free space, or keep the workspace on a larger disk.",
            retryable=True,
        )
    return needed, free


def needed_bytes(job: PreflightJob, base: Path, clips: int) -> int:
    """Of one process: an estimate for the small family; for an open base its weights alone, so that less
    cannot work.
    """
    if open_module(base) is not None:
        return RUNTIME_BYTES + weight_bytes(base)
    codec = load_codec(base)
    return estimate(config_for(job, base, codec), codec.shape, job.batch // job.processes, clips)


def weight_bytes(base: Path) -> int:
    """Bytes of an open base's weights as they lie on the disk: all are held while captions are read."""
    return sum(file.stat().st_size for file in base.rglob("*.safetensors"))


def estimate(config: TransformerConfig, shape: CodecShape, batch: int, clips: int) -> int:
    """Bytes that a training run of this shape holds at its peak."""
    weights = config.depth * 12 * config.width**2 + config.words * config.width
    tokens = batch * (config.tokens + config.caption_words)
    activations = tokens * config.width * config.depth * ACTIVATION_BYTES
    latents = clips * shape.tokens * shape.components * 2
    return RUNTIME_BYTES + weights * STATE_BYTES + activations + latents


def free_bytes() -> int:
    """Memory that a new process can have without swapping."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    raise Failure(
        "no-meminfo",
        expected="MemAvailable",
        where="/proc/meminfo",
        found="nothing",
        remedy="Run on Linux, or train without a preflight.",
    )


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
