"""Steps that several processes share: each takes its part of the batch, and their gradients are averaged."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from .batches import Batch, Learning
from .failure import refuse_job
from .learner import Learner, make_learner
from .ranks import count, rank
from .run import Cancelled, Run

# For what rank 0 does alone while the others wait: held-out loss, sample sheets, checkpoints. A process that
# is gone is noticed at once.
WAIT = timedelta(hours=6)
LOOPBACK = "lo0" if sys.platform == "darwin" else "lo"


def prepared(job: Learning, run: Run) -> Learner:
    """`make_learner` in every process, and one model of theirs. Cancelled, all raise it."""
    join(job)
    made: Learner | None = None
    with suppress(Cancelled):
        made = make_learner(job, run)
    if any_of(made is None) or made is None:
        raise Cancelled
    made.shared = tied(made.model)
    return made


def join(job: Learning) -> None:
    """Meets the other processes of the run. Raises Failure("bad-job")."""
    refuse_job(
        job.processes != count(), "job.processes", f"{count()}, as many as were started", str(job.processes)
    )
    uneven = job.batch % job.processes != 0
    refuse_job(uneven, "job.processes", f"a divisor of the batch, {job.batch}", str(job.processes))
    if job.processes == 1 or dist.is_initialized():
        return
    os.environ.setdefault("GLOO_SOCKET_IFNAME", LOOPBACK)
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    file = os.environ.get("BACKLOT_MEETING")
    method = f"file://{file}" if file else "env://"
    dist.init_process_group(backend, method, timeout=WAIT, rank=rank(), world_size=count())


def tied(model: nn.Module) -> nn.Module:
    """The model whose backward pass averages gradients over all processes.

    `find_unused_parameters` also keeps the buckets as they are from the first step on: rebuilt after it, a
    resumed run would add in another order than one that never stopped.
    """
    if not dist.is_initialized():
        return model
    return DistributedDataParallel(model, find_unused_parameters=True, broadcast_buffers=False)


def part_of(batch: Batch) -> Batch:
    """This process's clips of a batch, with their noise, times and words."""
    if count() == 1:
        return batch
    return Batch(*(getattr(batch, one.name).chunk(count())[rank()] for one in fields(batch)))


def total(value: Tensor) -> Tensor:
    """The sum over all processes of a tensor of one number."""
    if dist.is_initialized():
        dist.all_reduce(value)
    return value


def mean_of(value: Tensor) -> float:
    """The mean over all processes."""
    return float(total(value)) / count()


def any_of(seen: bool) -> bool:
    """Whether any of the processes saw something: they act on it in the same step."""
    return bool(total(torch.tensor(float(seen))))


def cpu_elsewhere() -> float:
    """CPU seconds of the other processes so far."""
    own = time.process_time()
    return float(total(torch.tensor(own, dtype=torch.float64))) - own
