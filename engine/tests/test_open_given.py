"""What an open base can be given beside words, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from conftest import Json, outcome, write_run
from open_bases import write_wan
from test_given import written
from torch import Tensor

from backlot_engine.device import CPU
from backlot_engine.open_base.wan import Wan, open_wan
from backlot_engine.run import main

FRAMES, SIDE = 13, 32
SIZE = {"frames": FRAMES, "height": SIDE, "width": SIDE, "fps": "12/1"}
PLAIN = torch.autocast("cpu", torch.bfloat16, enabled=False)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """A base with one time for a whole clip."""
    return write_wan(tmp_path_factory.mktemp("wan") / "plain")


@pytest.fixture(scope="module")
def times(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """A base with a time for each patch."""
    return write_wan(tmp_path_factory.mktemp("wan") / "times", time_of_each=True)


def opened(base: Json) -> Wan:
    return open_wan(Path(base["path"]), (FRAMES, SIDE, SIDE), ("bad-job", "test"), PLAIN, CPU)


def film(frames: int) -> Tensor:
    """uint8 (frames, side, side, 3)."""
    draw = torch.Generator().manual_seed(1)
    return torch.randint(256, (frames, SIDE, SIDE, 3), generator=draw, dtype=torch.uint8)


def giving(generating: Json, base: Json, mode: str, **given: object) -> Json:
    brief = {**generating["briefs"][0], "mode": mode, "candidates": 1, **given}
    return {**generating, "base": base, "size": SIZE, "briefs": [brief]}


def take(folder: Path, job: Json) -> Tensor:
    """uint8 (frames, side, side, 3)."""
    assert main([str(write_run(folder, job))]) == 0, outcome(folder)
    line = json.loads((folder / "takes.jsonl").read_text())
    data = bytearray((folder / line["path"]).read_bytes())
    return torch.frombuffer(data, dtype=torch.uint8).view(FRAMES, SIDE, SIDE, 3)


def carried(base: Json, frames: Tensor) -> Tensor:
    """The frames of a whole clip after the codec's round trip."""
    codec = opened(base).codec
    return codec.decode(codec.encode(frames.permute(0, 3, 1, 2)[None]))[0].permute(0, 2, 3, 1)


def apart(a: Tensor, b: Tensor) -> float:
    """The mean difference, in steps of 255."""
    return float((a.float() - b.float()).abs().mean())


def test_a_base_with_a_time_for_each_patch_hears_which_frames_are_given(times: Json) -> None:
    base = open_wan(Path(times["path"]), (5, 32, 32), ("bad-job", "test"), PLAIN, CPU)
    shape = base.codec.shape
    assert base.keeps_given and shape.grid == (2, 2, 2)
    x, given = torch.randn(1, 8, 48), torch.zeros(1, 8, 1)
    given[:, :4] = 1
    with torch.no_grad():
        told, untold = (
            base.model(x, x * g, g, torch.tensor([0.5]), base.rows(["a"])) for g in (given, given * 0)
        )
    assert not torch.allclose(told, untold)


@pytest.mark.parametrize("name", ["plain", "times"])
def test_latents_of_the_first_frames_do_not_depend_on_later_ones(
    name: str, request: pytest.FixtureRequest
) -> None:
    codec = opened(request.getfixturevalue(name)).codec
    _, rows, columns = codec.shape.grid
    whole = film(FRAMES).permute(0, 3, 1, 2)[None]
    cut = whole.clone()
    cut[:, 1 + codec.shape.depth :] = 0
    kept = 2 * rows * columns
    assert torch.allclose(codec.encode(whole)[:, :kept], codec.encode(cut)[:, :kept], atol=1e-4)


@pytest.mark.parametrize(
    ("mode", "place", "given", "kept"), [("first", "first", 1, 1), ("extend", "video", 7, 5)]
)
def test_given_first_frames_stay_as_the_codec_carries_them(
    generating: Json, times: Json, tmp_path: Path, mode: str, place: str, given: int, kept: int
) -> None:
    frames = film(given)
    laid = torch.zeros(FRAMES, SIDE, SIDE, 3, dtype=torch.uint8)
    laid[:kept] = frames[-kept:]
    job = giving(generating, times, mode, **{place: written(tmp_path, frames)})
    made, free = take(tmp_path / "run", job), take(tmp_path / "free", giving(generating, times, "text"))
    assert (made[:kept].int() - carried(times, laid)[:kept].int()).abs().max() <= 1
    assert apart(made[:kept], free[:kept]) > 1


@pytest.mark.parametrize("name", ["plain", "times"])
def test_a_clip_can_be_drawn_anew_by_any_open_base(
    generating: Json, tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    base, clip = request.getfixturevalue(name), film(FRAMES)
    video = written(tmp_path, clip)
    still, some, whole = (
        take(tmp_path / f"{strength}", giving(generating, base, "restyle", video=video, strength=strength))
        for strength in (0.0, 0.4, 1.0)
    )
    round_trip, free = carried(base, clip), take(tmp_path / "free", giving(generating, base, "text"))
    assert torch.equal(still, round_trip) and torch.equal(whole, free)
    assert 0 < apart(some, round_trip) < apart(whole, round_trip)


@pytest.mark.parametrize(
    ("name", "mode", "reason"),
    [
        ("plain", "first", "cannot be shown frames"),
        ("plain", "extend", "cannot be shown frames"),
        ("times", "first-last", "the first frames alone"),
        ("times", "precede", "the first frames alone"),
    ],
)
def test_a_mode_that_the_base_cannot_draw_in_is_refused_with_the_reason(
    generating: Json, tmp_path: Path, name: str, mode: str, reason: str, request: pytest.FixtureRequest
) -> None:
    base = request.getfixturevalue(name)
    folder = write_run(tmp_path / "run", giving(generating, base, mode))
    assert main([str(folder)]) == 1
    end = outcome(folder)
    assert end["code"] == "bad-job" and "brief b1: mode: expected another mode: this base" in end["message"]
    assert reason in end["message"] and not (folder / "takes").exists()
