"""Adapter folders: config.json and adapter.safetensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from ..contract import AdapterUse, Input
from ..failure import Failure
from ..models.adapter import WORD_DELTA, WORD_MOVED, WORD_ROWS, Adapter, wanted_shapes
from ..models.transformer import Transformer
from .fields import field, is_positive, is_whole
from .model_folder import refuse_other_tensors
from .read_once import verified_folder
from .tensors import save_json, save_tensors

CODE = "adapter-mismatch"
# As the contract's.
MOST_RANK, MOST_WORDS = 1024, 65536
# Trainers choose an alpha of a quarter to twice the rank, rank-stabilised ones of up to its root (32) times.
MOST_SCALE = 100
# Tensors of whole numbers.
COUNTED = (WORD_ROWS, WORD_MOVED)
LEARNED = (torch.float32, torch.bfloat16, torch.float16, torch.float64)


def save_adapter(adapter: Adapter, base_sha256: str, folder: Path) -> None:
    """Writes a trained adapter in bf16. Words whose row did not change are left out."""
    tensors = {
        name: tensor.to(torch.bfloat16) if tensor.is_floating_point() else tensor
        for name, tensor in adapter.tensors.items()
    }
    if WORD_ROWS in adapter.tensors:
        changed = tensors[WORD_DELTA].ne(0).any(1)
        tensors[WORD_DELTA] = tensors[WORD_DELTA][changed]
        tensors[WORD_ROWS] = tensors[WORD_ROWS][changed]
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
        # Named only where there are any: all other adapters stay what they were, byte for byte.
        **({"moved": len(tensors[WORD_MOVED])} if WORD_MOVED in tensors else {}),
    }
    save_json(config, folder / "config.json")
    save_tensors(tensors, folder / "adapter.safetensors")


def load_adapter(wanted: Input | AdapterUse, base_sha256: str, model: Transformer) -> Adapter:
    """The verified adapter. Raises Failure("adapter-mismatch") when it was made for another base or shape,
    Failure("adapter-damaged") when its numbers cannot be right.
    """
    folder = verified_folder(wanted.path, wanted.sha256, CODE)
    config, where = folder.json("config.json", CODE), folder.path / "config.json"
    base = field(config, "base", lambda one: isinstance(one, str), "the sha256 of a base", where, CODE)
    refuse_other_base(base, base_sha256, wanted.path)
    rank, words, moved = rank_in(config, where), words_in(config, where), words_in(config, where, "moved")
    alpha = field(config, "alpha", is_positive, "a finite number above 0", where, CODE)
    adapter = Adapter(rank, alpha, folder.tensors("adapter.safetensors"))
    refuse_unfit(adapter, words, moved, model, wanted.path)
    return adapter


def rank_in(config: Any, where: Path) -> int:
    """The rank that an adapter's config.json names. Raises Failure("adapter-mismatch")."""
    expected = f"a whole number from 1 to {MOST_RANK}"
    found: int = field(config, "rank", lambda one: is_whole(one, 1, MOST_RANK), expected, where, CODE)
    return found


def words_in(config: Any, where: Path, name: str = "words") -> int | None:
    def fits(one: Any) -> bool:
        return one is None or is_whole(one, 0, MOST_WORDS)

    found: int | None = field(config, name, fits, "how many rows of words, or null", where, CODE)
    return found


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


def refuse_unfit(
    adapter: Adapter, words: int | None, moved: int | None, model: Transformer, where: str
) -> None:
    """Raises Failure unless names, shapes, rows and numbers are those of an adapter of this model."""
    if adapter.rank < 1:
        raise _spoilt("a rank of 1 or more", where, str(adapter.rank))
    if not 0 < adapter.alpha <= MOST_SCALE * adapter.rank:
        expected = f"an alpha above 0, at most {MOST_SCALE} times its rank of {adapter.rank}"
        raise _spoilt(expected, where, str(adapter.alpha))
    refuse_other_tensors(adapter.tensors, wanted_shapes(model, adapter.rank, words, moved), where, CODE)
    _refuse_rows_outside(adapter.tensors.get(WORD_ROWS), model.config.words, where)
    if moved:
        _refuse_moved_outside(adapter.tensors[WORD_MOVED], model.config.words, where)
    for name, tensor in sorted(adapter.tensors.items()):
        if name not in COUNTED and tensor.numel():
            refuse_spoilt(tensor, f"{where}: {name}")


def refuse_spoilt(tensor: torch.Tensor, where: str) -> None:
    """Raises Failure("adapter-damaged") for numbers that would do nothing or spoil every take, and
    Failure("adapter-mismatch") for those of a kind that no trainer learns in.
    """
    if tensor.dtype not in LEARNED:
        expected = "numbers of " + ", ".join(map(str, LEARNED))
        raise _spoilt(expected, where, str(tensor.dtype))
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


def _refuse_moved_outside(moved: torch.Tensor, table: int, where: str) -> None:
    if moved.dtype != torch.int64 or int(moved.min()) < 0 or int(moved[:, 0].max()) >= 2**32:
        expected = f"{WORD_MOVED} of whole numbers of 64 bits, the first of each below 2^32"
        raise _spoilt(expected, where, f"{moved.dtype}, {moved.min()}..{moved[:, 0].max()}")
    if len(moved[:, 0].unique()) < len(moved):
        raise _spoilt(f"every word of {WORD_MOVED} once", where, "one twice")
    _refuse_rows_outside(moved[:, 1], table, where)


def _spoilt(expected: str, where: str, found: str) -> Failure:
    remedy = "The adapter is damaged: train it again, or export it again."
    return Failure(CODE, expected=expected, where=where, found=found, remedy=remedy)
