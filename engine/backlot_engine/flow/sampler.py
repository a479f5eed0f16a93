"""Euler steps from noise to a clip, guided by the caption."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .path import shift_time

# Velocity for (noisy, t, with caption or without).
Velocity = Callable[[Tensor, Tensor, bool], Tensor]
# How far the guided prediction's spread is pulled back to the unguided one's (Lin et al. 2023, "Common
# diffusion noise
# schedules and sample steps are flawed"): guidance alone burns the colours.
RESCALE = 0.7


@torch.no_grad()
def euler(
    velocity: Velocity,
    noise: Tensor,
    clean: Tensor,
    given: Tensor,
    steps: int,
    guidance: float,
    shift: float,
    on_step: Callable[[int], None],
) -> Tensor:
    """Latents (batch, tokens, channels) from noise of that shape.

    Where `given` (batch, tokens, 1) is 1 the result is `clean`, exactly. guidance 1 means none and costs
    half.
    """
    times = shift_time(torch.linspace(1, 0, steps + 1), shift)
    x = torch.lerp(noise, clean, given)
    for index in range(steps):
        t = times[index].expand(len(x))
        step = times[index + 1] - times[index]
        x = torch.lerp(x + step * guided(velocity, x, t, guidance), clean, given)
        on_step(index + 1)
    return x


def guided(velocity: Velocity, x: Tensor, t: Tensor, guidance: float) -> Tensor:
    """The velocity with the caption, led away from the one without; its clean prediction keeps its spread."""
    said = velocity(x, t, True)
    if guidance == 1:
        return said
    silent = velocity(x, t, False)
    at = t[:, None, None]
    clean_said = x - at * said
    clean_led = x - at * (silent + guidance * (said - silent))
    ratio = clean_said.std((1, 2), keepdim=True) / clean_led.std((1, 2), keepdim=True)
    clean_led = clean_led * (RESCALE * ratio + 1 - RESCALE)
    return (x - clean_led) / at
