from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from conftest import Json, line_of, write_manifest, write_run, write_snapshot
from signing import seal

from backlot_engine.contract import DatasetInput
from backlot_engine.data.gate import open_gate
from backlot_engine.data.snapshot import open_snapshot, read_clips
from backlot_engine.failure import Failure
from backlot_engine.run import read_job


def read(dataset: Json) -> int:
    base = {"path": "/nowhere", "sha256": "0" * 64}
    job = {
        "version": 1,
        "id": "x",
        "seed": 1,
        "threads": 1,
        "device": "cpu",
        "kind": "encode",
        "base": base,
        "dataset": dataset,
    }
    run = write_run(Path(dataset["path"]).parent / "run", job)
    snapshot = open_snapshot(DatasetInput.of(dataset), open_gate(run, *read_job(run)))
    return sum(1 for _ in read_clips(snapshot, snapshot.clips))


def test_every_clip_is_read(tmp_path: Path) -> None:
    assert read(write_snapshot(tmp_path / "d", 3)) == 3


def test_a_changed_manifest_is_refused(tmp_path: Path) -> None:
    dataset = write_snapshot(tmp_path / "d", 3)
    with (tmp_path / "d" / "manifest.jsonl").open("a") as file:
        file.write("\n")
    with pytest.raises(Failure, match="manifest with sha256"):
        read(dataset)


def test_a_changed_clip_is_refused(tmp_path: Path) -> None:
    dataset = write_snapshot(tmp_path / "d", 3)
    shard = tmp_path / "d" / "shard-00000.u8"
    data = bytearray(shard.read_bytes())
    data[-1] ^= 1
    shard.write_bytes(data)
    with pytest.raises(Failure, match="bytes with sha256"):
        read(dataset)


@pytest.mark.parametrize("split", ["train", "heldout"])
def test_a_clip_that_is_there_twice_is_refused(tmp_path: Path, split: str) -> None:
    write_snapshot(tmp_path / "d", 3)
    lines = [json.loads(line) for line in (tmp_path / "d" / "manifest.jsonl").read_text().splitlines()]
    dataset = write_manifest(tmp_path / "d", [*lines, {**lines[0], "split": split}])
    with pytest.raises(Failure, match=f"twice, for train and {split}"):
        read(dataset)


def test_a_caption_may_hold_a_line_separator(tmp_path: Path) -> None:
    dataset = write_snapshot(tmp_path / "d", 2)
    manifest = tmp_path / "d" / "manifest.jsonl"
    text = manifest.read_text().replace("a shape", "a\u2028shape")
    manifest.write_text(text, encoding="utf-8")
    dataset["digest"] = hashlib.sha256(text.encode()).hexdigest()
    assert read(seal(dataset)) == 2


@pytest.mark.parametrize("name", ["../outside.u8", "/etc/passwd"])
def test_a_shard_outside_the_snapshot_is_refused(tmp_path: Path, name: str) -> None:
    write_snapshot(tmp_path / "d", 1)
    data = (tmp_path / "d" / "shard-00000.u8").read_bytes()
    (tmp_path / "outside.u8").write_bytes(data)
    dataset = write_manifest(tmp_path / "d", [{**line_of(data, 0, 0, "train"), "shard": name}])
    with pytest.raises(Failure, match="inside the snapshot"):
        read(dataset)


def test_a_link_out_of_the_snapshot_is_refused(tmp_path: Path) -> None:
    dataset = write_snapshot(tmp_path / "d", 1)
    (tmp_path / "d" / "shard-00000.u8").rename(tmp_path / "outside.u8")
    (tmp_path / "d" / "shard-00000.u8").symlink_to(tmp_path / "outside.u8")
    with pytest.raises(Failure, match="inside the snapshot"):
        read(dataset)


def test_a_clip_line_with_another_field_is_refused(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "d", 1)
    data = (tmp_path / "d" / "shard-00000.u8").read_bytes()
    dataset = write_manifest(tmp_path / "d", [{**line_of(data, 0, 0, "train"), "expect": "a fox"}])
    with pytest.raises(Failure, match="expect"):
        read(dataset)
