"""All arms in turns, so that each meets the same weather of the machine; measured whenever all have spent a
mark's CPU seconds.
"""

from __future__ import annotations

import json
import os
from typing import Any

from geometries import Arm, encoded, fitted
from lessons import Lesson, opened
from readings import guesses, losses, read, takes
from rendered import Clips

from backlot_engine.contract import Sampling
from backlot_engine.data.latents import Latents
from backlot_engine.models.codec import Codec
from backlot_engine.train import averaged

Line = dict[str, Any]


def school(wish: Line, train: Clips, held: Clips) -> None:
    arms = [Arm(**{**one, "block": tuple(one["block"])}) for one in wish["arms"]]
    codecs: dict[Any, Codec] = {}
    for arm in arms:
        key = (arm.block, arm.components)
        codecs[key] = codecs.get(key) or fitted(*key, train)
    lessons = [opened(arm, codecs[arm.block, arm.components], train) for arm in arms]
    few = Clips(held.pixels[: wish["heldout"]], held.captions[: wish["heldout"]], [])
    sampling = Sampling(**wish["sampling"])
    for mark in wish["marks"]:
        for until in range(wish["turn"], mark + 1, wish["turn"]):
            for lesson in lessons:
                lesson.go_on(until)
        for arm, lesson in zip(arms, lessons, strict=True):
            latents = encoded(few, codecs[arm.block, arm.components], arm)
            found = measured(
                lesson, latents, few, wish["briefs"] if mark >= wish["drawFrom"] else [], sampling
            )
            about = {"arm": arm.name, "mark": mark, "load": os.getloadavg()[0]}
            print(json.dumps({**about, **found}), flush=True)


def measured(lesson: Lesson, held: Latents, clips: Clips, briefs: list[Line], sampling: Sampling) -> Line:
    """By the averaged weights."""
    learner = lesson.learner
    with averaged(learner):
        found = {"guesses": guesses(learner, held, clips), "losses": losses(learner, held)}
        if briefs:
            found["lines"] = read(*takes(learner, briefs, sampling))
    size = sum(one.numel() for one in learner.moving.values())
    told = {"loss": sum(lesson.recent) / len(lesson.recent), "spent": lesson.spent, "parameters": size}
    return {"steps": lesson.steps, "clips": lesson.clips, "stills": lesson.stills, **told, **found}
