"""Words of captions and briefs that the model does not read, or reads as no word that it was taught."""

from __future__ import annotations

from collections.abc import Iterable

from .contract import ClipLine
from .family import Family
from .models.words import has_unspaced
from .run import Run

# Places fill a line; more are counted.
MOST_NAMED = 10


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


def tell_untaught(texts: Iterable[tuple[str, str]], family: Family, run: Run) -> None:
    """A notice of the words in briefs that neither the base nor an adapter was taught, by where they stand:
    a name that is spelled wrong draws somebody, and nobody knows whom. `texts`: name and text.
    """
    found = [f"word {at} of {name}" for name, text in texts for at in family.untaught(text)]
    if not found:
        return
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    run.notice(
        "words-untaught",
        f"Neither the base nor an adapter was taught {', '.join(found[:MOST_NAMED])}{more} (marks count as "
        "words): takes show anything there. Look how they are spelled, and which adapters are named.",
    )


def tell_unspaced(clips: tuple[ClipLine, ...], run: Run) -> None:
    """A notice of captions in scripts that put no spaces between words: each sentence is one word here."""
    found = [clip.id for clip in clips if has_unspaced(clip.caption)]
    if found:
        run.notice(
            "words-unspaced",
            f"What stands between spaces and marks is one word to the model, and {len(found)} of "
            f"{len(clips)} captions have no spaces between words, such as that of clip {found[0][:12]}. "
            "Hardly any word is learned: put a space between the words, in captions and in briefs.",
        )
