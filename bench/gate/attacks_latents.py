"""Attacks on latents that runs keep for later ones. The small family keeps none, as its codec is quick: here
its codec has an identity, as an autoencoder has, so that whole runs train from what lies there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from attacked import World, read_job, run_quietly
from signing import permit

from backlot_engine import learner
from backlot_engine.data.latent_cache import NAME, TAG_BYTES, VARIABLE
from backlot_engine.data.tensors import dump_tensors, parse_tensors, save_new
from backlot_engine.models.codec import Codec

KEY, OTHER_KEY = b"kept latents are tagged by this.", b"a key that nobody trusts anymore"
OURS, ANOTHER = "a" * 64, "b" * 64


class Kept:
    """What clean runs have kept: ours, ours of another autoencoder, and of a run with another key."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ours = self._fill("ours", OURS, KEY, 1)
        self.another = self._fill("another", ANOTHER, KEY, 3)
        self.foreign = self._fill("foreign", OURS, OTHER_KEY, 3)

    def _fill(self, name: str, identity: str, key: bytes, scale: float) -> Path:
        home = self.world.fresh(f"kept-{name}")
        encode = Codec.encode
        with mock.patch.object(Codec, "encode", lambda self, clips: encode(self, clips) * scale):
            assert run_keeping(home, "run", identity, key) == "succeeded"
        return home / "latents" / identity


def keeping(home: Path, name: str) -> None:
    """A permitted run beside `run`, or that one, that keeps its latents in the folder `latents`."""
    run = home / name
    run.mkdir(exist_ok=True)
    job = {**read_job(home / "run"), "id": name, "latents": str(home / "latents")}
    (run / "job.json").write_text(json.dumps(job))
    permit(run)


@contextmanager
def keys(identity: str, key: bytes) -> Iterator[None]:
    # Its latents are refused as kept for nothing, were it not said that this codec is worth it.
    worth_it = mock.patch.object(learner, "refuse_unused")
    told = mock.patch.dict(os.environ, {VARIABLE: key.hex()})
    with mock.patch.object(Codec, "identity", identity), told, worth_it:
        yield


def run_keeping(home: Path, name: str, identity: str = OURS, key: bytes = KEY) -> str:
    keeping(home, name)
    with keys(identity, key):
        return run_quietly(home / name)


def forged(path: Path, draw: random.Random) -> bytes:
    """Latents of the attacker's, of the shape that is wanted."""
    value = parse_tensors(path.read_bytes()[TAG_BYTES:], path)[NAME]
    return dump_tensors({NAME: value * draw.uniform(2, 9)}, path.name)


def files_of(place: Path) -> list[Path]:
    return sorted(place.rglob("*.latents"))


def some(place: Path, draw: random.Random) -> list[Path]:
    files = files_of(place)
    return draw.sample(files, draw.randint(1, len(files)))


def planted(_: Kept, place: Path, draw: random.Random) -> None:
    """With the tag that was there, none, a hash, or one by a key that anybody can have."""
    for path in some(place, draw):
        tag, data = path.read_bytes()[:TAG_BYTES], forged(path, draw)
        where = f"{path.relative_to(place.parent)}\n".encode()
        tags = [
            *(tag, b"", draw.randbytes(TAG_BYTES), bytes(TAG_BYTES), hashlib.sha256(data).digest()),
            *(hmac.digest(key, where + data, "sha256") for key in (b"", bytes(32), draw.randbytes(32))),
        ]
        path.write_bytes(draw.choice(tags) + data)


def of_another_clip(_: Kept, place: Path, draw: random.Random) -> None:
    """Whole files of ours, each in the place of another clip."""
    files = files_of(place)
    bytes_of = [path.read_bytes() for path in files]
    turn = draw.randint(1, len(files) - 1)
    for index, path in enumerate(files):
        path.write_bytes(bytes_of[(index + turn) % len(files)])


def replaced(source: Path, place: Path) -> None:
    shutil.rmtree(place)
    shutil.copytree(source, place)


def of_another_autoencoder(kept: Kept, place: Path, _: random.Random) -> None:
    replaced(kept.another, place)


def of_another_key(kept: Kept, place: Path, _: random.Random) -> None:
    replaced(kept.foreign, place)


def linked(kept: Kept, place: Path, draw: random.Random) -> None:
    """To other clips, to the attacker's own, or one link in the place of the folder."""
    if draw.random() < 0.2:
        shutil.rmtree(place)
        place.symlink_to(draw.choice([kept.another, kept.foreign]))
        return
    outside = place.parent.parent / "outside"
    shutil.copytree(place, outside)
    draw.choice([planted, of_another_clip])(kept, outside, draw)
    for path in files_of(place):
        path.unlink()
        path.symlink_to(outside / path.relative_to(place))


def exchanged_while_kept(_: Kept, place: Path, draw: random.Random) -> None:
    """A run before this one keeps them; each draft is written over before it gets its name."""
    shutil.rmtree(place)

    def exchange(data: bytes, path: Path) -> None:
        save_new(data, path)
        tag = draw.choice([data[:TAG_BYTES], draw.randbytes(TAG_BYTES)])
        path.write_bytes(tag + forged(path, draw))

    with mock.patch("backlot_engine.data.latent_cache.save_new", exchange):
        assert run_keeping(place.parent.parent, "before") == "succeeded"


Attack = Callable[[Kept, Path, random.Random], None]
LATENTS: dict[str, Attack] = {
    "kept latents planted": planted,
    "kept latents of another clip": of_another_clip,
    "kept latents of another autoencoder": of_another_autoencoder,
    "kept latents of a run with another key": of_another_key,
    "kept latents are links": linked,
    "kept latents exchanged while they are written": exchanged_while_kept,
    "kept latents exchanged while they are read": lambda *_: None,
}


@contextmanager
def reading(draw: random.Random) -> Iterator[None]:
    """Another process writes over each file in the moment in which it is read: before, or right after."""
    read = Path.read_bytes

    def exchange(path: Path) -> bytes:
        if path.suffix != ".latents":
            return read(path)
        ours = read(path)
        theirs = ours[:TAG_BYTES] + draw.randbytes(len(ours) - TAG_BYTES)
        if draw.random() < 0.5:
            path.write_bytes(theirs)
            return read(path)
        path.write_bytes(theirs)
        return ours

    with mock.patch.object(Path, "read_bytes", exchange):
        yield


def attack_latents(kept: Kept, home: Path, name: str, draw: random.Random) -> str:
    """What the engine said of a run that kept latents were waiting for."""
    place = home / "latents" / OURS
    shutil.copytree(kept.ours, place)
    LATENTS[name](kept, place, draw)
    if "read" not in name.split():
        return run_keeping(home, "run")
    with reading(draw):
        return run_keeping(home, "run")
