"""What a training run holds: made from a job, before the first step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from .batches import Learning
from .contract import ClipLine, DatasetInput, ModelShape
from .data.latents import Latents, encode_clips, together
from .data.model_folder import load_codec, load_config, load_known_rows, load_transformer, open_base
from .data.snapshot import Snapshot, open_snapshot
from .failure import Failure
from .heldout import MOST_CLIPS
from .models.adapter import AdaptedWords, attach
from .models.codec import Codec
from .models.transformer import MIXED_BLOCKS, Transformer, TransformerConfig
from .optimizers import Optimizers
from .precision import autocast_for
from .randomness import generator
from .run import Run
from .shared_words import tell_shared_words


@dataclass
class Learner:
    """The model, what moves in it (by name), its moving average in the same order, and the clips."""

    model: Transformer
    moving: dict[str, nn.Parameter]
    average: list[Tensor]
    optimizers: Optimizers
    codec: Codec
    base: Path
    data: Latents
    heldout: Latents
    prior: Latents | None
    autocast: torch.autocast


def make_learner(job: Learning, run: Run) -> Learner:
    """Verifies every input, builds the model and encodes the clips. Raises Failure before anything is
    trained.
    """
    torch.set_num_threads(job.threads)
    base = open_base(job.base)
    codec = load_codec(base)
    snapshot = open_snapshot(job.dataset, run.gate)
    chosen = choose_clips(snapshot, job.subset, job.seed)
    model = start_model(job, base, codec)
    run.phase("read clips")
    data = _encode(snapshot, chosen, codec, model, run)
    if job.mirror:
        data = together(data, _encode(snapshot, chosen, codec, model, run, mirrored=True))
    heldout = _encode(snapshot, snapshot.split("heldout")[:MOST_CLIPS], codec, model, run)
    prior = None if job.prior is None else _encode_prior(job.prior.dataset, codec, model, run)
    known = load_known_rows(base) if job.method == "lora" else None
    tell_shared_words([clip.caption for clip in chosen], model.config, known, run)
    if known is not None:
        attach_adapter(model, job, data, known)
    moving = {name: one for name, one in model.named_parameters() if one.requires_grad}
    average = [one.detach().clone() for one in moving.values()]
    optimizers = Optimizers(moving, job.optimizer, 1.0 if job.lora is None else job.lora.word_rate)
    autocast = autocast_for(job.precision, run)
    return Learner(model, moving, average, optimizers, codec, base, data, heldout, prior, autocast)


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


def start_model(job: Learning, base: Path, codec: Codec) -> Transformer:
    """A new model of the job's shape, or the base's."""
    config = config_for(job, base, codec)
    if job.method != "scratch":
        return load_transformer(base)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(job.seed)
        return Transformer(config)


def config_for(job: Learning, base: Path, codec: Codec) -> TransformerConfig:
    """The sizes of the model that a job trains. Raises Failure("bad-job") when shape and method disagree."""
    if job.method != "scratch":
        _refuse(job.shape is not None, "job.shape", "null: the base decides", "a shape")
        return load_config(base)
    _refuse(job.shape is None, "job.shape", "a shape, as training starts from nothing", "null")
    assert job.shape is not None
    uneven = job.shape.width % job.shape.heads != 0
    _refuse(uneven, "job.shape.heads", "a divisor of the width", str(job.shape.heads))
    return config_of(job.shape, codec)


def config_of(shape: ModelShape, codec: Codec) -> TransformerConfig:
    """The small family's configuration for a shape and a codec."""
    return TransformerConfig(
        width=shape.width,
        depth=shape.depth,
        heads=shape.heads,
        words=shape.words,
        caption_words=shape.caption_words,
        channels=codec.shape.components,
        grid=codec.shape.grid,
        mixed_blocks=min(MIXED_BLOCKS, shape.depth),
    )


def attach_adapter(model: Transformer, job: Learning, data: Latents, known: Tensor) -> None:
    """Freezes the model and lets only an adapter learn; if the job says so, also the captions' words whose
    rows the base never saw (`known`): what it knows keeps its meaning, so that it still combines.
    """
    _refuse(job.lora is None, "job.lora", "rank and alpha, as the method is lora", "null")
    assert job.lora is not None
    rows = data.rows.unique()
    new = rows[(rows > 0) & ~torch.isin(rows, known)] if job.lora.words else rows[:0]
    words = new if len(new) else None
    attach(model, job.lora.rank, job.lora.alpha, words, generator(job.seed, "adapter"))


def word_rows_of(model: Transformer) -> Tensor | None:
    """The word rows that an attached adapter trains."""
    words: nn.Module = model.words
    return words.slot.nonzero()[:, 0] if isinstance(words, AdaptedWords) else None


def _encode(
    snapshot: Snapshot,
    clips: tuple[ClipLine, ...],
    codec: Codec,
    model: Transformer,
    run: Run,
    mirrored: bool = False,
) -> Latents:
    words, length = model.config.words, model.config.caption_words
    return encode_clips(snapshot, clips, codec, words, length, run, mirrored)


def _encode_prior(wanted: DatasetInput, codec: Codec, model: Transformer, run: Run) -> Latents:
    snapshot = open_snapshot(wanted, run.gate)
    return _encode(snapshot, choose_clips(snapshot, None, 0), codec, model, run)


def _refuse(wrong: bool, where: str, expected: str, found: str) -> None:
    if wrong:
        remedy = "Write the job again through Backlot."
        raise Failure("bad-job", expected=expected, where=where, found=found, remedy=remedy)
