"""Damage that takes can have, put on true clips: the checker reads through a little and refuses a lot.

Clips are float (n, frames, 3, height, width) in -1..1 and stay so.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def blurred(clips: Tensor, radius: int) -> Tensor:
    """A box blur of 2 * radius + 1 pixels."""
    flat = clips.flatten(0, 1)
    size = 2 * radius + 1
    padded = F.pad(flat, (radius, radius, radius, radius), mode="replicate")
    return F.avg_pool2d(padded, size, stride=1).view_as(clips)


def noisy(clips: Tensor, amount: float, generator: torch.Generator) -> Tensor:
    """Independent noise of this standard deviation in every pixel and frame."""
    return (clips + amount * torch.randn(clips.shape, generator=generator)).clamp(-1, 1)


def seamed(clips: Tensor, amount: float, block: int, generator: torch.Generator) -> Tensor:
    """Every block of each four frames gets its own colour error: the seams of a block codec."""
    n, frames, _, height, width = clips.shape
    shape = (n, (frames + 3) // 4, 3, height // block, width // block)
    error = amount * torch.randn(shape, generator=generator)
    error = error.repeat_interleave(4, 1)[:, :frames]
    return (clips + error.repeat_interleave(block, 3).repeat_interleave(block, 4)).clamp(-1, 1)


def patched(clips: Tensor, block: int, generator: torch.Generator) -> Tensor:
    """Every block of every four frames comes from another clip of the batch: textured mush."""
    n, frames, colours, height, width = clips.shape
    parts = (frames + 3) // 4
    source = torch.randint(n, (n, parts, height // block, width // block), generator=generator)
    source = source.repeat_interleave(4, 1)[:, :frames]
    source = source.repeat_interleave(block, 2).repeat_interleave(block, 3)[:, :, None]
    source = source.expand(n, frames, colours, height, width)
    return clips.gather(0, source)


def ghosted(clips: Tensor, generator: torch.Generator) -> Tensor:
    """The mean of each clip and two others: several see-through characters, none of them there."""
    n = len(clips)
    others = [clips[torch.randperm(n, generator=generator)] for _ in range(2)]
    return (clips + others[0] + others[1]) / 3


def softened(clips: Tensor, sigma: float) -> Tensor:
    """A Gaussian of standard deviation `sigma` pixels, as the dataset step softens film; edges go on."""
    radius = math.ceil(3 * sigma)
    weights = torch.exp(-((torch.arange(-radius, radius + 1) / sigma) ** 2) / 2)
    weights = (weights / weights.sum()).expand(3, 1, 1, -1)
    flat = F.pad(clips.flatten(0, 1), (radius, radius, radius, radius), mode="replicate")
    across = F.conv2d(flat, weights, groups=3)
    return F.conv2d(across, weights.mT, groups=3).view_as(clips)
