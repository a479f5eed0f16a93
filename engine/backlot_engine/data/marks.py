"""Marks: what a run leaves for itself and for others, signed with a key that is this run's alone.

A run directory lies in the workspace, where others may write. The permit names the run's public key, and
who started the engine hands it the other half in the environment: never through the workspace. A mark
carries the permit that names its key, so it also holds after the keys that sign permits have changed.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..contract import Mark, Permit
from ..failure import Failure
from ..strict import check, loads
from .keys import Keys, key_id, signed_bytes, signed_statement

MARK_TYPE = "application/vnd.backlot.mark+json"
PERMIT_TYPE = "application/vnd.backlot.permit+json"
# The seed of the run's key, 32 bytes in hex. Whoever starts the engine derives it (src/trust/run-key.ts).
VARIABLE = "BACKLOT_RUN_KEY"
CODE = "mark-invalid"


@dataclass(frozen=True)
class Marks:
    """Makes and checks the marks of one run. `permit`: the envelope it has; `statement`: what that says."""

    permit: Any
    statement: Permit
    key: Ed25519PrivateKey
    keys: Keys

    def mark(self, files: dict[str, str]) -> Any:
        """A signed word, as JSON, that this run has left files of these sha256, by name."""
        payload = json.dumps({"version": 1, "files": files}, sort_keys=True).encode()
        sig = base64.b64encode(self.key.sign(signed_bytes(MARK_TYPE, payload))).decode()
        signatures = [{"keyid": key_id(self.key.public_key()), "sig": sig}]
        encoded = base64.b64encode(payload).decode()
        return {
            "permit": self.permit,
            "mark": {"payloadType": MARK_TYPE, "payload": encoded, "signatures": signatures},
        }

    def marked(self, data: bytes, where: str) -> dict[str, str]:
        """The sha256 by name that this run has marked. Raises Failure, also for the mark of another run."""
        value = loads(data, where, CODE)
        check("Marked", value, where, CODE)
        permit = json.dumps(value["permit"]).encode()
        found = Permit.of(signed_statement(permit, PERMIT_TYPE, "Permit", self.keys, where))
        if (found.run, found.job) != (self.statement.run, self.statement.job):
            raise _invalid(where, f"a mark of run {self.statement.run}", f"one of {found.run}")
        own = Ed25519PublicKey.from_public_bytes(bytes.fromhex(found.key))
        mark = json.dumps(value["mark"]).encode()
        said = Mark.of(signed_statement(mark, MARK_TYPE, "Mark", {key_id(own): own}, where))
        return dict(said.files)


def run_key(permit: Permit, where: str) -> Ed25519PrivateKey:
    """The run's key, if it is the one that the permit names. Raises Failure("run-key-missing")."""
    text = os.environ.get(VARIABLE, "")
    try:
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))
    except ValueError:
        raise _keyless(where, "none" if not text else "something else") from None
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    if public != permit.key:
        raise _keyless(where, "the key of another run")
    return key


def write_mark(path: Path, mark: Any) -> None:
    """Written under another name, then renamed: a mark is whole or not there."""
    partial = path.with_name(f"{path.name}.tmp")
    with partial.open("w", encoding="utf-8") as file:
        file.write(json.dumps(mark, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)


def _keyless(where: str, found: str) -> Failure:
    return Failure(
        "run-key-missing",
        expected=f"the key that {where} names, in {VARIABLE}",
        where="environment",
        found=found,
        remedy="Start the run through Backlot, which gives each run its key.",
    )


def _invalid(where: str, expected: str, found: str) -> Failure:
    remedy = "Remove it: nothing that this run has not marked is gone on from."
    return Failure(CODE, expected=expected, where=where, found=found, remedy=remedy)
