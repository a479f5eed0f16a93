"""What an open base takes of memory is known from its headers, before anything of it is loaded."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
import torch
from conftest import Json, events, line_of, outcome, write_run
from open_bases import lora_job, write_wan
from safetensors.torch import load_file

from backlot_engine import room
from backlot_engine.contract import ClipLine, TrainJob
from backlot_engine.data.hashing import folder_hash
from backlot_engine.device import CPU
from backlot_engine.open_base import room as open_room
from backlot_engine.open_base.lora import attach
from backlot_engine.open_base.room import kept_bytes, open_bytes, part_of
from backlot_engine.open_base.wan import open_wan
from backlot_engine.run import main

CLIP = ClipLine.of(line_of(b"a", 0, 0, "train"))
PLAIN = torch.autocast("cpu", torch.bfloat16, enabled=False)


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Json, Json]:
    """With one expert, and with two."""
    folder = tmp_path_factory.mktemp("wan")
    return write_wan(folder / "one"), write_wan(folder / "two", boundary=0.875)


@pytest.fixture
def learning(training: Json, bases: tuple[Json, Json]) -> Json:
    return {**lora_job(training, bases[0]), "steps": 1}


def count(base: Json, part: str) -> int:
    file = next((Path(base["path"]) / part).glob("*.safetensors"))
    return sum(one.numel() for one in load_file(file).values())


def test_weights_are_counted_by_their_headers(bases: tuple[Json, Json]) -> None:
    two = Path(bases[1]["path"])
    for part in ("transformer", "transformer_2", "vae", "text_encoder"):
        assert part_of(two / part).weights == count(bases[1], part)
    assert part_of(two / "tokenizer").weights == 0


def test_weights_that_lie_there_in_another_format_too_count_once(
    bases: tuple[Json, Json], tmp_path: Path
) -> None:
    shutil.copytree(Path(bases[0]["path"]) / "vae", tmp_path / "vae")
    whole = part_of(tmp_path / "vae").weights
    file = next((tmp_path / "vae").glob("*.safetensors"))
    shutil.copy(file, file.with_name(f"{file.stem}.fp16.safetensors"))
    assert part_of(tmp_path / "vae").weights == whole


def test_an_adapters_weights_are_known_from_the_same_headers(learning: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", learning)
    assert main([str(folder)]) == 0, outcome(folder)
    adapted = part_of(Path(learning["base"]["path"]) / "transformer").adapted
    assert adapted * learning["lora"]["rank"] == outcome(folder)["result"]["trainable"]


def test_both_experts_are_held_and_what_follows_one_another_counts_once(
    learning: Json, bases: tuple[Json, Json]
) -> None:
    job = TrainJob.of(learning)
    one, two = (Path(base["path"]) for base in bases)
    second = count(bases[1], "transformer_2") * 4
    frozen = TrainJob.of({**learning, "lora": None})
    assert open_bytes(frozen, two, CLIP, 1) - open_bytes(frozen, one, CLIP, 1) == second
    held = (count(bases[0], "transformer") + count(bases[0], "vae")) * 4
    many = open_bytes(job, one, CLIP, 1000)
    trained = part_of(one / "transformer").adapted * 4 * 20
    assert many == held + trained + kept_bytes(one, CLIP, 1000, 4)


def test_a_training_that_cannot_fit_is_refused_before_the_base_is_opened_and_says_what_would(
    learning: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "diffusers", None)
    job = {**learning, "batch": 4000}
    base = Path(job["base"]["path"])

    def refused(name: str, free: int) -> str:
        monkeypatch.setattr(room, "free_bytes", lambda: free)
        assert main([str(write_run(tmp_path / name, job))]) == 1
        end = outcome(tmp_path / name)
        assert end["code"] == "out-of-memory" and end["retryable"]
        return str(end["hint"])

    fits = room.RUNTIME_BYTES + open_bytes(TrainJob.of(job), base, CLIP, 3000, again=True)
    assert "to 3000 (--batch 3000)" in refused("smaller", fits)
    assert "smaller clips, a smaller base" in refused("none", 2**20)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_what_does_not_fit_otherwise_is_computed_again_in_the_backward_pass_to_the_same_bytes(
    learning: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, precision: str
) -> None:
    job = {**learning, "batch": 64, "steps": 2, "precision": precision}
    base = Path(job["base"]["path"])

    def adapter(name: str, again: bool) -> str:
        fits = room.RUNTIME_BYTES + open_bytes(TrainJob.of(job), base, CLIP, 64, again)
        monkeypatch.setattr(room, "free_bytes", lambda: fits)
        folder = write_run(tmp_path / name, job)
        assert main([str(folder)]) == 0, outcome(folder)
        told = [one["code"] for one in events(folder) if one["type"] == "notice"]
        assert ("computed-again" in told) == again
        return str(outcome(folder)["result"]["model"]["sha256"])

    assert adapter("kept", again=False) == adapter("again", again=True)


def test_blocks_that_are_computed_again_keep_what_goes_into_them_alone(bases: tuple[Json, Json]) -> None:
    def kept(again: bool) -> int:
        base = open_wan(Path(bases[0]["path"]), (5, 64, 64), ("bad-job", "test"), PLAIN, CPU)
        attach(base.model.experts, 2, 2, torch.Generator().manual_seed(0))
        if again:
            base.model.compute_again()
        sizes: dict[int, int] = {}

        def keep(one: torch.Tensor) -> torch.Tensor:
            sizes[one.untyped_storage().data_ptr()] = one.untyped_storage().nbytes()
            return one

        rows, noise = base.rows(["a shape"]), torch.randn(1, base.codec.shape.tokens, 16)
        with torch.autograd.graph.saved_tensors_hooks(keep, lambda one: one):
            made = base.model(noise, noise * 0, noise[..., :1] * 0, torch.tensor([0.5]), rows)
            made.pow(2).mean().backward()
        return sum(sizes.values())

    assert kept(again=True) < kept(again=False) / 3


def test_what_blocks_share_of_a_time_of_each_token_counts_where_they_are_computed_again(
    bases: tuple[Json, Json], tmp_path: Path
) -> None:
    plain, each = Path(bases[0]["path"]), tmp_path / "base"
    shutil.copytree(plain, each)
    index = each / "model_index.json"
    index.write_text(json.dumps({**json.loads(index.read_text()), "expand_timesteps": True}))

    def more(again: bool) -> int:
        return kept_bytes(each, CLIP, 1000, 4, again) - kept_bytes(plain, CLIP, 1000, 4, again)

    assert more(again=False) == 0
    assert more(again=True) > 6 * 1000 * 4


def test_a_gpu_holds_weights_in_bf16_whatever_the_processor_can(
    learning: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = Path(learning["base"]["path"])
    monkeypatch.setattr(open_room, "has_fast_bf16", lambda: False)
    on_gpu, on_cpu = (
        open_bytes(TrainJob.of({**learning, "precision": "bf16", "device": device}), base, CLIP, 1000)
        for device in ("cuda", "cpu")
    )
    assert on_gpu < 0.8 * on_cpu


def test_a_base_that_does_not_say_how_large_it_is_is_refused(
    learning: Json, tmp_path: Path, bases: tuple[Json, Json]
) -> None:
    folder = tmp_path / "base"
    shutil.copytree(bases[0]["path"], folder)
    config = json.loads((folder / "transformer/config.json").read_text())
    (folder / "transformer/config.json").write_text(json.dumps({**config, "ffn_dim": None}))
    job = {**learning, "base": {"path": str(folder), "sha256": folder_hash(folder)}}
    assert main([str(write_run(tmp_path / "run", job))]) == 1
    end = outcome(tmp_path / "run")
    assert end["code"] == "base-mismatch" and "no ffn_dim" in end["message"]
