"""Clips as the trainer holds them: latents, caption rows and who they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor

from ..contract import ClipLine
from ..failure import Failure
from ..models.codec import Codec
from ..models.words import word_rows
from ..run import Cancelled, Run
from .snapshot import CODE, Snapshot, read_clips

CHUNK = 32


@dataclass(frozen=True)
class Latents:
    """values: bfloat16 (clips, tokens, components); rows: int64 (clips, caption_words)."""

    values: Tensor
    rows: Tensor
    clips: tuple[ClipLine, ...]


def encode_clips(
    snapshot: Snapshot, clips: tuple[ClipLine, ...], codec: Codec, words: int, length: int, run: Run
) -> Latents:
    """Reads, verifies and encodes clips, telling how far it is. Raises Failure("dataset-mismatch") or
    Cancelled.
    """
    refuse_other_size(clips, codec)
    shape = codec.shape
    values = torch.empty(len(clips), shape.tokens, shape.components, dtype=torch.bfloat16)
    for start, pixels in _chunks(snapshot, clips):
        values[start : start + len(pixels)] = codec.encode(pixels).to(torch.bfloat16)
        run.progress(start + len(pixels), len(clips), "clips")
        if run.cancelled():
            raise Cancelled
    return Latents(values, word_rows([clip.caption for clip in clips], words, length), clips)


def refuse_other_size(clips: tuple[ClipLine, ...], codec: Codec) -> None:
    """Raises Failure unless every clip has the codec's frames, height and width."""
    wanted = (codec.shape.frames, codec.shape.height, codec.shape.width)
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
