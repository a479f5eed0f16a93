"""Numbers that are none: takes and models of them are refused, never handed over black."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from conftest import Json
from test_adapters import copied, exporting, refused

from backlot_engine.data.hashing import folder_hash


@pytest.mark.parametrize("alpha", [0, -1, 1e30, "NaN", "Infinity", "1e999"])
def test_an_adapter_whose_alpha_would_spoil_every_take_is_neither_used_nor_exported(
    generating: Json, adapter: Json, tmp_path: Path, alpha: float | str
) -> None:
    spoilt = copied(adapter, tmp_path / "spoilt", lambda config, _: config.update(alpha=123456))
    file = tmp_path / "spoilt" / "config.json"
    file.write_text(file.read_text().replace("123456", str(alpha)))
    spoilt["sha256"] = folder_hash(tmp_path / "spoilt")
    for name, job in (
        ("use", {**generating, "adapters": [spoilt]}),
        ("export", exporting(generating, spoilt, "diffusers")),
    ):
        end = refused(tmp_path / name, job)
        assert end["code"] == "adapter-mismatch", end
        assert "alpha" in end["message"] or "not JSON" in end["message"]


def test_an_alpha_that_no_adapter_may_have_is_refused_before_it_trains(
    adapting: Json, tmp_path: Path
) -> None:
    end = refused(tmp_path / "run", {**adapting, "lora": {**adapting["lora"], "alpha": 201}})
    assert end["code"] == "bad-job" and "job.lora.alpha" in end["message"] and "200" in end["message"], end
    assert not (tmp_path / "run" / "checkpoints").exists()


def test_takes_that_come_out_without_numbers_end_the_run_by_that_name(
    generating: Json, adapter: Json, tmp_path: Path
) -> None:
    def huge(_: Json, tensors: dict[str, torch.Tensor]) -> None:
        for name in tensors:
            if name.endswith((".a", ".b")):
                tensors[name] = torch.full_like(tensors[name], 1e30)

    use = copied(adapter, tmp_path / "huge", huge)
    end = refused(tmp_path / "run", {**generating, "adapters": [use]})
    assert end["code"] == "not-finite" and "b1-0" in end["message"] and "weights" in end["hint"]
    assert not (tmp_path / "run" / "takes.jsonl").exists()
    assert not list((tmp_path / "run").glob("takes/*.u8"))


@pytest.mark.parametrize("kind", [torch.int8, torch.bool, torch.float8_e4m3fn])
def test_an_adapter_in_numbers_that_no_trainer_learns_in_is_refused(
    generating: Json, adapter: Json, tmp_path: Path, kind: torch.dtype
) -> None:
    def other(_: Json, tensors: dict[str, torch.Tensor]) -> None:
        tensors["blocks.0.qkv.a"] = torch.ones_like(tensors["blocks.0.qkv.a"], dtype=torch.float32).to(kind)

    use = copied(adapter, tmp_path / "spoilt", other)
    end = refused(tmp_path / "run", {**generating, "adapters": [use]})
    assert end["code"] == "adapter-mismatch" and str(kind) in end["message"], end


def test_a_number_that_is_no_json_is_named(tmp_path: Path) -> None:
    from backlot_engine.data.tensors import load_json
    from backlot_engine.failure import Failure

    (tmp_path / "config.json").write_text(json.dumps({"alpha": float("nan")}))
    with pytest.raises(Failure, match="NaN is not JSON"):
        load_json(tmp_path / "config.json", "adapter-mismatch")
