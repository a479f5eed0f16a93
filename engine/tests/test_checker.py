"""The checker reads movement where something moves, and what is measured of a clip says what it should."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import torch
from conftest import Json, outcome, start, write_manifest, write_run
from torch import Tensor

from backlot_engine.check import SHOT, rows_of
from backlot_engine.contract import Input
from backlot_engine.data.checker_folder import load_checker, save_checker
from backlot_engine.data.hashing import folder_hash
from backlot_engine.degrade import blurred, ghosted, noisy, patched, seamed
from backlot_engine.earlier_checker import take_over
from backlot_engine.measures import flicker, motion, nearest, seams, sharpness, sketches
from backlot_engine.models.checker import MOVES, NOBODY, Checker, CheckerShape
from backlot_engine.models.flowfield import FEATURES, flow_features

FRAMES, HEIGHT, WIDTH = 17, 64, 96
RIGHT, DOWN = 0, 1


def picture(seed: int = 0) -> Tensor:
    """A picture of soft spots, wider than a clip: (3, height, 2 * width) in -1..1."""
    draw = torch.Generator().manual_seed(seed)
    rough = torch.rand(1, 3, HEIGHT // 8, WIDTH // 4, generator=draw) * 2 - 1
    return torch.nn.functional.interpolate(rough, size=(HEIGHT, 2 * WIDTH), mode="bicubic")[0].clamp(-1, 1)


def sliding(pixels_a_frame: int) -> Tensor:
    """A clip whose picture moves right by so many pixels a frame: (1, frames, 3, height, width)."""
    wide = picture()
    starts = [WIDTH // 2 - pixels_a_frame * frame for frame in range(FRAMES)]
    return torch.stack([wide[..., at : at + WIDTH] for at in starts])[None]


def as_bytes(clips: Tensor) -> Tensor:
    return ((clips + 1) * 127.5).round().to(torch.uint8)


def test_what_slides_right_is_seen_to_move_right_and_not_down() -> None:
    flows = flow_features(sliding(2))[0].view(-1, FEATURES, HEIGHT // 8, WIDTH // 8)
    inner = flows[:, :, 1:-1, 2:-2]
    # 2 pixels a frame are 8 between the frames compared, 4 at half size, of a reach of 7.
    assert abs(inner[:, RIGHT].mean().item() - 4 / 7) < 0.08
    assert abs(inner[:, DOWN].mean().item()) < 0.05


def test_a_still_picture_does_not_move() -> None:
    flows = flow_features(sliding(0))[0].view(-1, FEATURES, HEIGHT // 8, WIDTH // 8)
    # At the edges a flat block fits its repeated border too, so movement there is less sure.
    assert flows[:, :2, 1:-1, 2:-2].abs().mean().item() < 0.01


def test_blur_lowers_sharpness_and_noise_raises_flicker() -> None:
    clean = sliding(1)
    draw = torch.Generator().manual_seed(1)
    assert sharpness(as_bytes(blurred(clean, 3))) < 0.8 * sharpness(as_bytes(clean))
    assert flicker(as_bytes(noisy(clean, 0.2, draw))) > 2 * flicker(as_bytes(clean))


def test_seams_are_seen_between_blocks_and_not_in_film() -> None:
    draw = torch.Generator().manual_seed(1)
    assert abs(seams(as_bytes(sliding(1))).item() - 1) < 0.35
    assert seams(as_bytes(seamed(sliding(1), 0.2, 16, draw))).item() > 2


def test_a_frozen_clip_has_no_motion() -> None:
    assert motion(as_bytes(sliding(0))).item() == 0


def test_a_slightly_damaged_copy_lies_nearest_to_its_original() -> None:
    known = [as_bytes(torch.roll(sliding(1), 20 * n, -1)) for n in range(4)]
    copy = as_bytes(blurred(torch.roll(sliding(1), 40, -1), 1))
    sketched = torch.cat([sketches(clip) for clip in known])
    distance, index = nearest(sketches(copy), sketched)
    others, _ = nearest(sketches(copy), sketched[[0, 1, 3]])
    assert index.item() == 2
    assert distance.item() < others.item() / 5


def test_the_same_place_in_another_light_is_as_near_as_in_the_same_light() -> None:
    known = sketches(as_bytes(sliding(1)))
    dark, _ = nearest(sketches(as_bytes(sliding(1) * 0.3 - 0.5)), known)
    other, _ = nearest(sketches(as_bytes(torch.roll(sliding(1), 24, -1))), known)
    assert dark.item() < 0.1
    assert other.item() > 0.8


def test_what_the_checker_is_taught_to_call_nobody_is_made_of_several_clips() -> None:
    draw = torch.Generator().manual_seed(1)
    clips = torch.cat([torch.full_like(sliding(0), level) for level in (-1.0, 0.0, 1.0)])
    assert set(patched(clips, 16, draw)[0, :, 0].unique().tolist()) <= {-1.0, 0.0, 1.0}
    assert len(patched(clips, 16, draw)[0, 0, 0].unique()) > 1
    assert ghosted(clips, draw).abs().max().item() < 1.01


def shape() -> CheckerShape:
    names: dict[str, tuple[str, ...]] = dict.fromkeys(("character", *SHOT), ("one", "two"))
    return CheckerShape(FRAMES, HEIGHT, WIDTH, names)


def named(folder: Path) -> Input:
    return Input(str(folder), folder_hash(folder))


def test_a_checker_comes_back_from_its_folder_as_it_was(tmp_path: Path) -> None:
    torch.manual_seed(0)
    checker = Checker(shape()).eval()
    for parameter in checker.parameters():
        parameter.data = parameter.data.bfloat16().float()
    save_checker(checker, tmp_path / "checker")
    again = load_checker(named(tmp_path / "checker"))
    for head, logits in checker(sliding(1)).items():
        assert torch.equal(logits, again(sliding(1))[head])


def write_rendered(folder: Path) -> tuple[Json, Json]:
    """Clips that slide left or right, with their truth: a dataset and a truth file as job inputs."""
    folder.mkdir()
    lines, rows, shard = [], [], b""
    for index in range(16):
        step = 2 if index % 2 else -2
        moved = torch.roll(sliding(step), index * 5, -2)
        data = as_bytes(moved)[0].permute(0, 2, 3, 1).contiguous().numpy().tobytes()
        clip = hashlib.sha256(data).hexdigest()
        lines.append(clip_line(clip, len(shard), len(data), index, "heldout" if index >= 12 else "train"))
        rows.append(truth_row(clip, "walks right" if step > 0 else "walks left"))
        shard += data
    (folder / "shard-00000.u8").write_bytes(shard)
    dataset = write_manifest(folder, lines)
    truth = folder / "truth.jsonl"
    truth.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return dataset, {"path": str(truth), "sha256": hashlib.sha256(truth.read_bytes()).hexdigest()}


def clip_line(clip: str, offset: int, size: int, index: int, split: str) -> Json:
    return {
        "bytes": size, "caption": "c", "captionSource": "shot_list", "fps": "12/1", "frames": FRAMES,
        "height": HEIGHT, "id": clip, "offset": offset, "scene": f"s{index}", "shard": "shard-00000.u8",
        "shot": f"s{index}", "split": split, "title": "t", "width": WIDTH,
    }  # fmt: skip


def truth_row(clip: str, action: str) -> Json:
    same = {"set": "hall", "camera": "still", "time": "day"}
    return {"id": clip, "characters": [{"name": "Ann", "colour": "red"}], "action": action, **same}


def fit(tmp_path: Path, name: str, **wish: object) -> Json:
    """The result of a short training on sliding clips."""
    if not (tmp_path / "data").exists():
        (tmp_path / "inputs.json").write_text(json.dumps(write_rendered(tmp_path / "data")))
    dataset, truth = json.loads((tmp_path / "inputs.json").read_text())
    job = {
        "version": 1, "id": name, "kind": "fit-checker", "seed": 1, "threads": 1, "device": "cpu",
        "dataset": dataset,
        "truth": truth, "looks": ["character", "set", "time"], "before": None, "rate": 1.5e-3,
        "moveSteps": 80, "steps": 40, "batch": 8, "places": False, **wish,
    }  # fmt: skip
    folder = write_run(tmp_path / name, job)
    assert start(folder).wait() == 0
    return outcome(folder)["result"]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Json]:
    """A folder with a checker that was taught there, and what its run told."""
    folder = tmp_path_factory.mktemp("taught")
    return folder, fit(folder, "fit")


def test_a_checker_learns_which_way_clips_move(taught: tuple[Path, Json]) -> None:
    _, result = taught
    assert result["action"] == 1
    assert result["artifact"]["path"] == "checker"


def test_no_more_progress_is_told_than_there_is(taught: tuple[Path, Json]) -> None:
    folder, _ = taught
    events = [json.loads(line) for line in (folder / "fit" / "events.jsonl").read_text().splitlines()]
    assert [e for e in events if e["type"] == "progress" and e["done"] > e["total"]] == []


def test_a_checker_of_other_words_takes_over_what_another_knows_of_movement(
    taught: tuple[Path, Json],
) -> None:
    folder, _ = taught
    first = folder / "fit" / "checker"
    before = {"path": str(first), "sha256": folder_hash(first)}
    fit(folder, "other", steps=1, batch=2, moveSteps=0, looks=["colour", "set", "time"], before=before)
    known, other = load_checker(named(first)), load_checker(named(folder / "other" / "checker"))
    assert other.shape.names["colour"] == ("red", NOBODY)
    for name, value in known.moves.state_dict().items():
        assert torch.equal(value, other.moves.state_dict()[name])


def test_networks_of_an_earlier_checker_stay_as_they_are_where_only_places_are_learned(
    taught: tuple[Path, Json],
) -> None:
    folder, _ = taught
    first = folder / "fit" / "checker"
    before = {"path": str(first), "sha256": folder_hash(first)}
    fit(folder, "placed", steps=0, moveSteps=0, before=before, places=True)
    known, placed = load_checker(named(first)), load_checker(named(folder / "placed" / "checker"))
    assert placed.places is not None
    assert placed.places.means.max().item() < 256
    for name, value in known.state_dict().items():
        assert torch.equal(value, placed.state_dict()[name])


def test_what_an_earlier_checker_knows_of_movement_can_be_taught_further(tmp_path: Path) -> None:
    fit(tmp_path, "fit", steps=1, moveSteps=4)
    first = tmp_path / "fit" / "checker"
    before = {"path": str(first), "sha256": folder_hash(first)}
    fit(tmp_path, "further", steps=1, moveSteps=4, before=before)
    known, further = load_checker(named(first)), load_checker(named(tmp_path / "further" / "checker"))
    assert not torch.equal(known.moves.near.weight, further.moves.near.weight)


def test_a_clip_without_characters_teaches_that_nobody_is_there_and_nothing_else(tmp_path: Path) -> None:
    dataset, truth = write_rendered(tmp_path / "data")
    path = Path(truth["path"])
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows[::3]:
        row.update(characters=[], set="nowhere", action="nothing")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    truth["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / "inputs.json").write_text(json.dumps([dataset, truth]))
    result = fit(tmp_path, "fit")
    names = load_checker(named(tmp_path / "fit" / "checker")).shape.names
    assert names["character"] == ("Ann", NOBODY)
    assert names["set"] == ("hall",)
    assert result["action"] == 1


def test_heads_that_choose_from_the_same_names_are_taken_over_too(tmp_path: Path) -> None:
    known = Checker(shape())
    save_checker(known, tmp_path)
    looks = {"colour": ("red", NOBODY), "set": ("one", "three")}
    own = Checker(
        CheckerShape(FRAMES, HEIGHT, WIDTH, {**looks, **dict.fromkeys(("time", *MOVES), ("one", "two"))})
    )
    before = own.state_dict()["looks.heads.set.weight"].clone()
    take_over(own, named(tmp_path))
    kept = load_checker(named(tmp_path)).state_dict()
    for name in ("looks.stem.weight", "looks.heads.time.weight", "moves.near.weight"):
        assert torch.equal(own.state_dict()[name], kept[name])
    assert torch.equal(own.state_dict()["looks.heads.set.weight"], before)


def test_what_a_checker_reads_of_looks_besides_who_and_the_shot_is_told_apart() -> None:
    looks = {"colour": ("red", "blue"), "body": ("round", NOBODY)}
    names = {**looks, **dict.fromkeys(SHOT, ("one", "two"))}
    checker = Checker(CheckerShape(FRAMES, HEIGHT, WIDTH, names)).eval()
    (row,) = rows_of(checker, ["take-0"], as_bytes(sliding(1)))
    assert set(row["look"]) == {"colour"}  # type: ignore[call-overload]
    assert {*SHOT, "characters"} <= set(row)
    assert set(row["likely"]) == set(names)  # type: ignore[call-overload]
