"""Job `train`: one loop for scratch, full fine-tune and LoRA. They differ in where they start and in what
moves.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .batches import Batch, batch_at
from .contract import TrainJob
from .data.checkpoint import Checkpoint, named_checkpoint, newest_own, save_checkpoint
from .data.written import note_moved
from .device import CPU
from .flow import ema
from .flow.path import noised, velocity_loss
from .heldout import TIMES, by_clip, heldout_losses
from .learner import Learner
from .optimizers import rate_at
from .parallel import any_of, cpu_elsewhere, mean_of, part_of, prepared
from .precision import noted
from .room import check_disk
from .run import Cancelled, Run
from .sheet import captions_of, draw, write_sheet
from .train_failures import not_finite, other_recipe, tell_refused

LOG_EVERY = 10
# What may differ between a run and one that resumes it: nothing that decides a weight.
NEUTRAL = ("id", "resume_from", "keep_checkpoints", "eval_every", "checkpoint_every", "sample", "latents")


@dataclass
class Progress:
    """How far a run is. `seconds` counts all its processes; `recent`: training losses since their mean was
    told; `untrained`: held-out loss before the first step; `precisions`: the number formats that its steps
    ran in, in order.
    """

    step: int = 0
    seconds: float = 0.0
    recent: list[float] = field(default_factory=list)
    untrained: float | None = None
    precisions: list[str] = field(default_factory=list)


def run(job: TrainJob, run: Run) -> dict[str, Any]:
    """Trains from the newest checkpoint, or from the start, to the last step; writes the model or adapter.

    Where several processes share the steps, all do this; rank 0 alone measures, draws and saves.
    """
    learner = prepare(job, run)
    learner.sheet = captions_of(job.sample, run.folder)
    check_disk(job.keep_checkpoints, learner.trainable, run.folder)
    progress = restore(job, learner, run)
    progress.precisions = noted(learner.autocast, progress.precisions, progress.step, run)
    run.started(progress.step or None)
    tell_untrained(job, learner, progress, run)
    run.phase("train")
    loss = loop(job, learner, progress, run)
    run.cpu_elsewhere = cpu_elsewhere()
    if not run.leads:
        return {}
    run.phase("finish")
    round_average(learner)
    losses = evaluate(learner, job.steps, run)
    draw_sheet(job, learner, job.steps, run)
    return result(job, learner, progress, loss, losses, run)


def prepare(job: TrainJob, run: Run) -> Learner:
    """All that is needed before the first step. Cancelled meanwhile, what could be resumed still can be."""
    try:
        return prepared(job, run)
    except Cancelled:
        own = newest_own(run.folder / "checkpoints", run.gate.marks, lambda *_: None)
        if own is None and job.resume_from is not None:
            raise Cancelled(Path(job.resume_from.path), job.resume_from.sha256) from None
        raise Cancelled(own and own[0]) from None


def tell_untrained(job: TrainJob, learner: Learner, progress: Progress, run: Run) -> None:
    """Held-out loss before the first step: measured, or as the run measured it that this one goes on from."""
    if progress.step == 0:
        losses = evaluate(learner, 0, run)
        progress.untrained = None if losses is None else float(losses.mean())
    elif job.resume_from is not None and progress.untrained is not None:
        run.metric("heldout/loss", 0, progress.untrained)


def loop(job: TrainJob, learner: Learner, progress: Progress, run: Run) -> float:
    """All the steps that are left. Returns the mean training loss of the last few."""
    last = math.nan
    before, began = progress.seconds, time.monotonic()
    while progress.step < job.steps:
        if any_of(run.cancelled()):
            raise Cancelled(checkpoint(job, learner, progress, run))
        batch = part_of(batch_at(progress.step, job, learner.data, learner.prior, learner.grid))
        progress.recent.append(train_step(job, learner, batch, progress.step))
        progress.step += 1
        progress.seconds = before + time.monotonic() - began
        run.progress(progress.step * job.batch, job.steps * job.batch, "clips")
        if progress.step % LOG_EVERY == 0 or progress.step == job.steps:
            last = sum(progress.recent) / len(progress.recent)
            run.metric("train/loss", progress.step, last)
            progress.recent.clear()
        if progress.step < job.steps:
            pause(job, learner, progress, run)
    return last


def train_step(job: TrainJob, learner: Learner, batch: Batch, step: int) -> float:
    """One step of rectified flow, on this process's part of the batch. Returns the whole batch's loss;
    raises Failure("not-finite").
    """
    x = torch.lerp(noised(batch.clean, batch.noise, batch.t), batch.clean, batch.given)
    with learner.autocast:
        predicted = learner.shared(x, batch.clean * batch.given, batch.given, batch.t, batch.rows)
    loss = velocity_loss(predicted, batch.clean, batch.noise, batch.given).mean()
    value = mean_of(loss.detach())
    if not math.isfinite(value):
        raise not_finite(step, learner.saved)
    loss.backward()
    learner.optimizers.step(rate_at(step, job.steps, job.optimizer))
    ema.update(learner.average, list(learner.moving.values()), job.ema_decay, step + 1)
    return value


def pause(job: TrainJob, learner: Learner, progress: Progress, run: Run) -> None:
    """Between two steps: held-out loss, checkpoint and sheet when they are due."""
    if progress.step % job.eval_every == 0:
        evaluate(learner, progress.step, run)
    if progress.step % job.checkpoint_every == 0:
        checkpoint(job, learner, progress, run)
        draw_sheet(job, learner, progress.step, run)


@contextmanager
def averaged(learner: Learner) -> Iterator[None]:
    """The model with its moving average in place of its weights."""
    swap(learner)
    try:
        yield
    finally:
        swap(learner)


def swap(learner: Learner) -> None:
    for index, parameter in enumerate(learner.moving.values()):
        parameter.data, learner.average[index] = learner.average[index], parameter.data


def evaluate(learner: Learner, step: int, run: Run) -> Tensor | None:
    """Held-out loss (clips, times) of the averaged weights, told as metrics; None without held-out clips.
    Raises Failure("not-finite").
    """
    if not run.leads or not learner.heldout.clips:
        return None
    with averaged(learner):
        losses = heldout_losses(learner.model, learner.heldout, learner.autocast)
    if not bool(torch.isfinite(losses).all()):
        raise not_finite(step, learner.saved)
    run.metric("heldout/loss", step, float(losses.mean()))
    for time_, column in zip(TIMES, losses.T, strict=True):
        run.metric(f"heldout/t{time_}", step, float(column.mean()))
    return losses


def draw_sheet(job: TrainJob, learner: Learner, step: int, run: Run) -> None:
    if not run.leads or job.sample is None:
        return
    path = run.folder / "samples" / f"step-{step:06d}.png"
    with averaged(learner):
        takes = draw(learner.family, learner.sheet, job.sample.sampling, job.seed, learner.autocast)
    write_sheet(takes, path)
    run.sample(step, path)


def checkpoint(job: TrainJob, learner: Learner, progress: Progress, run: Run) -> Path | None:
    """Saves all that a run is: draws depend on seed and step alone. All processes hold it: rank 0 saves."""
    learner.saved = progress.step if learner.saved is None else learner.saved
    if not run.leads:
        return None
    weights = {f"weights/{name}": one.detach() for name, one in learner.moving.items()}
    average = {f"average/{name}": one for name, one in zip(learner.moving, learner.average, strict=True)}
    optimizer = {f"optimizer/{name}": one for name, one in learner.optimizers.state().items()}
    state = {"seed": job.seed, "recipe": recipe(job), **asdict(progress)}
    folder = run.folder / "checkpoints"
    saved = Checkpoint(state, weights | average | optimizer)
    return save_checkpoint(saved, folder, job.keep_checkpoints, run.gate.marks)


def restore(job: TrainJob, learner: Learner, run: Run) -> Progress:
    """Goes on from the newest checkpoint that this run has marked, else from the job's, else starts."""
    found = checkpoint_for(job, run)
    if found is None:
        return Progress()
    if found.state["recipe"] != recipe(job):
        raise other_recipe(found.state["recipe"], recipe(job))
    take_back(learner, found.tensors)
    learner.saved = found.state["step"]
    return Progress(**{one.name: found.state[one.name] for one in fields(Progress)})


def checkpoint_for(job: TrainJob, run: Run) -> Checkpoint | None:
    folder = run.folder / "checkpoints"
    own = newest_own(folder, run.gate.marks, lambda path, code: tell_refused(path, code, run))
    if own is not None:
        return own[1]
    return None if job.resume_from is None else named_checkpoint(job.resume_from)


def take_back(learner: Learner, tensors: dict[str, Tensor]) -> None:
    with torch.no_grad():
        for index, (name, parameter) in enumerate(learner.moving.items()):
            parameter.copy_(tensors[f"weights/{name}"])
            learner.average[index].copy_(tensors[f"average/{name}"])
    prefix = "optimizer/"
    learner.optimizers.restore(
        {name.removeprefix(prefix): one for name, one in tensors.items() if name.startswith(prefix)}
    )


def recipe(job: TrainJob) -> str:
    """sha256 of all that decides the weights: options and input hashes, not where the inputs lie."""
    parts = {key: value for key, value in asdict(job).items() if key not in NEUTRAL}
    parts["dataset"] = job.dataset.digest
    parts["base"] = job.base.sha256
    parts["prior"] = job.prior and [job.prior.worlds.sha256, job.prior.share]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def round_average(learner: Learner) -> None:
    """Rounds the average to what is stored (bf16), so that the last measurement is of the shipped weights."""
    for index, one in enumerate(learner.average):
        learner.average[index] = one.to(torch.bfloat16).float()


def result(
    job: TrainJob, learner: Learner, progress: Progress, loss: float, losses: Tensor | None, run: Run
) -> dict[str, Any]:
    return {
        "steps": progress.step,
        "seconds": progress.seconds,
        "clipsPerSecond": progress.step * job.batch / max(progress.seconds, 1e-9),
        "clips": learner.data.count,
        "finalLoss": loss if math.isfinite(loss) else None,
        "heldoutLoss": None if losses is None else float(losses.mean()),
        "heldoutByClip": [] if losses is None else by_clip(losses, learner.heldout),
        "parameters": sum(one.numel() for one in learner.model.parameters()),
        "trainable": learner.trainable,
        "precisions": progress.precisions,
        "model": save(job, learner, run),
    }


def save(job: TrainJob, learner: Learner, run: Run) -> dict[str, Any]:
    """The averaged weights as `adapter/` (lora) or `model/`: `{path, sha256}`."""
    name = "adapter" if job.method == "lora" else "model"
    partial = run.folder / f".{name}.tmp"
    shutil.rmtree(partial, ignore_errors=True)
    average = {name: one.cpu() for name, one in zip(learner.moving, learner.average, strict=True)}
    learner.family.save(job, average, learner.data.on(CPU), partial)
    final = run.folder / name
    shutil.rmtree(final, ignore_errors=True)
    partial.rename(final)
    note_moved(partial, final)
    return run.artifact(name, final)
