"""Keys and signatures of the tests: what TypeScript does in src/trust."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backlot_engine.contract import job_of
from backlot_engine.data.gate import SEAL_TYPE, uses_of
from backlot_engine.data.keys import key_id, keys_folder, signed_bytes
from backlot_engine.data.marks import PERMIT_TYPE, VARIABLE

Json = dict[str, Any]
KEY = Ed25519PrivateKey.from_private_bytes(b"the key of the tests, 32 bytes..")
# One for all runs of the tests: which key a run has is decided by who starts it.
RUN_SEED = b"what the runs of tests are marked"[:32]
RUN_KEY = Ed25519PrivateKey.from_private_bytes(RUN_SEED).public_key()


def trust(key: Ed25519PrivateKey = KEY) -> None:
    """Puts the public key among the trusted ones, and the runs' key where the engine finds it."""
    os.environ[VARIABLE] = RUN_SEED.hex()
    put(key, "trusted")


def put(key: Ed25519PrivateKey, folder: str, head: bytes = b"") -> Path:
    """Writes the public key into a folder beside those of the person; returns its file."""
    path = keys_folder() / folder / f"{key_id(key.public_key())}.pem"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(head + key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    path.chmod(0o600)
    return path


def envelope(payload_type: str, statement: Json, key: Ed25519PrivateKey = KEY) -> Json:
    payload = json.dumps(statement).encode()
    sig = base64.b64encode(key.sign(signed_bytes(payload_type, payload))).decode()
    signature = {"keyid": key_id(key.public_key()), "sig": sig}
    return {
        "payloadType": payload_type,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [signature],
    }


def in_days(days: float) -> str:
    at = datetime.now(UTC) + timedelta(days=days)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seal_statement(digest: str, **changes: Any) -> Json:
    now = in_days(0)
    statement = {"version": 1, "snapshot": digest, "basis": "rendered", "use": "train.foundation"}
    nothing = {"ruleVersion": None, "ledger": None, "decisions": None, "outcomes": {}, "reasons": {}}
    return {**statement, **nothing, "territory": "world", "asOf": now, "decidedAt": now, **changes}


def seal(dataset: Json, key: Ed25519PrivateKey = KEY, **changes: Any) -> Json:
    """Signs a snapshot; returns the job's dataset field."""
    statement = seal_statement(dataset["digest"], **changes)
    text = json.dumps(envelope(SEAL_TYPE, statement, key))
    (Path(dataset["path"]) / "seal.json").write_text(text)
    return dataset


def datasets_of(job: Json) -> list[Json]:
    found = [job.get("dataset"), job.get("training")]
    return [one for one in found if one]


def use_of(job: Json) -> str:
    """What a permit for the job names; a job that cannot be read gets one all the same."""
    try:
        return uses_of(job_of(job))[0]
    except (KeyError, TypeError, AttributeError):
        return "train.foundation"


def listed(dataset: Json, use: str) -> Json:
    path = Path(dataset["path"]) / "seal.json"
    sealed = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "0" * 64
    nobody = {"trainer": "in-house", "model": None, "performers": []}
    return {"snapshot": dataset["digest"], "seal": sealed, "use": use, **nobody}


def permit_statement(folder: Path, **changes: Any) -> Json:
    data = (folder / "job.json").read_bytes()
    job = json.loads(data)
    statement = {"version": 1, "run": job["id"], "job": hashlib.sha256(data).hexdigest()}
    key = {"key": RUN_KEY.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()}
    times = {"decidedSince": in_days(-90), "issuedAt": in_days(0), "expires": in_days(0.04)}
    return {
        **statement,
        "snapshots": [listed(one, use_of(job)) for one in datasets_of(job)],
        **key,
        **times,
        **changes,
    }


def permit(folder: Path, key: Ed25519PrivateKey = KEY, **changes: Any) -> Path:
    """Signs the permit of the job in a run directory; returns the directory."""
    text = json.dumps(envelope(PERMIT_TYPE, permit_statement(folder, **changes), key))
    (folder / "permit.json").write_text(text)
    return folder
