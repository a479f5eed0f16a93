"""Trains a checker on clips with known truth: rendered, or such clips drawn again by a model that left it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .contract import ClipLine, FitCheckerJob
from .data.checker_folder import save_checker
from .data.read_once import verified_bytes
from .data.snapshot import Snapshot, open_snapshot, read_clips
from .degrade import blurred, ghosted, noisy, patched, seamed
from .device import CPU
from .earlier_checker import take_over
from .models.checker import (
    MOVES,
    NOBODY,
    PLACE,
    TIME,
    Checker,
    CheckerShape,
    Logits,
    Looks,
    Moves,
    looked_at,
)
from .models.flowfield import FEATURES, flow_features
from .models.places import Places, band_colours
from .precision import autocast_for
from .randomness import generator
from .run import Cancelled, Result, Run

WARMUP_STEPS = 100
SHIFT_PIXELS = 4
SMOOTHING = 0.02
# The network on movement is tiny: noise against rote.
FLOW_NOISE = 0.03
# Names of the sample studio that turn into each other when a clip is mirrored.
MIRRORED = {
    "walks left": "walks right",
    "walks right": "walks left",
    "pans left": "pans right",
    "pans right": "pans left",
}
# The share of each batch that shows nobody, and what stands for an attribute that such a clip does not have.
SPOILT_SHARE = 0.25
UNKNOWN = -100
Truth = dict[str, dict[str, str]]
Labels = dict[str, Tensor]


def run(job: FitCheckerJob, run: Run) -> Result:
    """Trains for `job.steps` and leaves `checker/`; the result holds the accuracy on held-out clips."""
    torch.set_num_threads(job.threads)
    torch.manual_seed(job.seed)
    run.started(None)
    truth = _read_truth(job)
    snapshot = open_snapshot(job.dataset, run.gate)
    train, train_names = _load(run, snapshot, snapshot.split("train"), truth)
    held, held_names = _load(run, snapshot, snapshot.split("heldout"), truth)
    shape = _shape(snapshot.clips[0], train_names, job)
    checker = Checker(shape)
    wanted, asked = _indices(shape, train_names), _indices(shape, held_names)
    if job.before is not None:
        take_over(checker, job.before)
    if job.move_steps > 0:
        _fit_moves(job, run, checker.moves, train, wanted, shape)
    if job.steps > 0:
        _fit_looks(job, run, checker.looks, train, wanted, shape)
    if checker.places is not None:
        _fit_places(checker.places, train, wanted)
    accuracy = _accuracy(checker.eval(), held, asked)
    save_checker(checker, run.folder / "checker")
    return {
        "artifact": run.artifact("checker", Path("checker")),
        "clips": len(train),
        "heldout": len(held),
        **accuracy,
    }


def _read_truth(job: FitCheckerJob) -> Truth:
    data = verified_bytes(job.truth.path, job.truth.sha256, "truth-mismatch")
    rows = (json.loads(line) for line in data.decode().splitlines())
    return {row["id"]: _names(row, (*job.looks, *MOVES)) for row in rows}


def _names(row: dict[str, object], heads: tuple[str, ...]) -> dict[str, str]:
    """What a line of truth says for each head: of its character or of the shot. Where it has no character,
    nobody is to be seen, and nothing else is known.
    """
    characters = row["characters"]
    assert isinstance(characters, list)
    if not characters:
        return {heads[0]: NOBODY}
    said = {**characters[0], "character": characters[0]["name"], **row}
    return {head: str(said[head]) for head in heads}


def _load(
    run: Run, snapshot: Snapshot, clips: tuple[ClipLine, ...], truth: Truth
) -> tuple[Tensor, list[dict[str, str]]]:
    run.phase("reading clips")
    first = clips[0]
    pixels = torch.empty(len(clips), first.frames, 3, first.height, first.width, dtype=torch.uint8)
    names = []
    for index, (clip, value) in enumerate(read_clips(snapshot, clips)):
        pixels[index] = value
        names.append(truth[clip.id])
        run.progress(index + 1, len(clips), "clips")
    return pixels, names


def _shape(clip: ClipLine, names: list[dict[str, str]], job: FitCheckerJob) -> CheckerShape:
    who = job.looks[0]
    known = [row for row in names if row[who] != NOBODY]
    choices = {head: tuple(sorted({row[head] for row in known})) for head in known[0]}
    choices[who] = (*choices[who], NOBODY)
    return CheckerShape(clip.frames, clip.height, clip.width, choices, job.places)


def _indices(shape: CheckerShape, names: list[dict[str, str]]) -> dict[str, Tensor]:
    return {
        head: torch.tensor([of.index(row[head]) if head in row else UNKNOWN for row in names])
        for head, of in shape.names.items()
    }


def _fit_looks(
    job: FitCheckerJob, run: Run, looks: Looks, clips: Tensor, wanted: Labels, shape: CheckerShape
) -> None:
    run.phase("training on looks")
    draw = generator(job.seed, "looks")
    autocast = autocast_for("bf16", CPU, run)

    def batch() -> tuple[Logits, Labels]:
        picked = torch.randint(len(clips), (job.batch,), generator=draw)
        inputs, labels = _augmented(
            looked_at(clips[picked]), {head: wanted[head][picked] for head in shape.looks}, shape, draw
        )
        inputs, labels = _with_nobody(inputs, labels, shape, draw)
        with autocast:
            return looks(inputs), labels

    _descend(run, looks, batch, job.rate, job.steps)


def _fit_moves(
    job: FitCheckerJob, run: Run, moves: Moves, clips: Tensor, wanted: Labels, shape: CheckerShape
) -> None:
    draw = generator(job.seed, "moves")
    known = wanted["action"] != UNKNOWN
    clips, wanted = clips[known], {head: of[known] for head, of in wanted.items()}
    flows = [_flows(run, clips, None), _flows(run, clips, draw)]
    run.phase("training on moves")

    def batch() -> tuple[Logits, Labels]:
        picked = torch.randint(len(clips), (job.batch,), generator=draw)
        inputs = flows[int(torch.randint(2, (), generator=draw))][picked].float()
        labels = {head: wanted[head][picked] for head in MOVES}
        if torch.rand((), generator=draw) < 0.5:
            inputs, labels = _mirrored_flows(inputs), _mirrored(labels, shape)
        return moves(inputs + FLOW_NOISE * torch.randn(inputs.shape, generator=draw)), labels

    _descend(run, moves, batch, job.rate, job.move_steps)


def _fit_places(places: Places, clips: Tensor, wanted: Labels) -> None:
    colours = torch.cat([band_colours(part.float() / 127.5 - 1) for part in clips.split(64)])
    places.fit(colours, wanted[PLACE], wanted[TIME])


def _descend(
    run: Run, network: nn.Module, batch: Callable[[], tuple[Logits, Labels]], rate: float, steps: int
) -> None:
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.02)
    for step in range(steps):
        if run.cancelled():
            raise Cancelled()
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / WARMUP_STEPS) * max(0.02, 1 - step / steps)
        logits, labels = batch()
        losses = [
            F.cross_entropy(of.float(), labels[head], label_smoothing=SMOOTHING, ignore_index=UNKNOWN)
            for head, of in logits.items()
        ]
        loss = torch.stack(losses).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        run.progress(step + 1, steps, "steps")
        if (step + 1) % 100 == 0:
            run.metric("loss", step + 1, loss.item())


def _flows(run: Run, clips: Tensor, draw: torch.Generator | None) -> Tensor:
    """Movement in every clip, damaged first where `draw` is given."""
    run.phase("measuring movement")
    parts = []
    for part in clips.split(32):
        inputs = part.float() / 127.5 - 1
        parts.append(flow_features(inputs if draw is None else _damaged(inputs, draw)).half())
        run.progress(min(len(parts) * 32, len(clips)), len(clips), "clips")
    return torch.cat(parts)


def _mirrored_flows(flows: Tensor) -> Tensor:
    """Left and right change places, and what moved right moves left: the first feature of each pair."""
    sign = torch.ones(flows.shape[1], 1, 1)
    sign[::FEATURES] = -1
    return flows.flip(-1) * sign


def _augmented(
    clips: Tensor, labels: dict[str, Tensor], shape: CheckerShape, draw: torch.Generator
) -> tuple[Tensor, dict[str, Tensor]]:
    """Mirrors, shifts, tints and damages a batch: the checker reads what is shown, not how clean it is."""
    x = clips.float() / 127.5 - 1
    if torch.rand((), generator=draw) < 0.5:
        x, labels = x.flip(-1), _mirrored(labels, shape)
    dy, dx = (int(torch.randint(-SHIFT_PIXELS, SHIFT_PIXELS + 1, (), generator=draw)) for _ in range(2))
    x = torch.roll(x, (dy, dx), (-2, -1))
    x = x * (1 + 0.1 * torch.randn(len(x), 1, 1, 1, 1, generator=draw))
    x = x + 0.06 * torch.randn(len(x), 1, 3, 1, 1, generator=draw)
    return _damaged(x, draw), labels


def _with_nobody(
    x: Tensor, labels: Labels, shape: CheckerShape, draw: torch.Generator
) -> tuple[Tensor, Labels]:
    """Spoils a share of a batch, half as patchwork and half as ghosts: nobody is to be seen there."""
    count = int(len(x) * SPOILT_SHARE)
    half = count // 2
    spoilt = torch.cat([patched(x, 16, draw)[:half], ghosted(x, draw)[half:count]])
    spoilt = seamed(spoilt, 0.1, 16, draw)
    nobody = shape.names[shape.who].index(NOBODY)
    new = {head: of.clone() for head, of in labels.items()}
    for head, of in new.items():
        of[:count] = nobody if head == shape.who else UNKNOWN
    return torch.cat([spoilt, x[count:]]), new


def _damaged(x: Tensor, draw: torch.Generator) -> Tensor:
    kind = int(torch.randint(5, (), generator=draw))
    amount = float(torch.rand((), generator=draw))
    if kind == 0:
        return blurred(x, 1)
    if kind == 1:
        return noisy(x, 0.25 * amount, draw)
    if kind == 2:
        return seamed(x, 0.2 * amount, 16, draw)
    if kind == 3:
        return noisy(seamed(blurred(x, 1), 0.15 * amount, 16, draw), 0.1 * amount, draw)
    return x


def _mirrored(labels: dict[str, Tensor], shape: CheckerShape) -> dict[str, Tensor]:
    return {head: _mirror_names(shape.names[head], of) for head, of in labels.items()}


def _mirror_names(names: tuple[str, ...], labels: Tensor) -> Tensor:
    table = torch.tensor([names.index(MIRRORED.get(name, name)) for name in names])
    return torch.where(labels == UNKNOWN, labels, table[labels.clamp(min=0)])


def _accuracy(checker: Checker, clips: Tensor, wanted: dict[str, Tensor]) -> dict[str, float]:
    """The share of held-out clips read right: each head where it is known, and all heads at once."""
    read = {head: of.argmax(1) for head, of in read_chances(checker, clips).items()}
    right = {head: (of == wanted[head]) | (wanted[head] == UNKNOWN) for head, of in read.items()}
    every = torch.stack(list(right.values())).all(0)
    return {
        **{head: of.float().mean().item() for head, of in right.items()},
        "all": every.float().mean().item(),
    }


def read_chances(checker: Checker, clips: Tensor) -> dict[str, Tensor]:
    """How likely each name of each head is: uint8 clips (n, ...) -> (n, names) in 0..1."""
    with torch.no_grad():
        parts = [checker(part.float() / 127.5 - 1) for part in clips.split(64)]
    return {head: torch.cat([part[head] for part in parts]).float().softmax(1) for head in parts[0]}
