"""What a training takes of memory and disk, and whether it is there: looked at before the first step."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from .batches import Learning
from .contract import ClipLine
from .data.model_folder import load_codec
from .data.read_once import Folder
from .device import device_of
from .failure import Failure
from .families import open_module
from .free import free_bytes
from .models.codec import CodecShape
from .models.transformer import TransformerConfig
from .open_base.room import open_bytes
from .precision import has_fast_bf16
from .run import Run
from .small import config_for

# Bytes that one token costs per width and block while training, kept for the backward pass: of a whole model,
# and of an adapter, whose detours keep what comes out of each matrix once more. Measured at width 192, depth
# 6, 144 tokens, rank 32: 144 and 188 in float32 (peaks of 1164 and 1363 MiB at a batch of 32, 855 of an
# adapter at 16), 101 and 113 in bf16 (901 and 963).
ACTIVATION_BYTES = {"fp32": (145, 190), "bf16": (120, 120)}
# Bytes that each score of each block costs on a processor, where attention makes all of them and keeps them
# for the backward pass (models/transformer.py). Measured with 3 heads and 48: 5.8 in float32 (peaks of 751
# and 1247 MiB at a batch of 16), 2.7 in bf16 (901 and 1370 at 32).
SCORE_BYTES = {"fp32": 8, "bf16": 3}
# float32 weight, gradient, average and two optimizer moments.
STATE_BYTES = 20
# What a checkpoint and the finished model keep of each of them: float32 weight, average and two moments.
KEPT_BYTES = 16
# The interpreter with torch (221 MiB) and room for the heap's gaps.
RUNTIME_BYTES = 300 * 2**20
# Of a base's weights, what an adapter has at most without a word.
LARGE_SHARE = 0.2


@dataclass(frozen=True)
class Fit:
    """Bytes that learning needs (an estimate) and bytes free. `again`: what an open base's blocks leave does
    not fit, so they are computed again in the backward pass: the same numbers, for more time.
    """

    needed: int
    free: int
    again: bool


def check_memory(job: Learning, base: Folder, clips: tuple[ClipLine, ...]) -> Fit:
    """How learning from these clips fits. Raises Failure("out-of-memory") when it does not."""
    free = free_for(job)
    needed = {again: needed_bytes(job, base, clips, job.batch, again) for again in ways(base)}
    again = next((one for one, size in needed.items() if size <= free), None)
    if again is None:
        raise Failure(
            "out-of-memory",
            expected=f"{needed[ways(base)[-1]] >> 20} MiB free",
            where="this machine" if job.device == "cpu" else "its GPUs",
            found=f"{free >> 20} MiB",
            remedy=what_fits(job, base, clips, free),
            retryable=True,
        )
    return Fit(needed[again], free, again)


def ways(base: Folder) -> tuple[bool, ...]:
    """Whether blocks may be computed again in the backward pass, the faster way first."""
    return (False,) if open_module(base) is None else (False, True)


def tell_again(fit: Fit, run: Run) -> None:
    if fit.again:
        run.notice(
            "computed-again",
            f"What the base's blocks leave does not fit into the {fit.free >> 20} MiB that are free, so they "
            "are computed again in the backward pass: on a processor to the same weights, but a step takes "
            "longer.",
        )


def free_for(job: Learning) -> int:
    """Bytes free where the model learns: on the processor's side, or on all GPUs of the run together."""
    if job.device == "cpu":
        return free_bytes()
    return torch.cuda.mem_get_info(device_of(job.device))[0] * job.processes


def what_fits(job: Learning, base: Folder, clips: tuple[ClipLine, ...], free: int) -> str:
    """What would train in so many bytes: the largest batch of those that the processes divide, if there is
    one.
    """
    least = job.processes * (1 if job.prior is None else -(-2 // job.processes))
    smaller = range(job.batch - job.processes, least - 1, -job.processes)
    again = ways(base)[-1]
    fits = next((one for one in smaller if needed_bytes(job, base, clips, one, again) <= free), None)
    if fits is not None:
        return f"Lower the batch from {job.batch} to {fits} (--batch {fits}), or close other programs."
    needed = needed_bytes(job, base, clips, least, again) >> 20
    rest = "smaller clips, a smaller base" if open_module(base) is not None else "fewer clips"
    if job.method == "scratch":
        rest = f"a smaller model (--width, --depth, or fewer --heads), {rest}"
    return (
        f"A batch of {least} needs {needed} MiB too: close other programs, or take {rest} or fewer processes."
    )


def check_disk(keep: int, weights: int, folder: Path) -> tuple[int, int]:
    """Bytes that a run of so many moving weights writes (`keep` checkpoints, one more while it is written,
    and the model) and bytes free, with what its checkpoints hold already. Raises Failure("disk-full") when
    they do not fit.
    """
    needed = weights * KEPT_BYTES * (keep + 2)
    free = disk_free(folder) + held_bytes(folder / "checkpoints")
    if needed > free:
        raise Failure(
            "disk-full",
            expected=f"{needed >> 20} MiB free, for {keep} checkpoints and the model",
            where=str(folder),
            found=f"{free >> 20} MiB",
            remedy="Free space, or keep the workspace on a larger disk.",
            retryable=True,
        )
    return needed, free


def tell_large(rank: int, moving: int, model: nn.Module, run: Run) -> None:
    """A notice where an adapter has more than a fifth of its base's weights: it is to travel beside it."""
    share = moving / max(1, sum(one.numel() for one in model.parameters() if not one.requires_grad))
    if share > LARGE_SHARE:
        run.notice(
            "adapter-large",
            f"With a rank of {rank} this adapter has {share:.0%} of its base's weights, more than a fifth: a "
            "smaller rank, or captions with fewer new words, make a smaller file.",
        )


def disk_free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def held_bytes(folder: Path) -> int:
    """Of all files below a folder, if there is one."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def needed_bytes(job: Learning, base: Folder, clips: tuple[ClipLine, ...], batch: int, again: bool) -> int:
    """Of all processes, with `batch` clips a step between them; of an open base what is needed at least."""
    own = batch // job.processes
    if open_module(base) is not None:
        return (RUNTIME_BYTES + open_bytes(job, base.path, clips[0], own, again)) * job.processes
    codec, held = load_codec(base), len(clips) * (2 if job.mirror else 1)
    return estimate(config_for(job, base, codec), codec.shape, own, held, kept_by(job)) * job.processes


@dataclass(frozen=True)
class Kept:
    """What a job keeps for the backward pass: bytes of each token per width and block, and of each score."""

    activation: int
    score: int


def kept_by(job: Learning) -> Kept:
    on_cpu = job.device == "cpu"
    number = "bf16" if job.precision == "bf16" and (has_fast_bf16() or not on_cpu) else "fp32"
    return Kept(ACTIVATION_BYTES[number][job.method == "lora"], SCORE_BYTES[number] if on_cpu else 0)


def estimate(config: TransformerConfig, shape: CodecShape, batch: int, clips: int, kept: Kept) -> int:
    """Bytes that a training run of this shape holds at its peak."""
    weights = config.depth * 12 * config.width**2 + config.words * config.width
    each = config.tokens + config.caption_words
    activations = batch * each * config.width * config.depth * kept.activation
    activations += batch * config.heads * each**2 * config.depth * kept.score
    latents = clips * shape.tokens * shape.components * 2
    return RUNTIME_BYTES + weights * STATE_BYTES + activations + latents
