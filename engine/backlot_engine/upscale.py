"""Job `upscale`: takes made larger and crisp, each beside the take that it was made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .contract import TakeLine, UpscaleJob
from .data.upscaler_folder import load_upscaler
from .data.written import write_noted
from .device import CPU
from .models.upscaler import Upscaler, to_floats, to_pixels
from .precision import autocast_for
from .run import Cancelled, Run
from .takes_file import read_lines, read_pixels

FOLDER, LINES = Path("upscaled"), Path("upscaled.jsonl")


def run(job: UpscaleJob, run: Run) -> dict[str, Any]:
    """Writes `upscaled/*.u8` and `upscaled.jsonl`, a line a take, same ids. Result: `{takes, count}`."""
    torch.set_num_threads(job.threads)
    upscaler = load_upscaler(job.upscaler)
    lines = read_lines(job.takes)
    autocast = autocast_for(job.precision, CPU, run)
    run.started(None)
    run.phase("upscale")
    (run.folder / FOLDER).mkdir(exist_ok=True)
    made = []
    for line in lines:
        if run.cancelled():
            raise Cancelled
        with autocast:
            large = enlarged(upscaler, read_pixels(line, Path(job.takes.path).parent))
        made.append(_write(line, large, run.folder))
        run.progress(len(made), len(lines), "takes")
    write_noted("".join(made).encode(), run.folder / LINES)
    return {"takes": run.artifact("upscaled", LINES), "count": len(made)}


@torch.no_grad()
def enlarged(upscaler: Upscaler, take: Tensor) -> Tensor:
    """uint8 (frames, 3, height, width) -> uint8, factor times as wide and high."""
    return to_pixels(upscaler(to_floats(take[None])).float())[0]


def _write(line: TakeLine, large: Tensor, folder: Path) -> str:
    path = FOLDER / Path(line.path).name
    sha256 = write_noted(large.permute(0, 2, 3, 1).contiguous().numpy().tobytes(), folder / path)
    frames, _, height, width = large.shape
    size = {"frames": frames, "height": height, "width": width, "fps": line.fps}
    about = {"id": line.id, "brief": line.brief, "candidate": line.candidate, "seed": line.seed}
    written = {**about, "path": path.as_posix(), "sha256": sha256, **size}
    return json.dumps(written, sort_keys=True) + "\n"
