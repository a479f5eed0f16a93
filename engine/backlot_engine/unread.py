"""Words of captions and briefs that the model does not read, as they stand past the end of what it holds."""

from __future__ import annotations

from .family import Family
from .run import Run


def tell_unread(captions: list[str], family: Family, run: Run, mirrored: bool = False) -> None:
    """A notice of how many captions are cut, and of what is cut off the first of them. `mirrored`: they are
    also shown mirrored, which is said in place of the last word.
    """
    cut = [(caption, end) for caption in captions if (end := family.unread(caption, mirrored))]
    if not cut:
        return
    caption, end = cut[0]
    run.notice(
        "words-unread",
        f"The model does not read the end of {len(cut)} of {len(captions)} captions: "
        f'of "{caption}" it leaves out "{" ".join(end)}". Say what matters first.',
    )
