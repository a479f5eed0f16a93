"""A sheet of takes at each checkpoint, to be looked at while a model learns."""

from __future__ import annotations

import struct
from pathlib import Path

from conftest import HEIGHT, WIDTH, Json, events, outcome, write_run

from backlot_engine.run import main
from backlot_engine.sheet import COLUMNS

SAMPLING = {"steps": 2, "guidance": 2, "shift": 3}


def test_each_checkpoint_and_the_end_have_a_sheet_also_without_words(training: Json, tmp_path: Path) -> None:
    sample = {"captions": ["", "a shape"], "sampling": SAMPLING}
    job = {**training, "steps": 12, "evalEvery": 5, "checkpointEvery": 5, "sample": sample}
    assert main([str(write_run(tmp_path / "run", job))]) == 0, outcome(tmp_path / "run")
    drawn = [e for e in events(tmp_path / "run") if e["type"] == "sample"]
    sheets = {e["step"]: tmp_path / "run" / e["path"] for e in drawn}
    assert list(sheets) == [5, 10, 12]
    for path in sheets.values():
        assert struct.unpack(">II", path.read_bytes()[16:24]) == (COLUMNS * WIDTH, 2 * HEIGHT)
