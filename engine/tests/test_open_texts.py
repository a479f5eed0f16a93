"""Captions that an open base does not read to their end: its tokenizer cuts them at 512 tokens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from conftest import Json, events, outcome, write_run, write_snapshot
from open_bases import lora_job, write_wan

from backlot_engine.open_base.texts import LENGTH, Texts
from backlot_engine.run import main

# The tiny base's tokenizer has a token for each letter, and one for the end.
LETTERS = LENGTH - 1


@pytest.fixture(scope="module")
def wan(tmp_path_factory: pytest.TempPathFactory) -> Json:
    return write_wan(tmp_path_factory.mktemp("wan") / "one")


@pytest.fixture(scope="module")
def texts(wan: Json) -> Texts:
    return Texts(Path(wan["path"]), torch.float32, torch.device("cpu"))


def test_a_caption_that_fits_is_read_whole_and_one_letter_more_is_told_with_its_word(texts: Texts) -> None:
    fits = "a " * ((LETTERS - 3) // 2) + "end"
    assert len(fits) == LETTERS
    assert texts.unread(fits) == []
    assert texts.unread(fits + "s") == ["ends"]
    assert texts.unread(f"{fits} of it") == ["of", "it"]
    assert texts.unread("x" * 600 + " y") == ["x" * 600, "y"]


def test_what_is_left_out_makes_no_difference_to_what_the_base_reads(texts: Texts) -> None:
    fits = "a " * ((LETTERS - 3) // 2) + "end"
    rows = texts.rows([fits, f"{fits} of it", f"{fits} or not"])
    plain, longer, other = texts.states(rows)
    assert torch.equal(longer, other) and texts.unread(f"{fits} of it") == ["of", "it"]
    assert longer.shape == plain.shape


def test_short_captions_are_held_without_the_zeros_that_fill_them(texts: Texts) -> None:
    rows = texts.rows(["a fox"])
    assert [len(texts.table[row]) for row in rows[:, 0].tolist()] == [len("a fox") + 1]
    states, _ = texts._pipeline().encode_prompt(
        ["a fox"], do_classifier_free_guidance=False, max_sequence_length=LENGTH
    )
    assert torch.equal(texts.states(rows), states)


def test_a_training_tells_how_many_captions_are_cut_and_what_of_the_first(
    training: Json, wan: Json, tmp_path: Path
) -> None:
    long = "very " * 110 + "tall"
    dataset = write_snapshot(tmp_path / "data", 8, first=long, fps="16/1")
    job = {**lora_job(training, wan), "dataset": dataset, "steps": 1}
    assert main([str(write_run(tmp_path / "run", job))]) == 0, outcome(tmp_path / "run")
    said = [one["message"] for one in events(tmp_path / "run") if one.get("code") == "words-unread"]
    assert len(said) == 1 and "1 of 8 captions" in said[0]
    assert re.search(r"the last \d+ of clip [0-9a-f]{12}\.", said[0]) and "tall" not in said[0]
