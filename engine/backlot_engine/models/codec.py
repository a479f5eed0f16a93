"""A closed-form linear codec: principal components of lapped space-time blocks, whitened. No training.

Blocks that only touch show their seams in every take. So each edge between blocks is first turned by a lapped
transform, which is orthogonal: a component then reaches half a block into its neighbours, and its error fades
there instead of ending in a step (Malvar and Staelin 1989, "The LOT: transform coding without blocking
effects"; as filters before the blocks: Tran, Liang and Tu 2003, "Lapped transform via time-domain pre- and
post-filtering").
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

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
    def depth(self) -> int:
        """Frames of a block after the first."""
        return self.block[0]

    @property
    def tokens(self) -> int:
        return math.prod(self.grid)

    @property
    def values(self) -> int:
        """Numbers in one block, RGB."""
        return math.prod(self.block) * 3

    def fits(self) -> bool:
        """Whether whole blocks tile the clip, and each has halves that can lap over its edges."""
        frames, rows, columns = self.block
        tiled = (self.frames - 1) % frames == 0 and self.height % rows == 0 and self.width % columns == 0
        return tiled and rows % 2 == 0 and columns % 2 == 0


@dataclass(frozen=True)
class Codec:
    """mean (values), basis (values, components) with orthonormal columns, scale (components): latents'
    spread.
    """

    shape: CodecShape
    mean: Tensor
    basis: Tensor
    scale: Tensor

    @property
    def identity(self) -> str | None:
        """None: two matrix products are quicker than a file."""
        return None

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
    """uint8 (n, frames, 3, height, width) -> lapped float32 (n, tokens, values), the first frame repeated."""
    depth, rows, columns = shape.block
    times, down, across = shape.grid
    padded = torch.cat([clips[:, :1].expand(-1, depth - 1, -1, -1, -1), clips], 1)
    down_edges = lap(shape.height, rows).to(clips.device)
    across_edges = lap(shape.width, columns).to(clips.device)
    lapped = down_edges @ (padded.float() / 127.5 - 1) @ across_edges.T
    cut = lapped.reshape(-1, times, depth, 3, down, rows, across, columns)
    return cut.permute(0, 1, 4, 6, 2, 3, 5, 7).reshape(-1, shape.tokens, shape.values)


def from_blocks(blocks: Tensor, shape: CodecShape) -> Tensor:
    """Lapped float32 (n, tokens, values) -> -1..1 (n, frames, 3, height, width), without the first frame's
    repeats.
    """
    depth, rows, columns = shape.block
    times, down, across = shape.grid
    cut = blocks.reshape(-1, times, down, across, depth, 3, rows, columns)
    whole = cut.permute(0, 1, 4, 5, 2, 6, 3, 7).reshape(-1, times * depth, 3, shape.height, shape.width)
    return lap(shape.height, rows).T @ whole[:, depth - 1 :] @ lap(shape.width, columns)


@lru_cache(maxsize=8)
def lap(size: int, block: int) -> Tensor:
    """float32 orthogonal (size, size): turns the samples around each edge between blocks, leaves the rest."""
    half = block // 2
    one, mirror = torch.eye(half).double(), torch.eye(half).double().flip(0)
    butterfly = torch.cat([torch.cat([one, mirror], 1), torch.cat([mirror, -one], 1)]) / 2**0.5
    turn = mirror @ cosines(half, 0.0).T @ cosines(half, 0.5) @ mirror
    edge = butterfly @ torch.block_diag(one, turn) @ butterfly
    whole = torch.eye(size).double()
    for at in range(block, size, block):
        whole[at - half : at + half, at - half : at + half] = edge
    return whole.float()


def cosines(size: int, phase: float) -> Tensor:
    """float64 orthogonal (size, size): the cosine transform of type II (phase 0) or IV (phase 0.5)."""
    row, column = torch.arange(size).double()[:, None] + phase, torch.arange(size).double() + 0.5
    made = torch.cos(math.pi * row * column / size) * (2 / size) ** 0.5
    if phase == 0:
        made[0] /= 2**0.5
    return made


def fit(blocks: Tensor, shape: CodecShape, min_scale: float) -> Codec:
    """The codec of lapped float32 blocks (n, values).

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
