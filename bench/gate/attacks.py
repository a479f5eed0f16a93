"""One function an attack: it may change every file of a permitted run and of its snapshot."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attacked import World, read_job
from attacks_checkpoints import (
    checkpoint_of_another_run,
    checkpoint_planted,
    checkpoint_signed_by_attacker,
    own_key,
)
from files import line_of, write_manifest
from signing import envelope, in_days, permit, permit_statement, seal, seal_statement

from backlot_engine.data.gate import SEAL_TYPE
from backlot_engine.data.marks import PERMIT_TYPE

Json = dict[str, Any]
Attack = Callable[[World, Path, random.Random], None]


def change_job(home: Path, **changes: Any) -> None:
    (home / "run/job.json").write_text(json.dumps({**read_job(home / "run"), **changes}))


def lines_of(home: Path) -> list[Json]:
    return [json.loads(line) for line in (home / "clips/manifest.jsonl").read_text().splitlines()]


def rewrite(home: Path, lines: list[Json], draw: random.Random) -> None:
    """A manifest of the attacker's, named by the job, under the old seal or a forged one."""
    kept = (home / "clips/seal.json").read_bytes()
    dataset = write_manifest(home / "clips", lines)
    (home / "clips/seal.json").write_bytes(kept)
    change_job(home, dataset=dataset)
    if draw.random() < 0.5:
        seal(dataset, own_key(draw))
        permit(home / "run", own_key(draw))


def clip_added(_: World, home: Path, draw: random.Random) -> None:
    lines = lines_of(home)
    data = draw.randbytes(lines[0]["bytes"])
    with (home / "clips/shard-00000.u8").open("ab") as file:
        offset = file.tell()
        file.write(data)
    rewrite(home, [*lines, line_of(data, offset, len(lines), "train")], draw)


def line_changed(_: World, home: Path, draw: random.Random) -> None:
    lines = lines_of(home)
    line = draw.choice(lines)
    key, value = draw.choice(
        [
            ("caption", "a star smiles"),
            ("title", "x"),
            ("split", "train"),
            ("scene", "y"),
        ]
    )
    line[key] = (
        f"{value} {draw.random()}" if key != "split" else ("heldout" if line[key] == "train" else "train")
    )
    rewrite(home, lines, draw)


def clip_replaced(_: World, home: Path, draw: random.Random) -> None:
    """Other pixels under a new id, in the place of a permitted clip."""
    lines = lines_of(home)
    line = draw.choice(lines)
    data = draw.randbytes(line["bytes"])
    write_at(home, line["offset"], data)
    line["id"] = hashlib.sha256(data).hexdigest()
    rewrite(home, lines, draw)


def write_at(home: Path, offset: int, data: bytes) -> None:
    with (home / "clips/shard-00000.u8").open("r+b") as file:
        file.seek(offset)
        file.write(data)


def bytes_flipped(_: World, home: Path, draw: random.Random) -> None:
    line = draw.choice(lines_of(home))
    at = line["offset"] + draw.randrange(line["bytes"])
    old = (home / "clips/shard-00000.u8").read_bytes()[at]
    write_at(home, at, bytes([old ^ draw.randrange(1, 256)]))


def shard_linked(_: World, home: Path, draw: random.Random) -> None:
    """The shard is a link out of the snapshot, to other pixels or to the same."""
    shard = home / "clips/shard-00000.u8"
    data = shard.read_bytes()
    outside = home / "outside.u8"
    outside.write_bytes(data if draw.random() < 0.5 else draw.randbytes(len(data)))
    shard.unlink()
    shard.symlink_to(outside)


def folder_linked(world: World, home: Path, _: random.Random) -> None:
    """The snapshot's folder is a link to another snapshot, which is signed as well."""
    shutil.rmtree(home / "clips")
    (home / "clips").symlink_to(world.folder / "other")


def manifest_linked(_: World, home: Path, draw: random.Random) -> None:
    manifest = home / "clips/manifest.jsonl"
    (home / "other.jsonl").write_text(manifest.read_text() + "\n" * draw.randrange(1, 5))
    manifest.unlink()
    manifest.symlink_to(home / "other.jsonl")


def job_changed(_: World, home: Path, draw: random.Random) -> None:
    changes: list[dict[str, Any]] = [
        {"steps": draw.randrange(2, 99)},
        {"seed": draw.randrange(2, 999)},
        {"id": f"run_{draw.random()}"},
    ]
    change_job(
        home,
        **draw.choice(
            [
                *changes,
                {"captionDropout": draw.random()},
                {"subset": draw.randrange(1, 4)},
            ]
        ),
    )


def job_spaced(_: World, home: Path, draw: random.Random) -> None:
    """The same job in other bytes: what a parser reads alike must not pass."""
    text = (home / "run/job.json").read_text()
    (home / "run/job.json").write_text(text.replace(":", ":" + " " * draw.randrange(2, 9), 1))


def dataset_exchanged(world: World, home: Path, _: random.Random) -> None:
    other = world.folder / "other"
    digest = hashlib.sha256((other / "manifest.jsonl").read_bytes()).hexdigest()
    change_job(home, dataset={"path": str(other), "digest": digest})


def prior_added(world: World, home: Path, draw: random.Random) -> None:
    other = world.folder / "other"
    digest = hashlib.sha256((other / "manifest.jsonl").read_bytes()).hexdigest()
    change_job(
        home,
        prior={
            "dataset": {"path": str(other), "digest": digest},
            "share": draw.uniform(0.1, 0.9),
        },
    )


def permit_forged(_: World, home: Path, draw: random.Random) -> None:
    """Signed by the attacker, under the own or a trusted key's id, the key put into the workspace."""
    key = own_key(draw)
    text = (home / "run/permit.json").read_text()
    permit(home / "run", key)
    if draw.random() < 0.5:
        forged = json.loads((home / "run/permit.json").read_text())
        forged["signatures"][0]["keyid"] = json.loads(text)["signatures"][0]["keyid"]
        (home / "run/permit.json").write_text(json.dumps(forged))
    (home / "run/trusted").mkdir()
    (home / "run/trusted/attacker.pem").write_text("a key")


def signature_damaged(_: World, home: Path, draw: random.Random) -> None:
    path = home / draw.choice(["run/permit.json", "clips/seal.json"])
    value = json.loads(path.read_text())
    signature = value["signatures"][0]
    raw = bytearray(base64.b64decode(signature["sig"]))
    raw[draw.randrange(len(raw))] ^= draw.randrange(1, 256)
    signature["sig"] = base64.b64encode(draw.choice([bytes(raw), bytes(raw[:-1]), b""])).decode()
    path.write_text(json.dumps(value))


def statement_changed(_: World, home: Path, draw: random.Random) -> None:
    """One field of a signed statement, under the old signature."""
    name, changes = draw.choice(
        [
            ("run/permit.json", {"expires": in_days(draw.uniform(1, 999))}),
            ("run/permit.json", {"decidedSince": in_days(-9999)}),
            ("run/permit.json", {"key": own_key(draw).public_key().public_bytes_raw().hex()}),
            ("clips/seal.json", {"trainer": "vendor"}),
            ("clips/seal.json", {"use": "train.performer"}),
            ("clips/seal.json", {"decidedAt": in_days(draw.uniform(0, 9))}),
        ]
    )
    value = json.loads((home / name).read_text())
    statement = {**json.loads(base64.b64decode(value["payload"])), **changes}
    value["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    (home / name).write_text(json.dumps(value))


def types_exchanged(_: World, home: Path, draw: random.Random) -> None:
    """Something that a trusted key did sign, as something else."""
    run, digest = home / "run", read_job(home / "run")["dataset"]["digest"]
    if draw.random() < 0.5:
        (run / "permit.json").write_text(json.dumps(envelope(SEAL_TYPE, permit_statement(run))))
    else:
        (home / "clips/seal.json").write_text(json.dumps(envelope(PERMIT_TYPE, seal_statement(digest))))
        permit(run)


def permit_of_another_run(world: World, home: Path, draw: random.Random) -> None:
    """A permit that was really issued: to another job on the same snapshot."""
    other = world.fresh(f"{home.name}-lender")
    change_job(other, id=f"run_{draw.randrange(9999)}", steps=draw.randrange(1, 9))
    permit(other / "run")
    shutil.copy(other / "run/permit.json", home / "run/permit.json")
    shutil.rmtree(other)


def permit_expired(_: World, home: Path, draw: random.Random) -> None:
    permit(home / "run", expires=in_days(-draw.uniform(0.0001, 400)))


def permit_before_the_job(_: World, home: Path, draw: random.Random) -> None:
    """The permit that this very run had before its snapshot was frozen anew: it lists the old digest."""
    old = (home / "run/permit.json").read_bytes()
    lines = lines_of(home)
    change_job(
        home,
        dataset=write_manifest(home / "clips", lines[: draw.randrange(3, len(lines))]),
    )
    (home / "run/permit.json").write_bytes(old)


def decision_old(_: World, home: Path, draw: random.Random) -> None:
    seal(read_job(home / "run")["dataset"], decidedAt=in_days(-draw.uniform(90.01, 4000)))
    permit(home / "run")


def seal_of_another(world: World, home: Path, draw: random.Random) -> None:
    shutil.copy(world.folder / "other/seal.json", home / "clips/seal.json")
    if draw.random() < 0.5:
        permit(home / "run")


def use_narrower(_: World, home: Path, draw: random.Random) -> None:
    """Cleared and permitted for something that is no training."""
    use = draw.choice(["eval", "index", "condition", "generate.previz"])
    seal(read_job(home / "run")["dataset"], use=use)
    listed = permit_statement(home / "run")["snapshots"]
    permit(home / "run", snapshots=[{**one, "use": use} for one in listed])


def file_missing(_: World, home: Path, draw: random.Random) -> None:
    path = home / draw.choice(["run/permit.json", "clips/seal.json"])
    path.unlink()
    if draw.random() < 0.5:
        path.write_text(draw.choice(["", "{}", "null", "[]", '{"payload": 1}']))


ATTACKS: dict[str, Attack] = {
    "checkpoint planted, with its own hashes": checkpoint_planted,
    "checkpoint planted, with a mark of the attacker's": checkpoint_signed_by_attacker,
    "checkpoint of another run": checkpoint_of_another_run,
    "clip added to the manifest": clip_added,
    "line of the manifest changed": line_changed,
    "clip replaced, manifest rewritten": clip_replaced,
    "bytes of a clip flipped": bytes_flipped,
    "shard is a link out of the snapshot": shard_linked,
    "snapshot folder is a link to another": folder_linked,
    "manifest is a link": manifest_linked,
    "job changed": job_changed,
    "job in other bytes": job_spaced,
    "other signed snapshot named in the job": dataset_exchanged,
    "prior snapshot added to the job": prior_added,
    "permit signed by the attacker": permit_forged,
    "signature damaged": signature_damaged,
    "signed statement changed": statement_changed,
    "seal and permit exchanged": types_exchanged,
    "permit of another run": permit_of_another_run,
    "permit expired": permit_expired,
    "old permit, snapshot frozen anew": permit_before_the_job,
    "decision too old": decision_old,
    "seal of another snapshot": seal_of_another,
    "cleared for another use": use_narrower,
    "permit or seal missing": file_missing,
}
