"""Adapter folders: config.json and adapter.safetensors."""

from __future__ import annotations

from pathlib import Path

import torch

from ..contract import AdapterUse
from ..failure import Failure
from ..models.adapter import WORD_DELTA, WORD_ROWS, Adapter, wanted_shapes
from ..models.transformer import Transformer
from .hashing import verified_folder
from .model_folder import refuse_other_tensors
from .tensors import load_json, load_tensors, save_json, save_tensors

CODE = "adapter-mismatch"


def save_adapter(adapter: Adapter, base_sha256: str, folder: Path) -> None:
    """Writes an adapter in bf16. Words whose row did not change are left out."""
    tensors = {
        name: tensor.to(torch.bfloat16) for name, tensor in adapter.tensors.items() if name != WORD_ROWS
    }
    if WORD_ROWS in adapter.tensors:
        changed = tensors[WORD_DELTA].ne(0).any(1)
        tensors[WORD_DELTA] = tensors[WORD_DELTA][changed]
        tensors[WORD_ROWS] = adapter.tensors[WORD_ROWS][changed]
    config = {
        "_class_name": "BacklotAdapter",
        "base": base_sha256,
        "rank": adapter.rank,
        "alpha": adapter.alpha,
        "words": len(tensors[WORD_ROWS]) if WORD_ROWS in tensors else None,
    }
    save_json(config, folder / "config.json")
    save_tensors(tensors, folder / "adapter.safetensors")


def load_adapter(wanted: AdapterUse, base_sha256: str, model: Transformer) -> Adapter:
    """The verified adapter. Raises Failure("adapter-mismatch") when it was made for another base or shape."""
    folder = verified_folder(wanted.path, wanted.sha256, CODE)
    config = load_json(folder / "config.json", CODE)
    if config["base"] != base_sha256:
        raise Failure(
            CODE,
            expected=f"an adapter of base {base_sha256}",
            where=wanted.path,
            found=f"one of base {config['base']}",
            remedy="Generate with the base that the adapter was trained on, or train it again on this one.",
        )
    tensors = load_tensors(folder / "adapter.safetensors")
    shapes = wanted_shapes(model, config["rank"], config["words"])
    refuse_other_tensors(tensors, shapes, wanted.path, CODE)
    _refuse_rows_outside(tensors.get(WORD_ROWS), model.config.words, wanted.path)
    return Adapter(config["rank"], config["alpha"], tensors)


def _refuse_rows_outside(rows: torch.Tensor | None, table: int, where: str) -> None:
    if rows is None or len(rows) == 0 or (int(rows.min()) > 0 and int(rows.max()) < table):
        return
    raise Failure(
        CODE,
        expected=f"word rows 1..{table - 1}",
        where=where,
        found=f"{int(rows.min())}..{int(rows.max())}",
        remedy="The adapter is damaged: train it again.",
    )
