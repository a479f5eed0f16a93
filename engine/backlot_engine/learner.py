"""What a training run holds: made from a job, before the first step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import torch
import torch.distributed as dist
from torch import Tensor, nn

from .batches import Learning
from .contract import ClipLine
from .data.adapter_folder import MOST_SCALE
from .data.latents import Latents, encode_clips, together
from .data.model_folder import open_base
from .data.rates import refuse_other_rate
from .data.read_once import Folder
from .data.snapshot import Snapshot, open_snapshot
from .data.worlds_folder import load_worlds
from .device import device_of
from .failure import Failure, refuse_job
from .families import family_to_learn, open_module, rate_to_learn
from .family import Family
from .heldout import measured
from .optimizers import Optimizers
from .precision import autocast_for
from .randomness import generator
from .room import Fit, check_memory, tell_again, tell_large
from .run import Run
from .shared_words import clip_name
from .unread import tell_unread


@dataclass
class Learner:
    """The base, what moves in it (by name), its moving average in the same order, and the clips.

    `prior`: clips of the base's own worlds, which a share of each batch comes from.
    `shared`: the model as a training step calls it, which may average gradients over several processes.
    `sheet`: captions drawn at each checkpoint.
    `saved`: the step of the first checkpoint, which may be the one that the run went on from.
    """

    family: Family
    moving: dict[str, nn.Parameter]
    average: list[Tensor]
    optimizers: Optimizers
    data: Latents
    heldout: Latents
    prior: Latents | None
    autocast: torch.autocast
    shared: nn.Module
    sheet: list[str] = field(default_factory=list)
    saved: int | None = None

    @property
    def model(self) -> nn.Module:
        return self.family.model

    @property
    def trainable(self) -> int:
        """Weights that move."""
        return sum(one.numel() for one in self.moving.values())

    @property
    def grid(self) -> tuple[int, int, int]:
        """Tokens of a clip in time, rows and columns."""
        return self.family.codec.shape.grid


def make_learner(job: Learning, run: Run) -> Learner:
    """Verifies every input, opens the base and encodes the clips. Raises Failure before anything is
    trained.
    """
    torch.set_num_threads(max(1, job.threads // job.processes))
    device = device_of(job.device)
    base = open_base(job.base)
    snapshot = open_snapshot(job.dataset, run.gate)
    chosen = choose_clips(snapshot, job.subset, job.seed)
    refuse_other_rate(snapshot.clips, *rate_to_learn(job, base))
    fit = as_all(check_memory(job, base, chosen))
    refuse_lora(job)
    refuse_unused(job, base)
    autocast = autocast_for(job.precision, device, run)
    tell_again(fit, run)
    family = family_to_learn(job, base, chosen, autocast, fit.again)
    run.phase("read clips")
    data = encode_clips(snapshot, chosen, family, run, job.latents)
    if job.mirror:
        data = together(data, encode_clips(snapshot, chosen, family, run, job.latents, mirrored=True))
    heldout = encode_clips(snapshot, measured(snapshot, run), family, run, job.latents)
    prior = worlds_for(job, family)
    family.tell(chosen, job, run)
    named = [(clip_name(clip.id), clip.caption) for clip in chosen]
    tell_unread(named, family, run, mirrored=job.mirror)
    if job.method == "lora":
        family.attach(job, data)
    family.model.to(device)
    moving = {name: one for name, one in family.model.named_parameters() if one.requires_grad}
    if job.method == "lora" and job.lora is not None:
        tell_large(job.lora.rank, sum(one.numel() for one in moving.values()), family.model, run)
    average = [one.detach().clone() for one in moving.values()]
    optimizers = Optimizers(moving, job.optimizer, 1.0 if job.lora is None else job.lora.word_rate)
    data, heldout, prior = data.on(device), heldout.on(device), prior and prior.on(device)
    return Learner(family, moving, average, optimizers, data, heldout, prior, autocast, family.model)


def as_all(fit: Fit) -> Fit:
    """Nobody takes memory before all processes have looked at what is free. Each step waits for the slowest:
    where one computes blocks again, all do.
    """
    if not dist.is_initialized():
        return fit
    again = torch.tensor([float(fit.again)])
    dist.all_reduce(again)
    return replace(fit, again=bool(again > 0))


def refuse_lora(job: Learning) -> None:
    """Raises Failure("bad-job") where none is named, or one that is refused once it is trained."""
    missing = job.method == "lora" and job.lora is None
    refuse_job(missing, "job.lora", "rank and alpha, as the method is lora", "null")
    if job.lora is not None:
        most = MOST_SCALE * job.lora.rank
        expected = f"at most {MOST_SCALE} times the rank: {most}"
        refuse_job(job.lora.alpha > most, "job.lora.alpha", expected, str(job.lora.alpha))


def refuse_unused(job: Learning, base: Folder) -> None:
    """Raises Failure("bad-job") for what the method or the base would not look at."""
    unused = job.method != "lora" and job.lora is not None
    refuse_job(unused, "job.lora", f"null, as the method is {job.method}", "a rank and alpha")
    words = job.known_words is not None and (job.method != "lora" or open_module(base) is not None)
    refuse_job(words, "job.knownWords", "null: only an adapter of the small family reads them", "words")
    kept = job.latents is not None and open_module(base) is None
    refuse_job(kept, "job.latents", "null: latents of the small family are not kept", str(job.latents))


def worlds_for(job: Learning, family: Family) -> Latents | None:
    """The base's own worlds that part of each batch comes from, if the job asks for them."""
    if job.prior is None:
        return None
    refuse_job(job.batch < 2, "job.batch", "2 or more, as one clip of each comes from the base's worlds", "1")
    return load_worlds(job.prior.worlds, job.base.sha256, family)


def choose_clips(snapshot: Snapshot, subset: int | None, seed: int) -> tuple[ClipLine, ...]:
    """The training clips, or `subset` of them drawn by the seed. Raises Failure when there are too few."""
    clips = snapshot.split("train")
    if not clips or (subset or 0) > len(clips):
        raise Failure(
            "dataset-mismatch",
            expected=f"at least {subset or 1} training clips",
            where=str(snapshot.folder),
            found=str(len(clips)),
            remedy="Freeze a larger dataset or ask for a smaller subset.",
        )
    if subset is None:
        return clips
    order = torch.randperm(len(clips), generator=generator(seed, "subset")).tolist()
    return tuple(clips[i] for i in sorted(order[:subset]))
