"""Reads the text in frames of a film. Which frames, and what the text means, stays in TypeScript."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from .contract import ReadTextJob
from .data.hashing import file_hash
from .data.packaged import packaged
from .data.written import write_noted
from .failure import Failure
from .models.text_reader import TextReader
from .run import Cancelled, Result, Run

PACKAGE = "rapidocr"
DETECTOR, READER = "models/PP-OCRv6_det_small.onnx", "models/PP-OCRv6_rec_small.onnx"


def run(job: ReadTextJob, run: Run) -> Result:
    """Writes `lines.json`: for each frame its lines, `{text, confidence, box}` as `Line` has them."""
    torch.set_num_threads(job.threads)
    run.started(None)
    frames = frames_of(job)
    reader = TextReader(
        packaged(PACKAGE, DETECTOR, job.detector.sha256),
        packaged(PACKAGE, READER, job.reader.sha256),
        job.threads,
    )
    run.phase("reading text")
    read = []
    for done, frame in enumerate(frames, 1):
        if run.cancelled():
            raise Cancelled
        read.append([line._asdict() for line in reader(np.asarray(frame))])
        run.progress(done, len(frames), "frames")
    write_noted(json.dumps(read, ensure_ascii=False).encode(), run.folder / "lines.json")
    return {"lines": run.artifact("lines", Path("lines.json")), "frames": len(frames)}


def frames_of(job: ReadTextJob) -> np.memmap[tuple[int, ...], np.dtype[np.uint8]]:
    """[N, H, W, 3], read from the disk as they are used. Raises Failure("frames-mismatch")."""
    path = Path(job.frames.path)
    found, size = file_hash(path), path.stat().st_size
    each = job.width * job.height * 3
    if found != job.frames.sha256 or size == 0 or size % each:
        raise Failure(
            "frames-mismatch",
            expected=f"frames of {each} bytes, sha256 {job.frames.sha256}",
            where=str(path),
            found=f"{size} bytes with sha256 {found}",
            remedy="Write the frames anew and a job with their hash.",
        )
    return np.memmap(path, np.uint8, "r", shape=(size // each, job.height, job.width, 3))
