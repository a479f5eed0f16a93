"""Goes on with a base on a GPU, with clips of its worlds that are drawn while it learns.

How base 4 was made (`recipe.json` has the options), from the root, the engine on the path:
sh assets/base-card/draw.sh CLIPS &
PYTHONPATH=engine python assets/base-card/leg.py assets/base CLIPS OUT --seconds 280
The rate and the end go by the clock: the same call gives another base of the same kind, not the same bytes.
"""

import argparse
import json
import shutil
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from backlot_engine.batches import batch_of
from backlot_engine.contract import Optimizer, Sampling
from backlot_engine.data.latents import Latents
from backlot_engine.data.model_folder import load_codec, load_transformer
from backlot_engine.data.read_once import read_folder
from backlot_engine.heldout import MOST_CLIPS, TIMES, heldout_losses
from backlot_engine.learner import Learner
from backlot_engine.models.codec import Codec
from backlot_engine.models.transformer import Transformer
from backlot_engine.optimizers import Optimizers
from backlot_engine.sheet import draw, write_sheet
from backlot_engine.small import Small
from backlot_engine.train import averaged, round_average, train_step

GPU = torch.device("cuda")
STEPS = 1_000_000  # The rate's way is told as a part of so many.
ROOM = 400_000  # clips, mirrored ones among them: 9.2 GB of latents
FEWEST = 4_000  # clips before the first step
CHUNK = 100
SAMPLING = Sampling(steps=24, guidance=2, shift=3)


class Drawn:
    """Clips as latents, read from each folder of `folder` once it is whole, then removed from the disk."""

    def __init__(self, folder: Path, codec: Codec, family: Small) -> None:
        self.folder, self.family = folder, family
        there = {name: getattr(codec, name).to(GPU) for name in ("mean", "basis", "scale")}
        self.codec = replace(codec, **there)
        shape = codec.shape
        self.values = torch.empty(ROOM, shape.tokens, shape.components, dtype=torch.bfloat16, device=GPU)
        self.rows = torch.zeros(ROOM, family.model.config.caption_words, dtype=torch.long, device=GPU)
        self.held: list[tuple[Tensor, Tensor]] = []
        self.count = 0
        self.heldout = 0

    def read_on(self) -> None:
        """Without end, in a thread of its own."""
        while True:
            for whole in sorted(self.folder.glob("set-*")):
                self.read(whole)
                shutil.rmtree(whole)
            time.sleep(0.2)

    def read(self, folder: Path) -> None:
        lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
        for start in range(0, len(lines), CHUNK):
            part = lines[start : start + CHUNK]
            pixels = torch.stack([pixels_of(folder, line) for line in part]).to(GPU)
            train = torch.tensor([line["split"] == "train" for line in part])
            captions = [line["caption"] for line in part]
            for mirrored in (False, True):
                values = self.codec.encode(pixels.flip(-1) if mirrored else pixels).to(torch.bfloat16)
                self.keep(values, self.family.rows(captions, mirrored).to(GPU), train.to(GPU), mirrored)

    def keep(self, values: Tensor, rows: Tensor, train: Tensor, mirrored: bool) -> None:
        if self.heldout < MOST_CLIPS and not mirrored and not bool(train.all()):
            self.held.append((values[~train], rows[~train]))
            self.heldout += int((~train).sum())
        more = min(int(train.sum()), ROOM - self.count)
        self.values[self.count : self.count + more] = values[train][:more]
        self.rows[self.count : self.count + more] = rows[train][:more]
        self.count += more

    def measured(self) -> Latents:
        values, rows = (torch.cat(parts)[:MOST_CLIPS] for parts in zip(*self.held, strict=True))
        return Latents(values, rows, ())


def pixels_of(folder: Path, line: dict[str, Any]) -> Tensor:
    size = (line["frames"], line["height"], line["width"], 3)
    read = np.fromfile(folder / line["shard"], np.uint8, line["bytes"], offset=line["offset"])
    return torch.from_numpy(read.reshape(size)).permute(0, 3, 1, 2)


def learner_of(base: Path, options: Any, scratch: bool) -> Learner:
    folder = read_folder(base)
    model = load_transformer(folder)
    if scratch:
        torch.manual_seed(options.seed)
        model = Transformer(model.config)
    family = Small(model.to(GPU), load_codec(folder), folder)
    moving = dict(model.named_parameters())
    average = [one.detach().clone() for one in moving.values()]
    optimizers = Optimizers(moving, options.optimizer)
    nothing = Latents(torch.empty(0), torch.empty(0), ())
    autocast = torch.autocast("cuda", torch.bfloat16)
    return Learner(family, moving, average, optimizers, nothing, nothing, None, autocast, model)


def evaluate(learner: Learner, drawn: Drawn, step: int, tell: Any) -> None:
    with averaged(learner):
        losses = heldout_losses(learner.model, drawn.measured(), learner.autocast).mean(0).tolist()
    tell("heldout/loss", step, sum(losses) / len(losses))
    for time_, loss in zip(TIMES, losses, strict=True):
        tell(f"heldout/t{time_}", step, loss)


def learn(learner: Learner, drawn: Drawn, options: Any, seconds: float, tell: Any) -> int:
    """Steps until the time is over; how many. The learning rate follows the clock."""
    torch.cuda.manual_seed(options.seed)
    chance = torch.Generator(GPU).manual_seed(options.seed)
    evaluate(learner, drawn, 0, tell)
    began, step, told, recent = time.monotonic(), 0, 0.0, []
    while (gone := time.monotonic() - began) < seconds:
        index = torch.randint(drawn.count, (options.batch,), generator=chance, device=GPU)
        clean, rows = drawn.values[index].float(), drawn.rows[index]
        batch = batch_of(options, clean, rows, learner.grid, chance)
        place = max(step, int(gone / seconds * STEPS)) if step > options.optimizer.warmup_steps else step
        recent.append(train_step(options, learner, batch, place))
        step += 1
        if gone - told > 10:
            tell("train/loss", step, sum(recent) / len(recent))
            tell("train/clips held", step, drawn.count)
            evaluate(learner, drawn, step, tell)
            told, recent = gone, []
    return step


def wished() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("base", type=Path)
    parser.add_argument("clips", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--optimizer", default="muon")
    parser.add_argument("--shift", type=float, default=2)
    parser.add_argument("--average", type=float, default=0.9995)
    parser.add_argument("--scratch", action="store_true", help="from nothing, to compare optimizers")
    return parser.parse_args()


def options_of(wish: argparse.Namespace) -> Any:
    """What a training step reads of a job."""
    optimizer = Optimizer(
        name=wish.optimizer, rate=wish.rate, weight_decay=0.02, warmup_steps=100, decay_from=0.5, clip_norm=1
    )
    shares = {"caption_dropout": 0.1, "given_share": 0.3, "ema_decay": wish.average, "shift": wish.shift}
    return SimpleNamespace(
        seed=4, batch=wish.batch, steps=STEPS, optimizer=optimizer, method="full", **shares
    )


def teller(path: Path) -> Any:
    """Tells metrics to the terminal and to a file."""
    log = path.open("w")

    def tell(name: str, step: int, value: float) -> None:
        line = json.dumps({"name": name, "step": step, "value": round(value, 4)})
        print(line, flush=True)
        log.write(line + "\n")
        log.flush()

    return tell


def finish(learner: Learner, drawn: Drawn, options: Any, base: Path, out: Path) -> None:
    """Writes the averaged weights as a base, and a sheet of samples. Takes are drawn, and adapters learn, at
    the shift of the legs before.
    """
    family: Any = learner.family
    average = {name: one.cpu() for name, one in zip(learner.moving, learner.average, strict=True)}
    some = Latents(torch.empty(0), drawn.rows[:20_000].cpu(), ())
    job = SimpleNamespace(**{**vars(options), "shift": SAMPLING.shift}, lora=None)
    family.save(job, average, some, out / "model")
    captions = json.loads((base.parent / "base-card" / "recipe.json").read_text())["sample"]["captions"]
    with averaged(learner):
        write_sheet(draw(family, captions, SAMPLING, options.seed, learner.autocast), out / "samples.png")


def main() -> None:
    wish = wished()
    options = options_of(wish)
    learner = learner_of(wish.base, options, wish.scratch)
    wish.out.mkdir(parents=True, exist_ok=True)
    tell = teller(wish.out / "log.jsonl")
    family: Any = learner.family
    drawn = Drawn(wish.clips, family.codec, family)
    Thread(target=drawn.read_on, daemon=True).start()
    while drawn.count < FEWEST or drawn.heldout < MOST_CLIPS:
        time.sleep(0.2)
    steps = learn(learner, drawn, options, wish.seconds, tell)
    round_average(learner)
    evaluate(learner, drawn, steps, tell)
    tell("clips seen", steps, steps * wish.batch)
    tell("clips drawn", steps, drawn.count / 2)
    finish(learner, drawn, options, wish.base, wish.out)


if __name__ == "__main__":
    main()
