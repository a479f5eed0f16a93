"""The small family opened to learn or to make takes: needs torch, numpy and safetensors alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from .batches import Learning
from .contract import AdapterUse, ClipLine, GenerateJob, ModelShape
from .copies import tell_copies
from .data.adapter_folder import load_adapter, save_adapter
from .data.latents import Latents
from .data.model_folder import (
    CODE,
    CONFIG,
    load_codec,
    load_config,
    load_known_rows,
    load_transformer,
    save_model,
)
from .data.read_once import Folder
from .failure import Failure, refuse_job
from .models.adapter import WORD_MOVED, WORD_ROWS, AdaptedWords, Adapter, add, attach
from .models.codec import Codec
from .models.transformer import MIXED_BLOCKS, Transformer, TransformerConfig
from .models.words import is_word, mirrored_rows, moved_from, unread_words, word_rows, words_of
from .randomness import generator
from .run import Run
from .shared_words import tell_shared_words
from .unread import tell_unspaced

# A word counts as known where at least this share of the clips says it: a name of a few clips may be learned
# anew.
KNOWN_SHARE = 1 / 200


@dataclass(frozen=True)
class Small:
    """A family.Family: hashed words, a linear codec, one transformer. `moved`: rows of words that an adapter
    learned in another row than their own, as the base knows another word in that; `taught`: rows that takes
    can be drawn of; None where the base does not say which it knows.
    """

    model: Transformer
    codec: Codec
    base: Folder
    moved: dict[int, int] = field(default_factory=dict)
    taught: set[int] | None = None
    keeps_given: bool = True

    def cannot(self, mode: str) -> None:
        """Nothing: the latents of each block of frames depend on no other block."""

    def rows(self, captions: list[str], mirrored: bool = False) -> Tensor:
        config = self.model.config
        read = mirrored_rows if mirrored else word_rows
        return read(captions, config.words, config.caption_words, self.moved)

    def unread(self, caption: str, mirrored: bool = False) -> list[str]:
        return unread_words(caption, self.model.config.caption_words, mirrored)

    def untaught(self, caption: str) -> list[int]:
        taught = self.taught
        if taught is None:
            return []
        length = self.model.config.caption_words
        said = zip(words_of(caption)[:length], self.rows([caption])[0].tolist(), strict=False)
        return [at for at, (word, row) in enumerate(said, 1) if row not in taught and is_word(word)]

    def tell(self, clips: tuple[ClipLine, ...], job: Learning, run: Run) -> None:
        known = load_known_rows(self.base) if job.method == "lora" else None
        told = job.known_words is not None
        tell_shared_words(clips, self.model.config, known, self.moved, run, told)
        tell_unspaced(clips, run)
        tell_copies(len(clips), job, run)

    def attach(self, job: Learning, data: Latents) -> None:
        """If the job says so, also the captions' words whose rows the base never saw learn: what it knows
        keeps its meaning, so that it still combines.
        """
        assert job.lora is not None
        rows = data.rows.unique()
        known = load_known_rows(self.base)
        new = rows[(rows > 0) & ~torch.isin(rows, known)] if job.lora.words else rows[:0]
        words = new if len(new) else None
        attach(self.model, job.lora.rank, job.lora.alpha, words, generator(job.seed, "adapter"))

    def save(self, job: Learning, average: Mapping[str, Tensor], data: Latents, folder: Path) -> None:
        if job.lora is not None and job.method == "lora":
            rows = word_rows_of(self.model)
            tensors = dict(average) if rows is None else {**average, WORD_ROWS: rows}
            if self.moved:
                tensors[WORD_MOVED] = torch.tensor(sorted(self.moved.items()))
            save_adapter(Adapter(job.lora.rank, job.lora.alpha, tensors), job.base.sha256, folder)
        else:
            known = known_rows(job, data, self.base)
            save_model(self.model.config, dict(average), known, job.shift, self.base, folder)

    @torch.no_grad()
    def add(self, use: AdapterUse, base_sha256: str) -> None:
        adapter = load_adapter(use, base_sha256, self.model)
        add(self.model, adapter, use.weight)
        if use.weight == 0:
            return
        if self.taught is not None:
            self.taught.update(adapter.tensors.get(WORD_ROWS, torch.tensor([])).tolist())
        self.moved.update(adapter.tensors.get(WORD_MOVED, torch.tensor([])).tolist())


def small_to_learn(job: Learning, base: Folder, captions: list[str]) -> Small:
    """A new model of the job's shape with the base's codec, or the base."""
    codec = load_codec(base)
    model = fitting(start_model(job, base, codec), codec, base)
    return Small(model, codec, base, moved_for(job, base, captions, model.config))


def moved_for(job: Learning, base: Folder, captions: list[str], config: TransformerConfig) -> dict[int, int]:
    """Rows of their own for the captions' words that the base does not know, in whose row stands one that it
    does: an adapter leaves that row as it is, so that they would not be learned.
    """
    if job.method != "lora" or job.known_words is None:
        return {}
    read = {word for caption in captions for word in words_of(caption)[: config.caption_words]}
    return moved_from(set(load_known_rows(base).tolist()), read - set(job.known_words), config.words)


def small_for_takes(job: GenerateJob, base: Folder) -> Small:
    """The base as it is: its codec decides the size of takes."""
    refuse_job(job.size is not None, "job.size", "null: the base decides", "a size")
    codec = load_codec(base)
    model = fitting(load_transformer(base), codec, base).eval()
    return Small(model, codec, base, taught=set(load_known_rows(base).tolist()) or None)


def fitting(model: Transformer, codec: Codec, base: Folder) -> Transformer:
    """The model, if it reads latents of the codec. Raises Failure("base-mismatch")."""
    wanted = (codec.shape.grid, codec.shape.components)
    found = (model.config.grid, model.config.channels)
    if found == wanted:
        return model
    raise Failure(
        CODE,
        expected=f"grid and channels of the codec: {list(wanted[0])} and {wanted[1]}",
        where=str(base.path / CONFIG),
        found=f"{list(found[0])} and {found[1]}",
        remedy="Restore the base's folder: its transformer and its codec belong together.",
    )


def start_model(job: Learning, base: Folder, codec: Codec) -> Transformer:
    """A new model of the job's shape, or the base's."""
    config = config_for(job, base, codec)
    if job.method != "scratch":
        return load_transformer(base)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(job.seed)
        return Transformer(config)


def config_for(job: Learning, base: Folder, codec: Codec) -> TransformerConfig:
    """The sizes of the model that a job trains. Raises Failure("bad-job") when shape and method disagree."""
    if job.method != "scratch":
        refuse_job(job.shape is not None, "job.shape", "null: the base decides", "a shape")
        return load_config(base)
    refuse_job(job.shape is None, "job.shape", "a shape, as training starts from nothing", "null")
    assert job.shape is not None
    uneven = job.shape.width % job.shape.heads != 0
    refuse_job(uneven, "job.shape.heads", "a divisor of the width", str(job.shape.heads))
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


def word_rows_of(model: Transformer) -> Tensor | None:
    """The word rows that an attached adapter trains."""
    words: nn.Module = model.words
    return words.slot.nonzero()[:, 0].cpu() if isinstance(words, AdaptedWords) else None


def known_rows(job: Learning, data: Latents, base: Folder) -> Tensor:
    """Rows of the words that this model knows well, from here or from the base that it started from. An
    adapter leaves those as they are and learns all others.
    """
    seen, clips = torch.cat([one.unique() for one in data.rows]).unique(return_counts=True)
    known = seen[(seen > 0) & (clips >= KNOWN_SHARE * len(data.rows))]
    if job.method == "full":
        known = torch.cat([known, load_known_rows(base)]).unique()
    return known
