"""Attacks on what a run goes on from: checkpoints that it has not left itself."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from pathlib import Path

from attacked import World
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from signing import RUN_KEY, envelope, permit_statement

from backlot_engine.contract import TrainJob
from backlot_engine.data.checkpoint import MARK, STATE, TENSORS
from backlot_engine.data.keys import key_id
from backlot_engine.data.marks import MARK_TYPE, PERMIT_TYPE
from backlot_engine.data.tensors import parse_tensors, save_tensors
from backlot_engine.run import read_job as engine_job
from backlot_engine.train import recipe


def own_key(draw: random.Random) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(draw.randbytes(32))


def planted(world: World, home: Path, draw: random.Random) -> Path:
    """A checkpoint of the attacker's at the run's last step: whole, of its recipe, with other weights."""
    step = home / "run/checkpoints/step-000001"
    shutil.copytree(world.checkpoint, step)
    scale = draw.uniform(2, 9)
    found = parse_tensors((step / TENSORS).read_bytes(), step / TENSORS)
    save_tensors(
        {name: one * scale if one.is_floating_point() else one for name, one in found.items()}, step / TENSORS
    )
    job, _ = engine_job(home / "run")
    assert isinstance(job, TrainJob)
    state = json.loads((step / STATE).read_text())
    (step / STATE).write_text(json.dumps({**state, "recipe": recipe(job)}))
    return step


def hashes_of(step: Path) -> dict[str, str]:
    return {name: hashlib.sha256((step / name).read_bytes()).hexdigest() for name in (STATE, TENSORS)}


def checkpoint_planted(world: World, home: Path, draw: random.Random) -> None:
    """With hashes of its own, under a mark that was left as it was, is gone, or is nonsense."""
    step = planted(world, home, draw)
    (step / "hashes.json").write_text(json.dumps(hashes_of(step)))
    if draw.random() < 0.7:
        (step / MARK).unlink()
        if draw.random() < 0.5:
            (step / MARK).write_text(draw.choice(["", "{}", "null", json.dumps(hashes_of(step))]))


def checkpoint_signed_by_attacker(world: World, home: Path, draw: random.Random) -> None:
    """Under the run's own permit, one that the attacker has signed, or another run's that names the key."""
    step, key = planted(world, home, draw), own_key(draw)
    mark = envelope(MARK_TYPE, {"version": 1, "files": hashes_of(step)}, key)
    public = key.public_key().public_bytes_raw().hex()
    statement = permit_statement(home / "run", key=public)
    permits = [
        json.loads((home / "run/permit.json").read_text()),
        envelope(PERMIT_TYPE, statement, own_key(draw)),
        envelope(PERMIT_TYPE, {**statement, "run": f"run_{draw.random()}"}),
    ]
    said = {"permit": draw.choice(permits), "mark": mark}
    if draw.random() < 0.5:
        said["mark"]["signatures"][0]["keyid"] = key_id(RUN_KEY)
    (step / MARK).write_text(json.dumps(said))


def checkpoint_of_another_run(world: World, home: Path, draw: random.Random) -> None:
    """One that a run of this model really left and marked, as it is or with the attacked run's permit."""
    step = home / "run/checkpoints/step-000001"
    shutil.copytree(world.checkpoint, step)
    if draw.random() < 0.5:
        mark = json.loads((step / MARK).read_text())
        mark["permit"] = json.loads((home / "run/permit.json").read_text())
        state = json.loads((step / STATE).read_text())
        job, _ = engine_job(home / "run")
        assert isinstance(job, TrainJob)
        (step / STATE).write_text(json.dumps({**state, "recipe": recipe(job)}))
        (step / MARK).write_text(json.dumps(mark))
