"""A checker on disk: `config.json`, `checker.safetensors`, and `palettes.json`, `usual.json` if any."""

from __future__ import annotations

from pathlib import Path

import torch

from ..contract import Input
from ..models.checker import Checker, CheckerShape
from ..models.palettes import Palettes, Usual
from .model_folder import refuse_other_tensors
from .read_once import Folder, verified_folder
from .tensors import save_json, save_tensors

CODE = "checker-mismatch"
PALETTES = "palettes.json"
USUAL = "usual.json"


def save_checker(checker: Checker, folder: Path) -> None:
    """Writes the weights, rounded to bf16, and the names of every head. Palettes are measured, not learned:
    a checker that was fitted has none, nor what is usual, until somebody lays them beside it.
    """
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
    checker = Checker(CheckerShape(*size, names, "places" in config), _palettes(folder), _usual(folder))
    tensors = {name: value.float() for name, value in folder.tensors("checker.safetensors").items()}
    shapes = {name: tuple(value.shape) for name, value in checker.state_dict().items()}
    refuse_other_tensors(tensors, shapes, wanted.path, CODE)
    checker.load_state_dict(tensors)
    return checker.eval()


def _palettes(folder: Folder) -> Palettes:
    if PALETTES not in folder.files:
        return {}
    return {
        person: {time: torch.tensor(colours) for time, colours in times.items()}
        for person, times in folder.json(PALETTES, CODE).items()
    }


def _usual(folder: Folder) -> Usual:
    return folder.json(USUAL, CODE) if USUAL in folder.files else {}
