"""Checkpoints: all that a run needs to go on as if it had never stopped.

Who can write the run directory can put a folder there that looks like one. So a checkpoint is gone on from
only where the run itself has marked it, or where the job names its hash; its bytes are read once, hashed,
and used as they were read.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..contract import Input
from ..failure import Failure
from .hashing import lines_hash, sha256_of
from .marks import Marks
from .tensors import Tensors, dump_json, dump_tensors, flush, parse_tensors, save_bytes, save_json
from .written import note, note_moved

CODE = "checkpoint-mismatch"
STATE, TENSORS, MARK = "state.json", "state.safetensors", "mark.json"


@dataclass(frozen=True)
class Checkpoint:
    """state: step, recipe hash, seed, seconds; tensors: weights, average and optimizer, by prefix."""

    state: dict[str, Any]
    tensors: Tensors


def save_checkpoint(checkpoint: Checkpoint, folder: Path, keep: int, marks: Marks) -> Path:
    """Writes `step-000200/` under a temporary name, marked, then renames it; keeps the newest `keep`. What is
    marked are the bytes as they were made, not as they lie there.
    """
    final = folder / f"step-{checkpoint.state['step']:06d}"
    partial = folder / f".{final.name}.tmp"
    shutil.rmtree(partial, ignore_errors=True)
    files = {STATE: dump_json(checkpoint.state), TENSORS: dump_tensors(checkpoint.tensors, TENSORS)}
    for name, data in files.items():
        save_bytes(data, partial / name)
    save_json(marks.mark({name: sha256_of(data) for name, data in files.items()}), partial / MARK)
    shutil.rmtree(final, ignore_errors=True)
    partial.rename(final)
    note_moved(partial, final)
    flush(folder)
    for old in _newest_first(folder)[keep:]:
        shutil.rmtree(old)
    return final


def newest_own(
    folder: Path, marks: Marks, on_refused: Callable[[Path, str], None]
) -> tuple[Path, Checkpoint] | None:
    """The newest checkpoint that this run has marked, as it was read; others are told of, with the reason,
    and passed over.
    """
    for path in _newest_first(folder):
        try:
            return path, own_checkpoint(path, marks)
        except Failure as failure:
            on_refused(path, failure.code)
        except Exception:
            on_refused(path, "checkpoint-damaged")
    return None


def own_checkpoint(path: Path, marks: Marks) -> Checkpoint:
    """Raises Failure where the run's mark is missing or does not hold for the very bytes that were read."""
    mark = path / MARK
    if not mark.is_file():
        raise _mismatch("mark-missing", MARK, str(path), "none")
    word = mark.read_bytes()
    said = marks.marked(word, str(path))
    files = {name: (path / name).read_bytes() for name in (STATE, TENSORS)}
    if {name: sha256_of(data) for name, data in files.items()} != said:
        raise _mismatch("checkpoint-damaged", "the bytes that were marked", str(path), "others")
    for name, data in {**files, MARK: word}.items():
        note(path / name, sha256_of(data))
    return _parsed(files, path)


def named_checkpoint(wanted: Input) -> Checkpoint:
    """The checkpoint that a job names, of another run: its hash is in the job, which the permit is bound to.
    Raises Failure("checkpoint-mismatch").
    """
    path = Path(wanted.path)
    try:
        files = {name: (path / name).read_bytes() for name in (MARK, STATE, TENSORS)}
    except OSError as error:
        raise _mismatch(CODE, "a whole checkpoint", wanted.path, str(error)) from error
    found = lines_hash((name, sha256_of(data)) for name, data in files.items())
    if found != wanted.sha256:
        raise _mismatch(CODE, f"content with sha256 {wanted.sha256}", wanted.path, found)
    return _parsed(files, path)


def _parsed(files: dict[str, bytes], path: Path) -> Checkpoint:
    return Checkpoint(json.loads(files[STATE]), parse_tensors(files[TENSORS], path / TENSORS))


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*"), key=_step, reverse=True)


def _step(path: Path) -> int:
    """The number in a checkpoint's name; names of another kind come before all."""
    number = path.name.removeprefix("step-")
    return int(number) if number.isdecimal() else -1


def _mismatch(code: str, expected: str, where: str, found: str) -> Failure:
    remedy = "Restore the checkpoint, or go on from an older one."
    return Failure(code, expected=expected, where=where, found=found, remedy=remedy)
