"""Clips as the trainer holds them: latents, caption rows and who they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor

from ..contract import ClipLine
from ..failure import Failure
from ..family import Family, Shape
from ..run import Cancelled, Run
from .latent_cache import cache_of
from .snapshot import CODE, Snapshot, read_clips

CHUNK = 32


@dataclass(frozen=True)
class Latents:
    """values: bfloat16 (clips, tokens, components); rows: int64 (clips, n), read in place of captions."""

    values: Tensor
    rows: Tensor
    clips: tuple[ClipLine, ...]

    def on(self, device: torch.device) -> Latents:
        """The same, in the memory of a device."""
        return Latents(self.values.to(device), self.rows.to(device), self.clips)

    @property
    def count(self) -> int:
        """Different clips: one that is also held mirrored counts once."""
        return len({clip.id for clip in self.clips})


def encode_clips(
    snapshot: Snapshot,
    clips: tuple[ClipLine, ...],
    family: Family,
    run: Run,
    folder: str | None = None,
    mirrored: bool = False,
) -> Latents:
    """Reads, verifies and encodes clips, or what a mirror shows of them, telling how far it is. `folder`:
    where latents may lie from an earlier run. Raises Failure("dataset-mismatch") or Cancelled.
    """
    shape = family.codec.shape
    refuse_other_size(clips, shape)
    cache = cache_of(folder, family.codec, lambda place: _refused(run, place))
    values = torch.empty(len(clips), shape.tokens, shape.components, dtype=torch.bfloat16)
    for start, pixels in _chunks(snapshot, clips):
        shown = pixels.flip(-1) if mirrored else pixels
        part = slice(start, start + len(pixels))
        values[part] = (
            family.codec.encode(shown).to(torch.bfloat16)
            if cache is None
            else cache.latents(clips[part], shown, mirrored)
        )
        run.progress(start + len(pixels), len(clips), "clips")
        if run.cancelled():
            raise Cancelled
    return Latents(values, family.rows([clip.caption for clip in clips], mirrored), clips)


def _refused(run: Run, place: str) -> None:
    run.notice("latents-foreign", f"Kept latents {place} bear no tag of ours; the clip was encoded again.")


def together(first: Latents, second: Latents) -> Latents:
    """Both, one after the other."""
    values, rows = torch.cat([first.values, second.values]), torch.cat([first.rows, second.rows])
    return Latents(values, rows, first.clips + second.clips)


def refuse_other_size(clips: tuple[ClipLine, ...], shape: Shape) -> None:
    """Raises Failure unless every clip has the base's frames, height and width."""
    wanted = (shape.frames, shape.height, shape.width)
    for clip in clips:
        found = (clip.frames, clip.height, clip.width)
        if found != wanted:
            raise Failure(
                CODE,
                expected="clips of frames x height x width " + "x".join(map(str, wanted)),
                where=f"clip {clip.id}",
                found="x".join(map(str, found)),
                remedy="Freeze the dataset at the size of the base.",
            )


def _chunks(snapshot: Snapshot, clips: tuple[ClipLine, ...]) -> Iterator[tuple[int, Tensor]]:
    pixels = (frames for _, frames in read_clips(snapshot, clips))
    start = 0
    while chunk := list(islice(pixels, CHUNK)):
        yield start, torch.stack(chunk)
        start += len(chunk)
