"""Starts the processes of a run that asks for several, as torchrun does but with no port open to others.

torchrun's own store listens on every network interface; here the processes meet through a file, and gloo's
connections stay on the loopback interface.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

# torchrun's own answer to a first failure: the others get this signal, and SIGKILL if they stay.
CLOSE_SECONDS = 10
POLL_SECONDS = 0.1
MOST = 64


def processes_of(folder: Path) -> int:
    """What the run's job asks for; 1 where it cannot be told: the engine then says what is wrong."""
    try:
        wanted = json.loads((folder / "job.json").read_bytes()).get("processes", 1)
    except (OSError, ValueError, AttributeError):
        return 1
    return wanted if type(wanted) is int and 1 <= wanted <= MOST else 1


def launch(folder: Path, processes: int) -> int:
    """Runs the engine in each of the processes. When one fails, the others are ended. Returns an exit
    code, rank 0's where it has one.
    """
    from torch.distributed.elastic.multiprocessing import SignalException

    with tempfile.TemporaryDirectory(prefix="backlot-ranks-") as meeting:
        context = started(folder, processes, Path(meeting))
        try:
            result = context.wait(period=POLL_SECONDS)
        except SignalException as stop:
            context.close(stop.sigval, timeout=CLOSE_SECONDS)
            return 128 + stop.sigval
        return exit_code({rank: one.exitcode for rank, one in result.failures.items()})


def started(folder: Path, processes: int, meeting: Path) -> Any:
    """One engine a rank, with the environment that torchrun would give it."""
    from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs, start_processes

    ranks = range(processes)
    command = ("-u", "-m", "backlot_engine", str(folder))
    where = {"WORLD_SIZE": str(processes), "BACKLOT_MEETING": str(meeting / "store")}
    return start_processes(
        name="engine",
        entrypoint=sys.executable,
        args=dict.fromkeys(ranks, command),
        envs={rank: {**where, "RANK": str(rank), "LOCAL_RANK": str(rank)} for rank in ranks},
        logs_specs=DefaultLogsSpecs(log_dir=str(meeting / "logs")),
    )


def exit_code(failures: dict[int, int]) -> int:
    """0 without failures. Says on stderr which process was killed: the run then has no outcome."""
    for rank, code in sorted(failures.items()):
        if code < 0 and code != -signal.SIGTERM:
            name = signal.Signals(-code).name
            print(f"process {rank} of the run was ended by {name}; the others were stopped", file=sys.stderr)
    codes = [failures.get(0, 0), *failures.values()]
    return next((code for code in codes if code > 0), 1 if failures else 0)
