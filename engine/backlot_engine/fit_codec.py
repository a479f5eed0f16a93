"""Job `fit-codec`: the codec of a dataset's training clips, as a folder that a first base starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .contract import ClipLine, FitCodecJob
from .data.model_folder import save_codec
from .data.rates import FIRST, refuse_other_rate
from .data.snapshot import CODE, Snapshot, open_snapshot, read_clips
from .encode import psnr_by_title
from .failure import Failure
from .models.codec import CodecShape, fit, to_blocks
from .run import Cancelled, Run

FOLDER = Path("base")


def run(job: FitCodecJob, run: Run) -> dict[str, Any]:
    """Fits on the training split and measures on the held-out one. Result: `{base, psnr, tokens,
    components}`.
    """
    torch.set_num_threads(job.threads)
    run.started(None)
    snapshot = open_snapshot(job.dataset, run.gate)
    refuse_other_rate(snapshot.clips, None, FIRST)
    shape = shape_of(snapshot, job.block, job.components)
    run.phase("draw blocks")
    blocks = draw_blocks(snapshot, shape, job.samples, job.seed, run)
    run.phase("fit")
    codec = fit(blocks, shape, job.min_scale)
    save_codec(codec, snapshot.clips[0].fps, run.folder / FOLDER)
    run.phase("measure")
    quality = psnr_by_title(snapshot, snapshot.split("heldout") or snapshot.split("train"), codec, run)
    made = run.artifact("base", FOLDER)
    return {"base": made, "psnr": quality, "tokens": shape.tokens, "components": shape.components}


def shape_of(snapshot: Snapshot, block: tuple[int, int, int], components: int) -> CodecShape:
    """The codec's shape for a snapshot's clips. Raises Failure when blocks do not tile them or are too
    few.
    """
    first = snapshot.clips[0]
    shape = CodecShape(first.frames, first.height, first.width, block, components)
    if not shape.fits() or components > shape.values:
        found = f"{first.frames}x{first.height}x{first.width}"
        raise Failure(
            "bad-job",
            expected=f"clips of n*{block[0]}+1 frames tiled by blocks {block}, <= {shape.values} components",
            where="job.block",
            found=f"clips of {found}, {components} components",
            remedy="Choose blocks that divide the clip.",
        )
    return shape


def draw_blocks(snapshot: Snapshot, shape: CodecShape, samples: int, seed: int, run: Run) -> Tensor:
    """About `samples` blocks float32 (n, values), the same number from each of the clips that the seed
    draws.
    """
    clips = snapshot.split("train")
    generator = torch.Generator().manual_seed(seed)
    wanted = min(len(clips), max(1, samples // min(shape.tokens, 40)))
    chosen = tuple(clips[i] for i in torch.randperm(len(clips), generator=generator)[:wanted].tolist())
    if not chosen:
        raise Failure(
            CODE,
            expected="training clips",
            where=str(snapshot.folder),
            found="none",
            remedy="Freeze a dataset with a training split.",
        )
    return torch.cat(list(_drawn(snapshot, chosen, shape, max(1, samples // wanted), generator, run)))


def _drawn(
    snapshot: Snapshot,
    clips: tuple[ClipLine, ...],
    shape: CodecShape,
    each: int,
    generator: torch.Generator,
    run: Run,
) -> list[Tensor]:
    drawn = []
    for index, (_, pixels) in enumerate(read_clips(snapshot, clips), 1):
        rows = torch.randperm(shape.tokens, generator=generator)[:each]
        drawn.append(to_blocks(pixels[None], shape)[0, rows])
        run.progress(index, len(clips), "clips")
        if run.cancelled():
            raise Cancelled
    return drawn
