"""A base folder that was put together by hand: what is wrong in it is named, with its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import Json, outcome, write_run
from test_adapters import copied, refused

from backlot_engine.contract import Input
from backlot_engine.data.hashing import folder_hash
from backlot_engine.data.model_folder import open_base
from backlot_engine.run import main


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("transformer/config.json", {"width": None}, "width"),
        ("transformer/config.json", {"depth": "two"}, "depth"),
        ("transformer/config.json", {"grid": [2, 2]}, "grid"),
        ("transformer/config.json", {"known_rows": "all"}, "known_rows"),
        ("codec/config.json", {"frames": None}, "frames"),
        ("codec/config.json", {"block": 4}, "block"),
        ("codec/config.json", {"block": [4, 0, 8]}, "block"),
        ("codec/config.json", {"block": [3, 8, 8]}, "block"),
        ("codec/config.json", {"fps": None}, "fps"),
        ("codec/config.json", {"fps": "x"}, "fps"),
        ("codec/config.json", {"fps": "0/1"}, "fps"),
        ("transformer/config.json", {"heads": 0}, "heads"),
        ("transformer/config.json", {"heads": 3}, "heads"),
        ("transformer/config.json", {"depth": 10**9}, "depth"),
        ("transformer/config.json", {"mixed_blocks": 3}, "mixed_blocks"),
        ("transformer/config.json", {"known_rows": [10**9]}, "known_rows"),
    ],
)
def test_a_size_that_is_missing_or_no_number_is_named(
    adapting: Json, generating: Json, base: Json, tmp_path: Path, file: str, change: Json, said: str
) -> None:
    copy = tmp_path / "base"
    shutil.copytree(base["path"], copy)
    kept = {key: value for key, value in json.loads((copy / file).read_text()).items() if key not in change}
    there = {key: value for key, value in change.items() if value is not None}
    (copy / file).write_text(json.dumps({**kept, **there}))
    jobs = {"train": adapting} if said == "known_rows" else {"train": adapting, "takes": generating}
    for name, job in jobs.items():
        changed = {**job, "base": {"path": str(copy), "sha256": folder_hash(copy)}}
        assert main([str(write_run(tmp_path / name, changed))]) == 1
        end = outcome(tmp_path / name)
        assert end["code"] == "base-mismatch" and said in end["message"] and file in end["message"], end
        assert end["hint"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"base": None}, "base"),
        ({"base": 3}, "base"),
        ({"rank": None}, "rank"),
        ({"rank": "x"}, "rank"),
        ({"rank": 10**9}, "rank"),
        ({"alpha": "x"}, "alpha"),
        ({"words": "x"}, "words"),
    ],
)
def test_a_field_of_an_adapter_that_is_missing_or_damaged_is_named(
    generating: Json, adapter: Json, tmp_path: Path, change: Json, said: str
) -> None:
    def changed(config: Json, _: object) -> None:
        config.update(change)
        for name in [name for name, value in change.items() if value is None]:
            del config[name]

    use = copied(adapter, tmp_path / "adapter", changed)
    end = refused(tmp_path / "run", {**generating, "adapters": [use]})
    assert end["code"] == "adapter-mismatch" and f"{said}:" in end["message"], end


@pytest.mark.parametrize(("kind", "held"), [("BacklotPipeline", True), ("WanPipeline", False)])
def test_an_open_bases_weights_are_hashed_but_not_held(
    base: Json, tmp_path: Path, kind: str, held: bool
) -> None:
    copy = tmp_path / "base"
    shutil.copytree(base["path"], copy)
    (copy / "model_index.json").write_text(json.dumps({"_class_name": kind}))
    opened = open_base(Input(str(copy), folder_hash(copy)))
    assert any(name.endswith(".safetensors") for name in opened.files) == held
    assert "transformer/config.json" in opened.files
