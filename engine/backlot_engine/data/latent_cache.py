"""Latents of clips, kept from one run to the next where an autoencoder takes long to make them.

`<folder>/<sha256 of the autoencoder>/<frames>x<height>x<width>/<sha256 of the clip>[-mirrored].latents`:
a tag, then safetensors. The folder lies in the workspace, where others may write: the tag is an HMAC-SHA256
(RFC 2104) of the file's place and bytes, with a key from outside it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ..contract import ClipLine
from ..family import Codec
from .tensors import dump_tensors, parse_tensors, save_new

NAME = "latents"
# The key of the tags, 32 bytes in hex. Whoever starts the engine derives it (src/trust/run-key.ts).
VARIABLE = "BACKLOT_LATENTS_KEY"
TAG_BYTES = 32


@dataclass(frozen=True)
class LatentCache:
    """Of one autoencoder and one size of clips. Two runs may fill it at once: both write the same bytes.

    `place`: of its folder within the whole cache, which the tags hold too. `refused`: is told of each file
    that lies here and is not ours, or not whole.
    """

    folder: Path
    place: str
    key: bytes
    codec: Codec
    refused: Callable[[str], None]

    def latents(self, clips: tuple[ClipLine, ...], pixels: Tensor, mirrored: bool) -> Tensor:
        """bfloat16 (clips, tokens, components) of `pixels`, uint8 (clips, frames, 3, height, width), which
        the clips show, or a mirror of them. Encodes what does not lie here, is not whole or not ours.
        """
        names = [f"{clip.id}{'-mirrored' if mirrored else ''}.latents" for clip in clips]
        return torch.stack([self._latents(*one) for one in zip(names, pixels, strict=True)])

    def _latents(self, name: str, pixels: Tensor) -> Tensor:
        kept = self._kept(name)
        if kept is not None:
            return kept
        made = self.codec.encode(pixels[None])[0].to(torch.bfloat16)
        self._keep(made, name)
        return made

    def _kept(self, name: str) -> Tensor | None:
        """Read once: the bytes whose tag was checked are those that are learned from."""
        path = self.folder / name
        if not path.is_file():
            return None
        read = path.read_bytes()
        tag, data = read[:TAG_BYTES], read[TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(name, data)):
            self.refused(f"{self.place}/{name}")
            return None
        value = parse_tensors(data, path).get(NAME)
        shape = self.codec.shape
        fits = value is not None and value.shape == (shape.tokens, shape.components)
        return value if fits else None

    def _keep(self, latents: Tensor, name: str) -> None:
        """Built under a name of its own, so that no run reads half a file; the tag is of what was never on a
        disk.
        """
        data = dump_tensors({NAME: latents}, name)
        draft = self.folder / f"{name}.{secrets.token_hex(8)}.tmp"
        save_new(self._tag(name, data) + data, draft)
        draft.rename(self.folder / name)

    def _tag(self, name: str, data: bytes) -> bytes:
        return hmac.digest(self.key, f"{self.place}/{name}\n".encode() + data, hashlib.sha256)


def cache_of(folder: str | None, codec: Codec, refused: Callable[[str], None]) -> LatentCache | None:
    """The cache of this codec in `folder`; None where there is none, where no key was handed over, where
    encoding again is quicker, or where a link would lead what is kept elsewhere.
    """
    key = os.environ.get(VARIABLE)
    if folder is None or codec.identity is None or key is None:
        return None
    shape = codec.shape
    place = f"{codec.identity}/{shape.frames}x{shape.height}x{shape.width}"
    whole = Path(folder) / place
    if any(one.is_symlink() for one in (whole, whole.parent, Path(folder))):
        refused(f"{place}, which is a link,")
        return None
    return LatentCache(whole, place, bytes.fromhex(key), codec, refused)
