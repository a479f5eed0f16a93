"""What a training cannot go on from, in words."""

from __future__ import annotations

from pathlib import Path

from .failure import Failure
from .run import Run


def tell_refused(path: Path, code: str, run: Run) -> None:
    """A checkpoint that was not gone on from: damaged, or not this run's own."""
    if code == "checkpoint-damaged":
        run.notice(code, f"{path.name} is not whole and was passed over.")
    else:
        message = f"{path.name} bears no mark of this run and was passed over ({code})."
        run.notice("checkpoint-foreign", message)


def not_finite(step: int, saved: int | None) -> Failure:
    """After so many steps. `saved`: the step of the run's first checkpoint. One of this very step is of what
    is no number.
    """
    anew = "Train from the first step at a lower rate (--rate) or in fp32 (--precision fp32)"
    if step == 0:
        remedy = (
            "Nothing was learned yet, so the rate is not why: train in fp32 (--precision fp32), or look at "
            "the base and the clips."
        )
    elif saved is not None and saved < step:
        remedy = f"{anew}: the checkpoint before is good, but goes on with its own options, which led here."
    else:
        remedy = f"{anew}: no checkpoint is known to be good."
    return Failure(
        "not-finite", expected="a finite loss", where=f"step {step}", found="NaN or infinity", remedy=remedy
    )


def other_recipe(found: str, wanted: str) -> Failure:
    return Failure(
        "checkpoint-mismatch",
        expected=f"a checkpoint of recipe {wanted}",
        where="job.resumeFrom",
        found=found,
        remedy="Resume with the options, dataset and base of the run that left the checkpoint.",
    )
