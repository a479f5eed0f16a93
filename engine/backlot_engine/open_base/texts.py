"""Captions in a base's own text encoder's words, each encoded once."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from .libraries import library, part

# Tokens of a caption that Wan reads, as its pipeline does.
LENGTH = 512
CHUNK = 8


class Texts:
    """Row 0 is the empty caption. The encoder, several times the size of a small base, is held in memory
    only while it works.
    """

    def __init__(self, folder: Path, numbers: torch.dtype, device: torch.device) -> None:
        self.folder, self.numbers, self.device = folder, numbers, device
        self.places: dict[str, int] = {}
        self.table: list[Tensor] = []

    def rows(self, captions: list[str]) -> Tensor:
        """int64 (captions, 1): where each caption stands in the table."""
        new = [one for one in dict.fromkeys(["", *captions]) if one not in self.places]
        if new:
            self.table += self._encode(new)
            self.places |= {caption: len(self.places) + at for at, caption in enumerate(new)}
        return torch.tensor([[self.places[one]] for one in captions], dtype=torch.long).view(-1, 1)

    def unread(self, caption: str) -> list[str]:
        """Words at the end of a caption that do not fit whole into LENGTH tokens, the end mark among them."""
        words = caption.split()
        if self._tokens(words) <= LENGTH:
            return []
        read = bisect_right(range(len(words)), LENGTH, key=lambda count: self._tokens(words[:count])) - 1
        return words[max(0, read) :]

    def _tokens(self, words: list[str]) -> int:
        clean = library("diffusers.pipelines.wan.pipeline_wan").prompt_clean
        return len(self._tokenizer(clean(" ".join(words)), verbose=False).input_ids)

    def states(self, rows: Tensor) -> Tensor:
        """(captions, LENGTH, width) for rows (captions, 1)."""
        found = [self.table[row] for row in rows[:, 0].tolist()]
        return torch.stack([F.pad(one, (0, 0, 0, LENGTH - len(one))) for one in found])

    @torch.no_grad()
    def _encode(self, captions: list[str]) -> list[Tensor]:
        pipeline = self._pipeline()
        found: list[Tensor] = []
        for start in range(0, len(captions), CHUNK):
            part_ = captions[start : start + CHUNK]
            states, _ = pipeline.encode_prompt(
                part_, do_classifier_free_guidance=False, max_sequence_length=LENGTH, device=self.device
            )
            found += [without_filling(one).cpu() for one in states]
        return found

    def _pipeline(self) -> Any:
        """Wan's pipeline with nothing but what reads captions."""
        transformers, diffusers = library("transformers"), library("diffusers")
        encoder = part(transformers.UMT5EncoderModel, str(self.folder), "text_encoder", self.numbers)
        encoder.to(self.device)
        scheduler = diffusers.FlowMatchEulerDiscreteScheduler()
        return diffusers.WanPipeline(self._tokenizer, encoder, None, scheduler)

    @cached_property
    def _tokenizer(self) -> Any:
        return library("transformers").AutoTokenizer.from_pretrained(
            self.folder / "tokenizer", local_files_only=True, trust_remote_code=False
        )


def without_filling(states: Tensor) -> Tensor:
    """States (LENGTH, width) without the zeros after a caption's end: with them each takes 4 MiB of Wan's."""
    return states[: 1 + int(states.any(1).nonzero().max())].clone()
