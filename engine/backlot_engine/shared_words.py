"""Words that no training can tell apart: they share a row of the word table."""

from __future__ import annotations

import re

from torch import Tensor

from .models.transformer import TransformerConfig
from .models.words import words_by_row
from .run import Run

# A caption's words fill a line; more are counted.
MOST_NAMED = 40


def tell_shared_words(captions: list[str], config: TransformerConfig, known: Tensor | None, run: Run) -> None:
    """Notices for the captions' words that share a row with one another and for those in a row of `known`,
    which an adapter does not learn. The base keeps rows, not words: which of the latter it really saw, a
    person must tell.
    """
    by_row = words_by_row(captions, config.words, config.caption_words)
    together = [" = ".join(words) for words in by_row.values() if len(words) > 1]
    if together:
        run.notice(
            "words-shared",
            f"These words of the captions are one word to the model: {_listed(together)}. Write one of each "
            "differently, such as a name with a word added to it, if they must be told apart.",
        )
    rows = [] if known is None else [row for row in known.tolist() if row in by_row]
    taken = sorted(word for row in rows for word in by_row[row] if re.search(r"\w", word))
    if taken:
        run.notice(
            "words-known",
            f"The base knows these words of the captions, and the adapter leaves them as they are: "
            f"{_listed(taken)}. A name among them that the base cannot know shares the row of another word "
            "and is not learned: write it differently.",
        )


def _listed(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
