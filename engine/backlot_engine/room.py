"""What a training takes of memory and disk, and whether it is there: looked at before the first step."""

from __future__ import annotations

import shutil
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
from .run import Run
from .small import config_for

# Bytes that one token costs per width and block while training: activations kept for the backward pass.
# Measured at width 192, depth 6, batch 32 (144 tokens each): a peak of 874 MiB, of which 221 are the process
# with torch loaded and 81 weights, moments and latents, leaves 113; rounded up.
ACTIVATION_BYTES = 120
# Bytes that each score of each block costs on a processor, where attention makes all of them and keeps them
# for the backward pass (models/transformer.py). Measured at width 192, depth 6, batch 16, float32: a peak of
# 751 MiB with 3 heads and 1247 with 48, so 5.8 a score; rounded up. In bf16 at a batch of 32 it was 901 and
# 1370, so 2: the estimate is too large there.
SCORE_BYTES = 8
# float32 weight, gradient, average and two optimizer moments.
STATE_BYTES = 20
# What a checkpoint and the finished model keep of each of them: float32 weight, average and two moments.
KEPT_BYTES = 16
# The interpreter with torch (221 MiB) and room for the heap's gaps.
RUNTIME_BYTES = 300 * 2**20
# Of a base's weights, what an adapter has at most without a word.
LARGE_SHARE = 0.2


def check_memory(job: Learning, base: Folder, clips: tuple[ClipLine, ...]) -> tuple[int, int]:
    """Bytes that learning from these clips needs (an estimate) and bytes free. Raises
    Failure("out-of-memory") when they do not fit.
    """
    needed, free = needed_bytes(job, base, clips, job.batch), free_for(job)
    if needed > free:
        raise Failure(
            "out-of-memory",
            expected=f"{needed >> 20} MiB free",
            where="this machine" if job.device == "cpu" else "its GPUs",
            found=f"{free >> 20} MiB",
            remedy=what_fits(job, base, clips, free),
            retryable=True,
        )
    return needed, free


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
    fits = next((one for one in smaller if needed_bytes(job, base, clips, one) <= free), None)
    if fits is not None:
        return f"Lower the batch from {job.batch} to {fits} (--batch {fits}), or close other programs."
    needed = needed_bytes(job, base, clips, least) >> 20
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


def needed_bytes(job: Learning, base: Folder, clips: tuple[ClipLine, ...], batch: int) -> int:
    """Of all processes, with `batch` clips a step between them; of an open base what is needed at least."""
    own = batch // job.processes
    if open_module(base) is not None:
        return (RUNTIME_BYTES + open_bytes(job, base.path, clips[0], own)) * job.processes
    codec, held = load_codec(base), len(clips) * (2 if job.mirror else 1)
    return estimate(config_for(job, base, codec), codec.shape, own, held, job.device) * job.processes


def estimate(config: TransformerConfig, shape: CodecShape, batch: int, clips: int, device: str) -> int:
    """Bytes that a training run of this shape holds at its peak, on "cpu" or "cuda"."""
    weights = config.depth * 12 * config.width**2 + config.words * config.width
    each = config.tokens + config.caption_words
    activations = batch * each * config.width * config.depth * ACTIVATION_BYTES
    if device == "cpu":
        activations += batch * config.heads * each**2 * config.depth * SCORE_BYTES
    latents = clips * shape.tokens * shape.components * 2
    return RUNTIME_BYTES + weights * STATE_BYTES + activations + latents
