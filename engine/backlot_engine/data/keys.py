"""Public keys that this person trusts, and what they signed.

They lie where only this person can write: never in a workspace, never named by a job. TypeScript finds them
by the same rule (src/trust/keys.ts).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import stat
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from ..contract import Envelope, EnvelopeSignature
from ..failure import Failure
from ..strict import check, loads

Keys = dict[str, Ed25519PublicKey]


def keys_folder() -> Path:
    """`BACKLOT_KEYS`, else the person's configuration folder."""
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(os.environ.get("BACKLOT_KEYS") or Path(config) / "backlot" / "keys")


def trusted_keys() -> Keys:
    """Every trusted key, by its id. Raises Failure("keys-unsafe") where somebody else could have put one."""
    folder = keys_folder() / "trusted"
    refuse_unsafe(folder)
    keys: Keys = {}
    for path in sorted(folder.glob("*.pem")):
        refuse_unsafe(path)
        key = load_pem_public_key(path.read_bytes())
        if isinstance(key, Ed25519PublicKey):
            keys[key_id(key)] = key
    return keys


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 digits of the sha256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def refuse_unsafe(path: Path) -> None:
    """Only this person or root may own or write it, and it is no link."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise _unsafe(path, "nothing") from None
    if stat.S_ISLNK(found.st_mode):
        raise _unsafe(path, "a link")
    if found.st_uid not in (0, os.geteuid()):
        raise _unsafe(path, f"a file of user {found.st_uid}")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise _unsafe(path, f"mode {found.st_mode & 0o777:o}")


def signed_statement(data: bytes, payload_type: str, schema: str, keys: Keys, where: str) -> Any:
    """The statement in a DSSE envelope, if a trusted key signed it as this type; it fits the named schema.

    Raises Failure("signature-invalid").
    """
    code = "signature-invalid"
    value = loads(_text(data, where), where, code)
    check("Envelope", value, where, code)
    envelope = Envelope.of(value)
    payload = _decoded(envelope.payload, where)
    message = signed_bytes(envelope.payload_type, payload)
    known = envelope.payload_type == payload_type
    if not known or not any(_is_good(one, message, keys, where) for one in envelope.signatures):
        raise _invalid(where, f"a signature of {payload_type} by a trusted key")
    statement = loads(_text(payload, where), where, code)
    check(schema, statement, where, code)
    return statement


def signed_bytes(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: the type is signed along."""
    return b"DSSEv1 %d %b %d %b" % (len(payload_type), payload_type.encode(), len(payload), payload)


def _is_good(signature: EnvelopeSignature, message: bytes, keys: Keys, where: str) -> bool:
    key = keys.get(signature.keyid)
    if key is None:
        return False
    try:
        key.verify(_decoded(signature.sig, where), message)
    except InvalidSignature:
        return False
    return True


def _decoded(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _invalid(where, "base64") from None


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise _invalid(where, "UTF-8") from None


def _invalid(where: str, expected: str) -> Failure:
    return Failure(
        "signature-invalid",
        expected=expected,
        where=where,
        found="none that holds",
        remedy="Start the run through Backlot, which signs its permit; freeze again for a new seal.",
    )


def _unsafe(path: Path, found: str) -> Failure:
    return Failure(
        "keys-unsafe",
        expected="trusted keys that only you or root can write",
        where=str(path),
        found=found,
        remedy="Start the run through Backlot, which makes keys on first use, or chmod go-w what lies there.",
    )
