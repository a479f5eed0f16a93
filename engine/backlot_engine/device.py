"""Where a job's model learns and draws: the processor, or a GPU of each process's own."""

from __future__ import annotations

from typing import Literal

import torch
from torch import nn

from .failure import Failure
from .ranks import local_count, local_rank

CPU = torch.device("cpu")


def device_of(name: Literal["cpu", "cuda"]) -> torch.device:
    """The device that a job names. Raises Failure("no-device") where there is none for each process."""
    if name == "cpu":
        return CPU
    found = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if found >= local_count():
        return torch.device("cuda", local_rank())
    raise Failure(
        "no-device",
        expected=f"{local_count()} GPU with CUDA"
        if local_count() == 1
        else f"{local_count()} GPUs with CUDA",
        where="job.device",
        found=f"{found}, with torch {torch.__version__}",
        remedy="Run on a machine with such a GPU and a torch built for it, with fewer processes, or with "
        "BACKLOT_DEVICE=cpu.",
    )


def device_in(model: nn.Module) -> torch.device:
    """Where a model's weights are."""
    return next(model.parameters()).device
