"""`run.py FOLDER ATTACKS SEED [KIND…]` attacks runs, in all ways or in these, then times the gate. Prints
JSON lines, the result last.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from attacked import World, remove, run_quietly, trained
from attacks import ATTACKS
from attacks_inputs import INPUTS, Inputs, attack_inputs
from attacks_latents import LATENTS, Kept, attack_latents, run_keeping
from cost import costs

CONTROLS = 20
# Written over the shard at each reading: before the bytes are taken, or right after.
RACES = {
    "clip overwritten before it is read": True,
    "clip overwritten after it was read": False,
}


@contextmanager
def racing(before: bool, draw: random.Random) -> Iterator[None]:
    """Another process writes over the shard in the moment in which the engine reads from it."""
    real = os.pread

    def pread(descriptor: int, count: int, offset: int) -> bytes:
        path = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if before:
            overwrite(path, count, offset, draw)
        data = real(descriptor, count, offset)
        overwrite(path, count, offset, draw)
        return data

    with mock.patch("os.pread", pread):
        yield


def overwrite(path: str, count: int, offset: int, draw: random.Random) -> None:
    with Path(path).open("r+b") as file:
        file.seek(offset)
        file.write(draw.randbytes(count))


def attacked(world: World, kept: Kept, name: str, number: int, draw: random.Random) -> tuple[str, str | None]:
    """What the engine said of an attacked run, and the weights that it left."""
    home = world.fresh(f"attack-{number}")
    if name in RACES:
        with racing(RACES[name], draw):
            said = run_quietly(home / "run")
    elif name in LATENTS:
        said = attack_latents(kept, home, name, draw)
    else:
        ATTACKS[name](world, home, draw)
        said = run_quietly(home / "run")
    weights = trained(home / "run")
    remove(home)
    return said, weights


def clean(world: World) -> str:
    """Weights of the runs that nobody attacked: all the same, or the bench would prove nothing."""
    found = set()
    for number in range(CONTROLS):
        home = world.fresh(f"control-{number}")
        assert run_quietly(home / "run") == "succeeded"
        found.add(trained(home / "run"))
        # Latents that are kept, and read again: the same weights.
        for again in ("keeps", "reads"):
            assert run_keeping(home, again) == "succeeded"
            found.add(trained(home / again))
        remove(home)
    (weights,) = found
    assert weights is not None
    return weights


def main(folder: Path, count: int, seed: int, kinds: list[str]) -> dict[str, Any]:
    world = World(folder)
    weights = clean(world)
    kept, inputs = Kept(world), Inputs(world)
    names = kinds or [*ATTACKS, *RACES, *LATENTS, *INPUTS]
    tried: Counter[str] = Counter()
    through: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for number in range(count):
        name = names[number % len(names)]
        draw = random.Random(f"{seed}/{number}")
        if name in INPUTS:
            home = world.fresh(f"attack-{number}")
            said, other = attack_inputs(inputs, home, name, draw)
            remove(home)
        else:
            said, left = attacked(world, kept, name, number, draw)
            # Weights of the clean run come from signed clips alone: the attack came too late to matter.
            other = left is not None and left != weights
        tried[name] += 1
        codes[said] += 1
        through[name] += other
        if number % 20 == 0:
            print(json.dumps({"done": number, "total": count}), flush=True)
    return {
        "tried": tried,
        "through": through,
        "codes": codes,
        "controls": CONTROLS,
        "costs": costs(world),
    }


if __name__ == "__main__":
    started = time.monotonic()
    result = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
    print(json.dumps({**result, "seconds": time.monotonic() - started}))
