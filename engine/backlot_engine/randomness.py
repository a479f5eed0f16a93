"""All chance comes from here. Each draw has its own generator, made from the seed and what is drawn.

Nothing is carried from one step to the next, so that a resumed run draws exactly what an uninterrupted
one does.
"""

from __future__ import annotations

import hashlib

import torch


def generator(seed: int, *purpose: str | int, device: torch.device | str = "cpu") -> torch.Generator:
    """A generator for one purpose, such as (seed, "noise", step); a GPU draws other numbers than a CPU."""
    text = "/".join(str(part) for part in (seed, *purpose))
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
    return torch.Generator(device).manual_seed(number)
