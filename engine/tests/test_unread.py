from __future__ import annotations

from pathlib import Path

from conftest import Json, events, outcome, write_run, write_snapshot

from backlot_engine.run import main


def told(folder: Path, job: Json) -> str | None:
    """What a run says of words that the model does not read."""
    assert main([str(write_run(folder, job))]) == 0, outcome(folder)
    said = {one["code"]: one["message"] for one in events(folder) if one["type"] == "notice"}
    return said.get("words-unread")


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
