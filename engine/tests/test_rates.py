"""Clips at another rate than a base's: nothing retimes them, so they are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import BLOCK, Json, outcome, write_manifest, write_run, write_snapshot
from files import at_rate
from test_training import preflight, worlds

from backlot_engine.run import main


def run(folder: Path, job: Json) -> Json:
    main([str(write_run(folder, job))])
    return outcome(folder)


def refused(end: Json, *said: str) -> None:
    assert end["status"] == "failed" and end["code"] == "dataset-mismatch", end
    assert all(one in end["message"] + end["hint"] for one in said), end


@pytest.mark.parametrize("method", ["lora", "full"])
def test_a_base_does_not_learn_from_clips_at_another_rate(
    adapting: Json, tmp_path: Path, method: str
) -> None:
    own = {"method": method, "lora": adapting["lora"] if method == "lora" else None}
    job = {**adapting, **own, "dataset": at_rate(adapting["dataset"], "24/1", tmp_path / "data")}
    refused(run(tmp_path / "run", job), "12/1", "24/1", "--fps 12/1")
    refused(run(tmp_path / "before", preflight(job)), "12/1", "24/1", "--fps 12/1")
    assert not (tmp_path / "run" / "checkpoints").exists()


def test_a_rate_written_otherwise_is_the_same_rate(adapting: Json, tmp_path: Path) -> None:
    job = {**adapting, "dataset": at_rate(adapting["dataset"], "12", tmp_path / "data"), "steps": 1}
    assert run(tmp_path / "run", job)["status"] == "succeeded"


def test_clips_at_two_rates_make_neither_a_model_nor_a_codec(training: Json, tmp_path: Path) -> None:
    mixed = at_rate(training["dataset"], "25/1", tmp_path / "data", only=3)
    refused(run(tmp_path / "run", {**training, "dataset": mixed}), "12/1", "25/1")
    common = {key: training[key] for key in ("version", "id", "seed", "threads", "device")}
    job = {**common, "kind": "fit-codec", "dataset": mixed, "block": BLOCK, "components": 8}
    refused(run(tmp_path / "codec", {**job, "samples": 64, "minScale": 0.05}), "12/1", "25/1")


def test_a_manifest_without_clips_is_refused_by_name(training: Json, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    empty = write_manifest(tmp_path / "data", [])
    refused(run(tmp_path / "run", preflight({**training, "dataset": empty})), "manifest.jsonl")


def test_a_model_from_scratch_mixes_in_worlds_at_the_rate_of_its_clips_alone(
    training: Json, codec: Json, tmp_path: Path
) -> None:
    job = {**training, "prior": worlds(tmp_path / "worlds", codec, codec["sha256"]), "steps": 1}
    assert run(tmp_path / "same", job)["status"] == "succeeded"
    other = {**job, "dataset": at_rate(training["dataset"], "24/1", tmp_path / "data")}
    refused(run(tmp_path / "other", other), "12/1", "24/1")


def test_a_rate_that_is_none_is_refused(training: Json, tmp_path: Path) -> None:
    for index, fps in enumerate(("x", "0/1", "24/0", "-12/1")):
        dataset = at_rate(training["dataset"], fps, tmp_path / f"data-{index}")
        refused(run(tmp_path / f"run-{index}", {**training, "dataset": dataset}), fps)


def test_a_model_from_scratch_takes_the_rate_of_its_clips(
    training: Json, generating: Json, tmp_path: Path
) -> None:
    dataset = at_rate(training["dataset"], "24/1", tmp_path / "data")
    end = run(tmp_path / "run", {**training, "dataset": dataset, "steps": 1})
    found = end["result"]["model"]
    base = {"path": str(tmp_path / "run" / found["path"]), "sha256": found["sha256"]}
    assert run(tmp_path / "takes", {**generating, "base": base})["status"] == "succeeded"
    lines = (tmp_path / "takes" / "takes.jsonl").read_text().splitlines()
    assert {json.loads(line)["fps"] for line in lines} == {"24/1"}


def test_an_open_base_learns_from_clips_at_its_own_rate_alone(training: Json, tmp_path: Path) -> None:
    open_bases = pytest.importorskip("open_bases", reason="needs the libraries of open bases")
    for name, each, rate in (("one", False, "16/1"), ("of-each", True, "24/1")):
        base = open_bases.write_wan(tmp_path / name, time_of_each=each)
        dataset = write_snapshot(tmp_path / f"{name}-data", 4)
        job = {**open_bases.lora_job(training, base), "dataset": dataset}
        refused(run(tmp_path / f"{name}-run", job), "12/1", f"--fps {rate}")
