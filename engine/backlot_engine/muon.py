"""Muon on processors that have no bfloat16 in hardware."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class Float32Muon(torch.optim.Muon):
    """`torch.optim.Muon` with its products in float32. Torch's are in bfloat16, which such a processor has to
    imitate: a step of the base's matrices takes it 5 s, this one .14. Updates differ by bfloat16's rounding.
    """

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        """Moves every matrix that has a gradient."""
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is not None:
                    self._move(matrix, matrix.grad, group)

    def _move(self, matrix: nn.Parameter, gradient: Tensor, group: dict[str, Any]) -> None:
        """One step of Nesterov momentum, with updates as large as AdamW's (Moonshot, arXiv 2502.16982)."""
        state = self.state[matrix]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(matrix)
        momentum = state["momentum_buffer"].lerp_(gradient, 1 - group["momentum"])
        turned = torch.lerp(gradient, momentum, group["momentum"])
        update = orthogonal(turned, group["ns_coefficients"], group["ns_steps"], group["eps"])
        matrix.mul_(1 - group["lr"] * group["weight_decay"])
        matrix.add_(update, alpha=-group["lr"] * 0.2 * max(matrix.shape) ** 0.5)


def orthogonal(matrix: Tensor, coefficients: tuple[float, float, float], rounds: int, least: float) -> Tensor:
    """About U V^T of the matrix U S V^T (rows, columns), with singular values of .5 to 1.5 in place of 1.
    Newton-Schulz rounds of a quintic (Keller Jordan, Muon, https://kellerjordan.github.io/posts/muon/).
    `least`: the norm that a matrix is taken to have at least.
    """
    a, b, c = coefficients
    tall = matrix.shape[0] > matrix.shape[1]
    found = matrix.T if tall else matrix
    found = found / found.norm().clamp(min=least)
    for _ in range(rounds):
        gram = found @ found.T
        found = torch.addmm(found, torch.addmm(gram, gram, gram, beta=b, alpha=c), found, beta=a)
    return found.T if tall else found
