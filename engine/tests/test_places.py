"""Places are known by their colours too, and somebody stands out from them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from backlot_engine.check import SHOT
from backlot_engine.contract import Input
from backlot_engine.data.checker_folder import load_checker, save_checker
from backlot_engine.data.hashing import folder_hash
from backlot_engine.earlier_checker import take_over
from backlot_engine.measures import figure
from backlot_engine.models.checker import Checker, CheckerShape
from backlot_engine.models.places import band_colours

FRAMES, HEIGHT, WIDTH = 17, 64, 96


def placed() -> CheckerShape:
    names: dict[str, tuple[str, ...]] = dict.fromkeys(("character", *SHOT), ("one", "two"))
    return CheckerShape(FRAMES, HEIGHT, WIDTH, names, places=True)


def as_bytes(clips: Tensor) -> Tensor:
    return ((clips + 1) * 127.5).round().to(torch.uint8)


def scenes(sky: float, body: float | None, gone: int | None = None) -> Tensor:
    """A clip of a plain place, somebody of a grey level in it, who is not there in frame `gone`."""
    clips = torch.full((1, FRAMES, 3, HEIGHT, WIDTH), sky)
    if body is not None:
        clips[..., 30:52, 40:60] = body
    if gone is not None:
        clips[:, gone] = sky
    return clips


def test_somebody_stands_out_who_is_unlike_the_place_in_every_frame() -> None:
    assert figure(as_bytes(scenes(0.0, 0.8))).item() > 90
    assert figure(as_bytes(scenes(0.0, 0.05))).item() < 10
    assert figure(as_bytes(scenes(0.0, None))).item() == 0
    assert figure(as_bytes(scenes(0.0, 0.8, gone=8))).item() == 0


def test_the_colours_of_bands_do_not_see_who_is_small() -> None:
    grey = band_colours(scenes(0.0, 0.8))
    assert grey.shape == (1, 8, 3)
    assert torch.equal(grey, band_colours(scenes(0.0, None)))


def test_places_are_kept_with_a_checker_and_taken_from_no_earlier_one(tmp_path: Path) -> None:
    known = Checker(placed())
    assert known.places is not None
    known.places.means.fill_(64)
    save_checker(known, tmp_path)
    kept = load_checker(Input(str(tmp_path), folder_hash(tmp_path)))
    assert kept.places is not None
    assert torch.equal(kept.places.means, known.places.means)
    bare = Checker(replace(placed(), places=False))
    take_over(bare, Input(str(tmp_path), folder_hash(tmp_path)))
    assert torch.equal(bare.moves.near.weight, kept.moves.near.weight)


def test_colours_name_a_place_that_the_network_takes_for_another() -> None:
    checker = Checker(placed()).eval()
    assert checker.places is not None
    colours = torch.cat([band_colours(scenes(sky, None)) for sky in (-0.5, 0.5)])
    checker.places.fit(colours, torch.tensor([0, 1]), torch.tensor([0, 0]))
    mistaken = torch.tensor([[0.0, 2.0]])
    assert checker.places.weighed(mistaken, colours[:1]).argmax().item() == 0
    assert checker.places.weighed(mistaken, colours.mean(0, keepdim=True)).argmax().item() == 1
