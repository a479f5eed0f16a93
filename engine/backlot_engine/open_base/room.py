"""What a training on an open base takes of memory at least, from its files' headers: nothing is loaded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from ..batches import Learning
from ..contract import ClipLine
from ..data.tensors import load_json
from ..failure import Failure
from ..precision import has_fast_bf16
from .experts import NAMES
from .lora import is_target
from .texts import LENGTH

CODE = "base-mismatch"
# What a transformer's config.json says.
SIZES = ("patch_size", "num_attention_heads", "attention_head_dim", "ffn_dim", "num_layers")
# Bytes that a block keeps for the backward pass, for each token and its width, each token and the inner width
# of its MLP, each word of the caption and the width: counted among autograd's saved tensors in Wan's
# transformer with an adapter of rank 32 (widths 256 and 512, 4 and 8 blocks, 1,024 and 2,048 tokens). The
# peak lay a tenth above with an allocator that gives memory back, twice with glibc's and tensors so small.
KEPT = {2: (46, 4.1, 8), 4: (65, 8, 14)}
PEAK = 1.1
# An autoencoder's peak for each pixel and channel of its first layer; it works through four frames at a time.
# From 192 to 384 pixels square it grew by 38 float32 (24 channels, 5 frames).
ENCODING = 160
# float32 weight, gradient, average and two moments.
STATE = 20
WIDE = 4


@dataclass(frozen=True)
class Part:
    """Weights of one folder of a pipeline, and those that an adapter of rank 1 would add."""

    weights: int
    adapted: int


def open_bytes(job: Learning, base: Path, clip: ClipLine, batch: int, again: bool = False) -> int:
    """Bytes that a process holds at its peak at least: the experts and the autoencoder all the time; beside
    them, in turn, what encodes clips, what encodes captions, and what learns from `batch` clips. `again`:
    blocks are computed again in the backward pass.
    """
    fast = job.device == "cuda" or has_fast_bf16()
    number = 2 if job.precision == "bf16" and fast else WIDE
    experts = [part_of(base / name) for name in NAMES if (base / name).is_dir()]
    held = sum(one.weights for one in experts) * number + part_of(base / "vae").weights * WIDE
    learned = sum(one.adapted for one in experts) * (0 if job.lora is None else job.lora.rank)
    kept = kept_bytes(base, clip, batch, number, again)
    words = part_of(base / "text_encoder").weights * number
    return held + max(words, encoding_bytes(base, clip), learned * STATE + kept)


def part_of(folder: Path) -> Part:
    """Of the files of weights in a folder that are opened."""
    counts = [math.prod(shape) for _, shape in weights_in(folder)]
    return Part(sum(counts), sum(map(sum, matrices(folder).values())))


def matrices(folder: Path) -> dict[str, tuple[int, int]]:
    """(out, in) of the matrices that an adapter stands beside, by name."""
    named = [(name.removesuffix(".weight"), shape) for name, shape in weights_in(folder)]
    return {name: (shape[0], shape[1]) for name, shape in named if is_target(name) and len(shape) == 2}


def weights_in(folder: Path) -> list[tuple[str, list[int]]]:
    """Names and shapes in the files that are opened: not in those of a variant, such as model.fp16."""
    files = [one for one in folder.glob("*.safetensors") if "." not in one.stem]
    return [shape for file in files for shape in shapes_in(file).items()]


def shapes_in(file: Path) -> dict[str, list[int]]:
    """By the name of the tensor; nothing of a file that is not whole: opening the base names it."""
    try:
        with safe_open(file, framework="pt") as tensors:
            return {name: tensors.get_slice(name).get_shape() for name in tensors.keys()}  # noqa: SIM118
    except (SafetensorError, OSError):
        return {}


def kept_bytes(base: Path, clip: ClipLine, batch: int, number: int, again: bool = False) -> int:
    """What the blocks of an expert keep of a batch for the backward pass; computed `again`, what goes into
    each, and all of one.
    """
    config, vae = _config(base, NAMES[0], *SIZES), _config(base, "vae")
    patch = config["patch_size"]
    times = 1 + (clip.frames - 1) // (vae.get("scale_factor_temporal", 4) * patch[0])
    side = vae.get("scale_factor_spatial", 8)
    tokens = times * (clip.height // (side * patch[1])) * (clip.width // (side * patch[2]))
    width = config["num_attention_heads"] * config["attention_head_dim"]
    of_width, of_inner, of_words = KEPT[number]
    each = tokens * (of_width * width + of_inner * config["ffn_dim"]) + LENGTH * of_words * width
    layers = config["num_layers"]
    # A time of each token: what all blocks share of it is as much as six of their inputs.
    shared = 6 if load_json(base / "model_index.json", CODE).get("expand_timesteps") else 0
    held = (layers + shared) * tokens * width * number + each if again else layers * each
    return round(batch * held * PEAK)


def encoding_bytes(base: Path, clip: ClipLine) -> int:
    """What the autoencoder fills for one clip: clips are encoded one by one."""
    vae = _config(base, "vae", "base_dim")
    pixels = clip.height * clip.width // (vae.get("patch_size") or 1) ** 2
    return int(pixels * vae["base_dim"] * ENCODING)


def _config(base: Path, name: str, *sizes: str) -> dict[str, Any]:
    """A part's config.json. Raises Failure("base-mismatch") where it lacks one of the sizes."""
    path = base / name / "config.json"
    config = load_json(path, CODE)
    missing = [one for one in sizes if not isinstance(config, dict) or config.get(one) is None]
    if not missing:
        return dict(config)
    remedy = "Restore the base's folder: every part with its config.json and safetensors files."
    raise Failure(CODE, expected=", ".join(sizes), where=str(path), found=f"no {missing[0]}", remedy=remedy)
