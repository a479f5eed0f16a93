"""Which of a run's processes this is: its starter (`launch`, or torchrun) says so in the environment."""

from __future__ import annotations

import os
import signal
import threading
import time

PARENT_CHECK_SECONDS = 1.0


def rank() -> int:
    """0 for the process that tells, saves and ends the run; also where it runs alone."""
    return int(os.environ.get("RANK", "0"))


def count() -> int:
    """How many processes share the run."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def local_rank() -> int:
    """The same, among the processes of this machine."""
    return int(os.environ.get("LOCAL_RANK", "0"))


def local_count() -> int:
    """How many processes of the run are on this machine."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", count()))


def is_peer_lost(error: Exception) -> bool:
    """Whether an error only says that another process of the run is gone. gloo and nccl raise plain
    RuntimeErrors for it.
    """
    return count() > 1 and any(mark in str(error) for mark in ("/gloo/", "NCCL"))


def end_with_parent() -> None:
    """Kills this process when its starter is gone: nobody would tell it that another process died."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_CHECK_SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
