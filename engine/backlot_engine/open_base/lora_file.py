"""An open base's adapter as files that other programs read, one for each expert, in diffusers' names or
ComfyUI's.

Its folder holds diffusers' names already, with alpha in B. ComfyUI keeps the names of Wan's own code: it
looks for `diffusion_model.` and a matrix's name before `.lora_A.weight`, and only logs what it does not know.
"""

from __future__ import annotations

from pathlib import Path

from ..contract import Input
from ..data.model_folder import CODE as MODEL
from ..data.read_once import Folder
from ..data.tensors import Tensors, save_tensors
from .experts import present
from .lora import PREFIX, opened, tensors_of
from .room import matrices

# The matrices of a block by diffusers' names, and by Wan's own.
OWN_NAMES = {
    "attn1.to_q": "self_attn.q",
    "attn1.to_k": "self_attn.k",
    "attn1.to_v": "self_attn.v",
    "attn1.to_out.0": "self_attn.o",
    "attn2.to_q": "cross_attn.q",
    "attn2.to_k": "cross_attn.k",
    "attn2.to_v": "cross_attn.v",
    "attn2.to_out.0": "cross_attn.o",
    "ffn.net.0.proj": "ffn.0",
    "ffn.net.2": "ffn.2",
}
# Of two experts, as people of ComfyUI call them: the first knows the times near noise.
OF_TWO = ("high-noise", "low-noise")
# As in the files of the small family's adapters: the hash of the base.
BASE = "backlot_base"


def save_files(base: Folder, adapter: Input, base_sha256: str, style: str, folder: Path) -> dict[str, Path]:
    """Writes `adapter.safetensors`, of a base of two experts `adapter.high-noise.safetensors` and
    `adapter.low-noise.safetensors`. Raises Failure as `lora.add` does. Of the base only headers are read.
    """
    own, rank = opened(adapter, base_sha256)
    experts = present(base.json("model_index.json", MODEL))
    read = [tensors_of(own, one, matrices(base.path / one), rank) for one in experts]
    names = [f"adapter.{one}" for one in OF_TWO] if len(experts) > 1 else ["adapter"]
    written: dict[str, Path] = {}
    for name, tensors in zip(names, read, strict=True):
        written[name] = folder / f"{name}.safetensors"
        save_tensors(named(tensors, style), written[name], {"format": "pt", BASE: base_sha256})
    return written


def named(tensors: Tensors, style: str) -> Tensors:
    """Tensors of diffusers' names in the names of a style."""
    if style == "diffusers":
        return tensors
    return {own_name(name): one for name, one in tensors.items()}


def own_name(name: str) -> str:
    """`transformer.blocks.0.attn1.to_q.…` -> `diffusion_model.blocks.0.self_attn.q.…`."""
    _, number, rest = name.removeprefix(PREFIX).split(".", 2)
    matrix, which = rest.split(".lora_")
    return f"diffusion_model.blocks.{number}.{OWN_NAMES[matrix]}.lora_{which}"
