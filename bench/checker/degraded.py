"""How far a true clip can be damaged before a person no longer calls it recognisable.

`python bench/checker/degraded.py RUN OUT` reads the clips that RUN, a fit-checker run, was permitted to learn
from (`node src/sample/sign-cli.ts --run RUN` permits it for another hour and prints what its environment
needs). It damages true clips in steps, draws them (OUT/degraded.png, a row a step in the order of STEPS) and
writes limits (OUT/limits.json). A person looked at the picture and named the last recognisable step of each
damage in LAST; the limits are the smallest and largest measures of those steps, without the outermost half
percent.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
from torch import Tensor

from backlot_engine.contract import FitCheckerJob
from backlot_engine.data.gate import open_gate
from backlot_engine.data.png import write_png
from backlot_engine.data.snapshot import Snapshot, open_snapshot, read_clips
from backlot_engine.degrade import blurred, noisy, seamed
from backlot_engine.measures import flicker, motion, seams, sharpness
from backlot_engine.run import read_job

CLIPS, SHOWN, SEED = 400, 6, 5
STEPS: list[tuple[str, float]] = [
    ("truth", 0),
    *[("blur", radius) for radius in (1, 2, 3)],
    *[("noise", amount) for amount in (0.1, 0.2, 0.35, 0.5)],
    *[("seams", amount) for amount in (0.1, 0.2, 0.3, 0.45)],
]

# Judged by eye on 2026-11-22: beyond these the characters' textures and faces are gone, or coloured squares
# are seen before the character is.
LAST = {"truth": 0, "blur": 2, "noise": 0.2, "seams": 0.1}
OUTERMOST = 0.005


def damaged(clips: Tensor, kind: str, amount: float) -> Tensor:
    draw = torch.Generator().manual_seed(SEED)
    if kind == "blur":
        return blurred(clips, int(amount))
    if kind == "noise":
        return noisy(clips, amount, draw)
    return seamed(clips, amount, 16, draw) if kind == "seams" else clips


def to_bytes(clips: Tensor) -> Tensor:
    return ((clips.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)


def clips_of(run: Path) -> Snapshot:
    """The clips of a fit-checker run, by its own permit. Raises Failure."""
    job, data = read_job(run)
    if not isinstance(job, FitCheckerJob):
        raise SystemExit(f"{run}: expected a fit-checker run, found {job.kind}")
    return open_snapshot(job.dataset, open_gate(run, job, data))


def main(run: Path, out: Path) -> None:
    snapshot = clips_of(run)
    held = tuple(clip for clip in snapshot.split("heldout") if clip.title != "worlds")[:CLIPS]
    action_of = action_by_id(snapshot.folder)
    actions = [action_of[clip.id] for clip in held]
    truth = torch.stack([pixels for _, pixels in read_clips(snapshot, held)]).float() / 127.5 - 1
    steps = {step: to_bytes(damaged(truth, *step)) for step in STEPS}
    out.mkdir(parents=True, exist_ok=True)
    draw_sheet(list(steps.values()), out / "degraded.png")
    kept = [clips for (kind, amount), clips in steps.items() if amount <= LAST[kind]]
    limits = {
        "probability": 0.5,
        "sharpness": limits_of([sharpness(clips) for clips in kept]),
        "seams": limits_of([seams(clips) for clips in kept]),
        "flicker": limits_of([flicker(clips) for clips in kept]),
        "motion": by_action([motion(clips) for clips in kept], actions),
    }
    (out / "limits.json").write_text(json.dumps(limits, indent=1) + "\n", encoding="utf-8")


def action_by_id(folder: Path) -> dict[str, str]:
    rows = (json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["id"]: row["action"] for row in rows}


def draw_sheet(steps: list[Tensor], path: Path) -> None:
    rows = [torch.cat(list(clips[:SHOWN, 8]), -1) for clips in steps]
    sheet = torch.cat(rows, 1).repeat_interleave(2, 1).repeat_interleave(2, 2)
    write_png(sheet.permute(1, 2, 0).contiguous(), path)


def limits_of(measures: list[Tensor]) -> list[float]:
    """Smallest and largest over the steps, each step without its outermost half percent."""
    low = min(float(torch.quantile(values, OUTERMOST)) for values in measures)
    high = max(float(torch.quantile(values, 1 - OUTERMOST)) for values in measures)
    return [round(low, 3), round(high, 3)]


def by_action(measures: list[Tensor], actions: list[str]) -> dict[str, list[float]]:
    chosen = {action: torch.tensor([one == action for one in actions]) for action in sorted(set(actions))}
    return {action: limits_of([values[mask] for values in measures]) for action, mask in chosen.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
