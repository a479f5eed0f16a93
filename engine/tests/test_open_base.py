"""Open bases on tiny pipelines of the real classes: no real weights are at hand here."""

from __future__ import annotations

import json
import shutil
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from conftest import Json, events, outcome, write_run
from open_bases import lora_job, write_wan
from safetensors.torch import load_file, save_file
from signing import permit

from backlot_engine.contract import AdapterUse
from backlot_engine.data.hashing import folder_hash
from backlot_engine.device import CPU
from backlot_engine.open_base import lora
from backlot_engine.open_base.wan import open_wan
from backlot_engine.run import main

SIZE = (5, 16, 16)
PLAIN = torch.autocast("cpu", torch.bfloat16, enabled=False)


def run(folder: Path, job: Json) -> Json:
    main([str(write_run(folder, job))])
    return outcome(folder)


@pytest.fixture(scope="module")
def wan(tmp_path_factory: pytest.TempPathFactory) -> Json:
    return write_wan(tmp_path_factory.mktemp("wan") / "one")


@pytest.fixture(scope="module")
def two_experts(tmp_path_factory: pytest.TempPathFactory) -> Json:
    return write_wan(tmp_path_factory.mktemp("wan") / "two", boundary=0.875)


@pytest.fixture(scope="module")
def learning(training: Json, wan: Json) -> Json:
    """A LoRA job on the one-expert base."""
    return {**lora_job(training, wan), "steps": 12, "evalEvery": 6, "checkpointEvery": 6}


@pytest.fixture(scope="module")
def learned(learning: Json, two_experts: Json, tmp_path_factory: pytest.TempPathFactory) -> Json:
    """An adapter of both experts, as the job's adapter field."""
    folder = tmp_path_factory.mktemp("learned") / "run"
    end = run(folder, {**learning, "base": two_experts})
    assert end["status"] == "succeeded", end
    return {"path": str(folder / "adapter"), "sha256": end["result"]["model"]["sha256"], "weight": 1}


def test_an_adapter_learns_on_an_open_base_and_leaves_its_bytes_alone(learning: Json, tmp_path: Path) -> None:
    end = run(tmp_path / "run", {**learning, "steps": 60, "evalEvery": 60, "checkpointEvery": 60})
    assert end["status"] == "succeeded", end
    losses = [e["value"] for e in events(tmp_path / "run") if e.get("name") == "heldout/loss"]
    assert losses[-1] < losses[0]
    assert end["result"]["trainable"] < 0.5 * end["result"]["parameters"]
    assert folder_hash(Path(learning["base"]["path"])) == learning["base"]["sha256"]


def test_each_expert_is_asked_and_learns_in_its_own_range_of_times(two_experts: Json) -> None:
    base = open_wan(Path(two_experts["path"]), SIZE, ("bad-job", "test"), PLAIN, CPU)
    lora.attach(base.model.experts, 2, 2, torch.Generator().manual_seed(0))
    rows, noise = base.rows(["a shape"]), torch.randn(1, base.codec.shape.tokens, 16)
    for t, asked, idle in ((0.88, "transformer", "transformer_2"), (0.87, "transformer_2", "transformer")):
        base.model.zero_grad(set_to_none=True)
        made = base.model(noise, noise * 0, noise[..., :1] * 0, torch.tensor([t]), rows)
        made.pow(2).mean().backward()
        moved = {name.split(".")[1] for name, one in base.model.named_parameters() if one.grad is not None}
        assert moved == {asked}, (t, idle)


def test_a_batch_over_both_ranges_is_what_each_clip_alone_would_be(two_experts: Json) -> None:
    base = open_wan(Path(two_experts["path"]), SIZE, ("bad-job", "test"), PLAIN, CPU)
    rows, x = base.rows(["a", "b", "c"]), torch.randn(3, base.codec.shape.tokens, 16)
    t, nothing = torch.tensor([0.9, 0.2, 0.95]), torch.zeros(3, base.codec.shape.tokens, 1)
    with torch.no_grad():
        whole = base.model(x, x * 0, nothing, t, rows)
        alone = [
            base.model(x[i : i + 1], x[i : i + 1] * 0, nothing[:1], t[i : i + 1], rows[i : i + 1])
            for i in range(3)
        ]
    assert torch.allclose(whole, torch.cat(alone), atol=1e-5)


@pytest.mark.parametrize("name", ["wan", "two_experts"])
def test_the_model_takes_a_noise_where_the_pipeline_itself_takes_it(
    name: str, request: pytest.FixtureRequest
) -> None:
    """Captions, times, experts and signs against diffusers' own pipeline, without guidance."""
    from diffusers import WanPipeline

    base = request.getfixturevalue(name)
    opened = open_wan(Path(base["path"]), SIZE, ("bad-job", "test"), PLAIN, CPU)
    grid = opened.codec.shape.grid
    x = torch.randn(1, opened.codec.shape.tokens, 16, generator=torch.Generator().manual_seed(3))
    pipeline = WanPipeline.from_pretrained(base["path"], local_files_only=True)
    size = {"height": 16, "width": 16, "num_frames": 5, "guidance_scale": 1.0, "num_inference_steps": 6}
    video = x.transpose(1, 2).unflatten(2, grid)
    theirs = pipeline("a shape", latents=video, output_type="latent", **size).frames
    rows, none, sigmas = opened.rows(["a shape"]), x[..., :1] * 0, pipeline.scheduler.sigmas
    with torch.no_grad():
        for at, after in pairwise(sigmas):
            x = x + (after - at) * opened.model(x, x * 0, none, at.expand(1), rows)
    assert torch.allclose(theirs.flatten(2).transpose(1, 2), x, atol=1e-4)


def test_diffusers_draws_the_same_frames_with_the_exported_adapter(learned: Json, two_experts: Json) -> None:
    pytest.importorskip("peft", reason="diffusers reads adapters with peft, which only the tests install")
    from diffusers import WanPipeline

    ours = open_wan(Path(two_experts["path"]), SIZE, ("bad-job", "test"), PLAIN, CPU)
    plain = [one.clone() for one in (_velocity(ours, 0.95), _velocity(ours, 0.3))]
    ours.add(AdapterUse(**learned), two_experts["sha256"])
    pipeline = WanPipeline.from_pretrained(two_experts["path"], local_files_only=True)
    pipeline.load_lora_weights(learned["path"], weight_name="transformer.safetensors", adapter_name="high")
    pipeline.load_lora_weights(
        learned["path"],
        weight_name="transformer_2.safetensors",
        adapter_name="low",
        load_into_transformer_2=True,
    )
    theirs = open_wan(Path(two_experts["path"]), SIZE, ("bad-job", "test"), PLAIN, CPU)
    theirs.model.experts["transformer"] = pipeline.transformer
    theirs.model.experts["transformer_2"] = pipeline.transformer_2
    for before, t in zip(plain, (0.95, 0.3), strict=True):
        assert (_velocity(ours, t) - before).abs().max() > 1e-3
        assert torch.allclose(_velocity(ours, t), _velocity(theirs, t), atol=1e-4)


@torch.no_grad()
def _velocity(base: object, t: float) -> torch.Tensor:
    shape = base.codec.shape
    x = torch.randn(1, shape.tokens, shape.components, generator=torch.Generator().manual_seed(3))
    return base.model(x, x * 0, x[..., :1] * 0, torch.tensor([t]), base.rows(["a shape"]))


def test_clips_that_the_permit_does_not_list_reach_no_open_base(learning: Json, tmp_path: Path) -> None:
    folder = permit(write_run(tmp_path / "run", learning), snapshots=[])
    assert main([str(folder)]) == 1
    assert outcome(folder)["code"] == "permit-mismatch" and not (folder / "checkpoints").exists()


def test_mirrored_clips_are_learned_under_mirrored_captions(
    learning: Json, wan: Json, tmp_path: Path
) -> None:
    base = open_wan(Path(wan["path"]), SIZE, ("bad-job", "test"), PLAIN, CPU)
    base.rows(["a shape moves left"], mirrored=True)
    assert "a shape moves right, mirrored" in base.model.texts.places
    ends = [run(tmp_path / f"{on}", {**learning, "mirror": on, "steps": 4}) for on in (False, True)]
    assert [end["result"]["clips"] for end in ends] == [8, 8]
    assert ends[0]["result"]["model"]["sha256"] != ends[1]["result"]["model"]["sha256"]


def test_a_killed_run_on_an_open_base_ends_in_the_same_bytes(learning: Json, tmp_path: Path) -> None:
    whole = run(tmp_path / "whole", {**learning, "steps": 12})["result"]["model"]["sha256"]
    folder = write_run(tmp_path / "stopped", {**learning, "steps": 12})
    (folder / "checkpoints").mkdir()
    shutil.copytree(tmp_path / "whole/checkpoints/step-000006", folder / "checkpoints/step-000006")
    main([str(folder)])
    assert outcome(folder)["result"]["model"]["sha256"] == whole


def test_takes_are_drawn_with_an_adapter_and_differ_from_the_base_alone(
    generating: Json, two_experts: Json, learned: Json, tmp_path: Path
) -> None:
    size = {"frames": 5, "height": 16, "width": 16, "fps": "12/1"}
    job = {**generating, "base": two_experts, "size": size}
    plain, adapted = run(tmp_path / "plain", job), run(tmp_path / "adapted", {**job, "adapters": [learned]})
    assert plain["status"] == adapted["status"] == "succeeded", (plain, adapted)
    line = json.loads((tmp_path / "adapted/takes.jsonl").read_text().splitlines()[0])
    assert (line["frames"], line["height"], line["width"]) == SIZE
    assert plain["result"]["takes"]["sha256"] != adapted["result"]["takes"]["sha256"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"method": "full", "lora": None}, "bad-job"),
        ({"givenShare": 0.3}, "bad-job"),
        ({"lora": {"rank": 4, "alpha": 8, "words": True, "wordRate": 1}}, "bad-job"),
    ],
)
def test_what_an_open_base_cannot_learn_is_refused(
    learning: Json, tmp_path: Path, change: Json, code: str
) -> None:
    end = run(tmp_path / "run", {**learning, **change})
    assert (end["status"], end["code"]) == ("failed", code)
    assert not (tmp_path / "run" / "checkpoints").exists()


@pytest.mark.parametrize("size", [{"frames": 6}, {"height": 24}, {"width": 8}])
def test_sizes_that_the_base_cannot_take_are_refused(
    generating: Json, wan: Json, tmp_path: Path, size: Json
) -> None:
    whole = {"frames": 5, "height": 16, "width": 16, "fps": "12/1", **size}
    end = run(tmp_path / "run", {**generating, "base": wan, "size": whole})
    assert end["code"] == "bad-job" and "4n+1 frames" in end["message"]


def test_a_pipeline_of_another_kind_is_refused(learning: Json, wan: Json, tmp_path: Path) -> None:
    index = _copy(wan, tmp_path / "other")
    index.write_text(index.read_text().replace('"WanPipeline"', '"LTXPipeline"'))
    assert _base_refused(learning, tmp_path)["code"] == "base-mismatch"


def test_a_part_that_is_missing_is_refused_by_its_name(learning: Json, wan: Json, tmp_path: Path) -> None:
    index = _copy(wan, tmp_path / "other")
    shutil.rmtree(index.parent / "vae")
    end = _base_refused(learning, tmp_path)
    assert end["code"] == "base-mismatch" and "vae/" in end["message"]


def test_a_pickle_in_an_open_base_is_refused(learning: Json, wan: Json, tmp_path: Path) -> None:
    index = _copy(wan, tmp_path / "other")
    torch.save({"a": torch.zeros(1)}, index.parent / "vae" / "diffusion_pytorch_model.bin")
    assert _base_refused(learning, tmp_path)["code"] == "unsafe-file"


def test_an_adapter_of_another_open_base_is_refused(
    generating: Json, wan: Json, learned: Json, tmp_path: Path
) -> None:
    size = {"frames": 5, "height": 16, "width": 16, "fps": "12/1"}
    end = run(tmp_path / "run", {**generating, "base": wan, "size": size, "adapters": [learned]})
    assert end["code"] == "adapter-mismatch"


def test_an_adapter_with_spoilt_numbers_is_refused(
    generating: Json, two_experts: Json, learned: Json, tmp_path: Path
) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(learned["path"], folder)
    tensors = load_file(folder / "transformer_2.safetensors")
    next(iter(tensors.values()))[0] = float("nan")
    save_file(tensors, folder / "transformer_2.safetensors")
    use = {"path": str(folder), "sha256": folder_hash(folder), "weight": 1}
    size = {"frames": 5, "height": 16, "width": 16, "fps": "12/1"}
    job = {**generating, "base": two_experts, "size": size, "adapters": [use]}
    assert run(tmp_path / "run", job)["code"] == "adapter-damaged"


def test_without_its_libraries_an_open_base_says_how_to_get_them(
    learning: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "diffusers", None)
    end = run(tmp_path / "run", learning)
    assert end["code"] == "no-open-base-libraries" and "setup --open-bases" in end["hint"]


def test_alpha_is_in_the_exported_weights(learned: Json) -> None:
    tensors = load_file(Path(learned["path"]) / "transformer.safetensors")
    assert not [name for name in tensors if name.endswith("alpha")]
    assert all(name.startswith("transformer.blocks.") for name in tensors)


def _copy(base: Json, folder: Path) -> Path:
    shutil.copytree(base["path"], folder)
    return folder / "model_index.json"


def _base_refused(learning: Json, tmp_path: Path) -> Json:
    other = tmp_path / "other"
    return run(tmp_path / "run", {**learning, "base": {"path": str(other), "sha256": folder_hash(other)}})
