"""Fields of a config.json that somebody may have written by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from ..failure import Failure


def field(
    config: Any, name: str, fits: Callable[[Any], bool], expected: str, where: object, code: str
) -> Any:
    """The field's value. Raises Failure(code) with its name where it is missing or does not fit."""
    found = config.get(name) if isinstance(config, dict) else None
    if fits(found):
        return found
    raise Failure(
        code,
        expected=f"{name}: {expected}",
        where=str(where),
        found=json.dumps(found)[:120],
        remedy="Restore the file, or name a folder that this version of Backlot wrote.",
    )


def is_whole(value: Any, least: int, most: int) -> bool:
    """Whether it is a whole number from `least` to `most`."""
    return type(value) is int and least <= value <= most


def is_positive(value: Any) -> bool:
    """Whether it is a finite number above 0."""
    return type(value) in (int, float) and value > 0 and math.isfinite(value)
