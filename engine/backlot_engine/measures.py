"""What can be measured in a clip without knowing what it should show.

Clips are uint8 (n, frames, 3, height, width).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

LUMA = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709
BLOCK = 16  # pixels: the small family's codec works in blocks of this size
# Above these rows of 64 stands nobody but the sun; a person is about so many of 64 rows and 96 columns.
FIGURE_STEP, FIGURE_TOP, FIGURE_ROWS, FIGURE_COLUMNS = 4, 14, 22, 20
# Copies are found in small pictures, so that noise, codec and a shift of a pixel or two do not hide them.
SKETCH_FRAMES, SKETCH_ROWS, SKETCH_COLUMNS = 5, 16, 24


def luma(clips: Tensor) -> Tensor:
    """float (n, frames, height, width) in 0..255."""
    weights = torch.tensor(LUMA)[:, None, None]
    return (clips.float() * weights).sum(2)


def sharpness(clips: Tensor) -> Tensor:
    """Mean gradient magnitude, grey levels a pixel: (n)."""
    grey = luma(clips)
    across = grey[..., 1:, 1:] - grey[..., 1:, :-1]
    down = grey[..., 1:, 1:] - grey[..., :-1, 1:]
    return torch.sqrt(across**2 + down**2).mean((1, 2, 3))


def seams(clips: Tensor) -> Tensor:
    """Mean step across the edges of 16 x 16 blocks over the mean step elsewhere: (n), about 1 in film."""
    grey = luma(clips)
    steps = [(grey[..., 1:] - grey[..., :-1]).abs(), (grey[..., 1:, :] - grey[..., :-1, :]).abs().mT]
    edges = [torch.arange(step.shape[-1]) % BLOCK == BLOCK - 1 for step in steps]
    on = [step[..., edge].mean((1, 2, 3)) for step, edge in zip(steps, edges, strict=True)]
    off = [step[..., ~edge].mean((1, 2, 3)) for step, edge in zip(steps, edges, strict=True)]
    return (on[0] + on[1]) / (off[0] + off[1]).clamp(min=1e-3)


def flicker(clips: Tensor) -> Tensor:
    """Mean absolute second difference over time, grey levels: (n). Even motion adds little, boiling much."""
    grey = luma(clips)
    return (grey[:, 2:] - 2 * grey[:, 1:-1] + grey[:, :-2]).abs().mean((1, 2, 3))


def motion(clips: Tensor) -> Tensor:
    """Mean absolute difference of neighbouring frames, grey levels: (n)."""
    grey = luma(clips)
    return (grey[:, 1:] - grey[:, :-1]).abs().mean((1, 2, 3))


def figure(clips: Tensor) -> Tensor:
    """How far somebody stands out from the place, grey levels: (n).

    In each of five frames the body-sized part that differs most from the middle colours of its rows, less
    what the median part differs; of the five the least, as who falls apart in one frame is not there.
    """
    parts = [_standing_out(part[:, ::FIGURE_STEP].flatten(0, 1).float()) for part in clips.split(64)]
    return torch.cat(parts).view(len(clips), -1).amin(1)


def _standing_out(frames: Tensor) -> Tensor:
    apart = (frames - frames.median(-1, keepdim=True).values).abs().mean(1, keepdim=True)
    bodies = body_parts(apart)
    return bodies.amax(1) - bodies.median(1).values


def body_parts(values: Tensor) -> Tensor:
    """The mean of each body-sized part below the sky: float (n, 1, height, width) -> (n, parts)."""
    height, width = values.shape[-2:]
    size = max(1, height * FIGURE_ROWS // 64), max(1, width * FIGURE_COLUMNS // 96)
    return F.avg_pool2d(values[:, :, height * FIGURE_TOP // 64 :], size, stride=1).flatten(1)


def sketches(clips: Tensor) -> Tensor:
    """Small versions for finding copies: float (n, values), each of length 1.

    The mean of every row of every frame is taken away and the rest brought to length 1: what counts is where
    things stand, not that two shots share the sky, the ground and the light of one place.
    """
    planes = clips.float().permute(0, 2, 1, 3, 4)
    small = F.adaptive_avg_pool3d(planes, (SKETCH_FRAMES, SKETCH_ROWS, SKETCH_COLUMNS))
    return F.normalize((small - small.mean(-1, keepdim=True)).flatten(1), dim=1)


def nearest(of: Tensor, among: Tensor) -> tuple[Tensor, Tensor]:
    """Distance of each sketch to the nearest of `among` (0 same, 1.41 unrelated, 2 opposite), and which."""
    distances = torch.cdist(of, among)
    value, index = distances.min(1)
    return value, index
