"""Job `encode`: how well the codec of a base shows a dataset, title by title."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import torch

from .contract import ClipLine, EncodeJob
from .data.latents import refuse_other_size
from .data.model_folder import load_codec, open_base
from .data.snapshot import Snapshot, open_snapshot, read_clips
from .models.codec import Codec, psnr
from .run import Cancelled, Run


def run(job: EncodeJob, run: Run) -> dict[str, Any]:
    """Result: `{psnr: [{title, clips, psnr}]}`, dB."""
    torch.set_num_threads(job.threads)
    run.started(None)
    codec = load_codec(open_base(job.base))
    snapshot = open_snapshot(job.dataset, run.gate)
    run.phase("measure")
    return {"psnr": psnr_by_title(snapshot, snapshot.clips, codec, run)}


def psnr_by_title(
    snapshot: Snapshot, clips: tuple[ClipLine, ...], codec: Codec, run: Run
) -> list[dict[str, Any]]:
    """`[{title, clips, psnr}]`, dB, the mean over a title's clips."""
    refuse_other_size(clips, codec.shape)
    found: dict[str, list[float]] = defaultdict(list)
    for index, (clip, pixels) in enumerate(read_clips(snapshot, clips), 1):
        found[clip.title].append(psnr(pixels[None], codec.decode(codec.encode(pixels[None]))))
        run.progress(index, len(clips), "clips")
        if run.cancelled():
            raise Cancelled
    means = ((title, values, sum(values) / len(values)) for title, values in sorted(found.items()))
    return [{"title": title, "clips": len(values), "psnr": mean} for title, values, mean in means]
