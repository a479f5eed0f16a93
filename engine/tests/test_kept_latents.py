"""What others could do to the files of kept latents; no library of open bases is needed for that."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import save

from backlot_engine.data import latent_cache
from backlot_engine.data.latent_cache import TAG_BYTES, VARIABLE, LatentCache, cache_of


def test_a_file_exchanged_while_it_is_written_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codec: Any = SimpleNamespace(
        shape=SimpleNamespace(tokens=2, components=3), encode=lambda _: torch.ones(1, 2, 3)
    )
    told: list[str] = []
    cache = LatentCache(tmp_path, "vae/1x16x16", b"k" * 32, codec, told.append)
    clip: Any = SimpleNamespace(id="c" * 64)
    pixels = torch.zeros(1, 1, 3, 16, 16, dtype=torch.uint8)

    def exchange(data: bytes, path: Path) -> None:
        path.write_bytes(data[:TAG_BYTES] + save({"latents": torch.zeros(2, 3).bfloat16()}))

    monkeypatch.setattr(latent_cache, "save_new", exchange)
    for _ in range(2):
        assert bool((cache.latents((clip,), pixels, mirrored=False) == 1).all())
    assert len(told) == 1


def test_a_folder_that_is_a_link_leads_nothing_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "07" * 32)
    codec: Any = SimpleNamespace(identity="vae", shape=SimpleNamespace(frames=1, height=16, width=16))
    told: list[str] = []
    assert cache_of(str(tmp_path / "latents"), codec, told.append) is not None
    (tmp_path / "elsewhere").mkdir()
    for part in ("latents", "latents/vae", "latents/vae/1x16x16"):
        folder = tmp_path / part
        folder.symlink_to(tmp_path / "elsewhere")
        assert cache_of(str(tmp_path / "latents"), codec, told.append) is None
        folder.unlink()
        folder.mkdir()
    assert len(told) == 3
