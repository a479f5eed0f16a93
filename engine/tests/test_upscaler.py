"""An upscaler learns what bicubic enlargement lacks and leaves takes as they are."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import torch
from conftest import FRAMES, HEIGHT, WIDTH, Json, line_of, outcome, write_manifest, write_run
from signing import listed, permit, seal
from torch import Tensor

from backlot_engine.degrade import softened
from backlot_engine.models.upscaler import Upscaler, UpscalerShape, bicubic, to_floats, windows
from backlot_engine.run import main

FACTOR = 4
LARGE = {"height": FACTOR * HEIGHT, "width": FACTOR * WIDTH}


def edges(clips: int) -> Tensor:
    """Clips of hard edges that move: uint8 (n, frames, height, width, 3)."""
    draw = torch.Generator().manual_seed(2)
    at = torch.randint(8, LARGE["width"] - 16, (clips, 1, 1, 1), generator=draw)
    moved = at + 2 * torch.arange(FRAMES)[None, :, None, None]
    lit = (torch.arange(LARGE["width"])[None, None, None, :] < moved).expand(-1, -1, LARGE["height"], -1)
    return (lit[..., None].expand(-1, -1, -1, -1, 3) * 200 + 20).to(torch.uint8).contiguous()


@pytest.fixture(scope="module")
def sharp(tmp_path_factory: pytest.TempPathFactory) -> Json:
    folder = tmp_path_factory.mktemp("sharp")
    lines, shard = [], b""
    for index, clip in enumerate(edges(10)):
        data = clip.numpy().tobytes()
        split = "heldout" if index < 2 else "train"
        lines.append({**line_of(data, len(shard), index, split), **LARGE})
        shard += data
    (folder / "shard-00000.u8").write_bytes(shard)
    return write_manifest(folder, lines)


def fit_job(sharp: Json, codec: Json) -> Json:
    sizes = {"factor": FACTOR, "width": 8, "blocks": 1, "steps": 150, "batch": 4}
    job = {"version": 1, "id": "up", "seed": 1, "threads": 1, "device": "cpu", "kind": "fit-upscaler"}
    return {**job, "dataset": sharp, "base": codec, **sizes}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory, sharp: Json, codec: Json) -> Path:
    folder = write_run(tmp_path_factory.mktemp("fit") / "run", fit_job(sharp, codec))
    main([str(folder)])
    return folder


def upscale_job(fitted: Path, folder: Path) -> Json:
    """A job on two takes of noise."""
    (folder / "takes").mkdir(parents=True)
    draw = torch.Generator().manual_seed(5)
    lines = []
    for candidate in range(2):
        size = (FRAMES, HEIGHT, WIDTH, 3)
        data = torch.randint(0, 256, size, generator=draw, dtype=torch.uint8).numpy().tobytes()
        path = f"takes/0000-{candidate:03d}.u8"
        (folder / path).write_bytes(data)
        about = {"id": f"b-{candidate}", "brief": "b", "candidate": candidate, "seed": 1, "path": path}
        sizes = {"frames": FRAMES, "height": HEIGHT, "width": WIDTH, "fps": "12/1"}
        lines.append({**about, "sha256": hashlib.sha256(data).hexdigest(), **sizes})
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "takes.jsonl").write_text(text)
    takes = {"path": str(folder / "takes.jsonl"), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    made = outcome(fitted)["result"]["upscaler"]
    upscaler = {"path": str(fitted / "upscaler"), "sha256": made["sha256"]}
    job = {"version": 1, "id": "large", "seed": 0, "threads": 1, "device": "cpu", "kind": "upscale"}
    return {**job, "upscaler": upscaler, "takes": takes, "precision": "fp32"}


def test_before_training_it_is_bicubic() -> None:
    clips = to_floats(torch.randint(0, 256, (1, 3, 3, 8, 8), dtype=torch.uint8))
    assert torch.equal(Upscaler(UpscalerShape(FACTOR, 4, 1))(clips), bicubic(clips, FACTOR))


def test_each_frame_is_seen_between_its_neighbours() -> None:
    frames = torch.arange(4.0).view(1, 4, 1, 1, 1).expand(-1, -1, 3, 2, 2)
    seen = windows(frames)[0, :, ::3, 0, 0]
    assert seen.tolist() == [[0, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 3]]


def test_softening_keeps_the_light_and_lowers_the_edge() -> None:
    clip = to_floats(edges(1).permute(0, 1, 4, 2, 3))
    soft = softened(clip, 1.0)
    assert abs(soft.mean().item() - clip.mean().item()) < 1e-3
    assert (soft[..., 1:] - soft[..., :-1]).abs().max() < 0.5 * (clip[..., 1:] - clip[..., :-1]).abs().max()


def test_what_it_learned_is_nearer_to_the_sharp_clips_than_bicubic(fitted: Path) -> None:
    result = outcome(fitted)["result"]
    assert result["psnr"] > result["psnrBicubic"] + 1


def test_every_take_is_made_larger_and_stays_as_it_was(fitted: Path, tmp_path: Path) -> None:
    job = upscale_job(fitted, tmp_path / "takes-of")
    before = sorted(path.read_bytes() for path in (tmp_path / "takes-of").rglob("*.u8"))
    folder = write_run(tmp_path / "run", job)
    assert main([str(folder)]) == 0
    lines = [json.loads(line) for line in (folder / "upscaled.jsonl").read_text().splitlines()]
    assert [(line["id"], line["height"], line["width"]) for line in lines] == [
        ("b-0", *LARGE.values()),
        ("b-1", *LARGE.values()),
    ]
    for line in lines:
        data = (folder / line["path"]).read_bytes()
        assert len(data) == FRAMES * LARGE["height"] * LARGE["width"] * 3
        assert hashlib.sha256(data).hexdigest() == line["sha256"]
    assert sorted(path.read_bytes() for path in (tmp_path / "takes-of").rglob("*.u8")) == before


def test_a_take_that_was_exchanged_is_refused(fitted: Path, tmp_path: Path) -> None:
    job = upscale_job(fitted, tmp_path / "takes-of")
    (tmp_path / "takes-of" / "takes" / "0000-001.u8").write_bytes(bytes(FRAMES * HEIGHT * WIDTH * 3))
    folder = write_run(tmp_path / "run", job)
    assert main([str(folder)]) == 1
    assert outcome(folder)["code"] == "takes-mismatch"


def test_another_upscaler_than_the_job_names_is_refused(fitted: Path, tmp_path: Path) -> None:
    job = upscale_job(fitted, tmp_path / "takes-of")
    folder = write_run(tmp_path / "run", {**job, "upscaler": {**job["upscaler"], "sha256": "0" * 64}})
    assert main([str(folder)]) == 1
    assert outcome(folder)["code"] == "upscaler-mismatch"


def test_clips_of_another_size_than_the_factor_says_are_refused(
    sharp: Json, codec: Json, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "run", {**fit_job(sharp, codec), "factor": 2})
    assert main([str(folder)]) == 1
    assert outcome(folder)["code"] == "bad-job"


def test_it_learns_from_nothing_that_was_not_cleared_for_training(
    sharp: Json, codec: Json, tmp_path: Path
) -> None:
    folder = write_run(tmp_path / "run", fit_job(sharp, codec))
    seal(sharp, use="index")
    permit(folder, snapshots=[listed(sharp, use="index")])
    assert main([str(folder)]) == 1
    assert outcome(folder)["code"] == "use-refused"
