"""A checker on disk: `config.json` and `checker.safetensors`."""

from __future__ import annotations

from pathlib import Path

from ..models.checker import Checker, CheckerShape
from .model_folder import refuse_other_tensors
from .tensors import load_json, load_tensors, save_json, save_tensors

CODE = "checker-mismatch"


def save_checker(checker: Checker, folder: Path) -> None:
    """Writes weights as they are and the names of every head."""
    shape = checker.shape
    folder.mkdir(parents=True, exist_ok=True)
    names = {head: list(choices) for head, choices in shape.names.items()}
    save_json(
        {"frames": shape.frames, "height": shape.height, "width": shape.width, "names": names},
        folder / "config.json",
    )
    save_tensors(
        {name: value.contiguous() for name, value in checker.state_dict().items()},
        folder / "checker.safetensors",
    )


def load_checker(folder: Path) -> Checker:
    """The checker of a folder, ready to read clips. Raises Failure("checker-mismatch")."""
    config = load_json(folder / "config.json", CODE)
    names = {head: tuple(choices) for head, choices in config["names"].items()}
    checker = Checker(CheckerShape(config["frames"], config["height"], config["width"], names))
    tensors = load_tensors(folder / "checker.safetensors")
    wanted = {name: tuple(value.shape) for name, value in checker.state_dict().items()}
    refuse_other_tensors(tensors, wanted, str(folder), CODE)
    checker.load_state_dict(tensors)
    return checker.eval()
