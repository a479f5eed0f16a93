"""Muon for matrices and AdamW for the rest, or AdamW for all; the rate's way over a run."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .contract import Optimizer
from .muon import Float32Muon
from .precision import has_fast_bf16

BETAS = (0.9, 0.95)
ADAPTED_WORDS = "words.delta"
FLOOR = 0.05  # of the rate, at the end of the decay

Parameters = dict[str, nn.Parameter]


class Optimizers:
    """The one or two optimizers of a run, as one."""

    def __init__(self, parameters: Parameters, options: Optimizer, word_rate: float = 1.0) -> None:
        """`word_rate`: the rate of an adapter's words, as a multiple of all other weights' rate."""
        self.parameters = parameters
        self.options = options
        matrices = [one for name, one in parameters.items() if is_matrix(name, one)]
        words = [one for name, one in parameters.items() if name == ADAPTED_WORDS]
        rest = [one for name, one in parameters.items() if not is_matrix(name, one) and name != ADAPTED_WORDS]
        self.parts = _parts(matrices, rest, options)
        if words:
            self.parts.append(torch.optim.AdamW(words, betas=BETAS, weight_decay=0.0, fused=True))
            self.parts[-1].param_groups[0]["scale"] = word_rate

    def step(self, rate: float) -> None:
        """Clips the gradients, moves the weights at this rate and forgets the gradients."""
        nn.utils.clip_grad_norm_(self.parameters.values(), self.options.clip_norm)
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = rate * group.get("scale", 1.0)
            part.step()
            part.zero_grad(set_to_none=True)

    def state(self) -> dict[str, Tensor]:
        """All state as `<parameter>/<what>` tensors."""
        found: dict[str, Tensor] = {}
        for name, parameter in self.parameters.items():
            for part in self.parts:
                for key, value in part.state.get(parameter, {}).items():
                    found[f"{name}/{key}"] = value
        return found

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Takes back what `state` gave."""
        for part in self.parts:
            for group in part.param_groups:
                for parameter in group["params"]:
                    part.state[parameter] = self._of(parameter, tensors)

    def _of(self, parameter: nn.Parameter, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        name = next(name for name, one in self.parameters.items() if one is parameter)
        return {
            key.removeprefix(f"{name}/"): value.to(parameter.device)
            for key, value in tensors.items()
            if key.startswith(f"{name}/")
        }


def is_matrix(name: str, parameter: Tensor) -> bool:
    """Whether a weight maps vectors to vectors, rather than holding vectors for words, places or blocks."""
    last = name.rsplit(".", 1)[-1]
    return parameter.dim() == 2 and last in ("weight", "a", "b") and not name.startswith("words.")


def rate_at(step: int, steps: int, options: Optimizer) -> float:
    """The rate of step 0..steps-1: up in a line, level, from `decay_from` down in a line to a twentieth."""
    warm = min(1.0, (step + 1) / options.warmup_steps) if options.warmup_steps else 1.0
    done = step / steps
    if done < options.decay_from:
        return options.rate * warm
    return options.rate * warm * max(FLOOR, (1 - done) / (1 - options.decay_from))


def _parts(
    matrices: list[nn.Parameter], rest: list[nn.Parameter], options: Optimizer
) -> list[torch.optim.Optimizer]:
    rate, decay = options.rate, options.weight_decay
    if options.name == "adamw":
        groups = [{"params": matrices, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]
        return [torch.optim.AdamW([one for one in groups if one["params"]], lr=rate, betas=BETAS, fused=True)]
    parts: list[torch.optim.Optimizer] = []
    if matrices:
        slow = matrices[0].device.type == "cpu" and not has_fast_bf16()
        muon = Float32Muon if slow else torch.optim.Muon
        parts.append(muon(matrices, lr=rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw"))
    if rest:
        parts.append(torch.optim.AdamW(rest, lr=rate, betas=BETAS, weight_decay=0.0, fused=True))
    return parts
