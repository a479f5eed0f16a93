"""A body in somebody's own colours is told from a smear, and from a body in other colours."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor

from backlot_engine.check import SHOT, rows_of
from backlot_engine.contract import Input
from backlot_engine.data.checker_folder import load_checker, save_checker
from backlot_engine.data.hashing import folder_hash
from backlot_engine.models.checker import NOBODY, Checker, CheckerShape
from backlot_engine.models.palettes import bodies

FRAMES, HEIGHT, WIDTH = 17, 64, 96
SKY, COAT, SCARF = (90.0, 140.0, 200.0), (200.0, 60.0, 40.0), (240.0, 220.0, 60.0)
BANDS = torch.tensor([SKY] * 8)
PIM = torch.tensor([COAT, SCARF])


def standing(colour: tuple[float, float, float], rows: int = 22, columns: int = 20) -> Tensor:
    """A plain place with a body-sized block in it: uint8 (frames, 3, height, width)."""
    take = torch.tensor(SKY)[None, :, None, None].repeat(FRAMES, 1, HEIGHT, WIDTH)
    take[:, :, 30 : 30 + rows, 40 : 40 + columns] = torch.tensor(colour)[:, None, None]
    return take.to(torch.uint8)


def pims_body(take: Tensor) -> float:
    return bodies(take, {"Pim": PIM}, BANDS)["Pim"]


def test_a_body_in_the_persons_colours_is_a_whole_one() -> None:
    assert pims_body(standing(COAT)) > 0.98
    assert pims_body(standing(SCARF)) > 0.98


def test_a_place_without_anybody_holds_no_body() -> None:
    assert pims_body(standing(SKY)) < 0.02


def test_a_smear_halfway_to_the_place_is_less_of_a_body() -> None:
    halfway = tuple((one + other) / 2 for one, other in zip(COAT, SKY, strict=True))
    smear = pims_body(standing((halfway[0], halfway[1], halfway[2])))
    assert 0.3 < smear < 0.7


def test_of_half_a_body_half_is_there() -> None:
    assert abs(pims_body(standing(COAT, columns=10)) - 0.5) < 0.05


def test_what_has_the_colours_of_the_place_is_no_body_although_its_row_has_others() -> None:
    bands = torch.tensor([COAT] * 8)
    assert bodies(standing(COAT), {"Pim": PIM}, bands)["Pim"] < 0.55


def test_who_is_missing_in_some_frames_is_less_of_a_body() -> None:
    take = standing(COAT)
    take[8:] = standing(SKY)[8:]
    assert abs(pims_body(take) - 2 / 5) < 0.03


def knowing(folder: Path, palettes: object, usual: object = None) -> Checker:
    """A checker of two people, with colours and what is usual beside it or none, read from its folder."""
    names: dict[str, tuple[str, ...]] = dict.fromkeys(SHOT, ("one", "two"))
    shape = CheckerShape(FRAMES, HEIGHT, WIDTH, {"character": ("Pim", "Tollo", NOBODY), **names}, places=True)
    save_checker(Checker(shape), folder)
    if palettes is not None:
        (folder / "palettes.json").write_text(json.dumps(palettes))
    if usual is not None:
        (folder / "usual.json").write_text(json.dumps(usual))
    return load_checker(Input(str(folder), folder_hash(folder)))


def test_a_check_tells_the_body_of_each_likely_person_whose_colours_are_known(tmp_path: Path) -> None:
    colours = {"one": PIM.tolist(), "two": PIM.tolist()}
    takes = standing(COAT)[None]
    (row,) = rows_of(knowing(tmp_path / "known", {"Pim": colours}), ["take"], takes)
    assert list(row["bodies"]) == ["Pim"]
    (bare,) = rows_of(knowing(tmp_path / "bare", None), ["take"], takes)
    assert bare["bodies"] == {}


def test_a_body_is_told_as_a_share_of_what_true_clips_of_that_person_have(tmp_path: Path) -> None:
    colours = {"Pim": {"one": PIM.tolist(), "two": PIM.tolist()}}
    halfway = tuple((one + other) / 2 for one, other in zip(COAT, SKY, strict=True))
    takes = standing((halfway[0], halfway[1], halfway[2]))[None]
    checker = knowing(tmp_path / "known", colours, {"Pim": {"one": 0.8, "two": 0.8}})
    (row,) = rows_of(checker, ["take"], takes)
    assert abs(row["bodyShares"]["Pim"] - row["bodies"]["Pim"] / 0.8) < 1e-3
    (bare,) = rows_of(knowing(tmp_path / "bare", colours), ["take"], takes)
    assert bare["bodyShares"] == {}
