"""A base whose weights are no numbers, and what is said where a loss is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from conftest import Json, outcome, write_run
from safetensors.torch import load_file, save_file
from test_adapters import refused

from backlot_engine import train
from backlot_engine.data.hashing import folder_hash
from backlot_engine.run import main


def spoilt_base(base: Json, to: Path, file: str, tensor: str) -> Json:
    """A copy of a base with one tensor of NaN."""
    shutil.copytree(base["path"], to)
    tensors = load_file(to / file)
    tensors[tensor] = torch.full_like(tensors[tensor], float("nan"))
    save_file(tensors, to / file)
    return {"path": str(to), "sha256": folder_hash(to)}


@pytest.mark.parametrize(
    ("file", "tensor"),
    [("transformer/diffusion_pytorch_model.safetensors", "head.weight"), ("codec/codec.safetensors", "mean")],
)
def test_a_base_of_nan_is_refused_as_such_before_anything_is_trained_or_drawn(
    adapting: Json, generating: Json, base: Json, tmp_path: Path, file: str, tensor: str
) -> None:
    spoilt = spoilt_base(base, tmp_path / "base", file, tensor)
    for name, job in (("train", adapting), ("takes", generating)):
        end = refused(tmp_path / name, {**job, "base": spoilt})
        assert end["code"] == "base-damaged" and tensor in end["message"], end
        assert "rate" not in end["hint"] and not (tmp_path / name / "checkpoints").exists()


def test_an_open_base_of_nan_is_refused_as_such(training: Json, tmp_path: Path) -> None:
    open_bases = pytest.importorskip("open_bases", reason="needs the libraries of open bases")
    base = open_bases.write_wan(tmp_path / "wan")
    file = "transformer/diffusion_pytorch_model.safetensors"
    spoilt = spoilt_base(base, tmp_path / "spoilt", file, "blocks.0.attn1.to_q.weight")
    end = refused(tmp_path / "run", open_bases.lora_job(training, spoilt))
    assert end["code"] == "base-damaged" and "blocks.0.attn1.to_q.weight" in end["message"], end


def spoil_losses(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """The loss of the step after so many is no number."""
    plain, calls = train.velocity_loss, iter(range(100))

    def spoiled(*tensors: torch.Tensor) -> torch.Tensor:
        return plain(*tensors) * (float("nan") if next(calls) == at else 1)

    monkeypatch.setattr(train, "velocity_loss", spoiled)


@pytest.mark.parametrize(
    ("at", "every", "said", "unsaid"),
    [
        (0, 5, "Nothing was learned yet", "checkpoint"),
        (2, 5, "no checkpoint is known", "before"),
        (5, 5, "no checkpoint is known", "before"),
        (6, 5, "the checkpoint before is good", "known"),
    ],
)
def test_a_checkpoint_is_named_only_where_there_is_one(
    training: Json,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at: int,
    every: int,
    said: str,
    unsaid: str,
) -> None:
    spoil_losses(monkeypatch, at)
    job = {**training, "checkpointEvery": every, "evalEvery": 30}
    assert main([str(write_run(tmp_path / "run", job))]) == 1
    end = outcome(tmp_path / "run")
    assert end["code"] == "not-finite" and said in end["hint"] and unsaid not in end["hint"], end


def test_a_run_that_goes_on_from_its_own_checkpoint_is_told_of_it(
    training: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, plain = write_run(tmp_path / "run", {**training, "checkpointEvery": 20}), train.velocity_loss

    def cancelling(*tensors: torch.Tensor) -> torch.Tensor:
        (folder / "cancel").touch()
        return plain(*tensors)

    with monkeypatch.context() as stopping:
        stopping.setattr(train, "velocity_loss", cancelling)
        assert main([str(folder)]) == 2
    for name in ("cancel", "outcome.json"):
        (folder / name).unlink()
    spoil_losses(monkeypatch, 2)
    assert main([str(folder)]) == 1
    end = outcome(folder)
    assert "step 3" in end["message"] and "the checkpoint before is good" in end["hint"], end
