"""Wan 2.1 and 2.2 text-to-video pipelines, as diffusers saves them, opened to learn or to make takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..batches import Learning
from ..contract import AdapterUse, ClipLine, GenerateJob
from ..data.latents import Latents
from ..data.read_once import Folder
from ..data.tensors import load_json
from ..device import device_of
from ..failure import Failure, refuse_job
from ..models.words import mirrored_caption
from ..randomness import generator
from ..run import Run
from . import lora
from .experts import NAMES, Experts, present
from .libraries import library, part
from .texts import Texts
from .video_codec import VideoCodec, shape_for

CODE = "base-mismatch"
# Frames a second that Wan's own code names (wan/configs: sample_fps): of 2.1 and 2.2 A14B, and of 2.2 5B, the
# one whose patches have times of their own.
RATE, RATE_OF_EACH = "16/1", "24/1"
Size = tuple[int, int, int]


@dataclass(frozen=True)
class Wan:
    """A family.Family."""

    model: Experts
    codec: VideoCodec

    @property
    def keeps_given(self) -> bool:
        return self.model.time_of_each

    def cannot(self, mode: str) -> str | None:
        """A clip can be drawn anew by any base; frames are kept where each patch has a time of its own, and
        only at the beginning: this autoencoder reads frames in order, each with those before it.
        """
        if mode in ("text", "restyle"):
            return None
        if not self.keeps_given:
            return "this base cannot be shown frames that it must keep"
        return None if mode in ("first", "extend") else "this base can be shown the first frames alone"

    def rows(self, captions: list[str], mirrored: bool = False) -> Tensor:
        said = [mirrored_caption(one) for one in captions] if mirrored else captions
        return self.model.texts.rows(said)

    def unread(self, caption: str, mirrored: bool = False) -> list[str]:
        return self.model.texts.unread(mirrored_caption(caption) if mirrored else caption)

    def untaught(self, caption: str) -> list[int]:  # noqa: ARG002
        """None: what words its encoder knows is not listed."""
        return []

    def tell(self, clips: tuple[ClipLine, ...], job: Learning, run: Run) -> None:
        """Nothing: the base's own encoder tells all words apart."""

    def attach(self, job: Learning, data: Latents) -> None:  # noqa: ARG002
        assert job.lora is not None
        lora.attach(self.model.experts, job.lora.rank, job.lora.alpha, generator(job.seed, "adapter"))

    def save(self, job: Learning, average: Mapping[str, Tensor], data: Latents, folder: Path) -> None:  # noqa: ARG002
        assert job.lora is not None
        lora.save(average, job.lora, job.base.sha256, folder)

    def add(self, use: AdapterUse, base_sha256: str) -> None:
        lora.add(self.model.experts, use, base_sha256)


def to_learn(job: Learning, folder: Path, clip: ClipLine, autocast: torch.autocast, again: bool) -> Wan:
    """The base for clips of the size of `clip`. Raises Failure for sizes that it cannot take."""
    words = job.lora is not None and job.lora.words
    refuse_job(words, "job.lora.words", "false: an open base's own encoder reads the captions", "true")
    size = (clip.frames, clip.height, clip.width)
    place = ("dataset-mismatch", f"clip {clip.id}")
    opened = open_wan(folder, size, place, autocast, device_of(job.device))
    if again:
        opened.model.compute_again()
    return opened


def for_takes(job: GenerateJob, folder: Path, autocast: torch.autocast) -> Wan:
    """The base for takes of the job's size."""
    refuse_job(job.size is None, "job.size", "a size, as an open base has none of its own", "null")
    assert job.size is not None
    size = (job.size.frames, job.size.height, job.size.width)
    return open_wan(folder, size, ("bad-job", "job.size"), autocast, device_of(job.device))


def open_wan(
    folder: Path, size: Size, refusal: tuple[str, str], autocast: torch.autocast, device: torch.device
) -> Wan:
    """The pipeline in `folder` for clips of `size`; `refusal`: code and place for sizes that do not fit."""
    index, diffusers = load_json(folder / "model_index.json", CODE), library("diffusers")
    # The autoencoder stays in float32: its latents are what everything else is measured by.
    vae = part(diffusers.AutoencoderKLWan, str(folder), "vae", torch.float32).to(device)
    shape = shape_for(size, vae, _patch(folder), *refusal)
    numbers = torch.bfloat16 if autocast._enabled else torch.float32
    boundary = _boundary(index, folder)
    experts = _experts(folder, index, numbers)
    texts = Texts(folder, numbers, device)
    model = Experts(experts, boundary, shape.grid, texts, bool(index.get("expand_timesteps")))
    return Wan(model, VideoCodec(vae, shape, folder / "vae"))


def clip_rate(base: Folder) -> str:
    """Frames a second of the clips that the base was made for."""
    return RATE_OF_EACH if base.json("model_index.json", CODE).get("expand_timesteps") else RATE


def _experts(folder: Path, index: dict[str, Any], numbers: torch.dtype) -> list[nn.Module]:
    kind = library("diffusers").WanTransformer3DModel
    return [part(kind, str(folder), name, numbers) for name in present(index)]


def _boundary(index: dict[str, Any], folder: Path) -> float | None:
    """Where the second expert takes over, 0..1. Raises Failure where experts and boundary disagree."""
    boundary = index.get("boundary_ratio")
    two = NAMES[1] in present(index)
    if two == (boundary is not None):
        return boundary
    raise Failure(
        CODE,
        expected="boundary_ratio and two transformers, or neither",
        where=str(folder / "model_index.json"),
        found=f"boundary_ratio {boundary} and {'two' if two else 'one'}",
        remedy="Restore the model_index.json that the base came with.",
    )


def _patch(folder: Path) -> Size:
    down, rows, columns = load_json(folder / NAMES[0] / "config.json", CODE)["patch_size"]
    return down, rows, columns
