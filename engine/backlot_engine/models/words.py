"""Captions as rows of a word table, without a vocabulary file."""

from __future__ import annotations

import re
import zlib

import torch
from torch import Tensor

# Said of a training clip shown mirrored, and never when takes are made, so that the mirror does not leak into
# takes (Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", F.2).
MIRRORED = "mirrored"
_OTHER_SIDE = {"left": "right", "right": "left"}
_SIDE = re.compile(r"\b(left|right)\b")
_WORD = re.compile(r"\w+|[^\w\s]")


def words_of(caption: str) -> list[str]:
    """Lower-cased words; each punctuation mark is a word of its own."""
    return _WORD.findall(caption.lower())


def row_of(word: str, rows: int) -> int:
    """Row of a word in a table with `rows` rows; row 0 stays for no word."""
    return zlib.crc32(word.encode()) % (rows - 1) + 1


def words_by_row(captions: list[str], rows: int, length: int) -> dict[int, list[str]]:
    """The different words that captions of `length` words put into each row, in alphabetical order."""
    read = {word for caption in captions for word in words_of(caption)[:length]}
    found: dict[int, list[str]] = {}
    for word in sorted(read):
        found.setdefault(row_of(word, rows), []).append(word)
    return found


def word_rows(captions: list[str], rows: int, length: int) -> Tensor:
    """int64 (captions, length): row crc32(word) mod (rows - 1) + 1, row 0 where there is no word; cut at
    `length`.
    """
    out = torch.zeros(len(captions), length, dtype=torch.long)
    for index, caption in enumerate(captions):
        found = [row_of(word, rows) for word in words_of(caption)[:length]]
        out[index, : len(found)] = torch.tensor(found, dtype=torch.long)
    return out


def mirrored_rows(captions: list[str], rows: int, length: int) -> Tensor:
    """As `word_rows`, for mirrored clips: left and right exchanged, and `mirrored` as the last of `length`
    words, where it stands whatever the caption's length.
    """
    exchanged = [_exchanged(caption.lower()) for caption in captions]
    mark = word_rows([MIRRORED] * len(captions), rows, 1)
    return torch.cat([word_rows(exchanged, rows, length)[:, :-1], mark], 1)


def unread_words(caption: str, length: int, mirrored: bool = False) -> list[str]:
    """The words that `word_rows`, or `mirrored_rows`, leave out of a caption."""
    return words_of(caption)[length - mirrored :]


def mirrored_caption(caption: str) -> str:
    """The caption of a mirrored clip, for a base that reads text: left and right exchanged, and marked."""
    return f"{_exchanged(caption)}, {MIRRORED}"


def _exchanged(caption: str) -> str:
    return _SIDE.sub(lambda found: _OTHER_SIDE[found[0]], caption)
