"""How often a clip is seen: the engine and the statements of the provenance stage count the same."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from backlot_engine.batches import _take
from backlot_engine.data.latents import Latents
from backlot_engine.randomness import generator

CASES = json.loads(
    (Path(__file__).parents[2] / "test/fixtures/contract/clip-order.json").read_text(encoding="utf-8")
)


def test_each_clip_is_seen_as_often_as_the_fixture_says() -> None:
    for case in CASES:
        from_prior = prior_clips(case)
        order = chosen(case)
        counts = seen(case, case["batch"] - from_prior, len(order), 2 if case["mirror"] else 1)
        found = [0] * case["clips"]
        for place, count in zip(order, counts, strict=True):
            found[place] = count
        assert found == case["seen"], case


def prior_clips(case: dict) -> int:
    share = case["priorShare"]
    return 0 if share is None else min(case["batch"] - 1, max(1, round(case["batch"] * share)))


def chosen(case: dict) -> list[int]:
    order = torch.randperm(case["clips"], generator=generator(case["seed"], "subset")).tolist()
    return sorted(order[: case["subset"] or case["clips"]])


def seen(case: dict, count: int, clips: int, forms: int) -> list[int]:
    """Counts what `_take` gives at each step; each latent holds the number of its clip."""
    numbers = torch.arange(clips).repeat(forms).view(-1, 1, 1)
    data = Latents(numbers, numbers.view(-1, 1), ())
    found = [0] * clips
    for step in range(case["steps"]):
        _, rows = _take(data, step, count, case["seed"], "clips")
        for clip in rows[:, 0].tolist():
            found[clip] += 1
    return found
