"""A closed-form linear codec: principal components of space-time blocks, whitened. No training, about 36
dB.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class CodecShape:
    """Sizes of clips and blocks. `frames` is n * block_frames + 1: the first frame fills a block of its
    own.
    """

    frames: int
    height: int
    width: int
    block: tuple[int, int, int]
    components: int

    @property
    def grid(self) -> tuple[int, int, int]:
        """Blocks in time, rows and columns."""
        frames, rows, columns = self.block
        return 1 + (self.frames - 1) // frames, self.height // rows, self.width // columns

    @property
    def tokens(self) -> int:
        return math.prod(self.grid)

    @property
    def values(self) -> int:
        """Numbers in one block, RGB."""
        return math.prod(self.block) * 3

    def fits(self) -> bool:
        """Whether whole blocks tile the clip."""
        frames, rows, columns = self.block
        return (self.frames - 1) % frames == 0 and self.height % rows == 0 and self.width % columns == 0


@dataclass(frozen=True)
class Codec:
    """mean (values), basis (values, components) with orthonormal columns, scale (components): latents'
    spread.
    """

    shape: CodecShape
    mean: Tensor
    basis: Tensor
    scale: Tensor

    def encode(self, clips: Tensor) -> Tensor:
        """uint8 (clips, frames, 3, height, width) -> float32 (clips, tokens, components), about unit
        spread.
        """
        return (to_blocks(clips, self.shape) - self.mean) @ (self.basis / self.scale)

    def decode(self, latents: Tensor) -> Tensor:
        """float32 latents (clips, tokens, components) -> uint8 (clips, frames, 3, height, width)."""
        blocks = (latents * self.scale) @ self.basis.T + self.mean
        pixels = from_blocks(blocks, self.shape)
        return ((pixels.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)


def to_blocks(clips: Tensor, shape: CodecShape) -> Tensor:
    """uint8 (n, frames, 3, height, width) -> float32 -1..1 (n, tokens, values), the first frame repeated."""
    depth, rows, columns = shape.block
    times, down, across = shape.grid
    padded = torch.cat([clips[:, :1].expand(-1, depth - 1, -1, -1, -1), clips], 1)
    cut = padded.reshape(-1, times, depth, 3, down, rows, across, columns)
    flat = cut.permute(0, 1, 4, 6, 2, 3, 5, 7).reshape(-1, shape.tokens, shape.values)
    return flat.float() / 127.5 - 1


def from_blocks(blocks: Tensor, shape: CodecShape) -> Tensor:
    """float32 (n, tokens, values) -> float32 (n, frames, 3, height, width), without the first frame's
    repeats.
    """
    depth, rows, columns = shape.block
    times, down, across = shape.grid
    cut = blocks.reshape(-1, times, down, across, depth, 3, rows, columns)
    whole = cut.permute(0, 1, 4, 5, 2, 6, 3, 7).reshape(-1, times * depth, 3, shape.height, shape.width)
    return whole[:, depth - 1 :]


def fit(blocks: Tensor, shape: CodecShape, min_scale: float) -> Codec:
    """The codec of float32 blocks (n, values).

    Scales below `min_scale` of the largest are raised to it, so that whitening does not blow up faint detail.
    Each component's sign is fixed by its largest entry: the same blocks give the same codec.
    """
    mean = blocks.mean(0)
    centred = blocks - mean
    _, vectors = torch.linalg.eigh(centred.T @ centred / len(blocks))
    basis = vectors[:, -shape.components :].flip(1)
    peak = basis.gather(0, basis.abs().argmax(0, keepdim=True))
    basis = (basis * peak.sign()).contiguous()
    scale = (centred @ basis).std(0)
    return Codec(shape, mean, basis, scale.clamp(min=float(scale.max()) * min_scale))


def psnr(clips: Tensor, decoded: Tensor) -> float:
    """Peak signal to noise of uint8 clips, dB; infinite when equal is capped at 99."""
    error = (clips.float() - decoded.float()).pow(2).mean().item()
    return 99.0 if error == 0 else min(99.0, 10 * math.log10(255**2 / error))
