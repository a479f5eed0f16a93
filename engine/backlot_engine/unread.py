"""Words of captions and briefs that the model does not read, as they stand past the end of what it holds."""

from __future__ import annotations

from collections.abc import Iterable

from .family import Family
from .run import Run


def tell_unread(texts: Iterable[tuple[str, str]], family: Family, run: Run, mirrored: bool = False) -> None:
    """A notice of how many texts are cut, and how much is cut off the first of them, by its name: a text may
    have to go, and notices stay. `texts`: name and text. `mirrored`: they are also shown mirrored, which is
    said in place of the last word.
    """
    lost = [(name, len(family.unread(text, mirrored))) for name, text in texts]
    cut = [(name, words) for name, words in lost if words > 0]
    if not cut:
        return
    name, words = cut[0]
    run.notice(
        "words-unread",
        f"The model does not read the end of {len(cut)} of {len(lost)} captions: "
        f"of the words it leaves out the last {words} of {name}. Say what matters first.",
    )
