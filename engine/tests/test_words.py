from __future__ import annotations

import torch

from backlot_engine.models.words import MIRRORED, mirrored_rows, word_rows


def test_a_mirrored_clip_goes_the_other_way_and_says_that_it_is_mirrored() -> None:
    caption = "Brinka walks left in Ostrune , camera pans right"
    rows = mirrored_rows([caption], 4096, 12)
    other = word_rows(["brinka walks right in ostrune , camera pans left"], 4096, 12)
    assert torch.equal(rows[:, :-1], other[:, :-1])
    assert rows[0, -1] == word_rows([MIRRORED], 4096, 1)[0, 0]


def test_a_caption_that_is_too_long_still_says_that_it_is_mirrored() -> None:
    rows = mirrored_rows(["one two three four five"], 4096, 3)
    assert rows[0, -1] == word_rows([MIRRORED], 4096, 1)[0, 0]


def test_words_that_hold_a_direction_stay_as_they_are() -> None:
    assert torch.equal(
        mirrored_rows(["the leftover bright"], 64, 4)[:, :3], word_rows(["the leftover bright"], 64, 3)
    )
