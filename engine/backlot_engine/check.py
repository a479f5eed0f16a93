"""Says what each take shows and measures it. It decides nothing: what was asked for stays in TypeScript."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .contract import CheckJob
from .data.checker_folder import load_checker
from .data.snapshot import Snapshot, open_snapshot, read_clips
from .data.written import write_noted
from .fit_checker import read_chances
from .measures import figure, flicker, motion, nearest, seams, sharpness, sketches
from .models.checker import NOBODY, PLACE, TIME, Checker
from .models.palettes import bodies
from .run import Result, Run
from .takes_file import read_lines, read_pixels

# What every checker reads besides who is seen; what else one reads of worlds goes into `look`.
SHOT = ("set", "action", "camera", "time")
# The share of true new clips that the copy test may wrongly call copies.
COPY_QUANTILE = 0.01
# Names less likely than this are not told.
TOLD = 0.01


def run(job: CheckJob, run: Run) -> Result:
    """Writes `checks.jsonl`, one `CheckLine` a take; the result names the copy limit of the clips."""
    torch.set_num_threads(job.threads)
    run.started(None)
    checker = load_checker(job.checker)
    lines = read_lines(job.takes)
    takes = torch.stack([read_pixels(line, Path(job.takes.path).parent) for line in lines])
    run.phase("reading takes")
    rows = rows_of(checker, [line.id for line in lines], takes)
    limit = _copies(job, run, rows, takes)
    path = Path("checks.jsonl")
    write_noted("".join(json.dumps(row, sort_keys=True) + "\n" for row in rows).encode(), run.folder / path)
    return {"checks": run.artifact("checks", path), "takes": len(rows), "copyLimit": limit}


def rows_of(checker: Checker, ids: list[str], takes: Tensor) -> list[dict[str, Any]]:
    """One `CheckLine` a take, without the search for copies: uint8 takes (n, frames, 3, height, width)."""
    chances = read_chances(checker, takes)
    measured = {
        "sharpness": sharpness(takes),
        "flicker": flicker(takes),
        "seams": seams(takes),
        "motion": motion(takes),
        "figure": figure(takes),
    }
    rows: list[dict[str, Any]] = []
    for index, take in enumerate(ids):
        told = {head: _told(checker.shape.names[head], of[index]) for head, of in chances.items()}
        read = {head: _likeliest(of) for head, of in told.items()}
        someone = read.pop(checker.shape.who)
        seen = [] if someone["name"] == NOBODY else [someone]
        shot = {head: read.pop(head) for head in SHOT}
        row: dict[str, Any] = {"id": take, "characters": seen, **shot, "look": read, "likely": told}
        row["bodies"] = _bodies(checker, told, takes[index])
        row["bodyShares"] = _shares(checker, told, row["bodies"])
        row.update({name: round(of[index].item(), 4) for name, of in measured.items()})
        rows.append(row)
    return rows


def _bodies(checker: Checker, told: dict[str, dict[str, float]], take: Tensor) -> dict[str, float]:
    """How much of a body each likely person has, in the likeliest place at the likeliest time."""
    if checker.places is None:
        return {}
    names = checker.shape.names
    place, time = (next(iter(told[head])) for head in (PLACE, TIME))
    bands = checker.places.means[names[PLACE].index(place), names[TIME].index(time)]
    likely = [name for name in told[checker.shape.who] if time in checker.palettes.get(name, {})]
    colours = {name: checker.palettes[name][time] for name in likely}
    return {name: round(most, 4) for name, most in bodies(take, colours, bands).items()}


def _shares(checker: Checker, told: dict[str, dict[str, float]], has: dict[str, float]) -> dict[str, float]:
    """The bodies over what true clips of each person have at the likeliest time."""
    time = next(iter(told[TIME]))
    usual = {name: checker.usual.get(name, {}).get(time) for name in has}
    return {name: round(has[name] / most, 4) for name, most in usual.items() if most is not None}


def _told(names: tuple[str, ...], chances: Tensor) -> dict[str, float]:
    """The likely names, the likeliest first."""
    ranked = sorted(zip(names, chances.tolist(), strict=True), key=lambda one: -one[1])
    return {name: round(chance, 4) for name, chance in ranked if chance >= TOLD or name == ranked[0][0]}


def _likeliest(told: dict[str, float]) -> dict[str, object]:
    name, probability = next(iter(told.items()))
    return {"name": name, "probability": probability}


def _copies(job: CheckJob, run: Run, rows: list[dict[str, object]], takes: Tensor) -> float | None:
    """Adds the nearest training clip to each row; the limit below which a take counts as a copy, or None."""
    if job.training is None:
        for row in rows:
            row.update(nearestClip=None, copyDistance=None)
        return None
    run.phase("looking for copies")
    snapshot = open_snapshot(job.training, run.gate)
    clips = snapshot.split("train")
    known = _sketched(snapshot, clips)
    distances, indices = nearest(sketches(takes), known)
    for row, distance, index in zip(rows, distances.tolist(), indices.tolist(), strict=True):
        row.update(nearestClip=clips[index].id, copyDistance=round(distance, 4))
    return _limit(_sketched(snapshot, snapshot.split("heldout")), known)


def _sketched(snapshot: Snapshot, clips: tuple[object, ...]) -> Tensor:
    parts = [sketches(pixels[None]) for _, pixels in read_clips(snapshot, clips)]  # type: ignore[arg-type]
    return torch.cat(parts) if parts else torch.empty(0, 0)


def _limit(held: Tensor, known: Tensor) -> float | None:
    if len(held) == 0:
        return None
    return torch.quantile(nearest(held, known)[0], COPY_QUANTILE).item()
