"""What `dataset export --format croissant` writes, read by Croissant's own library where it is installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "test/fixtures/contract/croissant"


def test_mlcroissant_reads_every_clip_of_an_export() -> None:
    mlc = pytest.importorskip("mlcroissant", reason="mlcroissant brings 270 MB of packages and is not set up")
    dataset = mlc.Dataset(jsonld=FOLDER / "croissant.json")
    assert not dataset.metadata.issues.errors
    found = [
        {name.removeprefix("clips/"): value for name, value in record.items()}
        for record in dataset.records("clips")
    ]
    wanted = [
        json.loads(line) for line in (FOLDER / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    text = [{k: v.decode() if isinstance(v, bytes) else v for k, v in clip.items()} for clip in found]
    assert text == wanted
