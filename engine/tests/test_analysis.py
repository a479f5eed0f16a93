"""Text in pictures and speech in sound: the jobs, and what they say where their networks are missing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from conftest import Json, start, write_run
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from backlot_engine.contract import job_of
from backlot_engine.data.packaged import packaged
from backlot_engine.failure import Failure
from backlot_engine.models.speech import PIECE, Speech
from backlot_engine.models.text_boxes import boxes_in
from backlot_engine.read_text import frames_of

DETECTOR = "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"
READER = "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
SPEECH = "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49"
WIDTH, HEIGHT = 320, 192


def picture(*words: str) -> NDArray[np.uint8]:
    image = Image.linear_gradient("L").resize((WIDTH, HEIGHT)).convert("RGB")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=24)
    for n, text in enumerate(words):
        draw.text(
            (20, 20 + 60 * n), text, font=font, fill=(255, 240, 120), stroke_width=1, stroke_fill=(0, 0, 0)
        )
    return np.asarray(image)


def job(kind: str, path: Path, data: bytes, **more: object) -> Json:
    path.write_bytes(data)
    given = {"path": str(path), "sha256": hashlib.sha256(data).hexdigest()}
    name = "frames" if kind == "read-text" else "sound"
    return {
        "version": 1,
        "id": "look",
        "kind": kind,
        "seed": 0,
        "threads": 1,
        "device": "cpu",
        name: given,
        **more,
    }


def text_job(path: Path, data: bytes) -> Json:
    networks = {"detector": {"sha256": DETECTOR}, "reader": {"sha256": READER}}
    return job("read-text", path, data, width=WIDTH, height=HEIGHT, **networks)


def test_text_is_read_where_it_stands_and_none_where_none_is(tmp_path: Path) -> None:
    frames = np.stack([picture("REEL 42", "Ann Lee"), picture()])
    folder = write_run(tmp_path / "run", text_job(tmp_path / "frames.u8", frames.tobytes()))
    assert start(folder).wait() == 0
    first, second = json.loads((folder / "lines.json").read_text(encoding="utf-8"))
    assert [line["text"] for line in first] == ["REEL 42", "Ann Lee"]
    assert all(line["confidence"] > 0.8 for line in first)
    left, top, right, bottom = first[1]["box"]
    assert 0 < left < 0.1 and right < 0.5 and 0.35 < top < 0.5 < bottom < 0.62
    assert second == []


def test_half_a_frame_is_refused(tmp_path: Path) -> None:
    torn = write_run(tmp_path / "torn", text_job(tmp_path / "frames.u8", picture().tobytes()[:-1]))
    with pytest.raises(Failure) as failure:
        frames_of(job_of(json.loads((torn / "job.json").read_text())))
    assert failure.value.code == "frames-mismatch"


def test_another_network_is_refused() -> None:
    with pytest.raises(Failure) as failure:
        packaged("silero_vad", "data/silero_vad_16k_op15.onnx", "0" * 64)
    assert failure.value.code == "network-mismatch"


def test_what_is_not_set_up_is_said_with_the_command_that_does() -> None:
    with pytest.raises(Failure) as failure:
        packaged("no_such_package", "network.onnx", "0" * 64)
    assert failure.value.code == "analysis-missing"
    assert "setup --analysis" in failure.value.remedy


def tone(seconds: float) -> NDArray[np.float32]:
    return np.sin(np.arange(int(seconds * 16_000)) * 2 * np.pi * 440 / 16_000).astype(np.float32) * 0.3


def test_a_tone_and_silence_are_no_speech(tmp_path: Path) -> None:
    sound = (np.concatenate([tone(2), np.zeros(32_000, np.float32)]) * 32767).astype("<i2")
    folder = write_run(
        tmp_path / "run",
        job("hear-speech", tmp_path / "sound.s16", sound.tobytes(), network={"sha256": SPEECH}),
    )
    assert start(folder).wait() == 0
    likely = np.fromfile(folder / "speech.f32", "<f4")
    assert len(likely) == -(-len(sound) // PIECE)
    assert likely.max() < 0.5


def test_sound_in_parts_is_heard_as_in_one() -> None:
    path = packaged("silero_vad", "data/silero_vad_16k_op15.onnx", SPEECH)
    draw = np.random.default_rng(3)
    sound = (tone(1.024) * draw.uniform(0, 1, 16_384)).astype(np.float32)
    parts = Speech(path, 1)
    heard = [parts(sound[: 10 * PIECE]), parts(sound[10 * PIECE :])]
    assert np.array_equal(np.concatenate(heard), Speech(path, 1)(sound))


def test_boxes_lie_around_what_is_connected_and_grow() -> None:
    likely = np.zeros((64, 128), np.float32)
    likely[10:16, 20:60] = 0.9
    likely[16:20, 58:70] = 0.9
    likely[40:46, 20:60] = 0.35
    likely[50, 100] = 1
    (box,) = boxes_in(likely)
    assert box.left < 20 and box.top < 10 and box.right > 70 and box.bottom > 20
