"""A checker on disk: `config.json` and `checker.safetensors`."""

from __future__ import annotations

from pathlib import Path

import torch

from ..models.checker import Checker, CheckerShape
from .model_folder import refuse_other_tensors
from .tensors import load_json, load_tensors, save_json, save_tensors

CODE = "checker-mismatch"


def save_checker(checker: Checker, folder: Path) -> None:
    """Writes the weights, rounded to bf16, and the names of every head."""
    shape = checker.shape
    folder.mkdir(parents=True, exist_ok=True)
    names = {head: list(choices) for head, choices in shape.names.items()}
    save_json(
        {"frames": shape.frames, "height": shape.height, "width": shape.width, "names": names},
        folder / "config.json",
    )
    tensors = {name: value.to(torch.bfloat16).contiguous() for name, value in checker.state_dict().items()}
    save_tensors(tensors, folder / "checker.safetensors")


def load_checker(folder: Path) -> Checker:
    """The checker of a folder, ready to read clips. Raises Failure("checker-mismatch")."""
    config = load_json(folder / "config.json", CODE)
    names = {head: tuple(choices) for head, choices in config["names"].items()}
    checker = Checker(CheckerShape(config["frames"], config["height"], config["width"], names))
    tensors = {name: value.float() for name, value in load_tensors(folder / "checker.safetensors").items()}
    wanted = {name: tuple(value.shape) for name, value in checker.state_dict().items()}
    refuse_other_tensors(tensors, wanted, str(folder), CODE)
    checker.load_state_dict(tensors)
    return checker.eval()
