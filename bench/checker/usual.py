"""How much of a body true clips of each person have at each time of day, and two limits (ADR 0200).

`PYTHONPATH=engine python bench/checker/usual.py DIR CHECKER OUT` reads with CHECKER, a folder of weights and
palettes, the clips that `node bench/checker/usual.ts --out DIR` rendered. It writes OUT, which lies beside
the weights as `usual.json`: the median by person and time. It prints the limits that go onto the card.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from torch import Tensor

from backlot_engine.check import rows_of
from backlot_engine.contract import Input
from backlot_engine.data.checker_folder import load_checker
from backlot_engine.data.hashing import folder_hash
from backlot_engine.models.checker import TIME, Checker

FRAMES, HEIGHT, WIDTH = 17, 64, 96
PART = 64
# The share of true clips that a limit may refuse: of `figure` and `flickerMost` as in degraded.py. A share of
# a body stands beside `body`, which few true clips miss; with .03 smears that two eyes refuse would pass.
OUTERMOST, OUTERMOST_SHARE = 0.005, 0.04

Json = dict[str, Any]


def main(folder: Path, checker_folder: Path, out: Path) -> None:
    torch.set_num_threads(1)
    checker = load_checker(Input(str(checker_folder), folder_hash(checker_folder)))
    truth = {row["id"]: row for row in lines_of(folder / "truth.jsonl")}
    clips = lines_of(folder / "manifest.jsonl")
    rows = [row for at in range(0, len(clips), PART) for row in read(checker, folder, clips[at : at + PART])]
    shown = bodies_of(rows, truth)
    usual: dict[str, dict[str, float]] = {}
    for who, time in sorted(shown):
        usual.setdefault(who, {})[time] = round(median(shown[who, time]), 4)
    out.write_text(json.dumps(usual, indent=1, sort_keys=True) + "\n")
    shares = [most / usual[who][time] for (who, time), of in shown.items() for most in of]
    limits = {
        "figure": round(quantile([row["figure"] for row in rows], OUTERMOST), 1),
        "bodyShare": round(quantile(shares, OUTERMOST_SHARE), 3),
        "flickerMost": flicker_by_camera(rows, truth),
    }
    print(json.dumps({"clips": len(rows), "bodies": len(shares), **limits}))


def bodies_of(rows: list[Json], truth: dict[str, Json]) -> dict[tuple[str, str], list[float]]:
    """The bodies of who is there, by person and time, where the time is read right."""
    shown: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in rows:
        who, time = truth[row["id"]]["characters"][0]["name"], truth[row["id"]][TIME]
        if row[TIME]["name"] == time and who in row["bodies"]:
            shown[who, time].append(row["bodies"][who])
    return shown


def flicker_by_camera(rows: list[Json], truth: dict[str, Json]) -> dict[str, float]:
    flickers: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        flickers[truth[row["id"]]["camera"]].append(row["flicker"])
    return {camera: round(quantile(of, 1 - OUTERMOST), 3) for camera, of in sorted(flickers.items())}


def quantile(values: list[float], share: float) -> float:
    return float(np.quantile(values, share))


def lines_of(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def read(checker: Checker, folder: Path, clips: list[Json]) -> list[Json]:
    takes = torch.stack([pixels_of(folder, clip) for clip in clips])
    return rows_of(checker, [clip["id"] for clip in clips], takes)


def pixels_of(folder: Path, clip: Json) -> Tensor:
    pixels = np.fromfile(folder / clip["shard"], np.uint8, clip["bytes"], offset=clip["offset"])
    return torch.from_numpy(pixels.reshape(FRAMES, HEIGHT, WIDTH, 3).transpose(0, 3, 1, 2).copy())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
