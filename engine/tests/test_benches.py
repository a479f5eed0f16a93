"""The benches write jobs by hand: a field that a job needs since must be in theirs too."""

from __future__ import annotations

import importlib
from pathlib import Path

import files
import pytest

BENCH = Path(__file__).parents[2] / "bench"


def test_runs_of_the_gates_bench_train_where_nobody_attacks_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCH / "gate"))
    attacked, kept = importlib.import_module("attacked"), importlib.import_module("attacks_latents")
    world = attacked.World(tmp_path)
    importlib.import_module("attacks_inputs").Inputs(world)  # raises where one of its runs fails
    home = world.fresh("clean")
    attacked.permit(home / "run")
    assert attacked.run_quietly(home / "run") == "succeeded"
    assert kept.run_keeping(home, "keeps") == kept.run_keeping(home, "reads") == "succeeded"


def test_the_bench_of_training_writes_a_run_that_the_engine_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCH / "training"))
    for name, value in (("FRAMES", 17), ("HEIGHT", 64), ("WIDTH", 96)):
        monkeypatch.setattr(files, name, value)
    world = importlib.import_module("world")
    monkeypatch.setattr(world, "CLIPS", 12)
    job, learner, _ = world.opened(tmp_path)
    assert (job.kind, len(learner.data.rows)) == ("train", 4)
