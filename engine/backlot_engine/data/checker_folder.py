"""A checker on disk: `config.json` and `checker.safetensors`."""

from __future__ import annotations

from pathlib import Path

import torch

from ..contract import Input
from ..models.checker import Checker, CheckerShape
from .model_folder import refuse_other_tensors
from .read_once import verified_folder
from .tensors import save_json, save_tensors

CODE = "checker-mismatch"


def save_checker(checker: Checker, folder: Path) -> None:
    """Writes the weights, rounded to bf16, and the names of every head."""
    shape = checker.shape
    folder.mkdir(parents=True, exist_ok=True)
    names = {head: list(choices) for head, choices in shape.names.items()}
    config = {"frames": shape.frames, "height": shape.height, "width": shape.width, "names": names}
    # The reader of worlds has none, and its file stays as it is.
    save_json({**config, "places": True} if shape.places else config, folder / "config.json")
    tensors = {name: value.to(torch.bfloat16).contiguous() for name, value in checker.state_dict().items()}
    save_tensors(tensors, folder / "checker.safetensors")


def load_checker(wanted: Input) -> Checker:
    """The checker of a verified folder, ready to read clips. Raises Failure("checker-mismatch")."""
    folder = verified_folder(wanted.path, wanted.sha256, CODE)
    config = folder.json("config.json", CODE)
    names = {head: tuple(choices) for head, choices in config["names"].items()}
    size = config["frames"], config["height"], config["width"]
    checker = Checker(CheckerShape(*size, names, "places" in config))
    tensors = {name: value.float() for name, value in folder.tensors("checker.safetensors").items()}
    shapes = {name: tuple(value.shape) for name, value in checker.state_dict().items()}
    refuse_other_tensors(tensors, shapes, wanted.path, CODE)
    checker.load_state_dict(tensors)
    return checker.eval()
