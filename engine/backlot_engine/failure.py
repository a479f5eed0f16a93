"""The one error that a run ends with on purpose."""

from __future__ import annotations


class Failure(Exception):
    """What was expected, where, what was found there and what to do next.

    `code` is stable, kebab-case. `retryable` says whether the same job can work later without a change.
    """

    def __init__(
        self, code: str, *, expected: str, where: str, found: str, remedy: str, retryable: bool = False
    ) -> None:
        super().__init__(f"{where}: expected {expected}, found {found}.")
        self.code = code
        self.remedy = remedy
        self.retryable = retryable


def refuse_job(wrong: bool, where: str, expected: str, found: str) -> None:
    """Raises Failure("bad-job") if something in a job is wrong."""
    if wrong:
        remedy = "Write the job again through Backlot."
        raise Failure("bad-job", expected=expected, where=where, found=found, remedy=remedy)


def mismatch(code: str, expected: str, where: str, found: str) -> Failure:
    """A file or folder whose bytes are not those that the job was written for."""
    remedy = "Write a new job with the current hash."
    return Failure(code, expected=f"sha256 {expected}", where=where, found=found, remedy=remedy)
