"""c2pa-rs through its own Python package: files are streams, so that their size does not matter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from c2pa import (  # type: ignore[import-untyped]
    Builder,
    C2paSigningAlg,
    Context,
    Reader,
    Signer,
)

# Nothing is fetched, neither manifests nor answers about certificates.
OFFLINE = {"remote_manifest_fetch": False, "ocsp_fetch": False}


def sign(request: dict[str, Any], ask: Callable[[bytes], bytes]) -> dict[str, str | None]:
    """Writes a copy of `source` to `target`, with the manifest in it or, where it is named, in `sidecar`.

    `parents` are signed files that the source was made of: {path, mime, ingredient}; `ask` signs bytes.
    Returns the sha256 of both, through the handle that wrote: what is put there since is not hashed.
    """
    algorithm = C2paSigningAlg[request["algorithm"].upper()]
    signer = Signer.from_callback(ask, algorithm, request["certificates"])
    builder = Builder(request["manifest"], context=context(None))
    for parent in request["parents"]:
        with Path(parent["path"]).open("rb") as stream:
            builder.add_ingredient(parent["ingredient"], parent["mime"], stream)
    if request["sidecar"]:
        builder.set_no_embed()
    with Path(request["source"]).open("rb") as source, Path(request["target"]).open("w+b") as target:
        manifest = builder.sign(signer, request["mime"], source, target)
        target.seek(0)
        hashes = {"sha256": hashlib.file_digest(target, "sha256").hexdigest(), "sidecar": None}
    if request["sidecar"]:
        Path(request["sidecar"]).write_bytes(manifest)
        hashes["sidecar"] = hashlib.sha256(manifest).hexdigest()
    return hashes


def read(file: Path, mime: str, sidecar: str | None, anchors: str | None) -> dict[str, Any] | None:
    """What c2pa-rs says of a file by the manifest in it or in its sidecar; None where there is none.

    `anchors` are root certificates (PEM) that make a signer trusted; None: no signer is.
    """
    manifest = Path(sidecar).read_bytes() if sidecar else None
    with file.open("rb") as stream:
        reader = Reader.try_create(mime, stream, manifest, context(anchors))
        return None if reader is None else json.loads(reader.json())


def context(anchors: str | None) -> Context:
    trust = {"trust": {"user_anchors": anchors}} if anchors else {}
    verify = {**OFFLINE, "verify_trust": True}
    return Context.from_dict({"verify": verify, "builder": {"thumbnail": {"enabled": False}}, **trust})
