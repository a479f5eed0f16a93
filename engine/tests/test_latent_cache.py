"""Latents of an open base lie between runs, by autoencoder, size and clip."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from conftest import Json, outcome, write_run
from open_bases import lora_job, write_wan
from safetensors.torch import save

from backlot_engine.data.hashing import folder_hash
from backlot_engine.data.latent_cache import TAG_BYTES, VARIABLE
from backlot_engine.data.tensors import parse_tensors
from backlot_engine.open_base.video_codec import VideoCodec
from backlot_engine.run import main


def test_the_next_run_encodes_no_clip_again_and_ends_in_the_same_bytes(
    training: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, kept = write_wan(tmp_path / "wan"), tmp_path / "latents"
    monkeypatch.setenv(VARIABLE, "07" * 32)
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
    files = sorted(kept.glob(f"{vae}/5x16x16/*.latents"))
    assert encoded == len(files) == 8 * 2 + 4
    assert weights("second", kept) == (sha256, 0)
    files[0].write_bytes(b"half")
    assert weights("third", kept) == (sha256, 1)
    plant(files)
    assert weights("planted", kept) == (sha256, 2)
    events = (tmp_path / "planted" / "events.jsonl").read_text()
    assert events.count("latents-foreign") == 2
    assert weights("without", None)[0] == sha256


def plant(files: list[Path]) -> None:
    """What somebody without the key could leave: the file of another clip, and numbers of his own."""
    files[0].write_bytes(files[2].read_bytes())
    data = files[1].read_bytes()
    tensors = {
        name: torch.zeros_like(tensor) for name, tensor in parse_tensors(data[TAG_BYTES:], files[1]).items()
    }
    files[1].write_bytes(data[:TAG_BYTES] + save(tensors))
