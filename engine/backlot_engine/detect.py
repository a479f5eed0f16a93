"""Says how likely each frame of some windows of a film lies in a transition. Which windows, and what
follows, stays in TypeScript.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from .contract import DetectJob
from .data.hashing import file_hash
from .data.transnet_weights import load_transnet_weights
from .data.written import write_noted
from .failure import Failure
from .models.transnet import HEIGHT, WIDTH, TransNet
from .precision import has_fast_bf16
from .run import Cancelled, Result, Run

# Frames that the network sees at once, and those at each end that it only sees: memory does not grow with
# the window.
AT_ONCE, MARGIN = 150, 25


def run(job: DetectJob, run: Run) -> Result:
    """Writes `probabilities.f32`, two little-endian float32 a frame, in the order of the frames."""
    torch.set_num_threads(job.threads)
    run.started(None)
    windows = torch.split(_read_frames(job), list(job.windows))
    use_bf16 = job.precision == "bf16" and has_fast_bf16()
    network = TransNet(
        load_transnet_weights(job.network.sha256), torch.bfloat16 if use_bf16 else torch.float32
    )
    run.phase("looking at doubtful frames")
    path, done, total, seen = Path("probabilities.f32"), 0, sum(job.windows), []
    for window in windows:
        seen.append(_look(network, run, window).numpy().astype("<f4").tobytes())
        done += len(window)
        run.progress(done, total, "frames")
    write_noted(b"".join(seen), run.folder / path)
    return {"probabilities": run.artifact("probabilities", path), "frames": total}


def _look(network: TransNet, run: Run, window: Tensor) -> Tensor:
    """[T, 36, 64, 3] -> [T, 2], in parts that overlap by twice the margin."""
    frames, parts, step = shrunk(window), [], AT_ONCE - 2 * MARGIN
    for at in range(0, len(frames), step):
        if run.cancelled():
            raise Cancelled
        first = max(0, at - MARGIN)
        seen = network(frames[first : at + step + MARGIN])
        parts.append(seen[at - first : at - first + step])
    return torch.cat(parts)


def shrunk(frames: Tensor) -> Tensor:
    """uint8 [T, H, W, 3] to the size that the network sees, each pixel the mean of the area it covers."""
    rows, columns = _areas(frames.shape[1], HEIGHT), _areas(frames.shape[2], WIDTH)
    means = torch.einsum("oh,thwc,pw->topc", rows, frames.float(), columns)
    return means.round().to(torch.uint8)


def _areas(given: int, wanted: int) -> Tensor:
    """[wanted, given]: the share of each given pixel in each wanted one."""
    ratio = given / wanted
    starts = torch.arange(wanted)[:, None] * ratio
    pixels = torch.arange(given)[None]
    ends = torch.minimum(starts + ratio, pixels + 1)
    return (ends - torch.maximum(starts, pixels)).clamp(min=0) / ratio


def _read_frames(job: DetectJob) -> Tensor:
    path = Path(job.frames.path)
    found = file_hash(path)
    size = sum(job.windows) * job.height * job.width * 3
    if found != job.frames.sha256 or path.stat().st_size != size:
        raise Failure(
            "frames-mismatch",
            expected=f"{size} bytes with sha256 {job.frames.sha256}",
            where=str(path),
            found=f"{path.stat().st_size} bytes with sha256 {found}",
            remedy="Write the frames anew and a job with their hash.",
        )
    mapped = torch.from_file(str(path), size=size, dtype=torch.uint8)
    return mapped.view(-1, job.height, job.width, 3)
