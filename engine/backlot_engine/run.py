"""A run directory: reads job.json, appends events.jsonl, ends with one outcome.json."""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from .contract import Job, job_of
from .data.gate import Gate, open_gate
from .data.hashing import sha256_of, source_hash
from .data.last_words import drop_halves, keep_room
from .data.marks import write_mark
from .data.written import written_hash
from .failure import Failure, as_failure
from .ranks import is_peer_lost, rank
from .strict import check, loads

Result = dict[str, Any]
# One function a kind, imported only when asked for: `def run(job, run: Run) -> dict` (the outcome's result).
KINDS = {
    "train": "train:run",
    "preflight": "preflight:run",
    "fit-codec": "fit_codec:run",
    "encode": "encode:run",
    "generate": "generate:run",
    "export-adapter": "exchange:export_adapter",
    "import-adapter": "exchange:import_adapter",
    "check": "check:run",
    "fit-checker": "fit_checker:run",
    "fit-upscaler": "fit_upscaler:run",
    "upscale": "upscale:run",
    "detect": "detect:run",
    "read-text": "read_text:run",
    "hear-speech": "hear_speech:run",
}
PROGRESS_INTERVAL_SECONDS = 0.5
EXIT_SUCCEEDED, EXIT_FAILED, EXIT_CANCELLED, EXIT_BUSY, EXIT_PEER_LOST = 0, 1, 2, 3, 4


class Cancelled(Exception):
    """Raised by a job that saw `run.cancelled()`; `checkpoint` is the folder that a new run can resume
    from, and `sha256` its hash, where this process has neither written nor read it.
    """

    def __init__(self, checkpoint: Path | None = None, sha256: str | None = None) -> None:
        super().__init__("cancelled")
        self.checkpoint = checkpoint
        self.sha256 = sha256


class Run:
    """What a job tells the outside: events while it works. Paths it is given may be relative to `folder`.

    `gate` says which snapshots it may read; every process of the run opens it before the job begins. Only
    the one that leads (rank 0) tells events. `cpu_elsewhere`: CPU seconds of the others.
    """

    gate: Gate

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.leads = rank() == 0
        self.cpu_elsewhere = 0.0
        self._events: IO[bytes] | None = _locked(folder / "events.jsonl") if self.leads else None
        self._seq = 0 if self._events is None else _mend(self._events)
        self._progress_at = 0.0
        self._pace: tuple[str, float, float] = ("", 0.0, 0.0)
        self._room = folder / f"outcome.json.{rank()}.tmp"
        if self.leads:
            keep_room(self._room)

    def started(self, resumed_at_step: int | None) -> None:
        """The job begins or, after a kill, goes on from this step."""
        self._append("started", pid=os.getpid(), resumedAtStep=resumed_at_step)

    def phase(self, name: str) -> None:
        """A named part of the work begins: what a person reads beside the progress bar."""
        self._pace = ("", 0.0, 0.0)
        self._append("phase", name=name)

    def progress(self, done: float, total: float, unit: str) -> None:
        """`done` of `total` units; at most two events a second, and always the last."""
        now = time.monotonic()
        if self._pace[0] != unit or done < self._pace[1]:
            self._pace = (unit, done, now)
        if done < total and now - self._progress_at < PROGRESS_INTERVAL_SECONDS:
            return
        self._progress_at = now
        _, first, since = self._pace
        rate = (done - first) / (now - since) if now > since and done > first else None
        eta = (total - done) / rate if rate else None
        self._append("progress", done=done, total=total, unit=unit, perSecond=rate, etaSeconds=eta)

    def metric(self, name: str, step: int, value: float) -> None:
        """One number of a curve."""
        self._append("metric", name=name, step=step, value=value)

    def sample(self, step: int, path: Path) -> None:
        """A picture or clip to look at."""
        self._append("sample", step=step, path=self._relative(path))

    def artifact(self, name: str, path: Path) -> Result:
        """A finished file or folder of the run, by the hash of what this process has written there; returns
        `{path, sha256}` for the result.
        """
        sha256 = written_hash(self.folder / path)
        self._append("artifact", name=name, path=self._relative(path), sha256=sha256)
        return {"path": self._relative(path), "sha256": sha256}

    def notice(self, code: str, message: str) -> None:
        """Something a person should know that is not a failure."""
        self._append("notice", code=code, message=message)

    def cancelled(self) -> bool:
        """Whether somebody asked this run to stop; jobs look at every step."""
        return (self.folder / "cancel").exists()

    def end(self, outcome: Result) -> None:
        """Writes outcome.json by rename, unless another process of the run failed before. What others go on
        with is marked first; a failure is not, as it may come before the permit is read.
        """
        if (self.folder / "outcome.json").exists():
            return
        if outcome["status"] != "failed":
            outcome = {**outcome, "endedAt": _now()}
        data = (json.dumps(outcome, indent=1, allow_nan=False) + "\n").encode()
        if outcome["status"] != "failed":
            mark = self.gate.marks.mark({"outcome.json": sha256_of(data)})
            write_mark(self.folder / "outcome.mark.json", mark)
        with self._room.open("r+b" if self._room.exists() else "wb") as file:
            file.write(data)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        self._room.rename(self.folder / "outcome.json")

    def _relative(self, path: Path) -> str:
        return (self.folder / path).relative_to(self.folder).as_posix()

    def _append(self, kind: str, **fields: Any) -> None:
        if self._events is None:
            return
        line = json.dumps({"seq": self._seq, "at": _now(), "type": kind, **fields}, allow_nan=False)
        self._events.write(line.encode() + b"\n")
        self._events.flush()
        self._seq += 1


def main(arguments: list[str]) -> int:
    """`python -m backlot_engine RUN_DIR`. The exit code is a hint; outcome.json decides."""
    if len(arguments) != 1:
        print("usage: python -m backlot_engine RUN_DIR", file=sys.stderr)
        return EXIT_FAILED
    folder = Path(arguments[0]).resolve()
    if (folder / "outcome.json").exists():
        print(f"{folder} already has an outcome", file=sys.stderr)
        return EXIT_SUCCEEDED
    try:
        run = Run(folder)
    except BlockingIOError:
        print(f"{folder} is being run by another process", file=sys.stderr)
        return EXIT_BUSY
    outcome, code = _attempt(run)
    if outcome is None:
        return code
    if run.leads or code == EXIT_FAILED:
        return _ended(run, outcome, code)
    return EXIT_SUCCEEDED


def _ended(run: Run, outcome: Result, code: int) -> int:
    """Writes what the run ends with: that it failed, where there is no room to say that it did not."""
    try:
        run.end(outcome)
    except OSError as error:
        run.end(_failed(as_failure(error)))
        return EXIT_FAILED
    return code


def read_job(folder: Path) -> tuple[Job, bytes]:
    """The job of a run directory, complete and in range, and the bytes it was read from. Raises
    Failure("bad-job").
    """
    path = folder / "job.json"
    if not path.is_file():
        raise Failure(
            "bad-job", expected="job.json", where=str(folder), found="nothing", remedy="Write the job first."
        )
    data = path.read_bytes()
    value = loads(data, "job.json", "bad-job")
    check("Job", value, "job", "bad-job")
    job = job_of(value)
    refuse_other_engine(job.engine)
    return job, data


def refuse_other_engine(wanted: str) -> None:
    """A job, and what a killed run left of it, is for the source that it names and no other."""
    found = source_hash()
    if found != wanted:
        raise Failure(
            "engine-mismatch",
            expected=f"an engine whose source has sha256 {wanted}",
            where="job.engine",
            found=found,
            remedy="Start Backlot again: it writes a job for the engine that is here, which begins anew.",
        )


def _attempt(run: Run) -> tuple[Result | None, int]:
    """The outcome and an exit code. None where another process of the run is gone: the run can go on from
    its newest checkpoint, or that process said why it failed.
    """
    try:
        job, data = read_job(run.folder)
        run.gate = open_gate(run.folder, job, data)
        result = _function(job.kind)(job, run)
        result["cpuSeconds"] = time.process_time() + run.cpu_elsewhere
        return {"status": "succeeded", "result": result}, EXIT_SUCCEEDED
    except Cancelled as stop:
        return {"status": "cancelled", "resumeFrom": _resume_from(stop)}, EXIT_CANCELLED
    except Exception as error:
        with suppress(OSError):  # The disk may be full, and the log on it.
            traceback.print_exc()
        if is_peer_lost(error):
            return None, EXIT_PEER_LOST
        if run.leads:  # No other process writes there.
            drop_halves(run.folder)
        return _failed(as_failure(error)), EXIT_FAILED


def _function(kind: str) -> Callable[[Job, Run], Result]:
    module, name = KINDS[kind].split(":")
    imported = importlib.import_module(f".{module}", __package__)
    function: Callable[[Job, Run], Result] = getattr(imported, name)
    return function


def _resume_from(stop: Cancelled) -> Result | None:
    if stop.checkpoint is None:
        return None
    return {"path": str(stop.checkpoint), "sha256": stop.sha256 or written_hash(stop.checkpoint)}


def _failed(failure: Failure) -> Result:
    hint, retryable = failure.remedy, failure.retryable
    return {
        "status": "failed",
        "code": failure.code,
        "message": str(failure),
        "retryable": retryable,
        "hint": hint,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _locked(path: Path) -> IO[bytes]:
    """The event log, opened for one process only. Raises BlockingIOError when another holds it."""
    file = path.open("a+b")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return file


def _mend(file: IO[bytes]) -> int:
    """Cuts off a line that a kill left half written and returns the next `seq`."""
    file.seek(0)
    data = file.read()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        file.truncate(len(whole))
    return len(whole.splitlines())
