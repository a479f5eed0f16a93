"""A run that goes on from a checkpoint ends with the numbers, not only the weights, of one never stopped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import Json, events, outcome, write_run, write_snapshot

from backlot_engine import heldout
from backlot_engine.data.hashing import folder_hash
from backlot_engine.run import main


def ended(folder: Path) -> Json:
    assert main([str(folder)]) == 0, outcome(folder)
    return outcome(folder)


@pytest.fixture(scope="module")
def whole(training: Json, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its last checkpoint lies in the middle of ten steps whose mean loss is told."""
    job = {**training, "steps": 18, "checkpointEvery": 15, "evalEvery": 15}
    folder = write_run(tmp_path_factory.mktemp("whole") / "run", job)
    ended(folder)
    return folder


def told(folder: Path, name: str) -> list[tuple[int, float]]:
    return [(one["step"], one["value"]) for one in events(folder) if one.get("name") == name]


def test_the_training_loss_of_a_killed_run_is_that_of_all_its_steps(
    training: Json, whole: Path, tmp_path: Path
) -> None:
    job = {**training, "steps": 18, "checkpointEvery": 15, "evalEvery": 15}
    folder = write_run(tmp_path / "run", job)
    shutil.copytree(whole / "checkpoints", folder / "checkpoints")
    end = ended(folder)
    assert end["result"]["finalLoss"] == outcome(whole)["result"]["finalLoss"]
    assert told(folder, "train/loss") == told(whole, "train/loss")[1:]


def test_a_run_that_goes_on_from_anothers_checkpoint_says_what_the_loss_was_before_all_steps(
    training: Json, whole: Path, tmp_path: Path
) -> None:
    path = whole / "checkpoints/step-000015"
    job = {**training, "steps": 18, "checkpointEvery": 15, "evalEvery": 15}
    job["resumeFrom"] = {"path": str(path), "sha256": folder_hash(path)}
    folder = write_run(tmp_path / "run", job)
    ended(folder)
    first = told(whole, "heldout/loss")[0]
    assert first[0] == 0
    assert told(folder, "heldout/loss")[0] == first


def test_held_out_clips_that_are_too_many_to_be_measured_are_told(
    training: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heldout, "MOST_CLIPS", 3)
    dataset = write_snapshot(tmp_path / "data", 12, heldout=5)
    folder = write_run(tmp_path / "run", {**training, "dataset": dataset, "steps": 1})
    assert len(ended(folder)["result"]["heldoutByClip"]) == 3
    said = [one["message"] for one in events(folder) if one.get("code") == "heldout-cut"]
    assert said == ["Held-out loss is measured on 3 of 5 held-out clips, drawn by their hashes."]
