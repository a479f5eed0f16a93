from __future__ import annotations

import torch

from backlot_engine.batches import given_blocks


def test_every_way_of_giving_frames_is_learned_and_no_clip_is_given_whole() -> None:
    given = given_blocks(2000, 5, 0.5, torch.Generator().manual_seed(1))
    ways = {tuple(row) for row in given.int().tolist()}
    starts = {(1,) * n + (0,) * (5 - n) for n in range(5)}
    ends = {(0,) * (5 - n) + (1,) * n for n in range(1, 5)}
    assert ways == starts | ends | {(1, 0, 0, 0, 1)}


def test_the_share_says_how_many_clips_are_given_frames() -> None:
    draw = torch.Generator().manual_seed(2)
    assert not given_blocks(100, 5, 0.0, draw).any()
    assert abs(given_blocks(4000, 5, 0.3, draw).any(1).float().mean().item() - 0.3) < 0.03
