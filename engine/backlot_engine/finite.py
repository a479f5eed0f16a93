"""Takes of which nothing is to be seen: what draws them has to say so, as they would be black."""

from __future__ import annotations

import torch
from torch import Tensor

from .failure import Failure

# Latents have about unit spread. Beyond this a codec's products are no numbers any more.
LARGEST = 1e6


def refuse_not_finite(drawn: Tensor, where: str) -> None:
    """Raises Failure("not-finite") for latents or pixels with NaN, infinity, or nothing near the spread of
    latents.
    """
    if bool(torch.isfinite(drawn).all()) and float(drawn.abs().max()) <= LARGEST:
        return
    raise Failure(
        "not-finite",
        expected="finite numbers",
        where=where,
        found="NaN, infinity or numbers without bound",
        remedy="Draw with smaller weights of the adapters, or without each in turn, to find the one that "
        "spoils takes; where none is named, restore the base or train the model again.",
    )
