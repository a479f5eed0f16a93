"""Memory and disk are looked at before a training, also where its steps were counted beforehand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Json, events, outcome, write_run

from backlot_engine import room
from backlot_engine.failure import Failure
from backlot_engine.models.codec import CodecShape
from backlot_engine.models.transformer import TransformerConfig
from backlot_engine.room import estimate
from backlot_engine.run import main


def refused(folder: Path, job: Json) -> Json:
    assert main([str(write_run(folder, job))]) == 1
    assert not (folder / "model").exists() and not (folder / "checkpoints").exists()
    return outcome(folder)


def test_a_training_that_the_disk_cannot_hold_is_refused_before_its_first_step(
    training: Json, tmp_path: Path
) -> None:
    end = refused(tmp_path / "run", {**training, "keepCheckpoints": 10**9})
    assert end["code"] == "disk-full" and "checkpoints and the model" in end["message"]


def test_a_training_that_cannot_fit_is_refused_before_its_first_step(
    training: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "free_bytes", lambda: 2**20)
    end = refused(tmp_path / "run", training)
    assert end["code"] == "out-of-memory" and "A batch of 1 needs" in end["hint"]
    assert "--width" in end["hint"]
    monkeypatch.setattr(room, "free_bytes", lambda: 2**29)
    end = refused(
        tmp_path / "large", {**training, "batch": 4096, "shape": {**training["shape"], "width": 256}}
    )
    assert end["code"] == "out-of-memory" and "Lower the batch from 4096 to" in end["hint"]


def test_many_heads_on_a_processor_need_the_room_of_their_scores() -> None:
    few = TransformerConfig(192, 6, 3, 4096, 24, 96, (5, 4, 6), 2)
    many, sizes = replace(few, heads=48), CodecShape(17, 64, 96, (4, 16, 16), 96)
    kept = 32 * (48 - 3) * 144**2 * 6 * 4
    of = room.Kept(145, 8)
    assert estimate(many, sizes, 32, 0, of) - estimate(few, sizes, 32, 0, of) >= kept
    on_gpu = room.Kept(145, 0)
    assert estimate(many, sizes, 32, 0, on_gpu) == estimate(few, sizes, 32, 0, on_gpu)


@pytest.mark.parametrize(
    ("method", "batch", "precision", "heads", "peak"),
    [
        ("lora", 32, "fp32", 3, 1363),
        ("lora", 16, "fp32", 3, 855),
        ("full", 32, "fp32", 3, 1164),
        ("scratch", 16, "fp32", 3, 751),
        ("scratch", 16, "fp32", 48, 1247),
        ("lora", 32, "bf16", 3, 963),
        ("full", 32, "bf16", 3, 901),
        ("scratch", 32, "bf16", 48, 1370),
    ],
)
def test_what_is_told_of_memory_is_no_less_than_what_was_measured_and_at_most_a_fifth_more(
    monkeypatch: pytest.MonkeyPatch, method: str, batch: int, precision: str, heads: int, peak: int
) -> None:
    """Peaks in MiB of the shipped base's size on a processor with bf16, 134 clips mirrored."""
    monkeypatch.setattr(room, "has_fast_bf16", lambda: True)
    config = TransformerConfig(192, 6, heads, 4096, 24, 96, (5, 4, 6), 2)
    job: Any = SimpleNamespace(device="cpu", method=method, precision=precision)
    sizes = CodecShape(17, 64, 96, (4, 16, 16), 96)
    told = estimate(config, sizes, batch, 268, room.kept_by(job)) / 2**20
    assert peak <= told <= 1.2 * peak


def test_an_adapter_of_more_than_a_fifth_of_its_base_is_told(adapting: Json, tmp_path: Path) -> None:
    def told(rank: int) -> str:
        job = {**adapting, "steps": 1, "lora": {**adapting["lora"], "rank": rank}}
        folder = write_run(tmp_path / f"rank-{rank}", job)
        assert main([str(folder)]) == 0
        return " ".join(one["message"] for one in events(folder) if one.get("code") == "adapter-large")

    assert told(2) == ""
    said = told(8)
    assert "rank of 8" in said and "%" in said


def test_a_runs_own_checkpoints_are_room_for_those_that_take_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "disk_free", lambda _: 1000)
    with pytest.raises(Failure):
        room.check_disk(2, 20, tmp_path)
    held = tmp_path / "checkpoints" / "step-000005"
    held.mkdir(parents=True)
    (held / "state.safetensors").write_bytes(bytes(500))
    assert room.check_disk(2, 20, tmp_path) == (1280, 1500)
