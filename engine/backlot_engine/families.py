"""Which family a base belongs to: its model_index.json says so."""

from __future__ import annotations

import importlib

import torch

from .batches import Learning
from .contract import ClipLine, GenerateJob
from .data.model_folder import CODE, INDEX, INDEX_FILE, at_rate, clip_rate
from .data.rates import FIRST
from .data.read_once import Folder
from .failure import Failure, refuse_job
from .family import Family
from .small import small_for_takes, small_to_learn

# Classes of pipelines by diffusers, and the module that opens them: it is imported only for such a base.
OPEN = {"WanPipeline": ".open_base.wan"}


def family_to_learn(
    job: Learning, base: Folder, clips: tuple[ClipLine, ...], autocast: torch.autocast, again: bool
) -> Family:
    """The base of a training job, for clips of the size of the first. `again`: an open base's blocks are
    computed again in the backward pass. Raises Failure before anything is read.
    """
    clip = clips[0]
    module = open_module(base)
    if module is None:
        start = at_rate(base, clip.fps) if job.method == "scratch" else base
        return small_to_learn(job, start, [one.caption for one in clips])
    refuse_job(job.method != "lora", "job.method", "lora, as the base is an open one", job.method)
    opened = importlib.import_module(module, __package__).to_learn(job, base.path, clip, autocast, again)
    shown = job.given_share > 0 and not opened.keeps_given
    refuse_job(shown, "job.givenShare", "0: this base cannot be shown frames", str(job.given_share))
    return opened


def rate_to_learn(job: Learning, base: Folder) -> tuple[str | None, str]:
    """Frames a second that clips must have, and whose rate that is. From scratch a model takes the rate of
    its clips, of all of which there must be one: that of the base's worlds where those are among them.
    """
    module = open_module(base)
    if module is not None:
        rate: str = importlib.import_module(module, __package__).clip_rate(base)
        return rate, "the base was made for"
    takes_any = job.method == "scratch" and job.prior is None
    return (None, FIRST) if takes_any else (clip_rate(base), "the base was made for")


def family_for_takes(job: GenerateJob, base: Folder, autocast: torch.autocast) -> Family:
    """The base of a generate job with its adapters added in."""
    module = open_module(base)
    family: Family
    if module is None:
        family = small_for_takes(job, base)
    else:
        family = importlib.import_module(module, __package__).for_takes(job, base.path, autocast)
    for use in job.adapters:
        family.add(use, job.base.sha256)
    return family


def open_module(base: Folder) -> str | None:
    """The module for an open base; None for the small family. Raises Failure("base-mismatch") for others."""
    if INDEX_FILE not in base.files:  # a codec alone, which a first base starts from
        return None
    found = base.json(INDEX_FILE, CODE)
    name = found.get("_class_name") if isinstance(found, dict) else None
    if name == INDEX["_class_name"]:
        return None
    if name in OPEN:
        return OPEN[name]
    raise Failure(
        CODE,
        expected=f"a model of the class {INDEX['_class_name']} or {', '.join(OPEN)}",
        where=str(base.path / INDEX_FILE),
        found=str(name),
        remedy="Name the folder of a Backlot model, or of a Wan text-to-video pipeline in diffusers' layout.",
    )
