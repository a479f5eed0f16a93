"""The gate: a run reads the snapshots that its permit lists, and no others.

The permit lies beside the job and is bound to its very bytes; the seal lies in the snapshot and says by
what right its clips may be used. Who wrote the run directory and the snapshot is not believed: keys are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..contract import DatasetInput, Job, Permit, PermitSnapshot, Seal
from ..failure import Failure
from .hashing import sha256_of
from .keys import Keys, signed_statement, trusted_keys
from .marks import PERMIT_TYPE, Marks, run_key

SEAL_TYPE = "application/vnd.backlot.seal+json"
# Of which uses a permit must name one, by what a job makes of the clips: the weights of a whole model,
# additions to a base, or a measurement. TypeScript has the same table (src/trust/needs.ts).
WHOLE = ("train.foundation",)
ADDED = ("train.style", "train.performer")
MEASURING = ("eval", *WHOLE, *ADDED)
FITTING = ("fit-codec", "fit-checker", "fit-upscaler")
BY_METHOD = {"scratch": WHOLE, "full": WHOLE, "lora": ADDED}


def uses_of(job: Job) -> tuple[str, ...]:
    """The uses of which a permit must name one before this job reads a snapshot."""
    if job.kind == "train" or job.kind == "preflight":
        return BY_METHOD[job.method]
    return WHOLE if job.kind in FITTING else MEASURING


@dataclass(frozen=True)
class Gate:
    """A permit that was checked against the run that wants to use it."""

    permit: Permit
    uses: tuple[str, ...]
    keys: Keys
    marks: Marks

    def admit(self, wanted: DatasetInput) -> Seal:
        """The seal of a snapshot that this run may read. Raises Failure."""
        listed = self._listed(wanted)
        path = Path(wanted.path) / "seal.json"
        data = _read(path)
        _refuse(sha256_of(data) != listed.seal, "permit-mismatch", str(path), "another seal")
        seal = Seal.of(signed_statement(data, SEAL_TYPE, "Seal", self.keys, str(path)))
        _refuse(seal.snapshot != wanted.digest, "seal-mismatch", str(path), f"the seal of {seal.snapshot}")
        self._check_use(listed, wanted)
        other = _for_whom(seal) != _for_whom(listed)
        _refuse(other, "seal-mismatch", str(path), f"a seal for {_for_whom(seal)}")
        old = _moment(seal.decided_at) < _moment(self.permit.decided_since)
        _refuse(old, "decision-too-old", str(path), f"a decision of {seal.decided_at}")
        return seal

    def _check_use(self, listed: PermitSnapshot, wanted: DatasetInput) -> None:
        """Refuses what the permit was not decided for. The seal says what the snapshot was frozen for,
        the permit what was decided again for this very job."""
        if listed.use in self.uses:
            return
        raise Failure(
            "use-refused",
            expected=f"a permit for {' or '.join(self.uses)}, which this job makes of the clips",
            where=f"permit.json, snapshot {wanted.digest} in {wanted.path}",
            found=f"one for {listed.use}",
            remedy="Start the run through Backlot, which decides for that use. A model from scratch or a "
            "full fine-tune is train.foundation, an adapter is train.style or train.performer.",
        )

    def _listed(self, wanted: DatasetInput) -> PermitSnapshot:
        for one in self.permit.snapshots:
            if one.snapshot == wanted.digest:
                return one
        raise _refusal(
            "permit-mismatch", wanted.path, f"snapshot {wanted.digest}, which the permit does not list"
        )


def _for_whom(said: Seal | PermitSnapshot) -> tuple[str, str | None, tuple[str, ...]]:
    """Trainer, model and performers. Earlier versions named one performer at most; seals of still earlier
    ones do not say for whom: they were decided for any model in-house."""
    one = () if said.performer is None else (said.performer,)
    performers = one if said.performers is None else said.performers
    return (said.trainer or "in-house", said.model, performers)


def open_gate(folder: Path, job: Job, job_bytes: bytes) -> Gate:
    """The gate of a run directory, if its permit was signed for this very job and has not expired."""
    path = folder / "permit.json"
    keys = trusted_keys()
    data = _read(path)
    permit = Permit.of(signed_statement(data, PERMIT_TYPE, "Permit", keys, str(path)))
    _refuse(permit.run != job.id, "permit-mismatch", str(path), f"the permit of {permit.run}")
    other = sha256_of(job_bytes) != permit.job
    _refuse(other, "permit-mismatch", str(path), "a permit of another job.json")
    _refuse(_moment(permit.expires) < datetime.now(UTC), "permit-expired", str(path), permit.expires)
    marks = Marks(json.loads(data), permit, run_key(permit, str(path)), keys)
    return Gate(permit, uses_of(job), keys, marks)


EXPECTED = {
    "permit-missing": "a permit or seal",
    "permit-mismatch": "a permit for this job and these snapshots",
    "permit-expired": "a permit that has not expired",
    "seal-mismatch": "the seal of this snapshot",
    "decision-too-old": "rights decided within the policy's limit",
}


def _refuse(wrong: bool, code: str, where: str, found: str) -> None:
    if wrong:
        raise _refusal(code, where, found)


def _refusal(code: str, where: str, found: str) -> Failure:
    remedy = (
        "Start the run through Backlot, which decides again and signs a permit; freeze again if it refuses."
    )
    return Failure(code, expected=EXPECTED[code], where=where, found=found, remedy=remedy)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refusal("permit-missing", str(path), type(error).__name__) from error


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
