"""Few clips seen often make copies: it is said before the first step."""

from __future__ import annotations

from pathlib import Path

from conftest import Json, events, outcome, write_run

from backlot_engine.batches import own_clips
from backlot_engine.contract import TrainJob
from backlot_engine.copies import tell_copies
from backlot_engine.run import Run, main


def told(folder: Path, job: Json, clips: int) -> str | None:
    folder.mkdir()
    tell_copies(clips, TrainJob.of(job), Run(folder))
    said = [one["message"] for one in events(folder)]
    return said[0] if said else None


def test_few_clips_seen_often_are_told_with_what_was_counted_and_how_many_steps_would_do(
    adapting: Json, tmp_path: Path
) -> None:
    worlds = {"worlds": adapting["base"], "share": 0.25}
    job = {**adapting, "batch": 32, "steps": 180, "prior": worlds}
    assert own_clips(TrainJob.of(job)) == 24
    said = told(tmp_path / "twenty", job, 20)
    assert said is not None and "20 clips is seen 216 times" in said and "--steps 90" in said
    assert told(tmp_path / "forty", job, 40) is None
    assert told(tmp_path / "fewer", {**job, "steps": 90}, 20) is None


def test_what_draws_no_takes_or_was_not_counted_is_told_nothing(adapting: Json, tmp_path: Path) -> None:
    job = {**adapting, "steps": 10000}
    assert told(tmp_path / "adapter", job, 8) is not None
    assert told(tmp_path / "trial", {**job, "subset": 4}, 4) is None
    assert told(tmp_path / "full", {**job, "method": "full", "lora": None}, 8) is None


def test_a_training_says_so_before_its_first_step(adapting: Json, tmp_path: Path) -> None:
    job = {**adapting, "batch": 64, "steps": 20, "evalEvery": 20, "checkpointEvery": 20}
    assert main([str(write_run(tmp_path / "run", job))]) == 0, outcome(tmp_path / "run")
    kinds = [one.get("code") or one["type"] for one in events(tmp_path / "run")]
    assert kinds.index("few-clips") < kinds.index("started")
