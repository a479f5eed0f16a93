"""Which number format the matrix products run in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch

from .run import Run

FAST_BF16 = {"avx512_bf16", "amx_bf16", "bf16"}


def has_fast_bf16() -> bool:
    """Whether this CPU multiplies bfloat16 in hardware; elsewhere it is slower than float32."""
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return False
    lines = cpuinfo.read_text().splitlines()
    flags = next((line for line in lines if line.lower().startswith(("flags", "features"))), "")
    return not FAST_BF16.isdisjoint(flags.split())


def autocast_for(wanted: Literal["bf16", "fp32"], device: torch.device, run: Run) -> torch.autocast:
    """A context for the model's forward pass. bf16 falls back to float32, with a notice, where it is slow."""
    fast = has_fast_bf16() if device.type == "cpu" else torch.cuda.is_bf16_supported(False)
    use = wanted == "bf16" and fast
    if wanted == "bf16" and not use:
        what = "CPU" if device.type == "cpu" else "GPU"
        run.notice("precision-fallback", f"This {what} has no bfloat16 products: training in float32.")
    return torch.autocast(device.type, torch.bfloat16, enabled=use)


def noted(autocast: torch.autocast, before: list[str], step: int, run: Run) -> list[str]:
    """The number formats of a run's steps so far, and now of those to come. Tells where these are in another:
    on another machine a run goes on, to other bytes.
    """
    used = "bf16" if autocast._enabled else "fp32"
    if used in before[-1:]:
        return before
    if before:
        message = f"Trained in {before[-1]} up to step {step}, from there on in {used}: "
        run.notice("precision-changed", message + "other bytes than one machine would have made.")
    return [*before, used]
