"""Checkpoints: all that a run needs to go on as if it had never stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .hashing import file_hash
from .tensors import Tensors, flush, load_json, load_tensors, save_json, save_tensors

CODE = "checkpoint-damaged"
STATE, TENSORS, HASHES = "state.json", "state.safetensors", "hashes.json"


@dataclass(frozen=True)
class Checkpoint:
    """state: step, recipe hash, seed, seconds; tensors: weights, average and optimizer, by prefix."""

    state: dict[str, Any]
    tensors: Tensors


def save_checkpoint(checkpoint: Checkpoint, folder: Path, keep: int) -> Path:
    """Writes `step-000200/` under a temporary name, hashed, then renames it; keeps the newest `keep`."""
    final = folder / f"step-{checkpoint.state['step']:06d}"
    partial = folder / f".{final.name}.tmp"
    shutil.rmtree(partial, ignore_errors=True)
    save_tensors(checkpoint.tensors, partial / TENSORS)
    save_json(checkpoint.state, partial / STATE)
    save_json({name: file_hash(partial / name) for name in (STATE, TENSORS)}, partial / HASHES)
    shutil.rmtree(final, ignore_errors=True)
    partial.rename(final)
    flush(folder)
    for old in _newest_first(folder)[keep:]:
        shutil.rmtree(old)
    return final


def newest_whole(folder: Path, on_damaged: Callable[[Path], None]) -> Path | None:
    """The newest whole checkpoint; damaged ones are told of and passed over."""
    for path in _newest_first(folder):
        if is_whole(path):
            return path
        on_damaged(path)
    return None


def is_whole(path: Path) -> bool:
    """Whether every file has the bytes that were written."""
    try:
        hashes = load_json(path / HASHES, CODE)
        return {name: file_hash(path / name) for name in (STATE, TENSORS)} == hashes
    except Exception:
        return False


def load_checkpoint(path: Path) -> Checkpoint:
    """Reads a checkpoint that is whole."""
    return Checkpoint(load_json(path / STATE, CODE), load_tensors(path / TENSORS))


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*"), reverse=True)
