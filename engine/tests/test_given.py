"""Each way of giving frames: what is given stays, the rest is drawn."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import torch
from conftest import BLOCK, FRAMES, HEIGHT, WIDTH, Json, outcome, write_run
from torch import Tensor

from backlot_engine.contract import EngineBrief, Input
from backlot_engine.data.model_folder import load_codec
from backlot_engine.data.read_once import read_folder
from backlot_engine.given import frames_of
from backlot_engine.models.codec import CodecShape, psnr
from backlot_engine.run import main

SIZE = HEIGHT * WIDTH * 3
DEPTH = BLOCK[0]
EQUAL = 99.0  # dB
# What goes in, in frames of the clip, and which place of the tiny model's take must show which of them.
MODES: dict[str, tuple[dict[str, list[int]], dict[int, int]]] = {
    "first": ({"first": [0]}, {0: 0}),
    "first-last": ({"first": [0], "last": [4]}, {0: 0, 1: 4, 2: 4, 3: 4, 4: 4}),
    "extend": ({"video": [3, 4]}, {0: 4}),
    "precede": ({"video": [0, 1, 2, 3, 4]}, {1: 0, 2: 1, 3: 2, 4: 3}),
}


@pytest.fixture(scope="module")
def clip(dataset: Json) -> Tensor:
    """uint8 (frames, height, width, 3): one that the codec was fitted on."""
    data = bytearray((Path(dataset["path"]) / "shard-00000.u8").read_bytes()[: FRAMES * SIZE])
    return torch.frombuffer(data, dtype=torch.uint8).view(FRAMES, HEIGHT, WIDTH, 3)


def written(folder: Path, frames: Tensor) -> Json:
    data = frames.contiguous().numpy().tobytes()
    name = hashlib.sha256(data).hexdigest()
    (folder / f"{name}.rgb").write_bytes(data)
    return {"path": str(folder / f"{name}.rgb"), "sha256": name}


def giving(generating: Json, folder: Path, mode: str, clip: Tensor, **more: object) -> Json:
    inputs = {name: written(folder, clip[frames]) for name, frames in MODES.get(mode, ({}, {}))[0].items()}
    return {**generating["briefs"][0], "mode": mode, **inputs, **more}


def takes(folder: Path, job: Json) -> list[Tensor]:
    assert main([str(write_run(folder, job))]) == 0, (folder / "outcome.json").read_text()
    lines = [json.loads(line) for line in (folder / "takes.jsonl").read_text().splitlines()]
    flat = [
        torch.frombuffer(bytearray((folder / one["path"]).read_bytes()), dtype=torch.uint8) for one in lines
    ]
    return [one.view(FRAMES, HEIGHT, WIDTH, 3) for one in flat]


def refused(folder: Path, job: Json) -> str:
    assert main([str(write_run(folder, job))]) == 1
    end = outcome(folder)
    assert end["code"] == "bad-job" and end["hint"]
    return str(end["message"])


def carried(generating: Json, frames: Tensor) -> Tensor:
    """The frames of a whole clip after the codec's round trip."""
    codec = load_codec(read_folder(Path(generating["base"]["path"])))
    return codec.decode(codec.encode(frames.permute(0, 3, 1, 2)[None]))[0].permute(0, 2, 3, 1)


@pytest.mark.parametrize("mode", MODES)
def test_given_frames_stay_as_the_codec_carries_them(
    generating: Json, clip: Tensor, tmp_path: Path, mode: str
) -> None:
    placed = MODES[mode][1]
    laid = torch.zeros_like(clip)
    for place, frame in placed.items():
        laid[place] = clip[frame]
    round_trip = carried(generating, laid)
    made = takes(tmp_path / "run", {**generating, "briefs": [giving(generating, tmp_path, mode, clip)]})
    kept = list(placed)
    assert [psnr(take[kept], round_trip[kept]) for take in made] == [EQUAL] * 3
    if len(placed) < FRAMES:
        free = next(place for place in range(FRAMES) if place not in placed)
        assert not torch.equal(made[0][free], made[1][free])


def brief_of(mode: str, folder: Path, frames: int, shape: CodecShape) -> EngineBrief:
    """A brief that gives a video whose n-th frame is of the grey n."""
    video = torch.arange(frames, dtype=torch.uint8)[:, None, None, None].expand(
        -1, shape.height, shape.width, 3
    )
    given = written(folder, video)
    return EngineBrief(
        id="b",
        mode=mode,  # type: ignore[arg-type]
        first=None,
        last=None,
        video=Input(**given),
        strength=None,
        candidates=1,
        seed=1,
    )


@pytest.mark.parametrize(
    ("mode", "frames", "kept", "begins", "ends"),
    [
        ("extend", 3, [1, 0, 0, 0, 0], [2], [0]),
        ("extend", 30, [1, 1, 0, 0, 0], [25, 26, 27, 28, 29], [0]),
        ("precede", 6, [0, 0, 0, 0, 1], [0], [0, 1, 2, 3]),
        ("precede", 30, [0, 0, 0, 1, 1], [0], [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_a_take_goes_on_from_a_videos_end_and_leads_up_to_its_beginning(
    tmp_path: Path, mode: str, frames: int, kept: list[int], begins: list[int], ends: list[int]
) -> None:
    shape = CodecShape(17, 16, 16, (4, 8, 8), 8)
    laid = frames_of(brief_of(mode, tmp_path, frames, shape), shape)
    greys = laid.clip[:, 0, 0, 0].tolist()
    assert laid.kept.tolist() == [bool(one) for one in kept]
    assert greys[: len(begins)] == begins and greys[-len(ends) :] == ends


def restyled(generating: Json, folder: Path, clip: Tensor, strength: float) -> list[Tensor]:
    video = written(folder, clip)
    brief = giving(generating, folder, "restyle", clip, video=video, strength=strength)
    return takes(folder / f"run-{strength}", {**generating, "briefs": [brief]})


def test_restyling_moves_from_the_given_clip_to_a_free_take_with_its_strength(
    generating: Json, clip: Tensor, tmp_path: Path
) -> None:
    round_trip, free = carried(generating, clip), takes(tmp_path / "free", generating)
    still, some, more, whole = (restyled(generating, tmp_path, clip, s) for s in (0.0, 0.3, 0.7, 1.0))
    assert all(torch.equal(take, round_trip) for take in still)
    assert psnr(some[0], clip) > psnr(more[0], clip) > psnr(whole[0], clip)
    assert [torch.equal(a, b) for a, b in zip(whole, free, strict=True)] == [True] * 3


def test_modes_drawn_in_one_batch_do_not_change_each_other(
    generating: Json, clip: Tensor, tmp_path: Path
) -> None:
    first = {**giving(generating, tmp_path, "first", clip), "id": "first", "candidates": 1}
    video = written(tmp_path, clip)
    style = giving(generating, tmp_path, "restyle", clip, video=video, strength=0.5)
    briefs = [first, {**style, "id": "style", "candidates": 1}]
    mixed = takes(tmp_path / "mixed", {**generating, "briefs": briefs})
    alone = [takes(tmp_path / one["id"], {**generating, "briefs": [one]})[0] for one in briefs]
    assert [torch.equal(a, b) for a, b in zip(mixed, alone, strict=True)] == [True, True]


@pytest.mark.parametrize(
    ("mode", "given", "where"),
    [
        ("first", [], "first"),
        ("first-last", ["first"], "last"),
        ("extend", [], "video"),
        ("restyle", ["video"], "strength"),
        ("text", ["first"], "first"),
        ("first", ["first", "video"], "video"),
        ("extend", ["video", "strength"], "strength"),
    ],
)
def test_a_brief_that_lacks_what_its_mode_needs_or_gives_more_is_refused(
    generating: Json, clip: Tensor, tmp_path: Path, mode: str, given: list[str], where: str
) -> None:
    inputs = {name: 0.5 if name == "strength" else written(tmp_path, clip) for name in given}
    brief = {**generating["briefs"][0], "mode": mode, **inputs}
    message = refused(tmp_path / "run", {**generating, "briefs": [brief]})
    assert message.startswith(f"brief b1: {where}:")


@pytest.mark.parametrize(("mode", "frames"), [("precede", DEPTH - 1), ("restyle", FRAMES - 1)])
def test_a_video_too_short_for_its_mode_is_refused(
    generating: Json, clip: Tensor, tmp_path: Path, mode: str, frames: int
) -> None:
    strength = 0.5 if mode == "restyle" else None
    video = written(tmp_path, clip[:frames])
    brief = {**generating["briefs"][0], "mode": mode, "video": video, "strength": strength}
    assert f"{frames} frames" in refused(tmp_path / "run", {**generating, "briefs": [brief]})


def test_pictures_of_another_size_are_refused(generating: Json, clip: Tensor, tmp_path: Path) -> None:
    brief = {**generating["briefs"][0], "mode": "first", "first": written(tmp_path, clip[:1, 1:])}
    assert "16x16 RGB" in refused(tmp_path / "run", {**generating, "briefs": [brief]})
