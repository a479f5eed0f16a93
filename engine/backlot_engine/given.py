"""What a brief gives of its take: frames that stay as they are, or a clip that drawing starts from."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .contract import EngineBrief, Input
from .data.read_once import verified_bytes
from .failure import Failure
from .family import Codec, Shape

# What each mode needs beside words; anything else is refused.
NEEDS: dict[str, tuple[str, ...]] = {
    "text": (),
    "first": ("first",),
    "first-last": ("first", "last"),
    "extend": ("video",),
    "precede": ("video",),
    "restyle": ("video", "strength"),
}


@dataclass(frozen=True)
class Given:
    """clean: float32 (..., tokens, channels), latents of what is given, zero elsewhere; kept: (..., tokens,
    1), 1 where the take keeps them; start: (...), the time at which drawing begins: 1, or less to restyle.
    """

    clean: Tensor
    kept: Tensor
    start: Tensor


@dataclass(frozen=True)
class Frames:
    """clip: uint8 (frames, 3, height, width), black where nothing is given; kept: bool (blocks in time);
    depth: frames in a block.
    """

    clip: Tensor
    kept: Tensor
    depth: int


def given_of(brief: EngineBrief, codec: Codec) -> Given:
    """What one brief gives. Raises Failure("bad-job") for too little, too much or the wrong size.

    Where a base can draw in a mode, the latents of what it gives depend on nothing else: the small family's
    blocks lap in space alone, and others see frames in order.
    """
    refuse_odd(brief)
    shape = codec.shape
    frames = frames_of(brief, shape)
    _, rows, columns = shape.grid
    kept = frames.kept.repeat_interleave(rows * columns)[:, None].float()
    restyled = brief.strength is not None
    clean = codec.encode(frames.clip[None])[0] * (1 if restyled else kept)
    start = torch.tensor(brief.strength if brief.strength is not None else 1.0)
    return Given(clean, kept, start)


def together(parts: list[Given]) -> Given:
    """Of several takes, in a batch."""
    clean, kept = torch.stack([one.clean for one in parts]), torch.stack([one.kept for one in parts])
    return Given(clean, kept, torch.stack([one.start for one in parts]))


def frames_of(brief: EngineBrief, shape: Shape) -> Frames:
    """Lays what is given where it belongs in the take."""
    frames = Frames(
        torch.zeros(shape.frames, 3, shape.height, shape.width, dtype=torch.uint8),
        torch.zeros(shape.grid[0], dtype=torch.bool),
        shape.depth,
    )
    if brief.first is not None:
        begin_with(frames, pictures(brief.first, brief, shape, 1)[:1])
    if brief.last is not None:
        # A last picture fills its whole block as a still: the codec has no shorter time than that.
        still = pictures(brief.last, brief, shape, 1)[:1]
        end_with(frames, still.expand(shape.depth, -1, -1, -1))
    if brief.video is not None:
        lay_video(brief, brief.video, frames, shape)
    return frames


def lay_video(brief: EngineBrief, video: Input, frames: Frames, shape: Shape) -> None:
    """extend: the end of the video begins the take; precede: its beginning ends the take; restyle: its
    beginning is the whole take. In the first two at most half of the blocks are given.
    """
    depth, most = shape.depth, max(1, shape.grid[0] // 2)
    if brief.mode == "extend":
        given = pictures(video, brief, shape, 1)
        blocks = min(most - 1, (len(given) - 1) // depth)
        begin_with(frames, given[-(1 + depth * blocks) :])
    elif brief.mode == "precede":
        given = pictures(video, brief, shape, depth)
        end_with(frames, given[: depth * min(most, len(given) // depth)])
    else:
        frames.clip[:] = pictures(video, brief, shape, shape.frames)[: shape.frames]


def begin_with(frames: Frames, given: Tensor) -> None:
    """The first frame fills the first block alone; each further block holds as many as the others."""
    frames.clip[: len(given)] = given
    frames.kept[: 1 + (len(given) - 1) // frames.depth] = True


def end_with(frames: Frames, given: Tensor) -> None:
    frames.clip[-len(given) :] = given
    frames.kept[-(len(given) // frames.depth) :] = True


def pictures(given: Input, brief: EngineBrief, shape: Shape, least: int) -> Tensor:
    """uint8 (n, 3, height, width), n at least `least`. Raises Failure("bad-job")."""
    data = verified_bytes(given.path, given.sha256, "bad-job")
    size = shape.height * shape.width * 3
    if len(data) % size or len(data) < least * size:
        frames = f"{least} or more frames of {shape.height}x{shape.width} RGB bytes"
        raise refusal(brief, given.path, frames, f"{len(data)} bytes, {len(data) / size:g} frames")
    flat = torch.frombuffer(bytearray(data), dtype=torch.uint8)
    return flat.view(-1, shape.height, shape.width, 3).permute(0, 3, 1, 2)


def refuse_odd(brief: EngineBrief) -> None:
    """Raises Failure("bad-job") unless the brief gives exactly what its mode needs."""
    needed = NEEDS[brief.mode]
    for name in ("first", "last", "video", "strength"):
        found = getattr(brief, name) is not None
        if found != (name in needed):
            expected = f"a value, as the mode is {brief.mode}" if name in needed else "null"
            raise refusal(brief, name, expected, "a value" if found else "null")


def refusal(brief: EngineBrief, where: str, expected: str, found: str) -> Failure:
    remedy = "Correct the brief and write the job again."
    return Failure(
        "bad-job", expected=expected, where=f"brief {brief.id}: {where}", found=found, remedy=remedy
    )
