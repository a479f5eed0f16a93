from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from conftest import FRAMES, HEIGHT, WIDTH, Json, kill_when, outcome, write_run
from safetensors.torch import load_file, save_file

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
    copy = tmp_path / "adapter"
    copy.mkdir()
    config = json.loads((Path(adapter["path"]) / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "base": "0" * 64}))
    (copy / "adapter.safetensors").write_bytes((Path(adapter["path"]) / "adapter.safetensors").read_bytes())
    use = {"path": str(copy), "sha256": folder_hash(copy), "weight": 1}
    assert refused(tmp_path / "run", {**generating, "adapters": [use]}) == "adapter-mismatch"


def test_an_adapter_of_other_shapes_is_refused(generating: Json, adapter: Json, tmp_path: Path) -> None:
    copy = tmp_path / "adapter"
    copy.mkdir()
    (copy / "config.json").write_bytes((Path(adapter["path"]) / "config.json").read_bytes())
    tensors = load_file(Path(adapter["path"]) / "adapter.safetensors")
    save_file(
        {name: one for name, one in tensors.items() if "blocks.0" not in name}, copy / "adapter.safetensors"
    )
    use = {"path": str(copy), "sha256": folder_hash(copy), "weight": 1}
    assert refused(tmp_path / "run", {**generating, "adapters": [use]}) == "adapter-mismatch"


def test_a_base_with_a_codec_of_another_kind_is_refused(generating: Json, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(generating["base"]["path"], old)
    config = old / "codec" / "config.json"
    config.write_text(config.read_text().replace("BacklotLappedCodec", "BacklotBlockCodec"))
    base = {"path": str(old), "sha256": folder_hash(old)}
    assert refused(tmp_path / "run", {**generating, "base": base}) == "base-mismatch"


def test_a_changed_adapter_is_refused(generating: Json, adapter: Json, tmp_path: Path) -> None:
    use = {**adapter, "sha256": "0" * 64}
    assert refused(tmp_path / "run", {**generating, "adapters": [use]}) == "adapter-mismatch"


def test_a_brief_that_says_what_is_expected_is_refused(generating: Json, tmp_path: Path) -> None:
    brief = {**generating["briefs"][0], "expect": {"action": "jumps"}}
    assert refused(tmp_path / "run", {**generating, "briefs": [brief]}) == "bad-job"


def test_two_briefs_of_one_id_are_refused(generating: Json, tmp_path: Path) -> None:
    briefs = generating["briefs"] * 2
    assert refused(tmp_path / "run", {**generating, "briefs": briefs}) == "bad-job"


def test_cancelled_it_stops_and_names_nothing_to_resume(generating: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", generating)
    (folder / "cancel").touch()
    assert main([str(folder)]) == 2
    assert outcome(folder) == {"status": "cancelled", "resumeFrom": None}
