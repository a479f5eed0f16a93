"""Latents of clips, kept from one run to the next where an autoencoder takes long to make them.

`<folder>/<sha256 of the autoencoder>/<frames>x<height>x<width>/<sha256 of the clip>[-mirrored].safetensors`
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ..contract import ClipLine
from ..failure import Failure
from ..family import Codec
from .tensors import load_tensors, save_tensors

NAME = "latents"


@dataclass(frozen=True)
class LatentCache:
    """Of one autoencoder and one size of clips. Two runs may fill it at once: both write the same bytes."""

    folder: Path
    codec: Codec

    def latents(self, clips: tuple[ClipLine, ...], pixels: Tensor, mirrored: bool) -> Tensor:
        """bfloat16 (clips, tokens, components) of `pixels`, uint8 (clips, frames, 3, height, width), which
        the clips show, or a mirror of them. Encodes what does not lie here, or is not whole.
        """
        paths = [self.folder / f"{clip.id}{'-mirrored' if mirrored else ''}.safetensors" for clip in clips]
        return torch.stack([self._latents(*one) for one in zip(paths, pixels, strict=True)])

    def _latents(self, path: Path, pixels: Tensor) -> Tensor:
        kept = self._kept(path)
        if kept is not None:
            return kept
        made = self.codec.encode(pixels[None])[0].to(torch.bfloat16)
        _keep(made, path)
        return made

    def _kept(self, path: Path) -> Tensor | None:
        try:
            value = load_tensors(path).get(NAME) if path.exists() else None
        except Failure:
            return None
        shape = self.codec.shape
        fits = value is not None and value.shape == (shape.tokens, shape.components)
        return value if fits else None


def cache_of(folder: str | None, codec: Codec) -> LatentCache | None:
    """The cache of this codec in `folder`; None where there is none, or where encoding again is quicker."""
    if folder is None or codec.identity is None:
        return None
    shape = codec.shape
    size = f"{shape.frames}x{shape.height}x{shape.width}"
    return LatentCache(Path(folder) / codec.identity / size, codec)


def _keep(latents: Tensor, path: Path) -> None:
    """Built under a name of its own, so that no run reads half a file."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    save_tensors({NAME: latents}, draft)
    draft.rename(path)
