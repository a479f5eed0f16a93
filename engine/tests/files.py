"""Snapshots and runs on the disk, signed: what the tests and bench/gate give to the engine."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from signing import permit, seal

from backlot_engine.data.hashing import source_hash

FRAMES, HEIGHT, WIDTH = 5, 16, 16
BLOCK = [4, 8, 8]
Json = dict[str, Any]


def write_snapshot(
    folder: Path,
    clips: int,
    heldout: int = 0,
    seed: int = 0,
    what: str = "shape",
    first: str | None = None,
    fps: str = "12/1",
) -> Json:
    """A snapshot of smooth random clips; returns the job's dataset field. `first`: the first clip's word."""
    folder.mkdir(parents=True)
    draw = torch.Generator().manual_seed(seed)
    coarse = torch.rand(clips, 3, FRAMES, 4, 4, generator=draw)
    smooth = torch.nn.functional.interpolate(coarse, size=(FRAMES, HEIGHT, WIDTH), mode="trilinear")
    pixels = (smooth * 255).to(torch.uint8).permute(0, 2, 3, 4, 1).contiguous()
    lines, shard = [], b""
    for index, clip in enumerate(pixels):
        data = clip.numpy().tobytes()
        line = line_of(data, len(shard), index, "heldout" if index < heldout else "train")
        named = first if first and index == 0 else what
        lines.append({**line, "caption": f"a {named} number {index % 3} moves", "fps": fps})
        shard += data
    (folder / "shard-00000.u8").write_bytes(shard)
    return write_manifest(folder, lines)


def line_of(data: bytes, offset: int, index: int, split: str) -> Json:
    return {
        "id": hashlib.sha256(data).hexdigest(),
        "shard": "shard-00000.u8",
        "offset": offset,
        "bytes": len(data),
        "frames": FRAMES,
        "height": HEIGHT,
        "width": WIDTH,
        "fps": "12/1",
        "caption": f"a shape number {index % 3} moves",
        "captionSource": "shot_list",
        "title": f"title-{index % 2}",
        "shot": f"shot-{index}",
        "scene": f"scene-{index}",
        "split": split,
    }


def at_rate(dataset: Json, fps: str, to: Path, only: int | None = None) -> Json:
    """A copy of a snapshot whose clips, or the first few `only`, are said to run at another rate."""
    shutil.copytree(dataset["path"], to)
    lines = [json.loads(line) for line in (to / "manifest.jsonl").read_text().splitlines()]
    return write_manifest(to, [{**line, "fps": fps} for line in lines[:only]] + lines[len(lines[:only]) :])


def write_manifest(folder: Path, lines: list[Json]) -> Json:
    ordered = sorted(lines, key=lambda line: str(line["id"]))
    text = "".join(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n" for line in ordered)
    (folder / "manifest.jsonl").write_text(text)
    return seal({"path": str(folder), "digest": hashlib.sha256(text.encode()).hexdigest()})


def write_run(folder: Path, job: Json) -> Path:
    """A run directory with the job; one that names no engine is for this one."""
    folder.mkdir(parents=True)
    worded = beside(folder, job) if job["kind"] == "generate" else job
    (folder / "job.json").write_text(json.dumps({"engine": source_hash(), **worded}))
    return permit(folder)


def beside(folder: Path, job: Json) -> Json:
    """The job of these briefs, whose words are written beside it."""
    words = json.dumps([brief.get("text", "") for brief in job["briefs"]]).encode()
    (folder / "texts.json").write_bytes(words)
    briefs = [{key: value for key, value in brief.items() if key != "text"} for brief in job["briefs"]]
    return {**job, "briefs": briefs, "texts": hashlib.sha256(words).hexdigest()}


def outcome(folder: Path) -> Json:
    found: Json = json.loads((folder / "outcome.json").read_text())
    return found
