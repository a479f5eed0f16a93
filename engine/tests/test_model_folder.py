"""A base folder that was put together by hand: what is wrong in it is named, with its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import Json, outcome, write_run

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
    ],
)
def test_a_size_that_is_missing_or_no_number_is_named(
    adapting: Json, base: Json, tmp_path: Path, file: str, change: Json, said: str
) -> None:
    copy = tmp_path / "base"
    shutil.copytree(base["path"], copy)
    kept = {key: value for key, value in json.loads((copy / file).read_text()).items() if key not in change}
    there = {key: value for key, value in change.items() if value is not None}
    (copy / file).write_text(json.dumps({**kept, **there}))
    job = {**adapting, "base": {"path": str(copy), "sha256": folder_hash(copy)}}
    assert main([str(write_run(tmp_path / "run", job))]) == 1
    end = outcome(tmp_path / "run")
    assert end["code"] == "base-mismatch" and said in end["message"] and file in end["message"]


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
