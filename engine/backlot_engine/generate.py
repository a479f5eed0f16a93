"""Job `generate`: briefs to takes, from a base with any number of adapters added in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .beside import words_beside
from .contract import EngineBrief, GenerateJob
from .data.hashing import file_hash, sha256_of
from .data.marks import Marks
from .data.model_folder import clip_rate, open_base
from .data.written import write_noted
from .device import device_in, device_of
from .failure import Failure
from .families import family_for_takes
from .family import Family
from .finite import refuse_not_finite
from .flow.sampler import euler
from .given import Given, given_of, refusal, together
from .precision import autocast_for
from .randomness import generator
from .run import Cancelled, Run
from .unread import tell_unread, tell_untaught

PARTIAL, TAKES = "takes.partial.jsonl", "takes.jsonl"
Line = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """One take to be made."""

    brief: EngineBrief
    text: str
    candidate: int
    path: str

    @property
    def id(self) -> str:
        return f"{self.brief.id}-{self.candidate}"

    @property
    def seed(self) -> int:
        """From the brief's seed and the candidate alone, so that a take does not depend on what is made
        beside it.
        """
        digest = hashlib.sha256(f"{self.brief.seed}/{self.candidate}".encode()).digest()
        return int.from_bytes(digest[:4], "big") >> 1


@dataclass(frozen=True)
class Studio:
    """All that makes takes."""

    family: Family
    fps: str
    autocast: torch.autocast


def run(job: GenerateJob, run: Run) -> dict[str, Any]:
    """Writes `takes/*.u8` and `takes.jsonl`. Result: `{takes: {path, sha256}, count}`."""
    torch.set_num_threads(job.threads)
    texts = words_beside(run.folder, "texts.json", job.texts)
    wanted = list(takes_of(job.briefs, texts))
    studio = open_studio(job, run)
    given = {brief.id: given_of(brief, studio.family.codec) for brief in job.briefs}
    done = done_before(run.folder, run.gate.marks)
    run.started(None)
    said = [(f"brief {brief.id}", text) for brief, text in zip(job.briefs, texts, strict=True)]
    tell_unread(said, studio.family, run)
    tell_untaught(said, studio.family, run)
    run.phase("generate")
    (run.folder / "takes").mkdir(exist_ok=True)
    lines: list[Line] = []
    for start in range(0, len(wanted), job.batch):
        part = wanted[start : start + job.batch]
        kept = [done[one.id] for one in part if one.id in done]
        lines += kept if len(kept) == len(part) else make(part, studio, given, job, run)
        run.progress(len(lines), len(wanted), "takes")
    return finish(lines, run)


def takes_of(briefs: tuple[EngineBrief, ...], texts: list[str]) -> Iterator[Wanted]:
    """Every candidate of every brief, in order. Raises Failure for two briefs of one id, and where they are
    not as many as their `texts`.
    """
    if len(texts) != len(briefs):
        raise _bad("texts.json", f"{len(briefs)} texts, one for each brief", str(len(texts)))
    seen: set[str] = set()
    for index, (brief, text) in enumerate(zip(briefs, texts, strict=True)):
        if brief.id in seen:
            raise _bad(f"job.briefs[{index}].id", "an id of its own", brief.id)
        seen.add(brief.id)
        for candidate in range(brief.candidates):
            yield Wanted(brief, text, candidate, f"takes/{index:04d}-{candidate:03d}.u8")


def open_studio(job: GenerateJob, run: Run) -> Studio:
    """The base with its adapters added in; the base's files are only read."""
    device = device_of(job.device)
    base = open_base(job.base)
    autocast = autocast_for(job.precision, device, run)
    family = family_for_takes(job, base, autocast)
    family.model.to(device)
    for brief in job.briefs:
        reason = family.cannot(brief.mode)
        if reason is not None:
            raise refusal(brief, "mode", f"another mode: {reason}", brief.mode)
    return Studio(family, clip_rate(base) if job.size is None else job.size.fps, autocast)


def make(
    part: list[Wanted], studio: Studio, given: dict[str, Given], job: GenerateJob, run: Run
) -> list[Line]:
    """Draws one batch, writes its files and notes them, so that a killed run goes on after the last whole
    batch.
    """
    pixels = draw(part, studio, given, job, run)
    lines = [write(one, frames, studio.fps, run.folder) for one, frames in zip(part, pixels, strict=True)]
    with (run.folder / PARTIAL).open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(noted(line, run.gate.marks)) + "\n" for line in lines)
    return lines


def draw(part: list[Wanted], studio: Studio, given: dict[str, Given], job: GenerateJob, run: Run) -> Tensor:
    """uint8 (takes, frames, 3, height, width)."""
    family = studio.family
    device = device_in(family.model)
    rows = family.rows([one.text for one in part]).to(device)
    parts = together([given[one.brief.id] for one in part])
    clean, kept, begin = (one.to(device) for one in (parts.clean, parts.kept, parts.start))
    shape = (family.codec.shape.tokens, family.codec.shape.components)
    # Drawn by the processor wherever takes are: the same seed begins with the same noise.
    drawn = torch.stack([torch.randn(shape, generator=generator(one.seed, "take")) for one in part])
    noise = drawn.to(device)

    def velocity(x: Tensor, t: Tensor, said: bool) -> Tensor:
        with studio.autocast:
            made: Tensor = family.model(x, clean * kept, kept, t, rows if said else torch.zeros_like(rows))
        return made.float()

    def on_step(_: int) -> None:
        if run.cancelled():
            raise Cancelled

    options = job.sampling
    steps, guidance, shift = options.steps, options.guidance, options.shift
    latents = euler(velocity, noise, clean, kept, begin, steps, guidance, shift, on_step)
    refuse_not_finite(latents, "takes " + ", ".join(one.id for one in part))
    return family.codec.decode(latents.cpu())


def write(one: Wanted, frames: Tensor, fps: str, folder: Path) -> Line:
    """Writes a take as raw uint8 frames x height x width x RGB and returns its line of takes.jsonl."""
    path = folder / one.path
    sha256 = write_noted(frames.permute(0, 2, 3, 1).contiguous().numpy().tobytes(), path)
    count, _, height, width = frames.shape
    size = {"frames": count, "height": height, "width": width, "fps": fps}
    about = {"id": one.id, "brief": one.brief.id, "candidate": one.candidate, "seed": one.seed}
    return {**about, "path": one.path, "sha256": sha256, **size}


def noted(line: Line, marks: Marks) -> dict[str, Any]:
    """A finished take with this run's mark: who can write the folder could put takes there."""
    return {"take": line, "marked": marks.mark({line["id"]: _line_hash(line)})}


def done_before(folder: Path, marks: Marks) -> dict[str, Line]:
    """Takes that an earlier process of this run finished, by its mark, and whose bytes are what they were."""
    path = folder / PARTIAL
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    notes = [note for note in text[: text.rfind("\n") + 1].splitlines() if _is_own(note, folder, marks)]
    path.write_text("".join(note + "\n" for note in notes), encoding="utf-8")
    return {take["id"]: take for take in (json.loads(note)["take"] for note in notes)}


def _is_own(note: str, folder: Path, marks: Marks) -> bool:
    try:
        found = json.loads(note)
        line = found["take"]
        said = marks.marked(json.dumps(found["marked"]).encode(), PARTIAL)
        return said == {line["id"]: _line_hash(line)} and _is_whole(folder / line["path"], line["sha256"])
    except (Failure, ValueError, KeyError, TypeError):
        return False


def _line_hash(line: Line) -> str:
    return sha256_of(json.dumps(line, sort_keys=True).encode())


def finish(lines: list[Line], run: Run) -> dict[str, Any]:
    path = run.folder / TAKES
    write_noted("".join(json.dumps(line, sort_keys=True) + "\n" for line in lines).encode(), path)
    (run.folder / PARTIAL).unlink(missing_ok=True)
    return {"takes": run.artifact("takes", path), "count": len(lines)}


def _is_whole(path: Path, sha256: str) -> bool:
    return path.is_file() and file_hash(path) == sha256


def _bad(where: str, expected: str, found: str) -> Failure:
    remedy = "Correct the brief and write the job again."
    return Failure("bad-job", expected=expected, where=where, found=found, remedy=remedy)
