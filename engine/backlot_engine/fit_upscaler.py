"""Job `fit-upscaler`: learns to make takes crisp, from sharp clips that are made as soft as takes are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from .contract import FitUpscalerJob
from .data.model_folder import load_codec, open_base
from .data.snapshot import Snapshot, open_snapshot, read_clips
from .data.upscaler_folder import save_upscaler
from .degrade import softened
from .failure import Failure
from .measures import flicker
from .models.codec import Codec, psnr
from .models.upscaler import Upscaler, UpscalerShape, bicubic, to_floats, to_pixels
from .randomness import generator
from .run import Cancelled, Result, Run

RATE, WARMUP_STEPS = 2e-3, 100
# Rows and columns of the small picture that one example covers; large enough for the network to see around.
CROP = (32, 48)
# Pixels of blur that the dataset step gives to clips before a model sees them.
SOFTNESS = 1.0
# What a take keeps of the codec's components up to the 8th, 16th, 32nd, 64th and 96th, against film: roots of
# the shares of variance in docs/LOG.md. Clips are weakened by anything from nothing to this.
TAKES_KEEP = ((8, 1.0), (8, 0.84), (16, 0.81), (32, 0.74), (32, 0.63))
LATENT_NOISE = 0.15
# How much change from frame to frame counts beside the frames: edges that boil are worse than soft ones.
OVER_TIME = 1.0
SMOOTH = 1e-3  # Charbonnier's epsilon


def run(job: FitUpscalerJob, run: Run) -> Result:
    """Leaves `upscaler/`. Result: `{upscaler, clips, heldout, psnr, psnrBicubic, flicker, …}` over held-out
    clips: dB against the sharp clip, and grey levels (see `measures.flicker`).
    """
    torch.set_num_threads(job.threads)
    torch.manual_seed(job.seed)
    run.started(None)
    codec = load_codec(open_base(job.base))
    snapshot = open_snapshot(job.dataset, run.gate)
    train, held = (_load(run, snapshot, split) for split in ("train", "heldout"))
    codec = codec_for(train, codec, job.factor)
    upscaler = Upscaler(UpscalerShape(job.factor, job.width, job.blocks))
    _descend(job, run, upscaler, train, codec)
    save_upscaler(upscaler.eval(), run.folder / "upscaler")
    made = run.artifact("upscaler", Path("upscaler"))
    return {"upscaler": made, "clips": len(train), "heldout": len(held), **measured(upscaler, held, codec)}


def _load(run: Run, snapshot: Snapshot, split: str) -> Tensor:
    run.phase(f"reading {split} clips")
    clips = tuple(clip for clip in snapshot.clips if clip.split == split)
    if not clips:
        raise _unfit("clips of both splits", f"no {split} clips", snapshot)
    first = clips[0]
    pixels = torch.empty(len(clips), first.frames, 3, first.height, first.width, dtype=torch.uint8)
    for index, (_, value) in enumerate(read_clips(snapshot, clips)):
        pixels[index] = value
        run.progress(index + 1, len(clips), "clips")
    return pixels


def codec_for(clips: Tensor, codec: Codec, factor: int) -> Codec:
    """The base's codec for clips of these frames; its blocks are the same."""
    frames, _, height, width = clips.shape[1:]
    shape = replace(codec.shape, frames=frames)
    if shape.fits() and (height, width) == (shape.height * factor, shape.width * factor):
        return replace(codec, shape=shape)
    wanted = f"{shape.width * factor}x{shape.height * factor}, n * {shape.depth} + 1 frames"
    raise Failure(
        "bad-job",
        expected=f"clips of {wanted}",
        where="job.dataset",
        found=f"{frames} frames of {width}x{height}",
        remedy="Render sharp clips (clips-cli.ts --size sharp), or name another factor.",
    )


def as_taken(sharp: Tensor, codec: Codec, factor: int, draw: torch.Generator | None) -> Tensor:
    """uint8 clips (n, frames, 3, height, width) as the model would see and make them, uint8 at its size:
    small, softened, through the codec; weakened and noisy as takes are where `draw` is given.
    """
    small = F.avg_pool2d(to_floats(sharp).flatten(0, 1), factor).unflatten(0, sharp.shape[:2])
    latents = codec.encode(to_pixels(softened(small, SOFTNESS)))
    if draw is not None:
        weak = torch.rand(len(sharp), 1, 1, generator=draw)
        latents = latents * (1 - weak * (1 - _kept(codec)))
        noise = torch.rand(len(sharp), 1, 1, generator=draw) * LATENT_NOISE
        latents = latents + noise * torch.randn(latents.shape, generator=draw)
    return codec.decode(latents)


def _kept(codec: Codec) -> Tensor:
    shares = torch.cat([torch.full((count,), share) for count, share in TAKES_KEEP])
    return F.pad(shares, (0, max(0, codec.shape.components - len(shares))), value=TAKES_KEEP[-1][1])[
        : codec.shape.components
    ]


def _descend(job: FitUpscalerJob, run: Run, upscaler: Upscaler, clips: Tensor, codec: Codec) -> None:
    run.phase("training")
    draw = generator(job.seed, "upscaler")
    optimizer = torch.optim.AdamW(upscaler.parameters(), lr=RATE, weight_decay=0)
    for step in range(job.steps):
        if run.cancelled():
            raise Cancelled
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / WARMUP_STEPS) * max(0.02, 1 - step / job.steps)
        small, sharp = _examples(clips, codec, job, draw)
        made = upscaler(small)
        loss = _far(made, sharp) + OVER_TIME * _far(_changes(made), _changes(sharp))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(upscaler.parameters(), 1.0)
        optimizer.step()
        run.progress(step + 1, job.steps, "steps")
        if (step + 1) % 100 == 0:
            run.metric("loss", step + 1, loss.item())


def _examples(
    clips: Tensor, codec: Codec, job: FitUpscalerJob, draw: torch.Generator
) -> tuple[Tensor, Tensor]:
    """A crop of each drawn clip: as taken, and sharp; half of them mirrored."""
    picked = clips[torch.randint(len(clips), (job.batch,), generator=draw)]
    if torch.rand((), generator=draw) < 0.5:
        picked = picked.flip(-1)
    small = as_taken(picked, codec, job.factor, draw)
    rows, columns = (min(of) for of in zip(CROP, small.shape[-2:], strict=True))
    top = int(torch.randint(small.shape[-2] - rows + 1, (), generator=draw))
    left = int(torch.randint(small.shape[-1] - columns + 1, (), generator=draw))
    f = job.factor
    sharp = picked[..., top * f : (top + rows) * f, left * f : (left + columns) * f]
    return to_floats(small[..., top : top + rows, left : left + columns]), to_floats(sharp)


def _far(a: Tensor, b: Tensor) -> Tensor:
    """Charbonnier's distance: as the absolute difference, smooth at nought."""
    return ((a - b).pow(2) + SMOOTH**2).sqrt().mean()


def _changes(clips: Tensor) -> Tensor:
    return clips[:, 1:] - clips[:, :-1]


@torch.no_grad()
def measured(upscaler: Upscaler, sharp: Tensor, codec: Codec) -> dict[str, float]:
    """Means over clips as the codec shows them, not weakened."""
    rows = []
    for one in sharp.split(1):
        small = to_floats(as_taken(one, codec, upscaler.shape.factor, None))
        made, plain = to_pixels(upscaler(small)), to_pixels(bicubic(small, upscaler.shape.factor))
        rows.append((psnr(one, made), psnr(one, plain), *(flicker(of).item() for of in (made, plain, one))))
    means = torch.tensor(rows).mean(0).tolist()
    return dict(zip(("psnr", "psnrBicubic", "flicker", "flickerBicubic", "flickerSharp"), means, strict=True))


def _unfit(expected: str, found: str, snapshot: Snapshot) -> Failure:
    remedy = "Render clips with a share kept out of training."
    return Failure("bad-job", expected=expected, where=str(snapshot.folder), found=found, remedy=remedy)
