"""Muon where a processor has no bfloat16."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from backlot_engine import optimizers
from backlot_engine.contract import Optimizer
from backlot_engine.muon import Float32Muon, orthogonal
from backlot_engine.optimizers import Optimizers

SHAPES = ((24, 24), (24, 96), (96, 24))
OPTIONS = Optimizer(name="muon", rate=0.02, weight_decay=0.1, warmup_steps=0, decay_from=1, clip_norm=1e9)
STEPS = 5


def moved(kind: type[torch.optim.Muon]) -> list[Tensor]:
    """Matrices after some steps down the same gradients."""
    torch.manual_seed(3)
    matrices = [nn.Parameter(torch.randn(shape)) for shape in SHAPES]
    part = kind(matrices, lr=0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    for _ in range(STEPS):
        for one in matrices:
            one.grad = torch.randn(one.shape)
        part.step()
    return [one.detach() for one in matrices]


def test_float32_muon_moves_matrices_as_torchs_does_but_for_bfloat16s_rounding() -> None:
    torch.manual_seed(3)
    before = [torch.randn(shape) for shape in SHAPES]
    for ours, theirs, start in zip(moved(Float32Muon), moved(torch.optim.Muon), before, strict=True):
        assert (ours - theirs).norm() < 0.02 * (theirs - start).norm()


@pytest.mark.parametrize("shape", [(24, 96), (96, 24)])
def test_an_update_is_nearly_what_a_matrix_turns_without_what_it_stretches(shape: tuple[int, int]) -> None:
    torch.manual_seed(4)
    matrix = torch.randn(shape)
    settings = Float32Muon([nn.Parameter(matrix)]).defaults
    found = orthogonal(matrix, settings["ns_coefficients"], settings["ns_steps"], settings["eps"])
    u, _, vh = torch.linalg.svd(matrix, full_matrices=False)
    sizes = torch.linalg.svdvals(found)
    assert sizes.min() > 0.5 and sizes.max() < 1.5
    assert (found / sizes.mean() - u @ vh).norm() < 0.3 * (u @ vh).norm()


@pytest.mark.parametrize(("fast", "kind"), [(True, torch.optim.Muon), (False, Float32Muon)])
def test_products_are_in_bfloat16_only_where_the_processor_has_it(
    fast: bool, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimizers, "has_fast_bf16", lambda: fast)
    part = Optimizers({"block.weight": nn.Parameter(torch.ones(2, 2))}, OPTIONS).parts[0]
    assert type(part) is kind
