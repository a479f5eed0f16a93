"""Adapter folders: config.json and adapter.safetensors."""

from __future__ import annotations

from pathlib import Path

import torch

from ..contract import AdapterUse, Input
from ..failure import Failure
from ..models.adapter import WORD_DELTA, WORD_ROWS, Adapter, wanted_shapes
from ..models.transformer import Transformer
from .model_folder import refuse_other_tensors
from .read_once import verified_folder
from .tensors import save_json, save_tensors

CODE = "adapter-mismatch"


def save_adapter(adapter: Adapter, base_sha256: str, folder: Path) -> None:
    """Writes a trained adapter in bf16. Words whose row did not change are left out."""
    tensors = {
        name: tensor.to(torch.bfloat16) for name, tensor in adapter.tensors.items() if name != WORD_ROWS
    }
    if WORD_ROWS in adapter.tensors:
        changed = tensors[WORD_DELTA].ne(0).any(1)
        tensors[WORD_DELTA] = tensors[WORD_DELTA][changed]
        tensors[WORD_ROWS] = adapter.tensors[WORD_ROWS][changed]
    write_adapter(Adapter(adapter.rank, adapter.alpha, tensors), base_sha256, folder)


def write_adapter(adapter: Adapter, base_sha256: str, folder: Path) -> None:
    """Writes an adapter's tensors as they are."""
    tensors = adapter.tensors
    config = {
        "_class_name": "BacklotAdapter",
        "base": base_sha256,
        "rank": adapter.rank,
        # 32 and 32.0 are one number and two hashes, and the hash is the adapter's identity.
        "alpha": float(adapter.alpha),
        "words": len(tensors[WORD_ROWS]) if WORD_ROWS in tensors else None,
    }
    save_json(config, folder / "config.json")
    save_tensors(tensors, folder / "adapter.safetensors")


def load_adapter(wanted: Input | AdapterUse, base_sha256: str, model: Transformer) -> Adapter:
    """The verified adapter. Raises Failure("adapter-mismatch") when it was made for another base or shape,
    Failure("adapter-damaged") when its numbers cannot be right.
    """
    folder = verified_folder(wanted.path, wanted.sha256, CODE)
    config = folder.json("config.json", CODE)
    refuse_other_base(config["base"], base_sha256, wanted.path)
    adapter = Adapter(config["rank"], config["alpha"], folder.tensors("adapter.safetensors"))
    refuse_unfit(adapter, config["words"], model, wanted.path)
    return adapter


def refuse_other_base(found: str | None, wanted: str, where: str) -> None:
    if found == wanted:
        return
    raise Failure(
        CODE,
        expected=f"an adapter of base {wanted}",
        where=where,
        found=f"one of base {found}" if found else "no word about its base",
        remedy="Name the base that the adapter was trained on, or train it again on this one.",
    )


def refuse_unfit(adapter: Adapter, words: int | None, model: Transformer, where: str) -> None:
    """Raises Failure unless names, shapes, rows and numbers are those of an adapter of this model."""
    if adapter.rank < 1:
        raise _spoilt("a rank of 1 or more", where, str(adapter.rank))
    refuse_other_tensors(adapter.tensors, wanted_shapes(model, adapter.rank, words), where, CODE)
    _refuse_rows_outside(adapter.tensors.get(WORD_ROWS), model.config.words, where)
    for name, tensor in sorted(adapter.tensors.items()):
        if tensor.is_floating_point() and tensor.numel():
            refuse_spoilt(tensor, f"{where}: {name}")


def refuse_spoilt(tensor: torch.Tensor, where: str) -> None:
    """Raises Failure("adapter-damaged") for numbers that would do nothing or spoil every take."""
    finite = bool(torch.isfinite(tensor).all())
    if finite and bool(tensor.any()):
        return
    raise Failure(
        "adapter-damaged",
        expected="finite numbers, not all of them zero",
        where=where,
        found="zeros alone" if finite else "NaN or infinity",
        remedy="The adapter would do nothing, or spoil every take: train it again, or export it again.",
    )


def _refuse_rows_outside(rows: torch.Tensor | None, table: int, where: str) -> None:
    if rows is None or rows.numel() == 0:
        return
    expected = f"word rows 1..{table - 1}, as whole numbers of 64 bits"
    if rows.dtype != torch.int64:
        raise _spoilt(expected, where, str(rows.dtype))
    if int(rows.min()) < 1 or int(rows.max()) >= table:
        raise _spoilt(expected, where, f"{int(rows.min())}..{int(rows.max())}")


def _spoilt(expected: str, where: str, found: str) -> Failure:
    remedy = "The adapter is damaged: train it again, or export it again."
    return Failure(CODE, expected=expected, where=where, found=found, remedy=remedy)
