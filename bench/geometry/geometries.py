"""What an arm makes of clips and captions before a model sees them: tokens and rows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from rendered import Clips
from torch import Tensor

from backlot_engine.data.latents import Latents
from backlot_engine.models.codec import Codec, CodecShape, to_blocks
from backlot_engine.models.words import word_rows
from backlot_engine.randomness import generator

FITTED_ON = (600, 20)  # clips, and blocks of each
LEAST_SCALE = 0.07  # of the largest, as in the shipped base's recipe
OVER, ROUNDS = 32, 4  # directions beyond those wanted, and passes over the blocks
CHUNK = 64
WORDS, CAPTION_WORDS = 4096, 24  # the shipped base's
Block = tuple[int, int, int]
BYTES, CAPTION_BYTES = 257, 112  # row 0 is no byte; the longest caption of fellows has 107


@dataclass(frozen=True)
class Arm:
    """What is compared. `stills`: CPU seconds at the start in which only single frames are learned."""

    name: str
    block: Block
    components: int
    captions: str
    optimizer: str
    stills: float
    seed: int


def rows_of(captions: list[str], arm: Arm) -> Tensor:
    """Rows of the table: hashed words, or the bytes of UTF-8 one by one."""
    if arm.captions == "words":
        return word_rows(captions, WORDS, CAPTION_WORDS)
    out = torch.zeros(len(captions), CAPTION_BYTES, dtype=torch.long)
    for index, caption in enumerate(captions):
        found = torch.tensor(list(caption.encode()[:CAPTION_BYTES])) + 1
        out[index, : len(found)] = found
    return out


def fitted(block: Block, components: int, clips: Clips) -> Codec:
    """As `codec.fit`, but by a randomised decomposition (Halko, Martinsson and Tropp 2011): the largest
    blocks here have 12,288 values, and their covariance would take longer than the training.
    """
    _, frames, _, height, width = clips.pixels.shape
    shape = CodecShape(frames, height, width, block, components)
    blocks = _some(clips, shape)
    mean = blocks.mean(0)
    blocks -= mean
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        basis = torch.svd_lowrank(blocks, components + OVER, ROUNDS)[2][:, :components].contiguous()
    scale = (blocks @ basis).std(0)
    return Codec(shape, mean, basis, scale.clamp(min=float(scale.max()) * LEAST_SCALE))


def _some(clips: Clips, shape: CodecShape) -> Tensor:
    """The blocks to fit on, drawn by chance from the first clips."""
    draw = generator(0, "blocks", *shape.block)
    count, each = FITTED_ON
    parts = []
    for part in clips.pixels[:count].split(CHUNK):
        blocks = to_blocks(part, shape)
        rows = torch.rand(blocks.shape[:2], generator=draw).argsort(1)[:, :each]
        parts.append(blocks[torch.arange(len(part))[:, None], rows].flatten(0, 1))
    return torch.cat(parts)


def encoded(clips: Clips, codec: Codec, arm: Arm) -> Latents:
    values = torch.cat([codec.encode(part).bfloat16() for part in clips.pixels.split(CHUNK)])
    return Latents(values, rows_of(clips.captions, arm), ())


def stills(clips: Clips, codec: Codec, arm: Arm) -> Latents:
    """Three frames of each clip, each as a first frame is held: one block, whose frames are all the same."""
    chosen = clips.pixels[:, :: clips.pixels.shape[1] // 2].flatten(0, 1)[:, None]
    shape = codec.shape
    single = CodecShape(1, shape.height, shape.width, shape.block, shape.components)
    first = Codec(single, codec.mean, codec.basis, codec.scale)
    values = torch.cat([first.encode(part).bfloat16() for part in chosen.split(CHUNK)])
    return Latents(values, rows_of(clips.captions, arm).repeat_interleave(3, 0), ())
