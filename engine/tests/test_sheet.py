"""A sheet of takes at each checkpoint, to be looked at while a model learns."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

import pytest
from conftest import HEIGHT, WIDTH, Json, events, outcome, write_run

from backlot_engine.contract import Sampling, TrainJobSample
from backlot_engine.failure import Failure
from backlot_engine.run import main
from backlot_engine.sheet import COLUMNS, captions_of

SAMPLING = {"steps": 2, "guidance": 2, "shift": 3}


def test_each_checkpoint_and_the_end_have_a_sheet_also_without_words(training: Json, tmp_path: Path) -> None:
    words = json.dumps(["", "a shape"]).encode()
    sample = {"captions": hashlib.sha256(words).hexdigest(), "sampling": SAMPLING}
    job = {**training, "steps": 12, "evalEvery": 5, "checkpointEvery": 5, "sample": sample}
    run = write_run(tmp_path / "run", job)
    (run / "captions.json").write_bytes(words)
    assert main([str(run)]) == 0, outcome(tmp_path / "run")
    drawn = [e for e in events(tmp_path / "run") if e["type"] == "sample"]
    sheets = {e["step"]: tmp_path / "run" / e["path"] for e in drawn}
    assert list(sheets) == [5, 10, 12]
    for path in sheets.values():
        assert struct.unpack(">II", path.read_bytes()[16:24]) == (COLUMNS * WIDTH, 2 * HEIGHT)


def test_a_sheet_is_of_the_words_that_the_job_names_and_of_no_others(tmp_path: Path) -> None:
    words = json.dumps(["a shape"]).encode()
    sample = TrainJobSample(hashlib.sha256(words).hexdigest(), Sampling(2, 2.0, 3.0))
    assert captions_of(None, tmp_path) == []
    with pytest.raises(Failure, match=r"captions\.json"):
        captions_of(sample, tmp_path)
    (tmp_path / "captions.json").write_bytes(words)
    assert captions_of(sample, tmp_path) == ["a shape"]
    (tmp_path / "captions.json").write_bytes(b'["another"]')
    with pytest.raises(Failure, match="sha256"):
        captions_of(sample, tmp_path)
