"""Model and adapter folders on the disk, in diffusers' layout.

model_index.json · transformer/{config.json,diffusion_pytorch_model.safetensors} ·
codec/{config.json,codec.safetensors}
· scheduler/scheduler_config.json. A folder with only codec/ is what `fit-codec` leaves and what a first
base starts from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..contract import Input
from ..failure import Failure
from ..models.codec import Codec, CodecShape
from ..models.transformer import Transformer, TransformerConfig
from .fields import field, is_whole
from .rates import rate_in
from .read_once import Files, Folder, verified_folder
from .tensors import Tensors, dump_json, save_bytes, save_json, save_tensors

CODE = "base-mismatch"
WEIGHTS = "diffusion_pytorch_model.safetensors"
CONFIG, CODEC_CONFIG = "transformer/config.json", "codec/config.json"
KNOWN_ROWS = "known_rows"
# As the contract's bounds of a model's shape: what lies beyond is no size, and would fill the memory.
MOST = {"width": 8192, "depth": 128, "heads": 128, "words": 65536, "caption_words": 256}
MOST_ELSEWHERE = 65536
MAY_BE_NONE = ("mixed_blocks",)
CODEC_CLASS = "BacklotLappedCodec"
FLOW = {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000}
INDEX_FILE = "model_index.json"
INDEX = {
    "_class_name": "BacklotPipeline",
    "transformer": ["backlot_engine", "Transformer"],
    "codec": ["backlot_engine", "Codec"],
    "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
}


def open_base(wanted: Input) -> Folder:
    """The verified folder of a base. Raises Failure("base-mismatch" or "unsafe-file").

    An open base's weights are hashed and opened again: they are too many to be held.
    """
    return verified_folder(wanted.path, wanted.sha256, CODE, _is_small)


def _is_small(files: Files) -> bool:
    """Whether a folder says that it is of the small family, or nothing: a codec alone."""
    if INDEX_FILE not in files:
        return True
    try:
        return bool(json.loads(files[INDEX_FILE])["_class_name"] == INDEX["_class_name"])
    except (ValueError, TypeError, KeyError):
        return False


def save_codec(codec: Codec, fps: str, folder: Path) -> None:
    """Writes codec/ below `folder`."""
    shape = codec.shape
    config = {
        "_class_name": CODEC_CLASS,
        "frames": shape.frames,
        "height": shape.height,
        "width": shape.width,
        "fps": fps,
        "block": list(shape.block),
        "components": shape.components,
    }
    save_json(config, folder / "codec" / "config.json")
    tensors = {"mean": codec.mean, "basis": codec.basis, "scale": codec.scale}
    save_tensors(tensors, folder / "codec" / "codec.safetensors")


def load_codec(folder: Folder) -> Codec:
    """The codec of a model folder."""
    path = folder.path / CODEC_CONFIG
    config = folder.json(CODEC_CONFIG, CODE)
    refuse_other_codec(config.get("_class_name") if isinstance(config, dict) else None, path)
    sizes = sizes_in(config, ("frames", "height", "width", "block", "components"), path)
    shape = CodecShape(**{**sizes, "block": tuple(sizes["block"])})
    if not shape.fits():
        size = f"{shape.frames}x{shape.height}x{shape.width}"
        raise _unlike(f"block: three that tile clips of {size}, the last two even", path, sizes["block"])
    tensors = folder.tensors("codec/codec.safetensors")
    wanted = {
        "mean": (shape.values,),
        "basis": (shape.values, shape.components),
        "scale": (shape.components,),
    }
    refuse_other_tensors(tensors, wanted, str(path.parent), CODE)
    refuse_damaged(tensors, path.parent)
    return Codec(shape, tensors["mean"], tensors["basis"], tensors["scale"])


def refuse_other_codec(found: object, where: Path) -> None:
    """Raises Failure("base-mismatch") for a codec of another kind: its latents would mean something else."""
    if found != CODEC_CLASS:
        raise Failure(
            CODE,
            expected=f"a codec of the class {CODEC_CLASS}",
            where=str(where),
            found=str(found),
            remedy="Use the base that ships with this version of Backlot, or a model trained from it.",
        )


def clip_rate(folder: Folder) -> str:
    """Frames a second of the clips that the model was made for, rational. Raises Failure("base-mismatch")."""
    config, where = folder.json(CODEC_CONFIG, CODE), folder.path / CODEC_CONFIG
    expected = "a rational rate such as 24000/1001"
    found: str = field(config, "fps", lambda one: rate_in(one) is not None, expected, where, CODE)
    return found


def at_rate(folder: Folder, fps: str) -> Folder:
    """The folder with a codec for clips at another rate: what it knows of them is in frames, not seconds."""
    if rate_in(clip_rate(folder)) == rate_in(fps):
        return folder
    config = {**folder.json(CODEC_CONFIG, CODE), "fps": fps}
    return replace(folder, files={**folder.files, CODEC_CONFIG: dump_json(config)})


def load_config(folder: Folder) -> TransformerConfig:
    """The sizes of a model folder's transformer."""
    path, names = folder.path / CONFIG, TransformerConfig.__dataclass_fields__
    config = TransformerConfig.of(sizes_in(folder.json(CONFIG, CODE), names, path))
    if config.width % config.heads:
        raise _unlike(f"heads: a divisor of the width {config.width}", path, config.heads)
    if config.mixed_blocks > config.depth:
        raise _unlike(f"mixed_blocks: at most the depth of {config.depth}", path, config.mixed_blocks)
    return config


def sizes_in(config: Any, names: Iterable[str], where: Path) -> dict[str, Any]:
    """The named sizes of a config.json. Raises Failure("base-mismatch") for one that is missing or is not a
    whole number in its bounds, or three of them where it is a size in time, rows and columns.
    """
    return {name: size_in(config, name, where) for name in names}


def size_in(config: Any, name: str, where: Path) -> Any:
    least, most = (0 if name in MAY_BE_NONE else 1), MOST.get(name, MOST_ELSEWHERE)
    three = name in ("grid", "block")

    def fits(value: Any) -> bool:
        if not three:
            return is_whole(value, least, most)
        listed = isinstance(value, list) and len(value) == 3
        return listed and all(is_whole(one, least, most) for one in value)

    words = "three whole numbers" if three else "a whole number"
    return field(config, name, fits, f"{words} from {least} to {most}", where, CODE)


def load_transformer(folder: Folder) -> Transformer:
    """The transformer of a model folder, float32. Raises Failure("base-mismatch") when keys or shapes
    differ.
    """
    model = Transformer(load_config(folder))
    tensors = folder.tensors(f"transformer/{WEIGHTS}")
    wanted = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    refuse_other_tensors(tensors, wanted, str(folder.path / "transformer"), CODE)
    refuse_damaged(tensors, folder.path / "transformer")
    model.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    return model


def load_known_rows(folder: Folder) -> Tensor:
    """int64 (n): rows of the word table that training saw; none where the folder does not say."""
    config, words = folder.json(CONFIG, CODE), load_config(folder).words
    found = config.get(KNOWN_ROWS, [])
    if isinstance(found, list) and all(is_whole(one, 0, words - 1) for one in found):
        return torch.tensor(found, dtype=torch.long)
    raise _unlike(f"{KNOWN_ROWS}: whole numbers from 0 to {words - 1}", folder.path / CONFIG, found)


def save_model(
    config: TransformerConfig, weights: Tensors, known: Tensor, shift: float, base: Folder, folder: Path
) -> None:
    """Writes a whole model folder: bf16 weights, the rows of known words, the base's codec byte for byte."""
    stored = {name: tensor.to(torch.bfloat16) for name, tensor in weights.items()}
    save_json({**config.to_json(), KNOWN_ROWS: known.tolist()}, folder / CONFIG)
    save_tensors(stored, folder / "transformer" / WEIGHTS)
    for name, data in base.files.items():
        if name.startswith("codec/"):
            save_bytes(data, folder / name)
    save_json({**FLOW, "shift": shift}, folder / "scheduler" / "scheduler_config.json")
    save_json(INDEX, folder / INDEX_FILE)


def refuse_damaged(tensors: Mapping[str, Tensor], where: Path) -> None:
    """Raises Failure("base-damaged") for weights that are no numbers: all that learns from them is none."""
    for name, tensor in tensors.items():
        if not tensor.is_floating_point() or bool(torch.isfinite(tensor).all()):
            continue
        raise Failure(
            "base-damaged",
            expected="finite numbers",
            where=f"{where}: {name}",
            found="NaN or infinity",
            remedy="Restore the base's folder as its makers give it, or name another base.",
        )


def refuse_other_tensors(tensors: Tensors, wanted: dict[str, tuple[int, ...]], where: str, code: str) -> None:
    """Raises Failure(code) unless names and shapes are exactly the wanted ones."""
    found = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    if found == wanted:
        return
    names = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    first = names[0]
    raise Failure(
        code,
        expected=f"{first} of shape {wanted.get(first, 'none')}",
        where=where,
        found=f"{found.get(first, 'none')} ({len(names)} tensors differ)",
        remedy="Name a folder that this version of Backlot wrote for a model of this shape.",
    )


def _unlike(expected: str, where: Path, found: Any) -> Failure:
    remedy = "Restore the file, or name a folder that this version of Backlot wrote."
    return Failure(CODE, expected=expected, where=str(where), found=json.dumps(found)[:120], remedy=remedy)
