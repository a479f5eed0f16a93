"""What step k of a run sees: a pure function of the seed and k."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from .contract import PreflightJob, TrainJob
from .data.latents import Latents
from .flow.path import draw_times
from .randomness import generator

Learning = TrainJob | PreflightJob
Grid = tuple[int, int, int]


@dataclass(frozen=True)
class Batch:
    """clean, noise: float32 (batch, tokens, components); given: (batch, tokens, 1); t: (batch); rows:
    word rows.
    """

    clean: Tensor
    noise: Tensor
    given: Tensor
    t: Tensor
    rows: Tensor


def batch_at(step: int, job: Learning, data: Latents, prior: Latents | None, grid: Grid) -> Batch:
    """Clips in an order that sees each once an epoch, with their noise, times and what is hidden or given: on
    the device that holds the clips.
    """
    own = own_clips(job)
    clean, rows = _take(data, step, own, job.seed, "clips")
    if prior is not None:
        more, more_rows = _take(prior, step, job.batch - own, job.seed, "prior")
        clean, rows = torch.cat([clean, more]), torch.cat([rows, more_rows])
    draw = generator(job.seed, "step", step, device=clean.device)
    return batch_of(job, clean, rows, grid, draw)


def batch_of(job: Learning, clean: Tensor, rows: Tensor, grid: Grid, draw: torch.Generator) -> Batch:
    """These clips with noise, times and what is hidden or given, drawn on the device that holds them."""
    device = clean.device
    hidden = torch.rand(job.batch, generator=draw, device=device) < job.caption_dropout
    given = given_blocks(job.batch, grid[0], job.given_share, draw).repeat_interleave(grid[1] * grid[2], 1)
    t = draw_times(job.batch, job.shift, draw)
    noise = torch.randn(clean.shape, generator=draw, device=device)
    return Batch(clean, noise, given[..., None].float(), t, rows.masked_fill(hidden[:, None], 0))


def own_clips(job: Learning) -> int:
    """Clips of a batch that come from the dataset: the rest, at least one of each, from the base's worlds."""
    if job.prior is None:
        return job.batch
    return job.batch - min(job.batch - 1, max(1, round(job.batch * job.prior.share)))


def given_blocks(count: int, times: int, share: float, draw: torch.Generator) -> Tensor:
    """bool (count, times): which blocks of frames each clip shows the model. In a `share` of the clips, by
    equal chances: the first, the first and the last, some from the start on, or some up to the end.
    """
    device = draw.device
    asked = torch.rand(count, 1, generator=draw, device=device) < share
    kind = torch.randint(4, (count, 1), generator=draw, device=device)
    length = torch.randint(1, max(2, times), (count, 1), generator=draw, device=device)
    block = torch.arange(times, device=device)
    first, last = block == 0, block == times - 1
    ways = torch.stack(
        [first.expand(count, -1), (first | last).expand(count, -1), block < length, block >= times - length],
        1,
    )
    chosen = ways.gather(1, kind[..., None].expand(-1, -1, times))[:, 0]
    return asked & chosen


def _take(data: Latents, step: int, count: int, seed: int, purpose: str) -> tuple[Tensor, Tensor]:
    places = range(step * count, (step + 1) * count)
    size = len(data.rows)
    index = torch.tensor([_epoch(seed, purpose, place // size, size)[place % size] for place in places])
    index = index.to(data.values.device)
    return data.values[index].float(), data.rows[index]


@lru_cache(maxsize=8)
def _epoch(seed: int, purpose: str, epoch: int, size: int) -> list[int]:
    order: list[int] = torch.randperm(size, generator=generator(seed, purpose, epoch)).tolist()
    return order
