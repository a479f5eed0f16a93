"""Captions drawn as a sheet of frames, to be looked at."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from .beside import words_beside
from .contract import Sampling, TrainJobSample
from .data.png import write_png
from .device import device_in
from .family import Family
from .flow.sampler import euler
from .randomness import generator

COLUMNS = 9


def captions_of(sample: TrainJobSample | None, folder: Path) -> list[str]:
    """What the sheet of a run in `folder` shows; none where the job asks for no sheet. The words lie beside
    the job, so that a withdrawal can remove them. Raises Failure("captions-changed").
    """
    if sample is None:
        return []
    return words_beside(folder, "captions.json", sample.captions)


def draw(
    family: Family, captions: list[str], sampling: Sampling, seed: int, autocast: torch.autocast
) -> Tensor:
    """One take for each caption: uint8 (captions, frames, 3, height, width)."""
    device = device_in(family.model)
    shape, rows = family.codec.shape, family.rows(captions).to(device)
    size = (len(captions), shape.tokens, shape.components)
    noise = torch.randn(size, generator=generator(seed, "sheet")).to(device)
    given, clean = torch.zeros(*noise.shape[:2], 1, device=device), torch.zeros_like(noise)
    start = torch.ones(len(captions), device=device)

    def velocity(x: Tensor, t: Tensor, said: bool) -> Tensor:
        with autocast:
            made: Tensor = family.model(x, clean, given, t, rows if said else torch.zeros_like(rows))
        return made.float()

    options = sampling
    latents = euler(
        velocity, noise, clean, given, start, options.steps, options.guidance, options.shift, lambda _: None
    )
    return family.codec.decode(latents.cpu())


def write_sheet(takes: Tensor, path: Path) -> None:
    """A row for each take, nine frames across, first to last."""
    chosen = torch.linspace(0, takes.shape[1] - 1, COLUMNS).round().long()
    rows = takes[:, chosen].permute(0, 3, 1, 4, 2)
    write_png(rows.reshape(rows.shape[0] * rows.shape[1], -1, 3), path)
