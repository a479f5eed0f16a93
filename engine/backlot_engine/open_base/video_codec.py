"""A base's own video autoencoder as a codec of clips."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..data.hashing import folder_hash
from ..device import device_in
from ..failure import Failure
from ..finite import refuse_not_finite


@dataclass(frozen=True)
class VideoShape:
    """Sizes of a clip and of its latents."""

    frames: int
    height: int
    width: int
    grid: tuple[int, int, int]
    depth: int
    components: int

    @property
    def tokens(self) -> int:
        return math.prod(self.grid)


class VideoCodec:
    """A family.Codec: latents at about unit spread, a token for each place of the autoencoder's grid."""

    def __init__(self, vae: Any, shape: VideoShape, folder: Path) -> None:
        self.vae, self.shape, self.folder = vae, shape, folder
        self.mean, self.spread = torch.tensor(vae.config.latents_mean), torch.tensor(vae.config.latents_std)
        self.device = device_in(vae)

    @cached_property
    def identity(self) -> str | None:
        """sha256 of the autoencoder's folder."""
        return folder_hash(self.folder)

    @torch.no_grad()
    def encode(self, clips: Tensor) -> Tensor:
        """uint8 (clips, frames, 3, height, width) -> float32 (clips, tokens, components), the most likely
        latents: no chance, so that the cache holds for every run.
        """
        pixels = clips.permute(0, 2, 1, 3, 4).float() / 127.5 - 1
        # Clip by clip: an autoencoder's own layers are what fills the memory.
        found = torch.cat([self._encoded(one) for one in pixels])
        return (to_tokens(found) - self.mean) / self.spread

    @torch.no_grad()
    def decode(self, latents: Tensor) -> Tensor:
        """float32 (clips, tokens, components) -> uint8 (clips, frames, 3, height, width)."""
        video = to_video(latents * self.spread + self.mean, self.shape.grid)
        pixels = torch.cat([self._decoded(one) for one in video])
        refuse_not_finite(pixels, f"{self.folder}: what its autoencoder makes of latents")
        return ((pixels.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 1, 3, 4)

    def _encoded(self, pixels: Tensor) -> Tensor:
        found: Tensor = self.vae.encode(pixels[None].to(self.device)).latent_dist.mode()
        return found.cpu()

    def _decoded(self, latents: Tensor) -> Tensor:
        found: Tensor = self.vae.decode(latents[None].to(self.device), return_dict=False)[0]
        return found.cpu()


def to_tokens(video: Tensor) -> Tensor:
    """(clips, components, times, rows, columns) -> (clips, tokens, components)."""
    return video.flatten(2).transpose(1, 2)


def to_video(tokens: Tensor, grid: tuple[int, int, int]) -> Tensor:
    """(clips, tokens, components) -> (clips, components, times, rows, columns)."""
    return tokens.transpose(1, 2).unflatten(2, grid)


def shape_for(
    size: tuple[int, int, int], vae: Any, patch: tuple[int, int, int], code: str, where: str
) -> VideoShape:
    """The shape for clips of frames, height and width. Raises Failure(code) where they do not fit."""
    frames, height, width = size
    times, places = vae.config.scale_factor_temporal, vae.config.scale_factor_spatial
    down, across = places * patch[1], places * patch[2]
    if (frames - 1) % times or height % down or width % across:
        raise Failure(
            code,
            expected=f"{times}n+1 frames, a height that {down} divides and a width that {across} divides",
            where=where,
            found=f"{frames}x{height}x{width}",
            remedy="Freeze the dataset at such a size: `dataset freeze --frames --height --width`.",
        )
    grid = (1 + (frames - 1) // times, height // places, width // places)
    return VideoShape(frames, height, width, grid, times, vae.config.z_dim)
