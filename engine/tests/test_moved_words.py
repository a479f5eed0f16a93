"""New names in rows of the word table where a word stands that the base knows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from conftest import Json, events, outcome, write_run, write_snapshot
from safetensors.torch import load_file, save_file
from test_adapters import exporting, importing, refused
from test_training import word_in

from backlot_engine.data.hashing import folder_hash
from backlot_engine.data.model_folder import load_known_rows
from backlot_engine.data.read_once import read_folder
from backlot_engine.models.words import key_of, moved_from, row_of
from backlot_engine.run import main

KNOWN = ["a", "shape", "number", "0", "1", "2", "moves"]
NAME = word_in(row_of("shape", 64), "moppet")


def run(folder: Path, job: Json) -> Json:
    assert main([str(write_run(folder, job))]) == 0, outcome(folder)
    result: Json = outcome(folder)["result"]
    return result


@pytest.fixture(scope="module")
def naming(adapting: Json, tmp_path_factory: pytest.TempPathFactory) -> Json:
    """An adapter's job whose captions hold NAME, which has the row of `shape`."""
    dataset = write_snapshot(tmp_path_factory.mktemp("data") / "title", 12, heldout=4, what=NAME)
    return {**adapting, "dataset": dataset, "knownWords": KNOWN}


@pytest.fixture(scope="module")
def named(naming: Json, tmp_path_factory: pytest.TempPathFactory) -> Json:
    folder = tmp_path_factory.mktemp("named") / "run"
    made = run(folder, naming)["model"]
    return {"path": str(folder / "adapter"), "sha256": made["sha256"], "weight": 1}


def takes(folder: Path, generating: Json, adapters: list[Json], text: str) -> list[bytes]:
    briefs = [{**generating["briefs"][0], "text": text}]
    run(folder, {**generating, "adapters": adapters, "briefs": briefs})
    return [path.read_bytes() for path in sorted((folder / "takes").iterdir())]


def test_a_new_name_learns_in_a_row_of_its_own(naming: Json, named: Json) -> None:
    known = load_known_rows(read_folder(Path(naming["base"]["path"]))).tolist()
    tensors = load_file(Path(named["path"]) / "adapter.safetensors")
    (row,) = tensors["words.rows"].tolist()
    assert row not in known and row_of(NAME, 64) in known
    assert tensors["words.moved"].tolist() == [[key_of(NAME), row]]


def test_takes_of_the_name_are_none_of_the_word_that_the_base_knows(
    generating: Json, named: Json, tmp_path: Path
) -> None:
    shape, name = (takes(tmp_path / text, generating, [named], f"a {text} moves") for text in ("shape", NAME))
    assert shape != name
    without = takes(tmp_path / "base", generating, [], f"a {NAME} moves")
    assert without == takes(tmp_path / "zero", generating, [{**named, "weight": 0}], f"a {NAME} moves")
    assert without == takes(tmp_path / "word", generating, [], "a shape moves")


def test_the_name_comes_back_with_an_exported_adapter(generating: Json, named: Json, tmp_path: Path) -> None:
    run(tmp_path / "out", exporting(generating, named, "comfyui"))
    file = tmp_path / "out" / "adapter.safetensors"
    made = run(tmp_path / "in", importing(generating, file))["model"]
    back = {"path": str(tmp_path / "in" / "adapter"), "sha256": made["sha256"], "weight": 1}
    text = f"a {NAME} moves"
    assert takes(tmp_path / "a", generating, [named], text) == takes(tmp_path / "b", generating, [back], text)


def test_the_notice_tells_the_words_that_the_base_knows_and_no_name(naming: Json, tmp_path: Path) -> None:
    run(tmp_path / "run", naming)
    said = [one["message"] for one in events(tmp_path / "run") if one.get("code") == "words-known"]
    assert len(said) == 1 and "knows 6 words" in said[0] and "is not learned" not in said[0]


def test_without_such_a_name_an_adapter_is_what_it_was(adapting: Json, adapter: Json, tmp_path: Path) -> None:
    made = run(tmp_path / "run", {**adapting, "knownWords": KNOWN})["model"]
    assert made["sha256"] == adapter["sha256"]


def test_where_each_row_is_taken_a_word_stays_in_its_own() -> None:
    assert moved_from(range(64), ["tollo"], 64) == {}


@pytest.mark.parametrize(
    "spoilt",
    [
        torch.tensor([[5, 0]]),
        torch.tensor([[5, 64]]),
        torch.tensor([[-1, 3]]),
        torch.tensor([[5, 3], [5, 4]]),
    ],
)
def test_rows_that_no_word_can_have_are_refused(
    generating: Json, named: Json, tmp_path: Path, spoilt: torch.Tensor
) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(named["path"], folder)
    tensors = load_file(folder / "adapter.safetensors")
    save_file({**tensors, "words.moved": spoilt}, folder / "adapter.safetensors")
    text = (folder / "config.json").read_text()
    (folder / "config.json").write_text(text.replace('"moved": 1', f'"moved": {len(spoilt)}'))
    use = {"path": str(folder), "sha256": folder_hash(folder), "weight": 1}
    end = refused(tmp_path / "run", {**generating, "adapters": [use]})
    assert end["code"] == "adapter-mismatch", end


def test_words_of_a_base_are_refused_where_nothing_would_read_them(training: Json, tmp_path: Path) -> None:
    end = refused(tmp_path / "run", {**training, "knownWords": KNOWN})
    assert end["code"] == "bad-job" and "knownWords" in end["message"]
