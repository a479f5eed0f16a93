"""Where things move in a clip, by matching blocks: a closed form that no training can overfit."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

# Every fourth frame: a pan moves by pixels in that time, and a jump by less than the search reaches.
FRAME_STEP = 4
# At half size: a block is 8 x 8 pixels of the clip, the search reaches 14 to the sides and 14 up and down.
HALVING, BLOCK, REACH = 2, 4, 7
# Mean absolute difference, in units of -1..1, at which a worse match counts e times less.
TEMPERATURE = 0.02
FEATURES = 4


def flow_features(clips: Tensor) -> Tensor:
    """float (n, frames, 3, height, width) in -1..1 -> (n, pairs * 4, height / 8, width / 8).

    For each pair of frames and block: movement right and down (shares of the reach), how sure, how good.
    """
    small = F.avg_pool2d(clips[:, ::FRAME_STEP].flatten(0, 1), HALVING).view(
        len(clips), -1, 3, clips.shape[-2] // HALVING, clips.shape[-1] // HALVING
    )
    costs = _costs(small[:, :-1].flatten(0, 1), small[:, 1:].flatten(0, 1))
    chances = (-(costs - costs.amin(1, keepdim=True)) / TEMPERATURE).softmax(1)
    shifts = torch.arange(-REACH, REACH + 1, dtype=costs.dtype) / REACH
    grid = chances.view(len(chances), 2 * REACH + 1, 2 * REACH + 1, *chances.shape[2:])
    right = (grid.sum(1) * shifts[:, None, None]).sum(1)
    down = (grid.sum(2) * shifts[:, None, None]).sum(1)
    found = torch.stack([right, down, chances.amax(1), costs.amin(1)], 1)
    return found.view(len(clips), -1, *found.shape[2:])


def _costs(before: Tensor, after: Tensor) -> Tensor:
    """Mean absolute difference of each block to every shifted place: (pairs, shifts, rows, columns)."""
    height, width = before.shape[-2:]
    padded = F.pad(after, (REACH, REACH, REACH, REACH), mode="replicate")
    costs = []
    for dy in range(2 * REACH + 1):
        for dx in range(2 * REACH + 1):
            shifted = padded[:, :, dy : dy + height, dx : dx + width]
            costs.append(F.avg_pool2d((before - shifted).abs().mean(1, keepdim=True), BLOCK))
    return torch.cat(costs, 1)
