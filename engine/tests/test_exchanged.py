"""What a job names is read once: bytes that are put there after they were hashed come to nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from conftest import FRAMES, HEIGHT, WIDTH, Json, outcome, write_run
from exchanging import exchanged, theirs_for
from test_adapters import exported, importing
from test_training import worlds
from test_upscaler import upscale_job

from backlot_engine.check import SHOT
from backlot_engine.data.checker_folder import save_checker
from backlot_engine.data.hashing import folder_hash
from backlot_engine.data.upscaler_folder import save_upscaler
from backlot_engine.models.checker import NOBODY, Checker, CheckerShape
from backlot_engine.models.upscaler import Upscaler, UpscalerShape
from backlot_engine.run import main

# A job, and the file or folder that it names and somebody exchanges.
Case = tuple[Json, Path]
Make = Callable[[pytest.FixtureRequest, Path], Case]


def copied(source: Json, to: Path) -> Json:
    """A folder that may be spoilt."""
    shutil.copytree(source["path"], to)
    return {**source, "path": str(to)}


def base(request: pytest.FixtureRequest, home: Path) -> Case:
    job = request.getfixturevalue("generating")
    return {**job, "base": copied(job["base"], home / "base")}, home / "base/transformer"


def codec(request: pytest.FixtureRequest, home: Path) -> Case:
    job = request.getfixturevalue("training")
    return {**job, "steps": 2, "base": copied(job["base"], home / "base")}, home / "base/codec"


def codec_kept(request: pytest.FixtureRequest, home: Path) -> Case:
    """Of a base that learns on: the model that is left has the base's codec."""
    job = request.getfixturevalue("adapting")
    learning = {"method": "full", "lora": None, "steps": 2}
    return {**job, **learning, "base": copied(job["base"], home / "base")}, home / "base/codec"


def adapter(request: pytest.FixtureRequest, home: Path) -> Case:
    job, use = request.getfixturevalue("generating"), request.getfixturevalue("adapter")
    return {**job, "adapters": [copied(use, home / "adapter")]}, home / "adapter"


def adapter_file(request: pytest.FixtureRequest, home: Path) -> Case:
    job, use = request.getfixturevalue("generating"), request.getfixturevalue("adapter")
    file = exported(home / "export", job, use, "diffusers")
    return importing(job, file), file


def given(request: pytest.FixtureRequest, home: Path) -> Case:
    job = request.getfixturevalue("generating")
    data = torch.arange(HEIGHT * WIDTH * 3, dtype=torch.uint8).numpy().tobytes()
    (home / "first.rgb").write_bytes(data)
    first = {"path": str(home / "first.rgb"), "sha256": hashlib.sha256(data).hexdigest()}
    return {**job, "briefs": [{**job["briefs"][0], "mode": "first", "first": first}]}, home / "first.rgb"


def prior(request: pytest.FixtureRequest, home: Path) -> Case:
    job = request.getfixturevalue("adapting")
    named = worlds(home / "worlds", job["base"], job["base"]["sha256"])
    return {**job, "steps": 2, "prior": named}, home / "worlds"


def upscaling(home: Path) -> Json:
    """A job with an upscaler of noise: what its numbers are can be seen."""
    upscaler = Upscaler(UpscalerShape(2, 4, 1))
    with torch.no_grad():
        for one in upscaler.parameters():
            one.normal_(0, 0.1)
    save_upscaler(upscaler, home / "fit/upscaler")
    made = {"upscaler": {"sha256": folder_hash(home / "fit/upscaler")}}
    (home / "fit/outcome.json").write_text(json.dumps({"result": made}))
    return upscale_job(home / "fit", home / "takes")


def upscaler(_: pytest.FixtureRequest, home: Path) -> Case:
    return upscaling(home), home / "fit/upscaler"


def takes(_: pytest.FixtureRequest, home: Path) -> Case:
    return upscaling(home), home / "takes/takes.jsonl"


def checker(_: pytest.FixtureRequest, home: Path) -> Case:
    names: dict[str, tuple[str, ...]] = {"hero": ("one", NOBODY), **dict.fromkeys(SHOT, ("one", "two"))}
    save_checker(Checker(CheckerShape(FRAMES, HEIGHT, WIDTH, names)), home / "checker")
    job = {key: value for key, value in upscaling(home).items() if key not in ("upscaler", "precision")}
    made = {"path": str(home / "checker"), "sha256": folder_hash(home / "checker")}
    return {**job, "kind": "check", "checker": made, "training": None}, home / "checker"


MAKES: list[Make] = [
    *(base, codec, codec_kept, adapter, adapter_file, given, prior, upscaler, takes, checker),
]


def left_by(folder: Path) -> str:
    """The hash of what a run that succeeded left."""
    end = outcome(folder)
    assert end["status"] == "succeeded", end
    (made,) = (one["sha256"] for one in end["result"].values() if isinstance(one, dict))
    return str(made)


@pytest.mark.parametrize("make", MAKES)
def test_bytes_that_are_put_there_after_the_hash_are_not_read(
    make: Make, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    job, path = make(request, tmp_path)
    theirs = theirs_for(path)
    assert theirs
    assert main([str(write_run(tmp_path / "clean", job))]) == 0, outcome(tmp_path / "clean")
    with exchanged(theirs):
        main([str(write_run(tmp_path / "attacked", job))])
    assert left_by(tmp_path / "attacked") == left_by(tmp_path / "clean")


@pytest.mark.parametrize("make", MAKES)
def test_bytes_that_are_put_there_before_the_hash_are_refused(
    make: Make, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    job, path = make(request, tmp_path)
    with exchanged(theirs_for(path), before=True):
        assert main([str(write_run(tmp_path / "attacked", job))]) == 1
    end = outcome(tmp_path / "attacked")
    assert end["code"] == "bad-job" or end["code"].endswith("-mismatch")
    assert "sha256" in end["message"]
