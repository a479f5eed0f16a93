"""An upscaler on disk: `config.json` and `upscaler.safetensors`."""

from __future__ import annotations

from pathlib import Path

import torch

from ..contract import Input
from ..models.upscaler import Upscaler, UpscalerShape
from .model_folder import refuse_other_tensors
from .read_once import verified_folder
from .tensors import save_json, save_tensors

CODE = "upscaler-mismatch"
WEIGHTS = "upscaler.safetensors"


def save_upscaler(upscaler: Upscaler, folder: Path) -> None:
    """Writes the weights, rounded to bf16, and the sizes."""
    shape = upscaler.shape
    folder.mkdir(parents=True, exist_ok=True)
    save_json({"factor": shape.factor, "width": shape.width, "blocks": shape.blocks}, folder / "config.json")
    tensors = {name: value.to(torch.bfloat16).contiguous() for name, value in upscaler.state_dict().items()}
    save_tensors(tensors, folder / WEIGHTS)


def load_upscaler(wanted: Input) -> Upscaler:
    """The upscaler of a verified folder, float32. Raises Failure("upscaler-mismatch")."""
    folder = verified_folder(wanted.path, wanted.sha256, CODE)
    config = folder.json("config.json", CODE)
    upscaler = Upscaler(UpscalerShape(config["factor"], config["width"], config["blocks"]))
    tensors = {name: value.float() for name, value in folder.tensors(WEIGHTS).items()}
    shapes = {name: tuple(value.shape) for name, value in upscaler.state_dict().items()}
    refuse_other_tensors(tensors, shapes, wanted.path, CODE)
    upscaler.load_state_dict(tensors)
    return upscaler.eval()
