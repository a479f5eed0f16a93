"""What somebody else has put into a run directory is neither gone on from nor passed on as the run's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from conftest import Json, events, outcome, write_run
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from signing import KEY, envelope, permit_statement, trust

from backlot_engine import generate
from backlot_engine.data import checkpoint, keys
from backlot_engine.data.gate import open_gate
from backlot_engine.data.hashing import file_hash
from backlot_engine.data.marks import MARK_TYPE, PERMIT_TYPE, VARIABLE
from backlot_engine.data.tensors import parse_tensors, save_tensors
from backlot_engine.run import main, read_job

STRANGER = Ed25519PrivateKey.from_private_bytes(b"a key that nobody here trusts...")
Forgery = Callable[[Path], None]


@pytest.fixture(scope="module")
def short(training: Json) -> Json:
    return {**training, "steps": 4, "evalEvery": 4, "checkpointEvery": 2, "id": "short"}


@pytest.fixture(scope="module")
def whole(short: Json, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A finished run and the hash of its weights."""
    folder = write_run(tmp_path_factory.mktemp("whole") / "run", short)
    assert main([str(folder)]) == 0
    return folder, weights(folder)


def weights(folder: Path) -> str:
    return str(outcome(folder)["result"]["model"]["sha256"])


def planted(folder: Path, mark: Callable[[dict[str, str]], object]) -> None:
    """Other weights in the checkpoint of step 2, and a mark that fits them."""
    step = folder / "checkpoints/step-000002"
    tensors = parse_tensors((step / checkpoint.TENSORS).read_bytes(), step)
    changed = {name: torch.full_like(one, 0.1) for name, one in tensors.items()}
    save_tensors(changed, step / checkpoint.TENSORS)
    files = {name: file_hash(step / name) for name in (checkpoint.STATE, checkpoint.TENSORS)}
    (step / checkpoint.MARK).write_text(json.dumps(mark(files)))


def own_mark(folder: Path) -> Json:
    found: Json = json.loads((folder / "checkpoints/step-000002" / checkpoint.MARK).read_text())
    return found


def by_stranger(folder: Path) -> None:
    """The run's own permit, the mark signed by somebody else."""
    permit = own_mark(folder)["permit"]

    def mark(files: dict[str, str]) -> Json:
        return {"permit": permit, "mark": envelope(MARK_TYPE, {"version": 1, "files": files}, STRANGER)}

    planted(folder, mark)


def by_strange_permit(folder: Path) -> None:
    """A permit that names the stranger's key, signed by the stranger."""
    public = STRANGER.public_key().public_bytes_raw().hex()
    statement = permit_statement(folder, key=public)

    def mark(files: dict[str, str]) -> Json:
        said = envelope(MARK_TYPE, {"version": 1, "files": files}, STRANGER)
        return {"permit": envelope(PERMIT_TYPE, statement, STRANGER), "mark": said}

    planted(folder, mark)


def by_other_run(folder: Path) -> None:
    """A permit of another run, which really was signed here, and its key."""
    statement = permit_statement(folder, run="other", key=STRANGER.public_key().public_bytes_raw().hex())

    def mark(files: dict[str, str]) -> Json:
        said = envelope(MARK_TYPE, {"version": 1, "files": files}, STRANGER)
        return {"permit": envelope(PERMIT_TYPE, statement, KEY), "mark": said}

    planted(folder, mark)


def as_another_statement(folder: Path) -> None:
    """Signed by the permit's own signer, as a mark that no run has made."""
    permit = own_mark(folder)["permit"]
    planted(
        folder,
        lambda files: {"permit": permit, "mark": envelope(MARK_TYPE, {"version": 1, "files": files}, KEY)},
    )


def with_hashes(folder: Path) -> None:
    """As checkpoints once were: their hashes beside them and nothing else."""
    planted(folder, lambda files: files)
    step = folder / "checkpoints/step-000002"
    (step / checkpoint.MARK).rename(step / "hashes.json")


def garbage(folder: Path) -> None:
    planted(folder, lambda _: {"permit": 1})


FORGERIES = (by_stranger, by_strange_permit, by_other_run, as_another_statement, with_hashes, garbage)


def stopped(whole: tuple[Path, str], short: Json, folder: Path) -> Path:
    """The run as a kill after step 2 leaves it."""
    write_run(folder, short)
    step = "checkpoints/step-000002"
    shutil.copytree(whole[0] / step, folder / step)
    return folder


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda one: one.__name__)
def test_a_planted_checkpoint_is_passed_over_with_a_notice(
    forgery: Forgery, whole: tuple[Path, str], short: Json, tmp_path: Path
) -> None:
    folder = stopped(whole, short, tmp_path / "run")
    forgery(folder)
    assert main([str(folder)]) == 0
    assert weights(folder) == whole[1]
    assert "checkpoint-foreign" in [event.get("code") for event in events(folder)]
    assert [one["resumedAtStep"] for one in events(folder) if one["type"] == "started"] == [None]


def test_its_own_checkpoint_is_gone_on_from_also_when_another_key_signs_permits_now(
    whole: tuple[Path, str], short: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stopped(whole, short, tmp_path / "run")
    fresh = Ed25519PrivateKey.from_private_bytes(b"the key after the rotation, here")
    trust(fresh)
    monkeypatch.setenv(VARIABLE, b"another seed, for another permit".hex())
    own = Ed25519PrivateKey.from_private_bytes(b"another seed, for another permit").public_key()
    statement = permit_statement(folder, key=own.public_bytes_raw().hex())
    (folder / "permit.json").write_text(json.dumps(envelope(PERMIT_TYPE, statement, fresh)))
    code = main([str(folder)])
    (keys.keys_folder() / "trusted" / f"{keys.key_id(fresh.public_key())}.pem").unlink()
    assert code == 0 and weights(folder) == whole[1]
    assert [one["resumedAtStep"] for one in events(folder) if one["type"] == "started"] == [2]


def test_a_checkpoint_under_the_permit_of_a_retired_key_is_passed_over(
    whole: tuple[Path, str], short: Json, tmp_path: Path, retired: Ed25519PrivateKey
) -> None:
    folder = stopped(whole, short, tmp_path / "run")
    step = folder / "checkpoints/step-000002"
    before = envelope(PERMIT_TYPE, permit_statement(folder), retired)
    (step / checkpoint.MARK).write_text(json.dumps({**own_mark(folder), "permit": before}))
    assert main([str(folder)]) == 0
    assert "checkpoint-foreign" in [event.get("code") for event in events(folder)]
    assert [one["resumedAtStep"] for one in events(folder) if one["type"] == "started"] == [None]


def test_a_checkpoint_that_is_exchanged_between_two_looks_is_used_as_it_was_read(
    whole: tuple[Path, str], short: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stopped(whole, short, tmp_path / "run")
    parse = checkpoint.parse_tensors

    def exchanged(data: bytes, path: Path) -> dict[str, torch.Tensor]:
        with_hashes(folder)
        return parse(data, path)

    monkeypatch.setattr(checkpoint, "parse_tensors", exchanged)
    assert main([str(folder)]) == 0
    assert weights(folder) == whole[1]


def test_a_run_without_the_key_that_its_permit_names_does_not_begin(
    short: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, value in enumerate(("", "00", b"the key of some other run, 32 b.".hex())):
        monkeypatch.setenv(VARIABLE, value)
        folder = write_run(tmp_path / str(number), short)
        assert main([str(folder)]) == 1
        assert outcome(folder)["code"] == "run-key-missing"


def test_what_it_ends_with_is_marked_to_the_byte(whole: tuple[Path, str]) -> None:
    folder = whole[0]
    marks = open_gate(folder, *read_job(folder)).marks
    said = marks.marked((folder / "outcome.mark.json").read_bytes(), "outcome.mark.json")
    assert said == {"outcome.json": file_hash(folder / "outcome.json")}


def test_takes_that_somebody_put_beside_an_unfinished_run_are_drawn_anew(
    generating: Json, tmp_path: Path
) -> None:
    clean = write_run(tmp_path / "clean", generating)
    assert main([str(clean)]) == 0
    lines = [json.loads(line) for line in (clean / "takes.jsonl").read_text().splitlines()]
    folder = write_run(tmp_path / "run", generating)
    (folder / "takes").mkdir()
    forged = []
    for line in lines:
        (folder / line["path"]).write_bytes(bytes(line["frames"] * line["height"] * line["width"] * 3))
        forged.append({**line, "sha256": file_hash(folder / line["path"])})
    notes = [{"take": one, "marked": {"permit": 1}} for one in forged]
    text = "".join(json.dumps(one) + "\n" for one in [*forged, *notes])
    (folder / generate.PARTIAL).write_text(text)
    assert main([str(folder)]) == 0
    assert (folder / "takes.jsonl").read_bytes() == (clean / "takes.jsonl").read_bytes()
