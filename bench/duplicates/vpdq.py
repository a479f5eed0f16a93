"""Which shots vPDQ's rule takes for the same, by PDQ hashes of their frames (PyPI `pdqhash` 0.2.8).

`python vpdq.py JOB` reads {films: [{path, fps, shots: [{id, in, out}]}]}, frames counted from 0, and prints
one JSON line: {pairs: [[id, id], ...], cpu}, cpu in seconds, of this process and its children.

The rule and its numbers are those of vPDQ (Meta, ThreatExchange): hashes under quality 50 are left out, two
match within 31 of 256 bits, and two videos where 80 % of the hashes of one have a match in the other. Frames
are hashed four times a second in place of once, as shots are short; a shot is also sought mirrored, by the
hash's own mirror image.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pdqhash

WIDTH, HEIGHT = 192, 108
QUALITY, NEAR, SHARE = 50, 31, 0.8
RATE = 4
# Order of PDQ's dihedral hashes: as it is, three turns, upside down, left to right, two diagonals.
MIRRORED = 5


def main(job: str) -> None:
    plain, mirrored, owners, ids = hashes(json.loads(Path(job).read_text())["films"])
    near = np.zeros((len(ids), len(ids)), bool)
    for query in (plain, mirrored):
        near |= covered(query, plain, owners, len(ids))
    # Either shot may be the part of the other.
    either = np.triu(near | near.T, 1)
    pairs = [[ids[a], ids[b]] for a, b in np.argwhere(either)]
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(use.ru_utime + use.ru_stime for use in (own, children))
    print(json.dumps({"pairs": pairs, "cpu": cpu}))


def hashes(films: list[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Hashes of the frames looked at as +-1 (frames, 256), plain and mirrored, and each one's shot."""
    plain, mirrored, owners = [], [], []
    ids: list[str] = []
    for film in films:
        step = max(1, round(film["fps"] / RATE))
        wanted = {}
        for shot in film["shots"]:
            wanted.update(dict.fromkeys(range(shot["in"], shot["out"], step), len(ids)))
            ids.append(shot["id"])
        for frame, rgb in enumerate(frames_of(film["path"])):
            if frame not in wanted:
                continue
            vectors, quality = pdqhash.compute_dihedral(rgb)
            if quality < QUALITY:
                continue
            plain.append(vectors[0])
            mirrored.append(vectors[MIRRORED])
            owners.append(wanted[frame])
    signs = [np.array(rows, np.float32) * 2 - 1 for rows in (plain, mirrored)]
    return signs[0], signs[1], np.array(owners), ids


def frames_of(path: str) -> Any:
    command = [os.environ.get("BACKLOT_FFMPEG", "ffmpeg"), "-v", "error", "-i", f"file:{path}"]
    command += ["-map", "0:V:0", "-vf", f"scale={WIDTH}:{HEIGHT}", "-fps_mode", "passthrough"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    size = WIDTH * HEIGHT * 3
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while len(data := process.stdout.read(size)) == size:
            yield np.frombuffer(data, np.uint8).reshape(HEIGHT, WIDTH, 3)


def covered(query: np.ndarray, known: np.ndarray, owners: np.ndarray, shots: int) -> np.ndarray:
    """Whether SHARE of the hashes of shot a have a match in shot b, for all pairs (a, b)."""
    counts = np.bincount(owners, minlength=shots)
    matched = np.zeros((shots, shots))
    for at in range(len(query)):
        distance = (256 - known @ query[at]) / 2
        matched[owners[at], np.unique(owners[distance <= NEAR])] += 1
    return (counts[:, None] > 0) & (matched >= SHARE * counts[:, None])


if __name__ == "__main__":
    main(sys.argv[1])
