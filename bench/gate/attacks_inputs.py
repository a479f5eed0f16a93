"""Attacks on what a job names by its hash: other bytes in a file in the moment in which it is read."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attacked import World, read_job, run_quietly
from exchanging import exchanged, theirs_for
from files import HEIGHT, WIDTH, outcome
from signing import permit

Json = dict[str, Any]
# A job on a run's snapshot, and the file or folder that is exchanged.
Case = tuple[Json, Path]
DRAWING: Json = {
    "kind": "generate",
    "adapters": [],
    "size": None,
    "sampling": {"steps": 2, "guidance": 2, "shift": 3},
    "batch": 1,
    "precision": "fp32",
}
BRIEF: Json = {"id": "b", "candidates": 1, "seed": 5, "mode": "text", "strength": None}
TEXTS = b'["a shape"]'
LORA: Json = {"rank": 2, "alpha": 2, "words": True, "wordRate": 5}


class Inputs:
    """A base and an adapter that clean runs have left, and what clean runs on each leave."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.base = self._learn("made-base", {"steps": 8})
        adapting = {"method": "lora", "base": self.base, "shape": None, "lora": LORA, "steps": 8}
        self.adapter = {**self._learn("made-adapter", adapting), "weight": 1}
        self.clean = {name: self._clean(name) for name in INPUTS}

    def _learn(self, name: str, changes: Json) -> Json:
        run = self.world.fresh(name) / "run"
        rewrite(run, {**read_job(run), **changes})
        assert run_quietly(run) == "succeeded"
        found = outcome(run)["result"]["model"]
        return {"path": str(run / found["path"]), "sha256": found["sha256"]}

    def _clean(self, name: str) -> str:
        home = self.world.fresh(f"clean-{name}")
        job, _ = INPUTS[name](self, home)
        rewrite(home / "run", job)
        assert run_quietly(home / "run") == "succeeded"
        made = left(home / "run")
        assert made is not None
        return made


def rewrite(run: Path, job: Json) -> None:
    if job["kind"] == "generate":
        (run / "texts.json").write_bytes(TEXTS)
    (run / "job.json").write_text(json.dumps(job))
    permit(run)


def left(run: Path) -> str | None:
    """Hash of the model or of the takes that a run left."""
    result = outcome(run).get("result") or {}
    made = result.get("model") or result.get("takes")
    return made and str(made["sha256"])


def copied(source: Json, to: Path) -> Json:
    shutil.copytree(source["path"], to)
    return {**source, "path": str(to)}


def drawing(inputs: Inputs, home: Path, **changes: Any) -> Json:
    kept = ("version", "engine", "id", "seed", "threads", "device")
    common = {key: read_job(home / "run")[key] for key in kept}
    nothing = {"first": None, "last": None, "video": None}
    asked = {"briefs": [{**BRIEF, **nothing}], "texts": hashlib.sha256(TEXTS).hexdigest()}
    return {**common, **DRAWING, "base": inputs.base, **asked, **changes}


def codec(_: Inputs, home: Path) -> Case:
    job = read_job(home / "run")
    return {**job, "base": copied(job["base"], home / "base")}, home / "base/codec"


def base(inputs: Inputs, home: Path) -> Case:
    named = copied(inputs.base, home / "base")
    job = {**read_job(home / "run"), "method": "full", "shape": None, "base": named}
    return job, home / "base/transformer"


def adapter(inputs: Inputs, home: Path) -> Case:
    return drawing(inputs, home, adapters=[copied(inputs.adapter, home / "adapter")]), home / "adapter"


def given(inputs: Inputs, home: Path) -> Case:
    data = random.Random(1).randbytes(HEIGHT * WIDTH * 3)
    (home / "first.rgb").write_bytes(data)
    first = {"path": str(home / "first.rgb"), "sha256": hashlib.sha256(data).hexdigest()}
    job = drawing(inputs, home)
    return {**job, "briefs": [{**job["briefs"][0], "mode": "first", "first": first}]}, home / "first.rgb"


INPUTS: dict[str, Callable[[Inputs, Path], Case]] = {
    "codec exchanged around its hash": codec,
    "base exchanged around its hash": base,
    "adapter exchanged around its hash": adapter,
    "given frame exchanged around its hash": given,
}


def attack_inputs(inputs: Inputs, home: Path, name: str, draw: random.Random) -> tuple[str, bool]:
    """What the engine said of a run, and whether it left anything else than a clean one: other bytes come
    just before the file is read, or right after it.
    """
    job, path = INPUTS[name](inputs, home)
    rewrite(home / "run", job)
    with exchanged(theirs_for(path, draw.uniform(2, 9)), before=draw.random() < 0.5):
        said = run_quietly(home / "run")
    return said, left(home / "run") not in (None, inputs.clean[name])
