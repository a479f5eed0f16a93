"""The number format that a training ran in is told, also where it is another than was asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from conftest import Json, events, outcome, write_run

from backlot_engine import precision
from backlot_engine.run import main


def run(folder: Path, job: Json) -> Json:
    main([str(write_run(folder, job))])
    return outcome(folder)


@pytest.mark.parametrize(("fast", "used"), [(False, "fp32"), (True, "bf16")])
def test_a_model_says_in_which_precision_it_was_trained(
    training: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fast: bool, used: str
) -> None:
    monkeypatch.setattr(precision, "has_fast_bf16", lambda: fast)
    end = run(tmp_path / "run", {**training, "precision": "bf16", "steps": 2})
    assert end["result"]["precisions"] == [used]


def test_going_on_in_another_precision_is_told_and_both_are_kept(
    training: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, job = tmp_path / "run", {**training, "precision": "bf16", "steps": 8}
    monkeypatch.setattr(precision, "has_fast_bf16", lambda: False)
    assert run(folder, job)["result"]["precisions"] == ["fp32"]
    (folder / "outcome.json").unlink()
    shutil.rmtree(folder / "model")
    monkeypatch.setattr(precision, "has_fast_bf16", lambda: True)
    main([str(folder)])
    assert outcome(folder)["result"]["precisions"] == ["fp32", "bf16"]
    said = [one["message"] for one in events(folder) if one.get("code") == "precision-changed"]
    assert len(said) == 1 and "fp32 up to step 5" in said[0] and "bf16" in said[0]
    assert torch.get_default_dtype() == torch.float32
