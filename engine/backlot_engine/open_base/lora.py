"""Adapters of open bases: the same detours as the small family's, in files that diffusers reads.

A folder holds config.json and, for each expert, <expert>.safetensors with keys of diffusers. Alpha is in B
already (B * alpha / rank): diffusers' own saving leaves it out, and loads the adapter at another strength.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from ..contract import AdapterUse, Input, Lora
from ..data.adapter_folder import CODE, rank_in, refuse_other_base, refuse_spoilt
from ..data.model_folder import refuse_other_tensors
from ..data.read_once import Folder, verified_folder
from ..data.tensors import Tensors, save_json, save_tensors
from ..failure import Failure
from ..models.adapter import LowRank

CLASS = "BacklotOpenAdapter"
TARGETS = ("to_q", "to_k", "to_v", "to_out.0", "net.0.proj", "net.2")
# Keys below start with this for either expert, as diffusers wants them.
PREFIX = "transformer."


def targets(expert: nn.Module) -> list[tuple[str, nn.Linear]]:
    """The matrices of an expert's blocks that an adapter stands beside."""
    named = expert.named_modules()
    return [(name, one) for name, one in named if isinstance(one, nn.Linear) and is_target(name)]


def attach(experts: nn.ModuleDict, rank: int, alpha: float, generator: torch.Generator) -> None:
    """Puts low-rank detours beside the matrices of frozen experts."""
    for expert in experts.values():
        for name, layer in targets(expert):
            expert.set_submodule(name, LowRank(layer, rank, alpha, generator))


def save(moving: Mapping[str, Tensor], lora: Lora, base_sha256: str, folder: Path) -> None:
    """Writes the adapter in bf16. `moving`: `experts.<expert>.<layer>.<a or b>`."""
    for expert, tensors in by_expert(moving, lora.alpha / lora.rank).items():
        refuse_nothing_learned(expert, tensors)
        save_tensors(tensors, folder / f"{expert}.safetensors")
    save_json({"_class_name": CLASS, "base": base_sha256, "rank": lora.rank}, folder / "config.json")


def by_expert(moving: Mapping[str, Tensor], scale: float) -> dict[str, Tensors]:
    """Tensors under diffusers' keys, with `scale` in B."""
    found: dict[str, Tensors] = {}
    for name, tensor in moving.items():
        _, expert, rest = name.split(".", 2)
        layer, which = rest.rsplit(".", 1)
        key, factor = ("lora_A", 1.0) if which == "a" else ("lora_B", scale)
        kept = (tensor * factor).to(torch.bfloat16)
        found.setdefault(expert, {})[f"{PREFIX}{layer}.{key}.weight"] = kept
    return found


@torch.no_grad()
def add(experts: nn.ModuleDict, use: AdapterUse, base_sha256: str) -> None:
    """W + weight * B A in every matrix. Raises Failure("adapter-mismatch") for an adapter of another base,
    Failure("adapter-damaged") when its numbers cannot be right.
    """
    folder, rank = opened(use, base_sha256)
    for expert, module in experts.items():
        layers = dict(targets(module))
        sizes = {name: (one.out_features, one.in_features) for name, one in layers.items()}
        tensors = tensors_of(folder, expert, sizes, rank)
        for name, layer in layers.items():
            down, up = (tensors[f"{PREFIX}{name}.{key}.weight"].float() for key in ("lora_A", "lora_B"))
            layer.weight.add_((up @ down).to(layer.weight.dtype), alpha=use.weight)


def opened(wanted: Input | AdapterUse, base_sha256: str) -> tuple[Folder, int]:
    """The verified folder of an adapter of this base, and its rank. Raises Failure("adapter-mismatch")."""
    folder = verified_folder(wanted.path, wanted.sha256, CODE)
    config = folder.json("config.json", CODE)
    said = config if isinstance(config, dict) else {}
    found = said.get("base") if said.get("_class_name") == CLASS else None
    refuse_other_base(found, base_sha256, wanted.path)
    return folder, rank_in(config, folder.path / "config.json")


def tensors_of(folder: Folder, expert: str, sizes: Mapping[str, tuple[int, int]], rank: int) -> Tensors:
    """An adapter's tensors for one expert, whose matrices have these sizes (out, in). Raises Failure as
    `add` does.
    """
    tensors = folder.tensors(f"{expert}.safetensors")
    refuse_other_tensors(tensors, _wanted(sizes, rank), str(folder.path), CODE)
    for name, tensor in sorted(tensors.items()):
        refuse_spoilt(tensor, f"{folder.path}: {expert}: {name}")
    return tensors


def refuse_nothing_learned(expert: str, tensors: Tensors) -> None:
    """Raises Failure("nothing-learned") for an expert that no step has moved."""
    if any(bool(one.any()) for name, one in tensors.items() if ".lora_B." in name):
        return
    raise Failure(
        "nothing-learned",
        expected=f"weights of {expert} that moved",
        where="the adapter",
        found="zeros alone: no clip was drawn at a time that this expert is asked at",
        remedy="Train for more steps, or with a larger batch.",
    )


def _wanted(sizes: Mapping[str, tuple[int, int]], rank: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for name, (rows, columns) in sizes.items():
        shapes[f"{PREFIX}{name}.lora_A.weight"] = (rank, columns)
        shapes[f"{PREFIX}{name}.lora_B.weight"] = (rows, rank)
    return shapes


def is_target(name: str) -> bool:
    return name.startswith("blocks.") and name.endswith(TARGETS)
