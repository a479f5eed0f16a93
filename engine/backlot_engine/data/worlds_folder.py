"""Clips of a base's own worlds, which no studio owns, as latents of its codec: config.json and
worlds.safetensors.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from ..contract import Input
from ..failure import Failure
from ..family import Family
from .latents import Latents
from .model_folder import refuse_other_tensors
from .read_once import verified_folder
from .tensors import save_json, save_tensors

CODE = "worlds-mismatch"
CLASS = "BacklotWorlds"


def save_worlds(values: Tensor, captions: list[str], base_sha256: str, folder: Path) -> None:
    """Writes latents (clips, tokens, components) in bf16, with a caption each and the base's hash."""
    save_json(
        {"_class_name": CLASS, "base": base_sha256, "captions": captions},
        folder / "config.json",
    )
    save_tensors({"values": values.to(torch.bfloat16)}, folder / "worlds.safetensors")


def load_worlds(wanted: Input, base_sha256: str, family: Family) -> Latents:
    """The verified clips. Raises Failure("worlds-mismatch") where they are another base's, another codec's
    or none.
    """
    folder = verified_folder(wanted.path, wanted.sha256, CODE)
    config = folder.json("config.json", CODE)
    captions, shape = config["captions"], family.codec.shape
    _refuse(config["base"] != base_sha256, f"worlds of base {base_sha256}", wanted.path, config["base"])
    _refuse(not captions, "at least one clip", wanted.path, "none")
    tensors = folder.tensors("worlds.safetensors")
    size = (len(captions), shape.tokens, shape.components)
    refuse_other_tensors(tensors, {"values": size}, wanted.path, CODE)
    return Latents(tensors["values"], family.rows(captions), ())


def _refuse(wrong: bool, expected: str, where: str, found: str) -> None:
    if wrong:
        remedy = "Name the worlds that came with this base, or train with a prior of 0."
        raise Failure(CODE, expected=expected, where=where, found=found, remedy=remedy)
