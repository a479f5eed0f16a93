"""Killed, cancelled and resumed runs end in the bytes of one that was never stopped."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from conftest import Json, events, kill_when, outcome, start, write_run, write_snapshot
from signing import in_days, seal

from backlot_engine import train
from backlot_engine.data import checkpoint
from backlot_engine.data.hashing import folder_hash
from backlot_engine.precision import has_fast_bf16
from backlot_engine.run import main


def finish(folder: Path) -> str:
    assert main([str(folder)]) == 0, (folder / "outcome.json").read_text()
    result = outcome(folder)["result"]
    assert folder_hash(folder / result["model"]["path"]) == result["model"]["sha256"]
    return str(result["model"]["sha256"])


@pytest.fixture(scope="module")
def whole(training: Json, tmp_path_factory: pytest.TempPathFactory) -> str:
    return finish(write_run(tmp_path_factory.mktemp("whole") / "run", training))


def test_the_same_job_gives_the_same_bytes(training: Json, whole: str, tmp_path: Path) -> None:
    assert finish(write_run(tmp_path / "run", training)) == whole


def test_another_seed_gives_other_bytes(training: Json, whole: str, tmp_path: Path) -> None:
    assert finish(write_run(tmp_path / "run", {**training, "seed": 8})) != whole


def test_retrained_without_a_title_it_has_the_weights_of_one_that_never_had_it(
    training: Json, tmp_path: Path
) -> None:
    """A later freeze of the same clips, elsewhere, on other grounds: no weight depends on that."""
    short = {**training, "steps": 3, "evalEvery": 3, "checkpointEvery": 3}
    never = write_snapshot(tmp_path / "never", 8, heldout=2, seed=4)
    both = write_snapshot(tmp_path / "both", 12, heldout=2, seed=4)
    again = write_snapshot(tmp_path / "again", 8, heldout=2, seed=4)
    seal(again, decidedAt=in_days(-1), ledger="ldg_2")
    first, mixed, second = (
        finish(write_run(tmp_path / f"run-{n}", {**short, "id": f"run-{n}", "dataset": one}))
        for n, one in enumerate((never, both, again))
    )
    assert first == second != mixed


def reached(folder: Path, step: int) -> bool:
    return newest(folder) >= step


def test_killed_twice_and_resumed_it_ends_in_the_same_bytes(
    training: Json, whole: str, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "run", training)
    for step in (5, 15):
        kill_when(folder, partial(reached, folder, step))
        assert newest(folder) >= step
    assert not (folder / "outcome.json").exists()
    assert finish(folder) == whole
    seen = events(folder)
    assert [event["seq"] for event in seen] == list(range(len(seen)))
    assert [event["resumedAtStep"] for event in seen if event["type"] == "started"][-1] >= 15


def finish_apart(folder: Path) -> str:
    """As `finish`, in a process of its own: a fork of one that has threads may hang."""
    assert start(folder).wait() == 0, (folder / "log.txt").read_text()
    return str(outcome(folder)["result"]["model"]["sha256"])


@pytest.mark.skipif(not has_fast_bf16(), reason="this processor has no bfloat16 products")
def test_in_bf16_on_two_threads_a_killed_run_ends_in_the_same_bytes_too(
    training: Json, tmp_path: Path
) -> None:
    job = {**training, "precision": "bf16", "threads": 2}
    whole = finish_apart(write_run(tmp_path / "whole", job))
    folder = write_run(tmp_path / "run", job)
    for step in (5, 15):
        kill_when(folder, partial(reached, folder, step))
    assert finish_apart(folder) == whole
    assert outcome(folder)["result"]["precisions"] == ["bf16"]


def dies(folder: Path, patch: Callable[[], None]) -> None:
    """Runs `folder` in a process of its own with something patched, and expects SIGKILL to end it."""
    child = os.fork()
    if child == 0:
        patch()
        main([str(folder)])
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_in_step(step: int, after_optimizer: bool) -> None:
    """This process dies in a step: before anything moved, or when weights moved and their average did not."""
    train_step, update = train.train_step, train.ema.update

    def step_or_die(*arguments: Any) -> float:
        if arguments[-1] == step and not after_optimizer:
            kill_self()
        return train_step(*arguments)

    def update_or_die(*arguments: Any) -> None:
        if arguments[-1] == step + 1 and after_optimizer:
            kill_self()
        update(*arguments)

    train.train_step, train.ema.update = step_or_die, update_or_die


def kill_in_checkpoint(step: int) -> None:
    """This process dies when a checkpoint's tensors are written and nothing says yet that they are whole."""
    save_json = checkpoint.save_json

    def save_or_die(value: Any, path: Path) -> None:
        if path.name == checkpoint.MARK and path.parent.name == f".step-{step:06d}.tmp":
            kill_self()
        save_json(value, path)

    checkpoint.save_json = save_or_die


def test_killed_at_ten_random_steps_it_ends_in_the_same_bytes(
    training: Json, whole: str, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "run", training)
    draw = random.Random(20261125)
    steps = sorted(draw.sample(range(1, training["steps"]), 10))
    for step in steps:
        dies(folder, partial(kill_in_step, step, draw.random() < 0.5))
    assert finish(folder) == whole
    seen = events(folder)
    resumed = [event["resumedAtStep"] for event in seen if event["type"] == "started"]
    assert resumed[1:] == [step - step % training["checkpointEvery"] or None for step in steps]
    assert [event["seq"] for event in seen] == list(range(len(seen)))


def test_killed_while_a_checkpoint_is_written_it_goes_on_from_the_one_before(
    training: Json, whole: str, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "run", training)
    dies(folder, partial(kill_in_checkpoint, 15))
    assert newest(folder) == 10
    assert finish(folder) == whole
    assert [one["resumedAtStep"] for one in events(folder) if one["type"] == "started"] == [None, 10]


def test_a_damaged_checkpoint_is_passed_over_with_a_notice(
    training: Json, whole: str, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "run", training)
    kill_when(folder, lambda: newest(folder) >= 10)
    damaged = max((folder / "checkpoints").glob("step-*"))
    before = min((folder / "checkpoints").glob("step-*"))
    data = bytearray((damaged / "state.safetensors").read_bytes())
    data[-1] ^= 1
    (damaged / "state.safetensors").write_bytes(data)
    assert finish(folder) == whole
    resumed = [one["resumedAtStep"] for one in events(folder) if one["type"] == "started"]
    assert f"step-{resumed[-1]:06d}" == before.name != damaged.name
    assert "checkpoint-damaged" in [event.get("code") for event in events(folder)]


def test_cancelled_it_names_a_checkpoint_that_a_new_run_ends_from_in_the_same_bytes(
    training: Json, whole: str, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "first", training)
    kill_when(folder, lambda: newest(folder) >= 10)
    (folder / "cancel").touch()
    assert main([str(folder)]) == 2
    end = outcome(folder)
    assert end["status"] == "cancelled" and "step-0000" in end["resumeFrom"]["path"]
    again = {**training, "id": "again", "resumeFrom": end["resumeFrom"]}
    assert finish(write_run(tmp_path / "second", again)) == whole


def test_a_checkpoint_of_another_recipe_is_refused(training: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "first", training)
    kill_when(folder, lambda: newest(folder) >= 5)
    (folder / "cancel").touch()
    main([str(folder)])
    job = {**training, "batch": 3, "resumeFrom": outcome(folder)["resumeFrom"]}
    other = write_run(tmp_path / "second", job)
    assert main([str(other)]) == 1
    assert outcome(other)["code"] == "checkpoint-mismatch"


def test_past_a_million_steps_the_newest_checkpoint_is_still_the_one_of_most_steps(tmp_path: Path) -> None:
    marks: Any = SimpleNamespace(mark=lambda files: files)
    for step in (999_998, 999_999, 1_000_000):
        saved = checkpoint.Checkpoint({"step": step}, {"weights/w": torch.zeros(1)})
        checkpoint.save_checkpoint(saved, tmp_path, 2, marks)
    assert {path.name for path in tmp_path.iterdir()} == {"step-999999", "step-1000000"}


def test_a_half_written_event_is_cut_off_and_seq_continues(training: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", {**training, "steps": 2})
    line = {"seq": 0, "at": "2025-01-01T00:00:00Z", "type": "phase", "name": "before"}
    (folder / "events.jsonl").write_text(json.dumps(line) + '\n{"seq": 1, "at')
    main([str(folder)])
    assert [event["seq"] for event in events(folder)] == list(range(len(events(folder))))


def newest(folder: Path) -> int:
    return max((int(path.name[5:]) for path in (folder / "checkpoints").glob("step-*")), default=0)
