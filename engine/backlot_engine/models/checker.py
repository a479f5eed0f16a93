"""The checker's network: says which character, set, action, camera and time of day a clip shows."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .flowfield import FEATURES, flow_features
from .flowfield import FRAME_STEP as FLOW_STEP
from .palettes import Palettes, Usual
from .places import Places, band_colours

Logits = dict[str, Tensor]

# The first, the middle and the last frame of a clip are enough to know a character and a place.
LOOKED_AT = 3
CHANNELS = (32, 64, 96, 128)
HIDDEN = 192
FLOW_CHANNELS = (48, 64)
FLOW_HIDDEN = 128
DROPOUT = 0.2
MOVES = ("action", "camera")
PLACE, TIME = "set", "time"
# What one head on looks answers where it can make out nobody: mush, ghosts, half of one and half of another.
NOBODY = "nobody"


@dataclass(frozen=True)
class CheckerShape:
    """Clip size, the names that each head chooses from, and whether places are read by their colours too."""

    frames: int
    height: int
    width: int
    names: dict[str, tuple[str, ...]]
    places: bool = False

    @property
    def looks(self) -> tuple[str, ...]:
        """The heads that read pictures; those of MOVES read movement."""
        return tuple(head for head in self.names if head not in MOVES)

    @property
    def who(self) -> str:
        """The head that answers NOBODY where nobody is."""
        return next(head for head, names in self.names.items() if NOBODY in names)

    @property
    def pairs(self) -> int:
        """Pairs of frames between which movement is measured."""
        return (self.frames - 1) // FLOW_STEP


def looked_at(clips: Tensor) -> Tensor:
    """The frames (dimension 1) that the picture network looks at; those alone stay as they are."""
    return clips[:, :: (clips.shape[1] - 1) // (LOOKED_AT - 1)]


class Looks(nn.Module):
    """A picture network on three frames, what it found anywhere in them, then a linear head an attribute."""

    def __init__(self, shape: CheckerShape) -> None:
        super().__init__()
        first, second, third, fourth = CHANNELS
        self.stem = nn.Conv2d(3, first, 5, stride=2, padding=2)
        self.near = nn.Conv2d(first, second, 3, stride=2, padding=1)
        self.middle = nn.Conv2d(second, third, 3, stride=2, padding=1)
        self.top = nn.Conv2d(third, fourth, 3, padding=1)
        self.pooled = nn.Linear(fourth * 2, HIDDEN)
        self.heads = _heads(shape.looks, shape, HIDDEN)

    def forward(self, clips: Tensor) -> Logits:
        """float (n, frames, 3, height, width) in -1..1 -> logits (n, names) for each head."""
        n = len(clips)
        x = looked_at(clips).flatten(0, 1)
        for layer in (self.stem, self.near, self.middle, self.top):
            x = F.silu(layer(x))
        over = x.reshape(n, LOOKED_AT, x.shape[1], -1)
        pooled = torch.cat([over.amax((1, 3)), over.mean((1, 3))], 1)
        hidden = F.silu(self.pooled(pooled))
        return {head: layer(hidden) for head, layer in self.heads.items()}


class Moves(nn.Module):
    """A small network on the field of movements that block matching found."""

    def __init__(self, shape: CheckerShape) -> None:
        super().__init__()
        first, second = FLOW_CHANNELS
        self.near = nn.Conv2d(shape.pairs * FEATURES, first, 3, padding=1)
        self.wide = nn.Conv2d(first, second, 3, stride=2, padding=1)
        cells = (shape.height // 16) * (shape.width // 16)
        self.together = nn.Linear(second * (cells + 2), FLOW_HIDDEN)
        self.dropout = nn.Dropout(DROPOUT)
        self.heads = _heads(MOVES, shape, FLOW_HIDDEN)

    def forward(self, flows: Tensor) -> Logits:
        """What `flow_features` gives -> logits (n, names) for each head."""
        x = F.silu(self.wide(F.silu(self.near(flows))))
        parts = torch.cat([x.flatten(1), x.amax((2, 3)), x.mean((2, 3))], 1)
        hidden = self.dropout(F.silu(self.together(self.dropout(parts))))
        return {head: layer(hidden) for head, layer in self.heads.items()}


class Checker(nn.Module):
    """Looks are learned from pictures, moves from measured movement: neither can stand in for the other.

    palettes: the colours of those whom it knows; none where nobody measured them.
    usual: how much of a body in those colours true clips of them have.
    """

    def __init__(
        self, shape: CheckerShape, palettes: Palettes | None = None, usual: Usual | None = None
    ) -> None:
        super().__init__()
        self.shape = shape
        self.palettes = palettes or {}
        self.usual = usual or {}
        self.looks = Looks(shape)
        self.moves = Moves(shape)
        self.places = Places(len(shape.names[PLACE]), len(shape.names[TIME])) if shape.places else None

    def forward(self, clips: Tensor) -> Logits:
        """float (n, frames, 3, height, width) in -1..1 -> logits (n, names) for each head."""
        logits = {**self.looks(clips), **self.moves(flow_features(clips))}
        if self.places is not None:
            logits[PLACE] = self.places.weighed(logits[PLACE], band_colours(clips))
        return logits


def _heads(names: tuple[str, ...], shape: CheckerShape, width: int) -> nn.ModuleDict:
    return nn.ModuleDict({head: nn.Linear(width, len(shape.names[head])) for head in names})
