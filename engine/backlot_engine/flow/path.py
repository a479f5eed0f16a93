"""Where training looks on the straight path from a clip (t = 0) to noise (t = 1)."""

from __future__ import annotations

import torch
from torch import Tensor


def shift_time(t: Tensor, shift: float) -> Tensor:
    """Moves t in 0..1 towards noise (Esser et al. 2024, "Scaling rectified flow transformers", section
    5.3.2).
    """
    return shift * t / (1 + (shift - 1) * t)


def unshift_time(t: Tensor, shift: float) -> Tensor:
    """The time that `shift_time` moves to t."""
    return t / (shift - (shift - 1) * t)


def draw_times(count: int, shift: float, generator: torch.Generator) -> Tensor:
    """Logit-normal times (count), shifted."""
    drawn = torch.randn(count, generator=generator, device=generator.device)
    return shift_time(torch.sigmoid(drawn), shift)


def noised(clean: Tensor, noise: Tensor, t: Tensor) -> Tensor:
    """x_t for latents (batch, tokens, channels) and t (batch)."""
    t = t[:, None, None]
    return (1 - t) * clean + t * noise


def velocity_loss(predicted: Tensor, clean: Tensor, noise: Tensor, given: Tensor) -> Tensor:
    """Mean squared error of the velocity for each clip (batch), over the tokens that were not given.

    given: (batch, tokens, 1), 1 where the model was shown the clean token.
    """
    asked = 1 - given
    error = (predicted.float() - (noise - clean)).pow(2) * asked
    return error.sum((1, 2)) / (asked.sum((1, 2)) * clean.shape[-1]).clamp(min=1)
