"""What is attacked: a run that would train on signed clips, small enough to be tried a thousand times."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

from files import BLOCK, outcome, write_run, write_snapshot
from signing import permit, trust

from backlot_engine.run import main

Json = dict[str, Any]
CLIPS, HELDOUT = 6, 2


class World:
    """What attacks need beside the run that they attack: a second signed snapshot, and a checkpoint that
    another run of this model has left and marked.
    """

    def __init__(self, folder: Path) -> None:
        trust()
        self.folder = folder
        fitted = write_snapshot(folder / "fitted", 8)
        codec = {
            "kind": "fit-codec",
            "dataset": fitted,
            "block": BLOCK,
            "components": 8,
            "samples": 64,
        }
        write_run(folder / "codec", {**COMMON, "id": "codec", **codec, "minScale": 0.05})
        assert run_quietly(folder / "codec") == "succeeded"
        base = outcome(folder / "codec")["result"]["base"]["sha256"]
        self.job = {
            **COMMON,
            "id": "clean",
            **LEARNING,
            "base": {"path": str(folder / "codec/base"), "sha256": base},
        }
        write_snapshot(folder / "other", CLIPS, HELDOUT, seed=2)
        donor = self.fresh("donor") / "run"
        (donor / "job.json").write_text(json.dumps({**read_job(donor), "id": "donor", "steps": 2}))
        permit(donor)
        assert run_quietly(donor) == "succeeded"
        self.checkpoint = donor / "checkpoints" / "step-000001"

    def fresh(self, name: str) -> Path:
        """A folder with a signed snapshot `clips` and a permitted run `run` that would train on it."""
        home = self.folder / name
        dataset = write_snapshot(home / "clips", CLIPS, HELDOUT, seed=1)
        write_run(home / "run", {**self.job, "dataset": dataset})
        return home


COMMON: Json = {"version": 1, "seed": 1, "threads": 1, "device": "cpu"}
OPTIMIZER = {
    "name": "adamw",
    "rate": 0.01,
    "weightDecay": 0,
    "warmupSteps": 0,
    "decayFrom": 1,
    "clipNorm": 1,
}
LEARNING: Json = {
    "kind": "train",
    "subset": None,
    "method": "scratch",
    "shape": {"width": 16, "depth": 1, "heads": 2, "words": 64, "captionWords": 6},
    "lora": None,
    "prior": None,
    "batch": 2,
    "processes": 1,
    "optimizer": OPTIMIZER,
    "emaDecay": 0,
    "captionDropout": 0,
    "givenShare": 0,
    "mirror": False,
    "shift": 3,
    "precision": "fp32",
    "latents": None,
    "knownWords": None,
    "steps": 1,
    "evalEvery": 1,
    "checkpointEvery": 1,
    "keepCheckpoints": 1,
    "sample": None,
    "resumeFrom": None,
}


def run_quietly(run: Path) -> str:
    """Runs the engine in this process. Returns `succeeded`, or the code of the refusal."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        main([str(run)])
    end = outcome(run)
    return str(end["status"] if end["status"] == "succeeded" else end["code"])


def trained(run: Path) -> str | None:
    """Hash of the weights that a run left, finished or not; None where nothing was learned."""
    if (run / "checkpoints").exists() and not (run / "outcome.json").exists():
        return "unfinished"
    end = outcome(run)
    if end["status"] == "succeeded":
        return str(end["result"]["model"]["sha256"])
    return "unfinished" if (run / "checkpoints").exists() or (run / "model").exists() else None


def read_job(run: Path) -> Json:
    found: Json = json.loads((run / "job.json").read_text())
    return found


def remove(home: Path) -> None:
    shutil.rmtree(home)
