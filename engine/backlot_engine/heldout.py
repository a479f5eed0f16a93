"""Loss on clips that training never sees, at fixed times and with fixed noise: comparable between runs."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from .contract import ClipLine
from .data.latents import Latents
from .data.snapshot import Snapshot
from .flow.path import noised, velocity_loss
from .randomness import generator
from .run import Run

TIMES = (0.2, 0.4, 0.6, 0.8)
MOST_CLIPS = 128
CHUNK = 32


@torch.no_grad()
def heldout_losses(model: nn.Module, data: Latents, autocast: torch.autocast) -> torch.Tensor:
    """Velocity loss (clips, times), text only. A clip's noise depends on its place alone."""
    values = data.values.float()
    device = values.device
    noise = torch.randn(values.shape, generator=generator(0, "heldout")).to(device)
    given = torch.zeros(*values.shape[:2], 1, device=device)
    columns = []
    for time in TIMES:
        parts = []
        for part in torch.arange(len(values)).split(CHUNK):
            t = torch.full((len(part),), time, device=device)
            clean, hidden = values[part], given[part]
            with autocast:
                made = model(noised(clean, noise[part], t), clean * hidden, hidden, t, data.rows[part])
            parts.append(velocity_loss(made, clean, noise[part], hidden))
        columns.append(torch.cat(parts))
    return torch.stack(columns, 1).cpu()


def measured(snapshot: Snapshot, run: Run) -> tuple[ClipLine, ...]:
    """The held-out clips that are measured; a notice where there are more. They lie in the order of their
    hashes, so the first are drawn by chance.
    """
    clips = snapshot.split("heldout")
    if len(clips) > MOST_CLIPS:
        run.notice(
            "heldout-cut",
            f"Held-out loss is measured on {MOST_CLIPS} of {len(clips)} held-out clips, drawn by "
            "their hashes.",
        )
    return clips[:MOST_CLIPS]


def by_clip(losses: torch.Tensor, data: Latents) -> list[dict[str, Any]]:
    """`[{id, title, scene, loss, byTime: {"0.2": ...}}]`, so that callers can make intervals."""
    rows = []
    for clip, values in zip(data.clips, losses.tolist(), strict=True):
        by_time = {str(time): value for time, value in zip(TIMES, values, strict=True)}
        mean = sum(values) / len(values)
        rows.append(
            {"id": clip.id, "title": clip.title, "scene": clip.scene, "loss": mean, "byTime": by_time}
        )
    return rows
