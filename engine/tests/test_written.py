"""What a run leaves is hashed as it was made: what is put in its place before it is signed is not signed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import torch
from conftest import Json, outcome, write_run
from exchanging import theirs_for
from safetensors.torch import load
from test_adapters import exporting
from test_exchanged import Case, Make, adapter_file, base, checker, codec_kept, left_by, prior, upscaler

from backlot_engine import run, train
from backlot_engine.data.hashing import folder_hash
from backlot_engine.data.tensors import dump_tensors, parse_about
from backlot_engine.run import Result, Run, main


@contextmanager
def exchanged_as_written() -> Iterator[list[Path]]:
    """Another process puts its own bytes in place of frames as soon as they are written, and of what the run
    leaves just before it is hashed.
    """
    write, artifact, done = Path.write_bytes, Run.artifact, []

    def put(file: Path, data: bytes) -> None:
        write(file, data)
        done.append(file)

    def write_bytes(path: Path, data: bytes) -> int:
        count = write(path, data)
        if path.suffix == ".u8":
            put(path, bytes(255 - one for one in data))
        return count

    def exchanging(of: Run, name: str, path: Path) -> Result:
        for file, data in theirs_for(of.folder / path).items():
            put(file, data)
        return artifact(of, name, path)

    with mock.patch.object(Path, "write_bytes", write_bytes), mock.patch.object(Run, "artifact", exchanging):
        yield done


def export(request: pytest.FixtureRequest, home: Path) -> Case:
    job, use = request.getfixturevalue("generating"), request.getfixturevalue("adapter")
    return exporting(job, use, "comfyui"), home


MAKES: list[Make] = [base, codec_kept, prior, adapter_file, export, upscaler, checker]


@pytest.mark.parametrize("make", MAKES)
def test_a_run_signs_what_it_made_and_not_what_lies_there(
    make: Make, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    job: Json = make(request, tmp_path)[0]
    assert main([str(write_run(tmp_path / "clean", job))]) == 0, outcome(tmp_path / "clean")
    with exchanged_as_written() as done:
        assert main([str(write_run(tmp_path / "attacked", job))]) == 0, outcome(tmp_path / "attacked")
    assert done
    assert left_by(tmp_path / "attacked") == left_by(tmp_path / "clean")


def test_a_cancelled_run_names_the_checkpoint_that_it_wrote(training: Json, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", training)
    step, resume, hashes = train.train_step, run._resume_from, []

    def stepped(*arguments: Any) -> float:
        (folder / "cancel").touch()
        return step(*arguments)

    def exchanging(stop: run.Cancelled) -> Result | None:
        assert stop.checkpoint is not None
        hashes.append(folder_hash(stop.checkpoint))
        for file, data in theirs_for(stop.checkpoint).items():
            file.write_bytes(data)
        return resume(stop)

    with mock.patch.object(train, "train_step", stepped), mock.patch.object(run, "_resume_from", exchanging):
        assert main([str(folder)]) == 2
    assert [outcome(folder)["resumeFrom"]["sha256"]] == hashes
    assert folder_hash(next(folder.glob("checkpoints/step-*"))) not in hashes


def test_tensors_with_words_about_them_have_the_same_bytes_each_time() -> None:
    about = {f"word {n}": str(n) for n in range(8)}
    made = {dump_tensors({"w": torch.ones(3)}, "w", about) for _ in range(8)}
    assert len(made) == 1
    assert parse_about(made.copy().pop()) == about
    assert torch.equal(load(made.pop())["w"], torch.ones(3))
