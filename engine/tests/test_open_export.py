"""Adapters of open bases as files for other programs, read back by diffusers' own loader."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import Json, outcome, write_run
from open_bases import write_wan
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from backlot_engine.contract import AdapterUse, Lora
from backlot_engine.data.hashing import file_hash, folder_hash
from backlot_engine.device import CPU
from backlot_engine.open_base import lora
from backlot_engine.open_base.wan import Wan, open_wan
from backlot_engine.run import main

PLAIN = torch.autocast("cpu", torch.bfloat16, enabled=False)
# 2.1, the two experts of 2.2 A14B, and 2.2 5B, whose autoencoder makes a pixel of 16.
BASES: dict[str, Json] = {
    "wan-2.1": {},
    "wan-2.2-a14b": {"boundary": 0.875},
    "wan-2.2-5b": {"time_of_each": True},
}
SIZES = {"wan-2.1": (5, 16, 16), "wan-2.2-a14b": (5, 16, 16), "wan-2.2-5b": (5, 32, 32)}
TIMES = (1.0, 0.9, 0.6, 0.3, 0.0)
# Wan's own names of the matrices of a block, which ComfyUI looks for below `diffusion_model.`.
MATRICES = {f"{one}.{part}" for one in ("self_attn", "cross_attn") for part in "qkvo"} | {"ffn.0", "ffn.2"}


@pytest.fixture(scope="module", params=BASES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Json, Json]:
    """A kind of base, the base, and an adapter of it that nobody has to look for in a take."""
    home = tmp_path_factory.mktemp("base")
    base = write_wan(home / "base", **BASES[request.param])
    return request.param, base, adapter_of(opened(request.param, base), base, home / "adapter")


def opened(kind: str, base: Json) -> Wan:
    return open_wan(Path(base["path"]), SIZES[kind], ("bad-job", "test"), PLAIN, CPU)


def adapter_of(base: Wan, named: Json, folder: Path) -> Json:
    """As a training leaves it, with an alpha of twice the rank and numbers by chance."""
    chance = torch.Generator().manual_seed(1)
    lora.attach(base.model.experts, 4, 8, chance)
    moving = {name: one for name, one in base.model.named_parameters() if one.requires_grad}
    with torch.no_grad():
        for name, one in moving.items():
            if name.endswith(".b"):
                one.normal_(0, 3, generator=chance)
    lora.save(moving, Lora(rank=4, alpha=8, words=False, word_rate=1), named["sha256"], folder)
    return {"path": str(folder), "sha256": folder_hash(folder)}


def export(folder: Path, base: Json, adapter: Json, style: str) -> Json:
    job = {"version": 1, "id": "x", "seed": 0, "threads": 1, "device": "cpu", "kind": "export-adapter"}
    main([str(write_run(folder, {**job, "base": base, "adapter": adapter, "style": style}))])
    return outcome(folder)


def files_in(end: Json) -> dict[str, Json]:
    return {name: one for name, one in end["result"].items() if isinstance(one, dict)}


@torch.no_grad()
def frames(base: Wan) -> torch.Tensor:
    """What a few steps draw, without guidance: uint8 (frames, 3, height, width)."""
    shape = base.codec.shape
    x = torch.randn(1, shape.tokens, shape.components, generator=torch.Generator().manual_seed(3))
    rows, nothing = base.rows(["a shape"]), x[..., :1] * 0
    for at, after in pairwise(TIMES):
        x = x + (after - at) * base.model(x, x * 0, nothing, torch.tensor([at]), rows)
    return base.codec.decode(x)[0]


def theirs(kind: str, base: Json, folder: Path, names: list[str]) -> Wan:
    """The base with the exported files put on by diffusers' pipeline."""
    pytest.importorskip("peft", reason="diffusers reads adapters with peft, which only the tests install")
    from diffusers import WanPipeline

    pipeline: Any = WanPipeline.from_pretrained(base["path"], local_files_only=True)
    made = opened(kind, base)
    for at, (name, expert) in enumerate(zip(names, made.model.experts, strict=True)):
        second = {"load_into_transformer_2": True} if at else {}
        pipeline.load_lora_weights(folder, weight_name=name, adapter_name=f"a{at}", **second)
        made.model.experts[expert] = getattr(pipeline, expert)
    return made


@pytest.mark.parametrize("style", ["comfyui", "diffusers"])
def test_the_pipeline_of_diffusers_draws_the_same_pixels_with_exported_files(
    case: tuple[str, Json, Json], style: str, tmp_path: Path
) -> None:
    kind, base, adapter = case
    end = export(tmp_path / "run", base, adapter, style)
    assert end["status"] == "succeeded", end
    names = [one["path"] for one in files_in(end).values()]
    ours, plain = opened(kind, base), frames(opened(kind, base))
    ours.add(AdapterUse(**adapter, weight=1), base["sha256"])
    drawn = frames(ours).int()
    again = frames(theirs(kind, base, tmp_path / "run", names)).int()
    assert (drawn - again).abs().max() <= 1
    # Random bases draw pixels between 90 and 140: an adapter of any strength moves them by few.
    assert (drawn - plain.int()).abs().max() > 5


def test_comfyui_finds_each_matrix_by_the_name_of_wans_own_code_and_no_alpha(
    case: tuple[str, Json, Json], tmp_path: Path
) -> None:
    kind, base, adapter = case
    end = export(tmp_path / "run", base, adapter, "comfyui")
    two = ["adapter.high-noise", "adapter.low-noise"]
    assert list(files_in(end)) == (two if kind == "wan-2.2-a14b" else ["adapter"])
    wanted = {
        f"diffusion_model.blocks.{block}.{matrix}.lora_{which}.weight"
        for block in range(2)
        for matrix in MATRICES
        for which in "AB"
    }
    for expert, made in zip(("transformer", "transformer_2"), files_in(end).values(), strict=False):
        path = tmp_path / "run" / made["path"]
        assert file_hash(path) == made["sha256"] and set(load_file(path)) == wanted
        with safe_open(path, "pt") as file:
            assert file.metadata() == {"format": "pt", "backlot_base": base["sha256"]}
        source = load_file(Path(adapter["path"]) / f"{expert}.safetensors")
        own = load_file(path)["diffusion_model.blocks.1.ffn.2.lora_B.weight"]
        assert torch.equal(own, source["transformer.blocks.1.ffn.net.2.lora_B.weight"])


def test_an_adapter_of_another_open_base_leaves_no_file(case: tuple[str, Json, Json], tmp_path: Path) -> None:
    _, base, adapter = case
    other = tmp_path / "adapter"
    changed(adapter, other, lambda config, _: config.update(base="0" * 64))
    end = export(tmp_path / "run", base, {"path": str(other), "sha256": folder_hash(other)}, "comfyui")
    assert end["code"] == "adapter-mismatch" and not list((tmp_path / "run").glob("*.safetensors"))


@pytest.mark.parametrize("value", [float("nan"), 0.0])
def test_spoilt_numbers_in_the_last_file_leave_none(
    case: tuple[str, Json, Json], value: float, tmp_path: Path
) -> None:
    _, base, adapter = case
    other = tmp_path / "adapter"
    changed(adapter, other, lambda _, tensors: next(iter(tensors.values())).fill_(value))
    end = export(tmp_path / "run", base, {"path": str(other), "sha256": folder_hash(other)}, "comfyui")
    assert end["code"] == "adapter-damaged" and not list((tmp_path / "run").glob("*.safetensors"))


def changed(adapter: Json, folder: Path, change: Any) -> None:
    """A copy of an adapter with its config or its last expert's tensors changed."""
    folder.mkdir()
    files = sorted(Path(adapter["path"]).glob("*.safetensors"))
    config = json.loads((Path(adapter["path"]) / "config.json").read_text())
    read = {file.name: load_file(file) for file in files}
    change(config, read[files[-1].name])
    (folder / "config.json").write_text(json.dumps(config))
    for name, tensors in read.items():
        save_file(tensors, folder / name)


def test_a_file_of_an_open_bases_adapter_is_not_read_back(
    case: tuple[str, Json, Json], tmp_path: Path
) -> None:
    _, base, adapter = case
    end = export(tmp_path / "out", base, adapter, "comfyui")
    made = next(iter(files_in(end).values()))
    file = {"path": str(tmp_path / "out" / made["path"]), "sha256": made["sha256"]}
    job = {"version": 1, "id": "x", "seed": 0, "threads": 1, "device": "cpu", "kind": "import-adapter"}
    main([str(write_run(tmp_path / "run", {**job, "base": base, "file": file}))])
    end = outcome(tmp_path / "run")
    assert end["code"] == "base-mismatch" and "not read back" in end["hint"]
