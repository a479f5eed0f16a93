"""A tiny dataset, codec and jobs, made from noise with structure: no rendering, no network."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from files import (
    BLOCK,
    FRAMES,
    HEIGHT,
    WIDTH,
    Json,
    line_of,
    outcome,
    write_manifest,
    write_run,
    write_snapshot,
)
from signing import put, trust

from backlot_engine.data.hashing import source_hash

__all__ = [
    "FRAMES",
    "HEIGHT",
    "WIDTH",
    "Json",
    "line_of",
    "outcome",
    "write_manifest",
    "write_run",
    "write_snapshot",
]

ENGINE = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of the tests' own, never those of the person who runs them."""
    folder = tmp_path_factory.mktemp("keys")
    os.environ["BACKLOT_KEYS"] = str(folder)
    trust()
    return folder


@pytest.fixture
def retired() -> Iterator[Ed25519PrivateKey]:
    """A key where TypeScript puts those that are out of use. Here it is believed of nothing."""
    key = Ed25519PrivateKey.from_private_bytes(b"a key that signs nothing anymore")
    path = put(key, "retired", b"Retired: 2999-01-01T00:00:00.000Z\n")
    yield key
    path.unlink()


def start(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "backlot_engine", str(folder)]
    log = (folder / "log.txt").open("ab")
    return subprocess.Popen(
        command, cwd=ENGINE, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(ENGINE)}
    )


def kill_when(folder: Path, wanted: Callable[[], bool]) -> None:
    """Starts the run and kills it with SIGKILL as soon as `wanted` holds."""
    process = start(folder)
    deadline = time.monotonic() + 60
    while not wanted() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()


def events(folder: Path) -> list[Json]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Json:
    return write_snapshot(tmp_path_factory.mktemp("data") / "worlds", clips=12, heldout=4)


@pytest.fixture(scope="session")
def codec(tmp_path_factory: pytest.TempPathFactory, dataset: Json) -> Json:
    """A fitted codec folder as the job's base field."""
    from backlot_engine.run import main

    folder = tmp_path_factory.mktemp("codec") / "run"
    job = {
        "version": 1,
        "id": "codec",
        "seed": 1,
        "threads": 1,
        "device": "cpu",
        "kind": "fit-codec",
        "dataset": dataset,
    }
    write_run(folder, {**job, "block": BLOCK, "components": 8, "samples": 64, "minScale": 0.05})
    assert main([str(folder)]) == 0
    return {"path": str(folder / "base"), "sha256": outcome(folder)["result"]["base"]["sha256"]}


@pytest.fixture(scope="session")
def training(dataset: Json, codec: Json) -> Json:
    """A complete, tiny train job from scratch."""
    return {
        "version": 1,
        "id": "tiny",
        "engine": source_hash(),
        "seed": 7,
        "threads": 1,
        "device": "cpu",
        "kind": "train",
        "dataset": dataset,
        "subset": None,
        "method": "scratch",
        "base": codec,
        "shape": {"width": 16, "depth": 2, "heads": 2, "words": 64, "captionWords": 6},
        "lora": None,
        "prior": None,
        "batch": 4,
        "processes": 1,
        "optimizer": {
            "name": "muon",
            "rate": 0.01,
            "weightDecay": 0.01,
            "warmupSteps": 3,
            "decayFrom": 0.5,
            "clipNorm": 1,
        },
        "emaDecay": 0.9,
        "captionDropout": 0.1,
        "givenShare": 0.25,
        "mirror": False,
        "shift": 3,
        "precision": "fp32",
        "latents": None,
        "knownWords": None,
        "steps": 30,
        "evalEvery": 10,
        "checkpointEvery": 5,
        "keepCheckpoints": 2,
        "sample": None,
        "resumeFrom": None,
    }


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, training: Json) -> Json:
    """A model trained from scratch, as the job's base field."""
    from backlot_engine.run import main

    folder = write_run(tmp_path_factory.mktemp("base") / "run", training)
    assert main([str(folder)]) == 0
    return {"path": str(folder / "model"), "sha256": outcome(folder)["result"]["model"]["sha256"]}


@pytest.fixture(scope="session")
def adapting(tmp_path_factory: pytest.TempPathFactory, training: Json, base: Json) -> Json:
    """A complete, tiny LoRA job on `base`, whose captions hold one word that the base never saw."""
    lora = {"rank": 2, "alpha": 4, "words": True, "wordRate": 5}
    dataset = write_snapshot(tmp_path_factory.mktemp("data") / "title", 12, heldout=4, what="tollo")
    return {
        **training,
        "dataset": dataset,
        "method": "lora",
        "base": base,
        "shape": None,
        "lora": lora,
        "steps": 12,
    }


@pytest.fixture(scope="session")
def adapter(tmp_path_factory: pytest.TempPathFactory, adapting: Json) -> Json:
    from backlot_engine.run import main

    folder = write_run(tmp_path_factory.mktemp("adapter") / "run", adapting)
    assert main([str(folder)]) == 0
    found = outcome(folder)["result"]["model"]
    return {"path": str(folder / "adapter"), "sha256": found["sha256"], "weight": 1}


@pytest.fixture(scope="session")
def generating(base: Json) -> Json:
    """A complete, tiny generate job."""
    nothing = {"mode": "text", "first": None, "last": None, "video": None, "strength": None}
    brief = {"id": "b1", "text": "a shape", "candidates": 3, "seed": 5, **nothing}
    return {
        "version": 1,
        "id": "takes",
        "seed": 1,
        "threads": 1,
        "device": "cpu",
        "kind": "generate",
        "base": base,
        "adapters": [],
        "briefs": [brief],
        "size": None,
        "sampling": {"steps": 4, "guidance": 2, "shift": 3},
        "batch": 2,
        "precision": "fp32",
    }
