"""Low-rank adapters: beside each block's matrices while training, added into them when used."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .transformer import Transformer

TARGETS = ("qkv", "out", "up", "down")
WORD_ROWS, WORD_DELTA, WORD_MOVED = "words.rows", "words.delta", "words.moved"


@dataclass(frozen=True)
class Adapter:
    """tensors: `blocks.<n>.<target>.a` (rank, in), `.b` (out, rank), `words.rows` int64 (n),
    `words.delta` (n, width); where words are read from another row than their own, `words.moved` int64
    (m, 2): `key_of` each and that row.

    A matrix becomes W + weight * alpha / rank * b @ a; a word's row gets weight * delta.
    """

    rank: int
    alpha: float
    tensors: dict[str, Tensor]


class LowRank(nn.Module):
    """A frozen linear layer with a trained detour of low rank, which starts as nothing."""

    def __init__(self, layer: nn.Linear, rank: int, alpha: float, generator: torch.Generator) -> None:
        super().__init__()
        self.layer = layer
        self.scale = alpha / rank
        start = torch.randn(rank, layer.in_features, generator=generator) / layer.in_features**0.5
        self.a = nn.Parameter(start)
        self.b = nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.layer(x) + F.linear(F.linear(x, self.a), self.b) * self.scale
        return made


class AdaptedWords(nn.Module):
    """A frozen word table plus a trained difference for some of its rows."""

    slot: Tensor

    def __init__(self, table: nn.Embedding, rows: Tensor) -> None:
        super().__init__()
        self.table = table
        self.delta = nn.Parameter(torch.zeros(len(rows), table.embedding_dim))
        slot = torch.zeros(table.num_embeddings, dtype=torch.long)
        slot[rows] = torch.arange(1, len(rows) + 1)
        self.register_buffer("slot", slot, persistent=False)

    def forward(self, rows: Tensor) -> Tensor:
        made: Tensor = self.table(rows) + F.embedding(self.slot[rows], F.pad(self.delta, (0, 0, 1, 0)))
        return made


def attach(
    model: Transformer, rank: int, alpha: float, rows: Tensor | None, generator: torch.Generator
) -> None:
    """Freezes the model and puts low-rank detours beside its matrices; `rows` are the words that learn
    too.
    """
    model.requires_grad_(False)
    for block in model.blocks:
        for target in TARGETS:
            setattr(block, target, LowRank(getattr(block, target), rank, alpha, generator))
    if rows is not None:
        model.words = AdaptedWords(model.words, rows)  # type: ignore[assignment]


def add(model: Transformer, adapter: Adapter, weight: float) -> None:
    """Adds an adapter into a plain model's weights."""
    state = model.state_dict()
    scale = weight * adapter.alpha / adapter.rank
    for name in adapter.tensors:
        if name.endswith(".a"):
            layer = name.removesuffix(".a")
            product = adapter.tensors[layer + ".b"].float() @ adapter.tensors[name].float()
            state[layer + ".weight"].add_(product, alpha=scale)
    if WORD_ROWS in adapter.tensors:
        delta = adapter.tensors[WORD_DELTA].float() * weight
        state["words.weight"].index_add_(0, adapter.tensors[WORD_ROWS], delta)


def wanted_shapes(
    model: Transformer, rank: int, words: int | None, moved: int | None = None
) -> dict[str, tuple[int, ...]]:
    """Names and shapes of an adapter's tensors for a plain model; `words` rows of its table, or none;
    `moved` words that are read from another row than their own, or none.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for name, tensor in model.state_dict().items():
        parts = name.split(".")
        if parts[0] == "blocks" and parts[-1] == "weight" and parts[-2] in TARGETS:
            layer = name.removesuffix(".weight")
            shapes[layer + ".a"] = (rank, tensor.shape[1])
            shapes[layer + ".b"] = (tensor.shape[0], rank)
    if words is not None:
        shapes[WORD_ROWS] = (words,)
        shapes[WORD_DELTA] = (words, model.config.width)
    if moved is not None:
        shapes[WORD_MOVED] = (moved, 2)
    return shapes
