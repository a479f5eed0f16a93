from __future__ import annotations

from pathlib import Path

import pytest
import torch
from conftest import Json, events, outcome, write_run, write_snapshot

from backlot_engine import small
from backlot_engine.models.words import words_of
from backlot_engine.run import main


def told(folder: Path, job: Json, code: str = "words-unread") -> str | None:
    """What a run says of words that the model does not read, or that nobody taught it."""
    assert main([str(write_run(folder, job))]) == 0, outcome(folder)
    said = {one["code"]: one["message"] for one in events(folder) if one["type"] == "notice"}
    return said.get(code)


def test_words_past_the_end_of_what_the_model_reads_are_told_when_it_learns(
    training: Json, tmp_path: Path
) -> None:
    dataset = write_snapshot(tmp_path / "data", 12, heldout=4, what="tollo", first="very tall lighthouse")
    said = told(tmp_path / "run", {**training, "dataset": dataset, "steps": 1})
    assert said is None  # the long caption is held out
    dataset = write_snapshot(tmp_path / "more", 12, what="tollo", first="very tall lighthouse")
    said = told(tmp_path / "again", {**training, "dataset": dataset, "steps": 1})
    assert said is not None and "1 of 12" in said
    assert "the last 1 of " in said and "moves" not in said and "lighthouse" not in said


def test_a_mirrored_clip_says_so_in_place_of_its_last_word(training: Json, tmp_path: Path) -> None:
    dataset = write_snapshot(tmp_path / "data", 12, what="tall tollo")
    job = {**training, "dataset": dataset, "steps": 1}
    assert told(tmp_path / "plain", job) is None
    said = told(tmp_path / "mirrored", {**job, "mirror": True})
    assert said is not None and "12 of 12" in said


def test_the_end_of_a_brief_that_is_not_read_is_told(generating: Json, tmp_path: Path) -> None:
    brief = {**generating["briefs"][0], "candidates": 1, "text": "a shape moves and then it waves goodbye"}
    said = told(tmp_path / "run", {**generating, "briefs": [brief]})
    assert said is not None and "1 of 1" in said
    assert f"the last 2 of brief {brief['id']}." in said and "goodbye" not in said
    assert told(tmp_path / "short", {**generating, "briefs": generating["briefs"][:1]}) is None


def test_a_word_of_a_brief_that_nobody_taught_is_told_by_where_it_stands(
    generating: Json, adapter: Json, tmp_path: Path
) -> None:
    """The adapter was taught `tollo`."""

    def said(name: str, text: str, *adapters: Json) -> str | None:
        brief = {**generating["briefs"][0], "candidates": 1, "text": text}
        job = {**generating, "briefs": [brief], "adapters": list(adapters)}
        return told(tmp_path / name, job, "words-untaught")

    assert said("taught", "a tollo moves", adapter) is None
    spelled = said("spelled", "a shape , a tullo moves", adapter)
    assert spelled is not None and f"word 5 of brief {generating['briefs'][0]['id']} " in spelled
    assert "tullo" not in spelled and "word 3" not in spelled
    assert said("forgotten", "a tollo moves") is not None
    assert said("off", "a tollo moves", {**adapter, "weight": 0}) is not None


def test_of_a_base_that_does_not_say_what_it_knows_no_word_is_called_untaught(
    generating: Json, adapter: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bases of others may say nothing: an adapter's words are then not all that was taught."""
    monkeypatch.setattr(small, "load_known_rows", lambda _: torch.tensor([], dtype=torch.long))
    brief = {**generating["briefs"][0], "candidates": 1, "text": "a shape, a tollo moves"}
    job = {**generating, "briefs": [brief], "adapters": [adapter]}
    assert told(tmp_path / "run", job, "words-untaught") is None


def test_captions_that_put_no_spaces_between_words_are_told(training: Json, tmp_path: Path) -> None:
    def said(name: str, what: str) -> str | None:
        dataset = write_snapshot(tmp_path / f"data {name}", 12, what=what)
        return told(tmp_path / name, {**training, "dataset": dataset, "steps": 1}, "words-unspaced")

    assert said("chinese", "一只红色的狐狸在雪地里奔跑") is not None
    assert said("thai", "สุนัขจิ้งจอกวิ่งบนหิมะ") is not None
    assert said("parted", "一只 红色 的 狐狸 スパイダーマン") is None


def test_accents_are_the_same_word_however_they_are_coded() -> None:
    assert words_of("Le caf\u00e9") == words_of("le cafe\u0301") == ["le", "caf\u00e9"]
