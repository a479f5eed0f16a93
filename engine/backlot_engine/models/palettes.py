"""How much of a body in somebody's own colours stands out from a place: a smear has less of it (ADR 0181)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from ..measures import FIGURE_STEP, body_parts

# person -> time of day -> colours (n, 3), grey levels
Palettes = dict[str, dict[str, Tensor]]
# person -> time of day -> how much of a body a true clip of them has, the median
Usual = dict[str, dict[str, float]]
# Grey levels nearer to the person than to the place that make a pixel e times likelier the person's.
TEMPERATURE = 10.0
HALF = 2


def bodies(take: Tensor, colours: dict[str, Tensor], bands: Tensor) -> dict[str, float]:
    """How much of a body in each one's colours there is, 0..1: uint8 take (frames, 3, height, width).

    colours: the palette (n, 3) of each who may be there; bands: the place's colours (bands, 3), from the top.
    The body-sized part with the most of it counts, and the mean of five frames.
    """
    frames = F.avg_pool2d(take[::FIGURE_STEP].float(), HALF)
    place = _from_place(frames, bands)
    return {name: _most(frames, place, palette) for name, palette in colours.items()}


def _from_place(frames: Tensor, bands: Tensor) -> Tensor:
    """How far each pixel is from the middle colour of its row or from its band, whichever is nearer."""
    rows = frames.median(-1, keepdim=True).values
    drawn = bands.repeat_interleave(frames.shape[-2] // len(bands), 0).T[None, :, :, None]
    return torch.minimum(_far(frames - rows, 1), _far(frames - drawn, 1))


def _most(frames: Tensor, place: Tensor, palette: Tensor) -> float:
    person = _far(frames[:, None] - palette[None, :, :, None, None], 2).amin(1)
    worn = torch.sigmoid((place - person) / TEMPERATURE)
    return body_parts(worn[:, None]).amax(1).mean().item()


def _far(difference: Tensor, channels: int) -> Tensor:
    return (difference**2).sum(channels).sqrt()
