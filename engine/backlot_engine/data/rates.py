"""Frames a second of clips and of what learns from them. Nothing here retimes a clip: at another rate a model
would learn a wrong speed, and its takes would play at it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ..contract import ClipLine
from ..failure import Failure
from .snapshot import CODE

# Whose rate it is where clips have to agree with one another alone.
FIRST = "the first of them is"
RATIONAL = re.compile(r"[1-9]\d{0,6}(/[1-9]\d{0,6})?", re.ASCII)


def rate_in(text: Any) -> Fraction | None:
    """`24000/1001` or `12` as a number; None where it is no positive rate."""
    return Fraction(text) if isinstance(text, str) and RATIONAL.fullmatch(text) else None


def refuse_other_rate(clips: tuple[ClipLine, ...], wanted: str | None, what: str) -> None:
    """Raises Failure("dataset-mismatch") unless every clip has the wanted rate, or where none is, that of the
    first. `what`: whose rate it is.
    """
    rate = wanted or clips[0].fps
    if rate_in(rate) is None:
        raise _other(clips[0], "a rational rate above 0, such as 24000/1001", "Freeze the dataset again.")
    for clip in clips:
        if rate_in(clip.fps) != rate_in(rate):
            raise _other(
                clip,
                f"clips at {rate} frames a second, as {what}",
                f"Nothing retimes a clip: freeze the dataset at that rate (dataset freeze --fps {rate}).",
            )


def _other(clip: ClipLine, expected: str, remedy: str) -> Failure:
    return Failure(CODE, expected=expected, where=f"clip {clip.id}", found=clip.fps, remedy=remedy)
