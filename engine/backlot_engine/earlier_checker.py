"""A checker need not start from nothing: what an earlier one knows of pictures and movement is taken over."""

from __future__ import annotations

from .contract import Input
from .data.checker_folder import load_checker
from .failure import Failure
from .models.checker import MOVES, Checker, CheckerShape

HEADS = "looks.heads."
PLACES = "places."


def take_over(checker: Checker, before: Input) -> None:
    """Takes over all but heads on looks that choose from other names, and the colours of places."""
    earlier = load_checker(before)
    _refuse_other_moves(checker.shape, earlier.shape, before.path)
    kept = {
        name: value
        for name, value in earlier.state_dict().items()
        if not name.startswith(PLACES)
        and (not name.startswith(HEADS) or _same_names(name, earlier.shape, checker.shape))
    }
    checker.load_state_dict({**checker.state_dict(), **kept})


def _same_names(weight: str, one: CheckerShape, other: CheckerShape) -> bool:
    head = weight.removeprefix(HEADS).split(".")[0]
    return one.names.get(head) == other.names.get(head)


def _refuse_other_moves(wanted: CheckerShape, found: CheckerShape, where: str) -> None:
    for head in MOVES:
        if found.names[head] != wanted.names[head]:
            raise Failure(
                "checker-mismatch",
                expected=f"{head}: {', '.join(wanted.names[head])}",
                where=where,
                found=", ".join(found.names[head]),
                remedy="Go on from a checker of the same movements, or from none.",
            )
