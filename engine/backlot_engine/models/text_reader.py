"""Finds and reads lines of text in pictures: PP-OCRv6's small networks, run by ONNX Runtime."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from .sessions import session
from .text_boxes import Box, boxes_in

Picture = NDArray[np.uint8]
# The detector's sides are multiples of this; a line is read this high, and at most this wide.
MULTIPLE, LINE, WIDEST = 32, 48, 1600


class Line(NamedTuple):
    """`box` in shares of the picture: left, top, right, bottom. `confidence`: mean over its letters."""

    text: str
    confidence: float
    box: tuple[float, float, float, float]


class TextReader:
    """Needs the package onnxruntime; uses as many threads as it is given."""

    def __init__(self, detector: bytes, reader: bytes, threads: int) -> None:
        self._detector = session(detector, threads)
        self._reader = session(reader, threads)
        letters = self._reader.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._letters = ["", *letters, " "]

    def __call__(self, picture: Picture) -> list[Line]:
        """[H, W, RGB] -> the lines in it, from top to bottom."""
        height, width = picture.shape[:2]
        bgr = _levels(picture[..., ::-1].copy())
        size = [max(MULTIPLE, round(side / MULTIPLE) * MULTIPLE) for side in (height, width)]
        likely = self._detector.run(None, {"x": _sized(bgr, size[0], size[1])})[0][0, 0]
        lines = []
        for box in boxes_in(likely):
            own = _scaled(box, likely.shape, (height, width))
            text, confidence = self._read(bgr[..., own.top : own.bottom, own.left : own.right])
            if text.strip():
                shares = (own.left / width, own.top / height, own.right / width, own.bottom / height)
                lines.append(Line(text.strip(), confidence, shares))
        return lines

    def _read(self, part: torch.Tensor) -> tuple[str, float]:
        """Best path of a CTC network: repeated letters are one, blanks none."""
        height, width = part.shape[-2:]
        wide = min(WIDEST, max(LINE, round(LINE * width / height)))
        chances = self._reader.run(None, {"x": _sized(part, LINE, wide)})[0][0]
        best = chances.argmax(axis=-1)
        kept = (best > 0) & (np.diff(best, prepend=-1) != 0)
        text = "".join(self._letters[letter] for letter in best[kept])
        return text, float(chances.max(axis=-1)[kept].mean()) if kept.any() else 0.0


def _levels(picture: Picture) -> torch.Tensor:
    """uint8 [H, W, 3] -> [1, 3, H, W], -1..1."""
    return torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1


def _sized(picture: torch.Tensor, height: int, width: int) -> NDArray[np.float32]:
    sized = torch.nn.functional.interpolate(picture, size=(height, width), mode="bilinear", antialias=True)
    return sized.contiguous().numpy()


def _scaled(box: Box, given: tuple[int, ...], wanted: tuple[int, int]) -> Box:
    down, across = wanted[0] / given[0], wanted[1] / given[1]
    left, right = int(box.left * across), round(box.right * across)
    top, bottom = int(box.top * down), round(box.bottom * down)
    return Box(left, top, max(left + 1, min(wanted[1], right)), max(top + 1, min(wanted[0], bottom)))
