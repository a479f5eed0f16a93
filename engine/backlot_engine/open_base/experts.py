"""One transformer, or two that share the way from noise to clip between them, as one model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from .texts import Texts
from .video_codec import to_tokens, to_video

# A base counts time in thousandths.
THOUSAND = 1000
# Names in a pipeline's folder; the second knows the times below the boundary.
NAMES = ("transformer", "transformer_2")


def present(index: Mapping[str, Any]) -> list[str]:
    """The experts that a pipeline's model_index.json names, the one near noise first."""
    return [name for name in NAMES if (index.get(name) or [None])[0] is not None]


class Experts(nn.Module):
    """The velocity of tokens. A clip at time t goes to the first expert where t >= `boundary`, else to the
    second; without a boundary there is one expert.
    """

    def __init__(
        self,
        experts: list[Any],
        boundary: float | None,
        grid: tuple[int, int, int],
        texts: Texts,
        time_of_each: bool,
    ) -> None:
        super().__init__()
        self.experts = nn.ModuleDict(dict(zip(NAMES, experts, strict=False)))
        self.boundary, self.grid, self.texts, self.time_of_each = boundary, grid, texts, time_of_each

    def compute_again(self) -> None:
        """Each block keeps what goes into it, and computes the rest again in the backward pass."""
        for expert in self.experts.values():
            whole: Any = expert
            whole.enable_gradient_checkpointing()

    def forward(self, x: Tensor, clean: Tensor, given: Tensor, t: Tensor, rows: Tensor) -> Tensor:  # noqa: ARG002
        """`clean` is in x already, where it is given: a base that takes frames is told so by time."""
        first = torch.ones_like(t, dtype=torch.bool) if self.boundary is None else t >= self.boundary
        out = torch.zeros_like(x)
        for name, chosen in zip(NAMES, (first, ~first), strict=True):
            if bool(chosen.any()):
                out[chosen] = self._ask(self.experts[name], x[chosen], given[chosen], t[chosen], rows[chosen])
        return out

    def _ask(self, expert: Any, x: Tensor, given: Tensor, t: Tensor, rows: Tensor) -> Tensor:
        numbers = expert.dtype
        made: Tensor = expert(
            hidden_states=to_video(x, self.grid).to(numbers),
            timestep=self._times(expert, given, t) * THOUSAND,
            encoder_hidden_states=self.texts.states(rows).to(x.device, numbers),
            return_dict=False,
        )[0]
        return to_tokens(made).float()

    def _times(self, expert: Any, given: Tensor, t: Tensor) -> Tensor:
        """(clips), or (clips, patches) for a base that takes a time for each patch: 0 where it is given."""
        if not self.time_of_each:
            return t
        _, down, across = expert.config.patch_size
        asked = to_video(1 - given, self.grid)[:, 0, :, ::down, ::across]
        return (asked * t[:, None, None, None]).flatten(1)
