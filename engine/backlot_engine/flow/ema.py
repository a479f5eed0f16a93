"""An exponential moving average of the weights: what is sampled and shipped."""

from __future__ import annotations

import torch
from torch import Tensor


@torch.no_grad()
def update(average: list[Tensor], weights: list[Tensor], decay: float, step: int) -> None:
    """Moves `average` towards `weights` after step 1, 2, ...; the first steps count more, as they replace
    chance.
    """
    share = 1 - min(decay, (1 + step) / (10 + step))
    torch._foreach_lerp_(average, weights, share)
