from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from conftest import FRAMES, HEIGHT, WIDTH, Json, kill_when, outcome, write_run

from backlot_engine.data.hashing import folder_hash
from backlot_engine.run import main
from backlot_engine.strict import check


def run(folder: Path, job: Json) -> list[Json]:
    assert main([str(write_run(folder, job))]) == 0, (folder / "outcome.json").read_text()
    return [json.loads(line) for line in (folder / "takes.jsonl").read_text().splitlines()]


def refused(folder: Path, job: Json) -> str:
    assert main([str(write_run(folder, job))]) == 1
    return str(outcome(folder)["code"])


def test_takes_are_written_with_their_lines(generating: Json, tmp_path: Path) -> None:
    lines = run(tmp_path / "run", generating)
    assert [line["id"] for line in lines] == ["b1-0", "b1-1", "b1-2"]
    for line in lines:
        check("TakeLine", line, "take", "bad-take")
        data = (tmp_path / "run" / line["path"]).read_bytes()
        assert len(data) == FRAMES * HEIGHT * WIDTH * 3 and hashlib.sha256(data).hexdigest() == line["sha256"]


def test_candidates_differ_and_the_same_job_gives_the_same_takes(generating: Json, tmp_path: Path) -> None:
    first = [line["sha256"] for line in run(tmp_path / "a", generating)]
    assert len(set(first)) == 3
    assert [line["sha256"] for line in run(tmp_path / "b", generating)] == first


def test_the_batch_does_not_change_a_take(generating: Json, tmp_path: Path) -> None:
    two = [line["sha256"] for line in run(tmp_path / "two", generating)]
    assert [line["sha256"] for line in run(tmp_path / "three", {**generating, "batch": 3})] == two


def test_a_killed_run_goes_on_to_the_same_takes(generating: Json, tmp_path: Path) -> None:
    job = {**generating, "briefs": [{**generating["briefs"][0], "candidates": 8}]}
    whole = run(tmp_path / "whole", job)
    folder = write_run(tmp_path / "killed", job)
    kill_when(folder, lambda: (folder / "takes.partial.jsonl").exists())
    assert main([str(folder)]) == 0
    assert (folder / "takes.jsonl").read_bytes() == (tmp_path / "whole" / "takes.jsonl").read_bytes()
    assert len(whole) == 8


def test_a_base_with_a_codec_of_another_kind_is_refused(generating: Json, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(generating["base"]["path"], old)
    config = old / "codec" / "config.json"
    config.write_text(config.read_text().replace("BacklotLappedCodec", "BacklotBlockCodec"))
    base = {"path": str(old), "sha256": folder_hash(old)}
    assert refused(tmp_path / "run", {**generating, "base": base}) == "base-mismatch"


def test_a_brief_that_says_what_is_expected_is_refused(generating: Json, tmp_path: Path) -> None:
    brief = {**generating["briefs"][0], "expect": {"action": "jumps"}}
    assert refused(tmp_path / "run", {**generating, "briefs": [brief]}) == "bad-job"


def test_takes_are_drawn_of_the_words_that_the_job_names_and_of_no_others(
    generating: Json, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "run", generating)
    assert "a shape" not in (run / "job.json").read_text()
    (run / "texts.json").write_text('["another"]')
    main([str(run)])
    assert outcome(run)["code"] == "captions-changed"


def test_two_briefs_of_one_id_are_refused(generating: Json, tmp_path: Path) -> None:
    briefs = generating["briefs"] * 2
    assert refused(tmp_path / "run", {**generating, "briefs": briefs}) == "bad-job"


def test_cancelled_it_stops_and_names_nothing_to_resume(generating: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", generating)
    (folder / "cancel").touch()
    assert main([str(folder)]) == 2
    answer = outcome(folder)
    assert (answer["status"], answer["resumeFrom"]) == ("cancelled", None)
