"""A small network that makes takes crisp: bicubic enlargement plus what it learned is missing.

Each frame is made from itself and its two neighbours (as in video super-resolution since Kappeler et al.
2016, "Video Super-Resolution with Convolutional Neural Networks"), at the small size, and enlarged at the
very end (Shi et al. 2016, "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
Convolutional Neural Network").
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

NEIGHBOURS = 3  # frames that a frame is made from: the one before, itself, the one after
COLOURS = 3


@dataclass(frozen=True)
class UpscalerShape:
    """How much larger a take gets in width and height, and the size of the network."""

    factor: int
    width: int
    blocks: int


class Block(nn.Module):
    """Two convolutions beside which the input goes on."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = x + self.second(F.silu(self.first(x)))
        return made


class Upscaler(nn.Module):
    """float (n, frames, 3, height, width) in -1..1 -> (n, frames, 3, factor * height, factor * width)."""

    def __init__(self, shape: UpscalerShape) -> None:
        super().__init__()
        self.shape = shape
        self.stem = nn.Conv2d(NEIGHBOURS * COLOURS, shape.width, 3, padding=1)
        self.blocks = nn.ModuleList(Block(shape.width) for _ in range(shape.blocks))
        self.top = nn.Conv2d(shape.width, COLOURS * shape.factor**2, 3, padding=1)
        for tensor in self.top.parameters():
            nn.init.zeros_(tensor)

    def forward(self, clips: Tensor) -> Tensor:
        """Before training, exactly what `bicubic` gives."""
        x = self.stem(windows(clips).flatten(0, 1))
        for block in self.blocks:
            x = block(x)
        missing = F.pixel_shuffle(self.top(F.silu(x)), self.shape.factor)
        return bicubic(clips, self.shape.factor) + missing.unflatten(0, clips.shape[:2])


def windows(clips: Tensor) -> Tensor:
    """(n, frames, 3, ...) -> (n, frames, 9, ...): each frame between its neighbours, the ends twice."""
    before = torch.cat([clips[:, :1], clips[:, :-1]], 1)
    after = torch.cat([clips[:, 1:], clips[:, -1:]], 1)
    return torch.cat([before, clips, after], 2)


def bicubic(clips: Tensor, factor: int) -> Tensor:
    """What enlarging without a network gives: cubic convolution (Keys 1981), each frame for itself."""
    flat = clips.flatten(0, 1)
    large = F.interpolate(flat, scale_factor=factor, mode="bicubic", align_corners=False)
    return large.unflatten(0, clips.shape[:2])


def to_pixels(clips: Tensor) -> Tensor:
    """float in -1..1 and beyond -> uint8."""
    return ((clips.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)


def to_floats(pixels: Tensor) -> Tensor:
    """uint8 -> float in -1..1."""
    return pixels.float() / 127.5 - 1
