"""Words that no training can tell apart: they share a row of the word table."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor

from .contract import ClipLine
from .models.transformer import TransformerConfig
from .models.words import Moved, is_word, words_by_row, words_of
from .run import Run

# Places fill a few lines; more are counted.
MOST_NAMED = 40
LOOK_UP = "They stand in manifest.jsonl of the dataset, by the clip's id; marks count as words."

WRITTEN = "A name that is written as one of them means that word"
SHARED = "A name among them that the base cannot know shares the row of another word and is not learned"

# Where a word stands first: the clip's id, and which word of its caption, from 1.
Place = tuple[str, int]


def tell_shared_words(
    clips: tuple[ClipLine, ...],
    config: TransformerConfig,
    known: Tensor | None,
    moved: Moved,
    run: Run,
    told: bool,
) -> None:
    """Notices for the captions' words that share a row with one another and for those in a row of `known`,
    which an adapter does not learn. A base keeps rows, not words: where nobody has `told` which words it saw,
    a person must tell. Words are named by where they stand: captions may have to go, and notices stay.
    """
    by_row = words_by_row([clip.caption for clip in clips], config.words, config.caption_words, moved)
    places = _first_places(clips, config.caption_words)
    together = sorted(sorted(places[word] for word in words) for words in by_row.values() if len(words) > 1)
    if together:
        listed = "; ".join(" = ".join(map(_place, one)) for one in together[:MOST_NAMED])
        run.notice(
            "words-shared",
            f"Some words of the captions are one word to the model: {listed}{_more(len(together))}. "
            "Write one of each differently, such as a name with a word added to it, if they must be told "
            f"apart. {LOOK_UP}",
        )
    rows = [] if known is None else [row for row in known.tolist() if row in by_row]
    taken = sorted(places[word] for row in rows for word in by_row[row] if is_word(word))
    if taken:
        run.notice(
            "words-known",
            f"The base knows {len(taken)} words of the captions, and the adapter leaves them as they are: "
            f"{_by_clip(taken[:MOST_NAMED])}{_more(len(taken))}. {WRITTEN if told else SHARED}: write it "
            f"differently. {LOOK_UP}",
        )


def _first_places(clips: tuple[ClipLine, ...], length: int) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for clip in clips:
        for at, word in enumerate(words_of(clip.caption)[:length], 1):
            found.setdefault(word, (clip.id, at))
    return found


def clip_name(clip: str) -> str:
    """A clip as notices name it."""
    return f"clip {clip[:12]}"


def _place(place: Place) -> str:
    return f"word {place[1]} of {clip_name(place[0])}"


def _by_clip(places: Iterable[Place]) -> str:
    clips: dict[str, list[str]] = {}
    for clip, at in places:
        clips.setdefault(clip, []).append(str(at))
    return "; ".join(f"of {clip_name(clip)} the words {', '.join(words)}" for clip, words in clips.items())


def _more(count: int) -> str:
    return f" and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
