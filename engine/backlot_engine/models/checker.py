"""The checker's network: says which character, set, action, camera and time of day a clip shows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Every second frame: enough to see a walk, a jump or a pan, at half the cost.
FRAME_STEP = 2
CHANNELS = (40, 80, 112)
SQUEEZED = 40
HIDDEN = 192
HEADS = ("character", "set", "action", "camera", "time")


@dataclass(frozen=True)
class CheckerShape:
    """Clip size and the names that each head chooses from."""

    frames: int
    height: int
    width: int
    names: dict[str, tuple[str, ...]]

    @property
    def seen(self) -> int:
        """Frames of a clip that the network looks at."""
        return 1 + (self.frames - 1) // FRAME_STEP


class Checker(nn.Module):
    """A picture network on every second frame, then one layer over all of them, then one linear head an attribute."""

    def __init__(self, shape: CheckerShape) -> None:
        super().__init__()
        self.shape = shape
        first, second, third = CHANNELS
        self.stem = nn.Conv2d(3, first, 5, stride=4, padding=2)
        self.middle = nn.Conv2d(first, second, 3, stride=2, padding=1)
        self.top = nn.Conv2d(second, third, 3, stride=2, padding=1)
        self.squeeze = nn.Conv2d(third, SQUEEZED, 1)
        cells = (shape.height // 16) * (shape.width // 16)
        self.together = nn.Linear(shape.seen * SQUEEZED * cells, HIDDEN)
        self.pooled = nn.Linear(third * 2, HIDDEN)
        self.heads = nn.ModuleDict({head: nn.Linear(HIDDEN, len(shape.names[head])) for head in HEADS})

    def forward(self, clips: Tensor) -> dict[str, Tensor]:
        """float (n, frames, 3, height, width) in -1..1 -> logits (n, names) for each head."""
        frames = clips[:, ::FRAME_STEP]
        n, seen = frames.shape[:2]
        x = F.silu(self.stem(frames.flatten(0, 1)))
        x = F.silu(self.middle(x))
        x = F.silu(self.top(x))
        placed = self.squeeze(x).reshape(n, -1)
        over = x.reshape(n, seen, x.shape[1], -1)
        pooled = torch.cat([over.amax((1, 3)), over.mean((1, 3))], 1)
        hidden = F.silu(self.together(placed) + self.pooled(pooled))
        return {head: layer(hidden) for head, layer in self.heads.items()}
