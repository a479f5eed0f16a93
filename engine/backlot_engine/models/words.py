"""Captions as rows of a word table, without a vocabulary file."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

import torch
from torch import Tensor

# Said of a training clip shown mirrored, and never when takes are made, so that the mirror does not leak into
# takes (Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", F.2).
MIRRORED = "mirrored"
_OTHER_SIDE = {"left": "right", "right": "left"}
_SIDE = re.compile(r"\b(left|right)\b")
_WORD = re.compile(r"\w+|[^\w\s]")
# Nine letters or more of Thai, Lao, Burmese, Khmer, Japanese or Chinese: names hardly ever have them.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{9}")
# Tried for a row of its own: of a table that is a quarter full one word in 10^60 finds none.
TRIES = 100

# Rows of words that are read from another than their own, by `key_of` the word.
Moved = Mapping[int, int]
NONE: Moved = MappingProxyType({})


def words_of(caption: str) -> list[str]:
    """Lower-cased words, however their accents are coded; each punctuation mark is a word of its own."""
    return _WORD.findall(unicodedata.normalize("NFC", caption).lower())


def is_word(word: str) -> bool:
    """Whether it is more than a mark."""
    return re.search(r"\w", word) is not None


def has_unspaced(caption: str) -> bool:
    """Whether letters of a script that puts no spaces between words stand in a row as no name of it does."""
    return _UNSPACED.search(caption) is not None


def key_of(word: str) -> int:
    return zlib.crc32(word.encode())


def row_of(word: str, rows: int, moved: Moved = NONE) -> int:
    """Row of a word in a table with `rows` rows; row 0 stays for no word."""
    key = key_of(word)
    return moved.get(key, key % (rows - 1) + 1)


def moved_from(taken: Collection[int], words: Iterable[str], rows: int) -> dict[int, int]:
    """Rows of their own for those of the words that stand in `taken` rows, by `key_of` the word. They follow
    from the word and `taken` alone, so that all adapters of a base move a word to the same row.
    """
    found = {}
    for word in words:
        if row_of(word, rows) not in taken:
            continue
        tried = (row_of(f"{word} {n}", rows) for n in range(TRIES))
        free = next((row for row in tried if row not in taken), None)
        if free is not None:
            found[key_of(word)] = free
    return found


def words_by_row(captions: list[str], rows: int, length: int, moved: Moved = NONE) -> dict[int, list[str]]:
    """The different words that captions of `length` words put into each row, in alphabetical order."""
    read = {word for caption in captions for word in words_of(caption)[:length]}
    found: dict[int, list[str]] = {}
    for word in sorted(read):
        found.setdefault(row_of(word, rows, moved), []).append(word)
    return found


def word_rows(captions: list[str], rows: int, length: int, moved: Moved = NONE) -> Tensor:
    """int64 (captions, length): row crc32(word) mod (rows - 1) + 1, row 0 where there is no word; cut at
    `length`. Words in `moved` have the row that stands there.
    """
    out = torch.zeros(len(captions), length, dtype=torch.long)
    for index, caption in enumerate(captions):
        found = [row_of(word, rows, moved) for word in words_of(caption)[:length]]
        out[index, : len(found)] = torch.tensor(found, dtype=torch.long)
    return out


def mirrored_rows(captions: list[str], rows: int, length: int, moved: Moved = NONE) -> Tensor:
    """As `word_rows`, for mirrored clips: left and right exchanged, and `mirrored` as the last of `length`
    words, where it stands whatever the caption's length.
    """
    exchanged = [_exchanged(caption.lower()) for caption in captions]
    mark = word_rows([MIRRORED] * len(captions), rows, 1)
    return torch.cat([word_rows(exchanged, rows, length, moved)[:, :-1], mark], 1)


def unread_words(caption: str, length: int, mirrored: bool = False) -> list[str]:
    """The words that `word_rows`, or `mirrored_rows`, leave out of a caption."""
    return words_of(caption)[length - mirrored :]


def mirrored_caption(caption: str) -> str:
    """The caption of a mirrored clip, for a base that reads text: left and right exchanged, and marked."""
    return f"{_exchanged(caption)}, {MIRRORED}"


def _exchanged(caption: str) -> str:
    return _SIDE.sub(lambda found: _OTHER_SIDE[found[0]], caption)
