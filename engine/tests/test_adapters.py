"""Adapters: put on, weighed, combined, taken off, exported and read back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from conftest import Json, outcome, write_run, write_snapshot
from safetensors.torch import load_file, save_file

from backlot_engine.contract import Input
from backlot_engine.data.adapter_folder import load_adapter, save_adapter
from backlot_engine.data.hashing import file_hash, folder_hash
from backlot_engine.data.model_folder import load_transformer, save_model
from backlot_engine.data.read_once import read_folder
from backlot_engine.data.tensors import save_json
from backlot_engine.models.adapter import WORD_ROWS, Adapter, add, wanted_shapes
from backlot_engine.models.transformer import Transformer, TransformerConfig
from backlot_engine.run import main

# The rank that `train` has unless asked otherwise (src/contract/training.ts), and names of a large studio.
RANK, NEW_WORDS = 32, 200
SHIPPED = Path(__file__).parents[2] / "assets" / "base"


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, adapting: Json) -> Json:
    """Another title's adapter on the same base."""
    folder = tmp_path_factory.mktemp("second")
    dataset = write_snapshot(folder / "title", 12, heldout=4, seed=9, what="brinka")
    run_folder = write_run(folder / "run", {**adapting, "id": "second", "dataset": dataset, "seed": 3})
    assert main([str(run_folder)]) == 0
    return {"path": str(run_folder / "adapter"), "sha256": folder_hash(run_folder / "adapter"), "weight": 1}


def run(folder: Path, job: Json) -> list[Json]:
    assert main([str(write_run(folder, job))]) == 0, (folder / "outcome.json").read_text()
    return [json.loads(line) for line in (folder / "takes.jsonl").read_text().splitlines()]


def refused(folder: Path, job: Json) -> Json:
    assert main([str(write_run(folder, job))]) == 1
    end = outcome(folder)
    assert end["hint"]
    return end


def copied(adapter: Json, folder: Path, change: Callable[[Json, dict[str, torch.Tensor]], object]) -> Json:
    """A copy of an adapter with its config or tensors changed."""
    folder.mkdir()
    config = json.loads((Path(adapter["path"]) / "config.json").read_text())
    tensors = load_file(Path(adapter["path"]) / "adapter.safetensors")
    change(config, tensors)
    save_json(config, folder / "config.json")
    save_file({name: tensors[name] for name in sorted(tensors)}, folder / "adapter.safetensors")
    return {"path": str(folder), "sha256": folder_hash(folder), "weight": 1}


def test_an_adapter_changes_takes_and_removing_it_gives_the_base_back(
    generating: Json, adapter: Json, tmp_path: Path
) -> None:
    before = folder_hash(Path(generating["base"]["path"]))
    plain = run(tmp_path / "plain", generating)
    adapted = run(tmp_path / "adapted", {**generating, "adapters": [adapter]})
    silent = run(tmp_path / "silent", {**generating, "adapters": [{**adapter, "weight": 0}]})
    again = run(tmp_path / "again", generating)
    assert adapted[0]["sha256"] != plain[0]["sha256"]
    assert silent == plain == again
    assert folder_hash(Path(generating["base"]["path"])) == before


def test_an_adapter_of_another_base_is_refused(generating: Json, adapter: Json, tmp_path: Path) -> None:
    other = copied(adapter, tmp_path / "adapter", lambda config, _: config.update(base="0" * 64))
    assert refused(tmp_path / "run", {**generating, "adapters": [other]})["code"] == "adapter-mismatch"


def test_an_adapter_of_other_shapes_is_refused(generating: Json, adapter: Json, tmp_path: Path) -> None:
    other = copied(adapter, tmp_path / "adapter", lambda _, tensors: tensors.pop("blocks.0.qkv.a"))
    assert refused(tmp_path / "run", {**generating, "adapters": [other]})["code"] == "adapter-mismatch"


def test_a_changed_adapter_is_refused(generating: Json, adapter: Json, tmp_path: Path) -> None:
    use = {**adapter, "sha256": "0" * 64}
    assert refused(tmp_path / "run", {**generating, "adapters": [use]})["code"] == "adapter-mismatch"


def test_two_adapters_work_together_each_with_its_weight_and_either_can_be_taken_off(
    generating: Json, adapter: Json, second: Json, tmp_path: Path
) -> None:
    def takes(name: str, *uses: Json) -> list[str]:
        return [one["sha256"] for one in run(tmp_path / name, {**generating, "adapters": list(uses)})]

    one, other = takes("one", adapter), takes("other", second)
    both = takes("both", adapter, second)
    assert both not in (one, other) and both != takes("less", adapter, {**second, "weight": 0.5})
    assert takes("off", adapter, {**second, "weight": 0}) == one
    assert folder_hash(Path(generating["base"]["path"])) == generating["base"]["sha256"]


def test_weights_of_combined_adapters_add_up_in_any_order(
    generating: Json, adapter: Json, second: Json
) -> None:
    base = read_folder(Path(generating["base"]["path"]))
    plain = load_transformer(base)
    loaded = [
        load_adapter(Input(one["path"], one["sha256"]), generating["base"]["sha256"], plain)
        for one in (adapter, second)
    ]

    def mixed(*parts: tuple[int, float]) -> dict[str, torch.Tensor]:
        model = load_transformer(base)
        with torch.no_grad():
            for index, weight in parts:
                add(model, loaded[index], weight)
        return model.state_dict()

    states = [mixed((0, 1), (1, 0.5)), mixed((1, 0.5), (0, 1)), mixed((1, 0.5), (0, 1), (1, -0.5), (0, -1))]
    for name, tensor in plain.state_dict().items():
        assert torch.allclose(states[0][name], states[1][name], atol=1e-6)
        assert torch.allclose(states[2][name], tensor, atol=1e-6)


def test_of_a_combination_the_adapter_that_does_not_fit_is_named(
    generating: Json, adapter: Json, second: Json, tmp_path: Path
) -> None:
    other = copied(second, tmp_path / "other", lambda config, _: config.update(base="0" * 64))
    end = refused(tmp_path / "run", {**generating, "adapters": [adapter, other]})
    assert end["code"] == "adapter-mismatch" and other["path"] in end["message"]


def spoil(value: float) -> Callable[[Json, dict[str, torch.Tensor]], object]:
    def change(_: Json, tensors: dict[str, torch.Tensor]) -> None:
        name = "blocks.1.up.b"
        tensors[name] = torch.full_like(tensors[name], value)

    return change


@pytest.mark.parametrize(("value", "says"), [(float("nan"), "NaN"), (0.0, "zeros alone")])
def test_an_adapter_of_nan_or_zeros_is_neither_used_nor_exported(
    generating: Json, adapter: Json, tmp_path: Path, value: float, says: str
) -> None:
    spoilt = copied(adapter, tmp_path / "spoilt", spoil(value))
    ends = [
        refused(tmp_path / "use", {**generating, "adapters": [spoilt]}),
        refused(tmp_path / "export", exporting(generating, spoilt, "diffusers")),
    ]
    for end in ends:
        assert end["code"] == "adapter-damaged" and says in end["message"]
        assert "blocks.1.up.b" in end["message"]


def exporting(generating: Json, adapter: Json, style: str) -> Json:
    common = {key: generating[key] for key in ("version", "id", "seed", "threads", "device", "base")}
    use = {"path": adapter["path"], "sha256": adapter["sha256"]}
    return {**common, "kind": "export-adapter", "adapter": use, "style": style}


def importing(generating: Json, file: Path) -> Json:
    common = {key: generating[key] for key in ("version", "id", "seed", "threads", "device", "base")}
    return {**common, "kind": "import-adapter", "file": {"path": str(file), "sha256": file_hash(file)}}


def exported(folder: Path, generating: Json, adapter: Json, style: str) -> Path:
    assert main([str(write_run(folder, exporting(generating, adapter, style)))]) == 0
    return folder / str(outcome(folder)["result"]["adapter"]["path"])


# The rank is 2. An alpha of 3.3 makes products that bf16 cannot hold. Training writes floats.
@pytest.mark.parametrize("alpha", [2.0, 4.0, 3.3])
@pytest.mark.parametrize(
    ("style", "prefix"), [("diffusers", "transformer."), ("comfyui", "diffusion_model.")]
)
def test_an_exported_adapter_read_back_makes_the_same_pixels(
    generating: Json, adapter: Json, tmp_path: Path, style: str, prefix: str, alpha: float
) -> None:
    original = copied(adapter, tmp_path / "original", lambda config, _: config.update(alpha=alpha))
    file = exported(tmp_path / "export", generating, original, style)
    assert f"{prefix}blocks.0.qkv.lora_A.weight" in load_file(file)
    assert not [name for name in load_file(file) if "alpha" in name or not name.startswith(prefix)]
    folder = write_run(tmp_path / "import", importing(generating, file))
    assert main([str(folder)]) == 0, (folder / "outcome.json").read_text()
    found = outcome(folder)["result"]["model"]
    back = {"path": str(folder / found["path"]), "sha256": found["sha256"], "weight": 1}
    assert isinstance(json.loads((Path(adapter["path"]) / "config.json").read_text())["alpha"], float)
    assert (back["sha256"] == original["sha256"]) == (alpha == 2)
    before = run(tmp_path / "before", {**generating, "adapters": [original]})
    after = run(tmp_path / "after", {**generating, "adapters": [back]})
    assert [one["sha256"] for one in after] == [one["sha256"] for one in before]


def rewritten(file: Path, to: Path, metadata: dict[str, str] | None, more: str | None = None) -> Path:
    tensors = load_file(file)
    save_file(tensors | ({more: torch.ones(1)} if more else {}), to, metadata)
    return to


def test_a_file_of_another_base_of_none_or_with_other_keys_is_not_imported(
    generating: Json, adapter: Json, tmp_path: Path
) -> None:
    file = exported(tmp_path / "export", generating, adapter, "comfyui")
    own = {"backlot_base": generating["base"]["sha256"]}
    cases = {
        "other": rewritten(file, tmp_path / "other.safetensors", {"backlot_base": "0" * 64}),
        "none": rewritten(file, tmp_path / "none.safetensors", None),
        "alpha": rewritten(file, tmp_path / "a.safetensors", own, "diffusion_model.blocks.0.qkv.alpha"),
        "keys": rewritten(file, tmp_path / "keys.safetensors", own, "lora_unet_blocks_0"),
    }
    for name, path in cases.items():
        end = refused(tmp_path / name, importing(generating, path))
        assert end["code"] == "adapter-mismatch" and str(path) in end["message"]


def of_rank_none(tensors: dict[str, torch.Tensor]) -> None:
    for name, tensor in list(tensors.items()):
        if ".lora_" in name:
            tensors[name] = tensor[:0] if "lora_A" in name else tensor[:, :0].contiguous()


def with_rows_of_halves(tensors: dict[str, torch.Tensor]) -> None:
    rows = next(name for name in tensors if name.endswith(WORD_ROWS))
    tensors[rows] = tensors[rows] + 0.5


@pytest.mark.parametrize(("spoil", "says"), [(of_rank_none, "rank"), (with_rows_of_halves, "word rows")])
def test_a_file_that_would_fail_when_takes_are_drawn_is_not_imported(
    generating: Json,
    adapter: Json,
    tmp_path: Path,
    spoil: Callable[[dict[str, torch.Tensor]], None],
    says: str,
) -> None:
    tensors = load_file(exported(tmp_path / "export", generating, adapter, "diffusers"))
    spoil(tensors)
    file = tmp_path / "spoilt.safetensors"
    save_file(tensors, file, {"backlot_base": generating["base"]["sha256"]})
    end = refused(tmp_path / "run", importing(generating, file))
    assert end["code"] == "adapter-mismatch" and says in end["message"]


def test_a_pickle_is_not_imported(generating: Json, tmp_path: Path) -> None:
    torch.save({"a": torch.ones(1)}, tmp_path / "adapter.safetensors")
    end = refused(tmp_path / "run", importing(generating, tmp_path / "adapter.safetensors"))
    assert end["code"] == "bad-tensors"


def test_training_an_adapter_leaves_the_bases_bytes_as_they_were(base: Json, adapter: Json) -> None:
    assert Path(adapter["path"]).exists()
    assert folder_hash(Path(base["path"])) == base["sha256"]


def test_an_adapter_takes_at_most_a_fifth_of_the_shipped_base(base: Json, tmp_path: Path) -> None:
    config = TransformerConfig.of(json.loads((SHIPPED / "transformer" / "config.json").read_text()))
    model = Transformer(config)
    shapes = wanted_shapes(model, RANK, NEW_WORDS)
    tensors = {name: torch.ones(shape) for name, shape in shapes.items()}
    tensors[WORD_ROWS] = torch.arange(NEW_WORDS)
    save_adapter(Adapter(RANK, RANK, tensors), "0" * 64, tmp_path / "adapter")
    save_model(
        config, model.state_dict(), torch.tensor([]), 3, read_folder(Path(base["path"])), tmp_path / "base"
    )
    shutil.rmtree(tmp_path / "base" / "codec")
    assert size_of(tmp_path / "adapter") <= 0.2 * size_of(tmp_path / "base")


def size_of(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
