"""Four colours of each person of the titles at each time of day, for the checker (ADR 0181).

`python bench/checker/palettes.py DIR OUT` reads the clips and bodies that
`node bench/checker/bodies.ts --out DIR` rendered and writes OUT, which lies beside the checker's weights
as `palettes.json`: grey levels, by person and time.
They are the means of four groups of what lies under the drawn body at half size (k-means).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

FRAMES, HEIGHT, WIDTH, STEP = 17, 64, 96, 4
LOOKED_AT = len(range(0, FRAMES, STEP))
# Of 255: less is the body's edge, or its shadow.
COVERED = 240
COLOURS, PIXELS, TURNS, SEED = 4, 3000, 15, 0
TIMES = ("day", "sunset", "night")

Json = dict[str, Any]


def main(folder: Path, out: Path) -> None:
    clips = lines_of(folder / "manifest.jsonl")
    truth = {row["id"]: row for row in lines_of(folder / "truth.jsonl")}
    covers = np.memmap(folder / "bodies.u8", np.uint8, "r").reshape(-1, LOOKED_AT, HEIGHT, WIDTH)
    people = [truth[clip["id"]]["characters"][0]["name"] for clip in clips]
    times = [truth[clip["id"]]["time"] for clip in clips]
    draw = np.random.RandomState(SEED)
    palettes: dict[str, dict[str, list[list[float]]]] = {}
    for who in sorted(set(people)):
        for time in TIMES:
            shown = [n for n in range(len(clips)) if (people[n], times[n]) == (who, time)]
            under = np.concatenate([body_pixels(folder, clips[n], covers[n]) for n in shown])
            found = grouped(under, draw)
            palettes.setdefault(who, {})[time] = [[round(float(of), 1) for of in one] for one in found]
    out.write_text(json.dumps(palettes, indent=1, sort_keys=True) + "\n")


def lines_of(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def body_pixels(folder: Path, clip: Json, cover: np.ndarray) -> np.ndarray:
    """What lies wholly under the body, at half size: float (n, 3), grey levels."""
    pixels = np.fromfile(folder / clip["shard"], np.uint8, clip["bytes"], offset=clip["offset"])
    frames = pixels.reshape(FRAMES, HEIGHT, WIDTH, 3)[::STEP]
    return halved(frames)[halved(cover[..., None])[..., 0] > COVERED]


def halved(frames: np.ndarray) -> np.ndarray:
    """Means of 2 x 2 pixels: (frames, height, width, channels) -> float, half as high and wide."""
    return frames.astype(np.float32).reshape(len(frames), HEIGHT // 2, 2, WIDTH // 2, 2, -1).mean((2, 4))


def grouped(pixels: np.ndarray, draw: np.random.RandomState) -> np.ndarray:
    """The means of the groups that pixels fall into: (n, 3) -> (4, 3)."""
    pixels = pixels[draw.permutation(len(pixels))[:PIXELS]]
    means = pixels[draw.permutation(len(pixels))[:COLOURS]]
    for _ in range(TURNS):
        group = ((pixels[:, None] - means) ** 2).sum(2).argmin(1)
        means = np.stack(
            [pixels[group == n].mean(0) if (group == n).any() else means[n] for n in range(COLOURS)]
        )
    return means


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
