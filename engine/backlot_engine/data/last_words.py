"""What a run needs to say how it ended on a disk that is full by then."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

# More than a failure has words.
OUTCOME_BYTES = 8192


def keep_room(path: Path) -> None:
    """Writes a file that holds room for an outcome from the start on, where there is any."""
    with suppress(OSError), path.open("wb") as file:
        file.write(bytes(OUTCOME_BYTES))
        file.flush()
        os.fsync(file.fileno())


def drop_halves(folder: Path) -> None:
    """Removes folders that were half written when a run failed: they may be all the room that there is.
    Single files that were half written stay: the outcome has its own room.
    """
    for path in (*folder.glob(".*.tmp"), *folder.glob("checkpoints/.*.tmp")):
        shutil.rmtree(path, ignore_errors=True)
