"""An adapter as one safetensors file, named as diffusers or ComfyUI name low-rank weights.

Neither of their loaders can be relied on for alpha: diffusers reads it from a header that its plain saving
leaves out, and then scales by 1 without a word. So alpha / rank is multiplied into B and no alpha is written.
The word rows keep Backlot's own names: no other program knows the small family's word table.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from ..contract import Input
from ..failure import Failure
from ..models.adapter import WORD_MOVED, WORD_ROWS, Adapter
from ..models.transformer import Transformer
from .adapter_folder import CODE, refuse_other_base, refuse_unfit
from .read_once import verified_bytes
from .tensors import Tensors, parse_about, parse_tensors, save_tensors

PREFIXES = {"diffusers": "transformer.", "comfyui": "diffusion_model."}
ENDINGS = {".a": ".lora_A.weight", ".b": ".lora_B.weight"}
BASE = "backlot_base"


def save_adapter_file(adapter: Adapter, base_sha256: str, style: str, path: Path) -> None:
    """Writes the adapter in one style's names, its alpha baked in, with its base's hash in the header."""
    scale = adapter.alpha / adapter.rank
    tensors = {
        outer_name(name, style): baked(tensor, scale) if name.endswith(".b") else tensor
        for name, tensor in adapter.tensors.items()
    }
    save_tensors(tensors, path, {"format": "pt", BASE: base_sha256})


def load_adapter_file(wanted: Input, base_sha256: str, model: Transformer) -> Adapter:
    """The adapter in a verified file of either style. Raises Failure as `load_adapter` does."""
    path, data = Path(wanted.path), verified_bytes(wanted.path, wanted.sha256, CODE)
    read = parse_tensors(data, path)
    refuse_other_base(parse_about(data).get(BASE), base_sha256, str(path))
    tensors = {inner_name(name, path): tensor for name, tensor in read.items()}
    rank = rank_of(tensors, path)
    # alpha = rank, as alpha / rank is in B by now; an adapter that was so before comes back byte for byte.
    adapter = Adapter(rank, rank, tensors)
    words, moved = (len(tensors[one]) if one in tensors else None for one in (WORD_ROWS, WORD_MOVED))
    refuse_unfit(adapter, words, moved, model, str(path))
    return adapter


def baked(b: Tensor, scale: float) -> Tensor:
    """B times alpha / rank, in B's own type where that loses nothing."""
    exact = b.float() * scale
    short = exact.to(b.dtype)
    return short if torch.equal(short.float(), exact) else exact


def outer_name(name: str, style: str) -> str:
    """`blocks.0.qkv.a` -> `transformer.blocks.0.qkv.lora_A.weight`."""
    for ending, outer in ENDINGS.items():
        if name.endswith(ending):
            return PREFIXES[style] + name.removesuffix(ending) + outer
    return PREFIXES[style] + name


def inner_name(name: str, path: Path) -> str:
    """The other way round, from either style."""
    for prefix in PREFIXES.values():
        if name.startswith(prefix):
            inner = name.removeprefix(prefix)
            for ending, outer in ENDINGS.items():
                inner = inner.removesuffix(outer) + ending if inner.endswith(outer) else inner
            return inner
    expected = "tensors named " + " or ".join(f"{prefix}…" for prefix in PREFIXES.values())
    raise unreadable(path, expected, name)


def rank_of(tensors: Tensors, path: Path) -> int:
    for name, tensor in tensors.items():
        if name.endswith(".a") and tensor.ndim == 2:
            return tensor.shape[0]
    raise unreadable(path, "low-rank weights (lora_A)", "none")


def unreadable(path: Path, expected: str, found: str) -> Failure:
    remedy = "Import a file that `backlot adapter export` wrote."
    return Failure(CODE, expected=expected, where=str(path), found=found, remedy=remedy)
