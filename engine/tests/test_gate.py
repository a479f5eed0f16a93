"""Nothing reaches a model but what a trusted key signed for this very run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from conftest import Json, outcome, write_run, write_snapshot
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from signing import KEY, envelope, in_days, permit, permit_statement, seal, seal_statement, trust

from backlot_engine.contract import DatasetInput, Job
from backlot_engine.data import keys as keys_module
from backlot_engine.data.gate import SEAL_TYPE, open_gate, uses_of
from backlot_engine.data.marks import PERMIT_TYPE
from backlot_engine.data.snapshot import open_snapshot, read_clips
from backlot_engine.failure import Failure
from backlot_engine.run import main, read_job

STRANGER = Ed25519PrivateKey.from_private_bytes(b"a key that nobody here trusts...")
# What an attack may change: the run directory and the snapshot.
Attack = Callable[[Path, Path], object]


def refusal(run: Path) -> str:
    assert main([str(run)]) == 1
    assert not (run / "checkpoints").exists() and not (run / "model").exists()
    return str(outcome(run)["code"])


@pytest.fixture
def attacked(training: Json, tmp_path: Path) -> tuple[Path, Path]:
    """A run that would train, and its snapshot."""
    dataset = write_snapshot(tmp_path / "clips", 6, heldout=2, seed=3)
    return write_run(tmp_path / "run", {**training, "dataset": dataset, "steps": 2}), tmp_path / "clips"


def test_a_signed_run_trains(attacked: tuple[Path, Path]) -> None:
    assert main([str(attacked[0])]) == 0


def change_job(run: Path, **changes: object) -> None:
    job = json.loads((run / "job.json").read_text())
    (run / "job.json").write_text(json.dumps({**job, **changes}))


def job_of(run: Path) -> Json:
    found: Json = json.loads((run / "job.json").read_text())
    return found


def write_json(path: Path, value: Json) -> None:
    path.write_text(json.dumps(value))


def digest(clips: Path) -> str:
    return str(json.loads((clips.parent / "run" / "job.json").read_text())["dataset"]["digest"])


def permit_of(run: Path, performers: list[str]) -> Path:
    """A permit for some performers."""
    listed = permit_statement(run)["snapshots"][0]
    return permit(run, snapshots=[{**listed, "performers": performers}])


def other_digest(run: Path, clips: Path) -> None:
    """The seal of one snapshot in the folder of another; both are permitted."""
    other = write_snapshot(clips.parent / "other", 3, seed=8)
    shutil.copy(Path(other["path"]) / "seal.json", clips / "seal.json")
    permit(run)


ATTACKS: dict[str, tuple[Attack, str]] = {
    "no permit": (lambda run, _: (run / "permit.json").unlink(), "permit-missing"),
    "no seal": (lambda _, clips: (clips / "seal.json").unlink(), "permit-missing"),
    "a changed job": (lambda run, _: change_job(run, steps=3), "permit-mismatch"),
    "a permit of a stranger": (lambda run, _: permit(run, STRANGER), "signature-invalid"),
    "a permit of another run": (lambda run, _: permit(run, run="run_2"), "permit-mismatch"),
    "a permit that has expired": (lambda run, _: permit(run, expires=in_days(-0.001)), "permit-expired"),
    "a permit for other snapshots": (lambda run, _: permit(run, snapshots=[]), "permit-mismatch"),
    "a seal that was changed after the permit": (
        lambda run, _: seal(job_of(run)["dataset"], use="train.style"),
        "permit-mismatch",
    ),
    "a seal of a stranger": (
        lambda run, _: (seal(job_of(run)["dataset"], STRANGER), permit(run)),
        "signature-invalid",
    ),
    "a seal of another snapshot": (other_digest, "seal-mismatch"),
    "a seal for another trainer than permitted": (
        lambda run, _: (seal(job_of(run)["dataset"], trainer="vendor"), permit(run)),
        "seal-mismatch",
    ),
    "a seal for another performer than permitted": (
        lambda run, _: (seal(job_of(run)["dataset"], performer="nia"), permit(run)),
        "seal-mismatch",
    ),
    "a seal for two performers where one is permitted": (
        lambda run, _: (seal(job_of(run)["dataset"], performers=["nia", "tom"]), permit_of(run, ["nia"])),
        "seal-mismatch",
    ),
    "a seal for one performer where two are permitted": (
        lambda run, _: (seal(job_of(run)["dataset"], performers=["nia"]), permit_of(run, ["nia", "tom"])),
        "seal-mismatch",
    ),
    "a seal of before, for one performer, where two are permitted": (
        lambda run, _: (seal(job_of(run)["dataset"], performer="nia"), permit_of(run, ["nia", "tom"])),
        "seal-mismatch",
    ),
    "a decision that is too old": (
        lambda run, _: (seal(job_of(run)["dataset"], decidedAt=in_days(-91)), permit(run)),
        "decision-too-old",
    ),
    "a permit that is really a seal": (
        lambda run, _: write_json(run / "permit.json", envelope(SEAL_TYPE, permit_statement(run))),
        "signature-invalid",
    ),
    "a seal that is really a permit": (
        lambda run, clips: (
            write_json(clips / "seal.json", envelope(PERMIT_TYPE, seal_statement(digest(clips)))),
            permit(run),
        ),
        "signature-invalid",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_is_refused(name: str, attacked: tuple[Path, Path]) -> None:
    attack, code = ATTACKS[name]
    attack(*attacked)
    assert refusal(attacked[0]) == code


def permit_for(run: Path, use: str) -> Path:
    listed = permit_statement(run)["snapshots"][0]
    return permit(run, snapshots=[{**listed, "use": use}])


@pytest.mark.parametrize("use", ["eval", "index", "train.style", "train.performer"])
def test_a_model_from_scratch_asks_for_a_permit_to_train_a_foundation(
    use: str, attacked: tuple[Path, Path]
) -> None:
    run, _ = attacked
    assert refusal(permit_for(run, use)) == "use-refused"
    message = str(outcome(run)["message"])
    assert "permit for train.foundation" in message and f"one for {use}" in message


def test_a_snapshot_frozen_for_a_style_trains_a_foundation_where_that_was_decided_too(
    attacked: tuple[Path, Path],
) -> None:
    run, _ = attacked
    seal(job_of(run)["dataset"], use="train.style")
    assert main([str(permit(run))]) == 0


@pytest.mark.parametrize("use", ["train.style", "train.foundation"])
def test_an_adapter_asks_for_a_permit_to_train_a_style(use: str, adapting: Json, tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", {**adapting, "steps": 1})
    gate = open_gate(permit_for(run, use), *read_job(run))
    wanted = DatasetInput.of(job_of(run)["dataset"])
    if use == "train.style":
        assert gate.admit(wanted).snapshot == wanted.digest
    else:
        with pytest.raises(Failure, match=r"permit for train\.style or train\.performer"):
            gate.admit(wanted)


@pytest.mark.parametrize(
    "said", [{"performers": ["nia", "tom"]}, {"performer": "nia"}, {"performer": None}, {}]
)
def test_a_seal_for_performers_is_admitted_by_a_permit_for_the_same(
    said: Json, attacked: tuple[Path, Path]
) -> None:
    run, _ = attacked
    seal(job_of(run)["dataset"], **said)
    one = said.get("performer")
    gate = open_gate(permit_of(run, said.get("performers", [one] if one else [])), *read_job(run))
    assert gate.admit(DatasetInput.of(job_of(run)["dataset"]))


def test_what_a_job_makes_of_clips_needs_the_uses_that_typescript_asks_for() -> None:
    path = Path(__file__).parents[2] / "test/fixtures/contract/uses-of-jobs.json"
    for line in json.loads(path.read_text()):
        job = cast(Job, SimpleNamespace(kind=line["kind"], method=line.get("method")))
        assert list(uses_of(job)) == line["uses"], line


@pytest.mark.parametrize("signed", ["permit", "seal"])
def test_what_a_retired_key_signed_is_refused(
    signed: str, attacked: tuple[Path, Path], retired: Ed25519PrivateKey
) -> None:
    run, _ = attacked
    if signed == "seal":
        seal(job_of(run)["dataset"], retired)
    permit(run, retired if signed == "permit" else KEY)
    assert refusal(run) == "signature-invalid"


STRANGER_ID = keys_module.key_id(STRANGER.public_key())


def test_two_trusted_keys_may_sign_seal_and_permit(attacked: tuple[Path, Path]) -> None:
    run, _ = attacked
    trust(STRANGER)
    permit(run, STRANGER)
    code = main([str(run)])
    (keys_module.keys_folder() / "trusted" / f"{STRANGER_ID}.pem").unlink()
    assert code == 0


def test_keys_that_others_could_have_written_are_refused(attacked: tuple[Path, Path], keys: Path) -> None:
    (keys / "trusted").chmod(0o777)
    code = refusal(attacked[0])
    (keys / "trusted").chmod(0o700)
    assert code == "keys-unsafe"


def test_a_shard_that_is_swapped_while_it_is_read_is_read_as_it_was(attacked: tuple[Path, Path]) -> None:
    run, clips = attacked
    gate = open_gate(run, *read_job(run))
    snapshot = open_snapshot(DatasetInput.of(job_of(run)["dataset"]), gate)
    read = read_clips(snapshot, snapshot.clips)
    next(read)
    (clips / "new.u8").write_bytes(bytes((clips / "shard-00000.u8").stat().st_size))
    (clips / "new.u8").rename(clips / "shard-00000.u8")
    assert len(list(read)) == 5
    with pytest.raises(Failure, match="bytes with sha256"):
        next(read_clips(snapshot, snapshot.clips))
