"""Latents of an open base lie between runs, by autoencoder, size and clip."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Json, outcome, write_run
from open_bases import lora_job, write_wan

from backlot_engine.data.hashing import folder_hash
from backlot_engine.open_base.video_codec import VideoCodec
from backlot_engine.run import main


def test_the_next_run_encodes_no_clip_again_and_ends_in_the_same_bytes(
    training: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, kept = write_wan(tmp_path / "wan"), tmp_path / "latents"
    asked: list[int] = []
    encode = VideoCodec.encode
    monkeypatch.setattr(VideoCodec, "encode", lambda self, clips: (asked.append(1), encode(self, clips))[1])

    def weights(name: str, latents: Path | None) -> tuple[str, int]:
        asked.clear()
        own = {"steps": 2, "mirror": True, "latents": latents and str(latents)}
        main([str(write_run(tmp_path / name, {**lora_job(training, base), **own}))])
        return outcome(tmp_path / name)["result"]["model"]["sha256"], len(asked)

    sha256, encoded = weights("first", kept)
    vae = folder_hash(Path(base["path"]) / "vae")
    files = sorted(kept.glob(f"{vae}/5x16x16/*.safetensors"))
    assert encoded == len(files) == 8 * 2 + 4
    assert weights("second", kept) == (sha256, 0)
    files[0].write_bytes(b"half")
    assert weights("third", kept) == (sha256, 1)
    assert weights("without", None)[0] == sha256
