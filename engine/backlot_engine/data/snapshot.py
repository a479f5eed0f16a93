"""A frozen dataset: `manifest.jsonl` and the uint8 shards that it names. The engine reads nothing else."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import torch
from torch import Tensor

from ..contract import ClipLine, DatasetInput
from ..failure import Failure
from ..strict import check, json_lines, loads
from .gate import Gate

CODE = "dataset-mismatch"
Split = Literal["train", "heldout"]


@dataclass(frozen=True)
class Snapshot:
    """A verified manifest. Clips are verified as they are read."""

    folder: Path
    digest: str
    clips: tuple[ClipLine, ...]

    def split(self, name: Split) -> tuple[ClipLine, ...]:
        """The clips of one split, in the manifest's order (by id, which is a hash: no order at all)."""
        return tuple(clip for clip in self.clips if clip.split == name)


def open_snapshot(wanted: DatasetInput, gate: Gate) -> Snapshot:
    """Reads and verifies the manifest, if the gate admits it: its sha256 is the digest. Raises Failure."""
    gate.admit(wanted)
    path = Path(wanted.path) / "manifest.jsonl"
    if not path.is_file():
        raise _mismatch("a manifest", str(path), "nothing")
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != wanted.digest:
        raise _mismatch(f"a manifest with sha256 {wanted.digest}", str(path), found)
    clips = tuple(_clip(line, f"{path}:{number}") for number, line in json_lines(data))
    _refuse_twice(clips, path)
    return Snapshot(Path(wanted.path), wanted.digest, clips)


def read_clips(snapshot: Snapshot, clips: tuple[ClipLine, ...]) -> Iterator[tuple[ClipLine, Tensor]]:
    """Each clip with its pixels: uint8 (frames, 3, height, width). A clip's sha256 must be its id."""
    with ExitStack() as opened:
        shards: dict[str, IO[bytes]] = {}
        for clip in clips:
            if clip.shard not in shards:
                shards[clip.shard] = opened.enter_context(_open_shard(snapshot.folder, clip.shard))
            yield clip, _pixels(clip, shards[clip.shard])


def _refuse_twice(clips: tuple[ClipLine, ...], path: Path) -> None:
    """A clip counts once, and is learned from or held out: held out too, its loss would say nothing."""
    seen: dict[str, str] = {}
    for clip in clips:
        if clip.id in seen:
            found = f"twice, for {seen[clip.id]} and {clip.split}"
            raise _mismatch("every clip once", f"{path}: clip {clip.id}", found)
        seen[clip.id] = clip.split


def _clip(line: str, where: str) -> ClipLine:
    value = loads(line, where, CODE)
    check("ClipLine", value, where, CODE)
    clip = ClipLine.of(value)
    size = clip.frames * clip.height * clip.width * 3
    if clip.bytes != size:
        raise _mismatch(
            f"{size} bytes for {clip.frames} frames of {clip.width}x{clip.height}", where, str(clip.bytes)
        )
    return clip


def _open_shard(folder: Path, name: str) -> IO[bytes]:
    """The shard, opened once, if it lies inside the snapshot: no `..`, no absolute path, no link out.

    What may be swapped after this look does no harm: every clip is hashed as it was read.
    """
    root = folder.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise _mismatch("a shard inside the snapshot", name, str(path))
    if not path.is_file():
        raise _mismatch("a shard file", str(path), "nothing")
    return path.open("rb", buffering=0)


def _pixels(clip: ClipLine, shard: IO[bytes]) -> Tensor:
    data = os.pread(shard.fileno(), clip.bytes, clip.offset)
    found = hashlib.sha256(data).hexdigest()
    if found != clip.id:
        raise _mismatch(f"clip {clip.id}", f"{shard.name} at {clip.offset}", f"bytes with sha256 {found}")
    flat = torch.frombuffer(bytearray(data), dtype=torch.uint8)
    return flat.view(clip.frames, clip.height, clip.width, 3).permute(0, 3, 1, 2)


def _mismatch(expected: str, where: str, found: str) -> Failure:
    remedy = "Freeze the snapshot again and write a new job, or restore the snapshot's files."
    return Failure(CODE, expected=expected, where=where, found=found, remedy=remedy)
