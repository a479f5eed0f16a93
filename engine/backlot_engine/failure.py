"""The one error that a run ends with on purpose."""

from __future__ import annotations

import errno

# How the system says that there is no room: on the disk, in a quota, or within the limit of one file's size.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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


def as_failure(error: Exception) -> Failure:
    """Names what the operating system and torch report in their own ways."""
    if isinstance(error, Failure):
        return error
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        remedy = "Free space, or raise the limit on space or on a file's size, and run again: it goes on."
        return _named("disk-full", "room on the disk", text, remedy, True)
    if isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text:
        return _named(
            "out-of-memory", "enough memory", text, "Lower the batch or close other programs.", True
        )
    return _named("engine-error", "no error", text, "See log.txt; this is a fault of the engine.", False)


def _named(code: str, expected: str, found: str, remedy: str, retryable: bool) -> Failure:
    return Failure(code, expected=expected, where="engine", found=found, remedy=remedy, retryable=retryable)
