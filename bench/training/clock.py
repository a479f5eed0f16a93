"""CPU seconds of this process's threads: other work on the machine moves them less than the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median


def cpu_of(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def side_by_side(
    first: Callable[[], object], second: Callable[[], object], pairs: int
) -> tuple[list[float], list[float]]:
    """CPU seconds of both, in pairs one right after the other, each first in every other pair. One pair
    before them warms up.
    """
    first(), second()
    a: list[float] = []
    b: list[float] = []
    for pair in range(pairs):
        order = [(first, a), (second, b)]
        for work, found in order if pair % 2 else reversed(order):
            found.append(cpu_of(work))
    return a, b


def ratio(a: list[float], b: list[float]) -> dict[str, float]:
    """The median of the pairs' ratios, with the middle half of them."""
    found = sorted(one / other for one, other in zip(a, b, strict=True))
    quarter = len(found) // 4
    return {"value": median(found), "low": found[quarter], "high": found[-1 - quarter], "n": len(found)}
