"""Weights that lie in packages of the analysis set-up. None of the packages' code is run."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from ..failure import Failure


def packaged(package: str, file: str, sha256: str) -> bytes:
    """The bytes of an installed package's file, which must be exactly these. Raises
    Failure("analysis-missing", "network-mismatch").
    """
    spec = find_spec(package)
    folders = (spec.submodule_search_locations or []) if spec else []
    path = next((Path(folder) / file for folder in folders if (Path(folder) / file).is_file()), None)
    expected = f"{package}/{file} with sha256 {sha256}"
    if path is None:
        raise Failure(
            "analysis-missing",
            expected=expected,
            where="the engine's packages",
            found="none",
            remedy="Run `./backlot setup --analysis` once: it fetches what reads text and hears speech.",
        )
    network = path.read_bytes()
    found = hashlib.sha256(network).hexdigest()
    if found != sha256:
        raise Failure(
            "network-mismatch",
            expected=expected,
            where=str(path),
            found=f"sha256 {found}",
            remedy="Delete .backlot/venv and run `./backlot setup --analysis`.",
        )
    return network
