"""From the map of a text detector (differentiable binarization) to upright boxes around lines of text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]
# What the package that carries the network uses: likelihood of a pixel and of a box; how far a box grows,
# as the network marks the core of a line only. Boxes lower than this many pixels hold no line.
PIXEL, BOX, UNCLIP, LOWEST = 0.3, 0.5, 1.6, 3


class Box(NamedTuple):
    """Pixels of the map; right and bottom lie outside."""

    left: int
    top: int
    right: int
    bottom: int


def boxes_in(likely: Map) -> list[Box]:
    """[H, W], 0..1 -> boxes around connected pixels, from top to bottom."""
    height, width = likely.shape
    found = []
    for box in _components(likely > PIXEL):
        inside = likely[box.top : box.bottom, box.left : box.right]
        w, h = box.right - box.left, box.bottom - box.top
        if min(w, h) < LOWEST or float(inside[inside > PIXEL].mean()) < BOX:
            continue
        grow = round(w * h * UNCLIP / (2 * (w + h)))
        found.append(
            Box(
                max(0, box.left - grow),
                max(0, box.top - grow),
                min(width, box.right + grow),
                min(height, box.bottom + grow),
            )
        )
    return sorted(found, key=lambda box: (box.top, box.left))


def _components(mask: NDArray[np.bool_]) -> list[Box]:
    """Boxes around what is connected, corners included: runs of each row joined to those of the row above."""
    boxes: list[list[int]] = []
    parent: list[int] = []
    above: list[tuple[int, int, int]] = []
    last = -1
    for y in np.flatnonzero(mask.any(axis=1)).tolist():
        if y > last + 1:
            above = []
        edges = np.flatnonzero(np.diff(np.pad(mask[y].astype(np.int8), 1)))
        row = []
        for left, right in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            label = len(parent)
            parent.append(label)
            boxes.append([left, y, right, y + 1])
            for other_left, other_right, other in above:
                if other_left <= right and other_right >= left:
                    _join(parent, label, other)
            row.append((left, right, label))
        above, last = row, y
    merged: dict[int, list[int]] = {}
    for label, (left, top, right, bottom) in enumerate(boxes):
        box = merged.setdefault(_root(parent, label), [left, top, right, bottom])
        box[:] = min(box[0], left), min(box[1], top), max(box[2], right), max(box[3], bottom)
    return [Box(*box) for box in merged.values()]


def _root(parent: list[int], label: int) -> int:
    while parent[label] != label:
        parent[label] = label = parent[parent[label]]
    return label


def _join(parent: list[int], a: int, b: int) -> None:
    parent[_root(parent, a)] = _root(parent, b)
