"""A disk that is full: the run says so, leaves no half of anything, and goes on where there is room again."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Json, events, outcome, start, write_run

from backlot_engine.data import checkpoint
from backlot_engine.run import main


class Full:
    """Where nothing more can be written, as a log on a full disk."""

    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None: ...


def full_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when half of a checkpoint's weights are written, and so is the log's."""
    save_bytes = checkpoint.save_bytes

    def save_half(data: bytes, path: Path) -> None:
        if path.parent.name != f".step-{step:06d}.tmp" or path.name != checkpoint.TENSORS:
            return save_bytes(data, path)
        path.write_bytes(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(checkpoint, "save_bytes", save_half)
    monkeypatch.setattr(sys, "stderr", Full())


def test_a_run_on_a_full_disk_says_so_and_goes_on_from_its_checkpoint_when_there_is_room(
    training: Json, tmp_path: Path
) -> None:
    whole = write_run(tmp_path / "whole", training)
    assert main([str(whole)]) == 0
    folder = write_run(tmp_path / "run", training)
    with pytest.MonkeyPatch.context() as patch:
        full_at(15, patch)
        assert main([str(folder)]) == 1
    end = outcome(folder)
    assert (end["code"], end["retryable"]) == ("disk-full", True) and "it goes on" in end["hint"]
    assert sorted(path.name for path in (folder / "checkpoints").iterdir()) == ["step-000005", "step-000010"]
    (folder / "outcome.json").rename(folder / "outcome.attempt-1.json")
    assert main([str(folder)]) == 0
    assert outcome(folder)["result"]["model"] == outcome(whole)["result"]["model"]
    resumed = [one["resumedAtStep"] for one in events(folder) if one["type"] == "started"]
    assert resumed == [None, 10]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True)
    if made.returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_without_a_single_byte_left_still_gets_an_outcome(training: Json, disk: Path) -> None:
    """Somebody else fills the disk while the run works."""
    folder = write_run(disk / "run", {**training, "steps": 100_000, "checkpointEvery": 5, "evalEvery": 5})
    process = start(folder)
    for _ in iter(lambda: (folder / "checkpoints").exists() or process.poll() is not None, True):
        os.sched_yield()
    fill(disk / "others")
    assert process.wait(60) == 1
    end = outcome(folder)
    assert (end["code"], end["retryable"]) == ("disk-full", True)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (4096, 1):
            while True:
                try:
                    file.write(bytes(size))
                except OSError:
                    break


def test_a_limit_on_the_size_of_files_is_no_fault_of_the_engine(training: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", {**training, "steps": 6})
    command = f"ulimit -f 16; exec {sys.executable} -m backlot_engine {folder}"
    env: dict[str, Any] = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    assert subprocess.run(["bash", "-c", command], env=env, capture_output=True).returncode == 1
    end = outcome(folder)
    assert end["code"] == "disk-full" and "limit" in end["hint"], end
    assert not list((folder / "checkpoints").iterdir())
