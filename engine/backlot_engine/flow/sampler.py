"""Euler steps from noise, or from a clip with noise, to a clip; guided by the caption."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .path import noised, shift_time, unshift_time

# Velocity for (noisy, t, with caption or without).
Velocity = Callable[[Tensor, Tensor, bool], Tensor]
# How far the guided prediction's spread is pulled back to the unguided one's (Lin et al. 2023, "Common
# diffusion noise
# schedules and sample steps are flawed"): guidance alone burns the colours.
RESCALE = 0.7
# Below this time a velocity is not divided by it: a take that starts at 0 is finished and moves no further.
LEAST_TIME = 1e-6


@torch.no_grad()
def euler(
    velocity: Velocity,
    noise: Tensor,
    clean: Tensor,
    given: Tensor,
    start: Tensor,
    steps: int,
    guidance: float,
    shift: float,
    on_step: Callable[[int], None],
) -> Tensor:
    """Latents (batch, tokens, channels) from noise of that shape.

    Where `given` (batch, tokens, 1) is 1 the result is `clean`, exactly. `start` (batch) is the time at which
    each begins: 1 is noise alone, below it is `clean` with noise (Meng et al. 2022, "SDEdit"). All take
    `steps`. guidance 1 means none and costs half.
    """
    ways = torch.linspace(1, 0, steps + 1, device=start.device)[:, None] * unshift_time(start, shift)
    times = shift_time(ways, shift)
    x = torch.lerp(noised(clean, noise, times[0]), clean, given)
    for index in range(steps):
        step = (times[index + 1] - times[index])[:, None, None]
        x = torch.lerp(x + step * guided(velocity, x, times[index], guidance), clean, given)
        on_step(index + 1)
    return x


def guided(velocity: Velocity, x: Tensor, t: Tensor, guidance: float) -> Tensor:
    """The velocity with the caption, led away from the one without; its clean prediction keeps its spread."""
    said = velocity(x, t, True)
    if guidance == 1:
        return said
    silent = velocity(x, t, False)
    at = t.clamp(min=LEAST_TIME)[:, None, None]
    clean_said = x - at * said
    clean_led = x - at * (silent + guidance * (said - silent))
    ratio = clean_said.std((1, 2), keepdim=True) / clean_led.std((1, 2), keepdim=True)
    clean_led = clean_led * (RESCALE * ratio + 1 - RESCALE)
    return (x - clean_led) / at
