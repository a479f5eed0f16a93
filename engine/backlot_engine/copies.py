"""What few clips and many steps make of an adapter: one that shows its clips again."""

from __future__ import annotations

from .batches import Learning, own_clips
from .contract import TrainJob
from .run import Run

# Times that a clip was seen, mirrored or not, where takes were counted: adapters of one title of the sample
# studio, 180 steps, a quarter of each batch from the base's worlds (docs/LOG.md, "the base and adapters,
# counted on more"): 11 of 64 takes were copies at 108 times, 46 at 216. Nothing was counted between them.
FINE, OFTEN = 108, 150


def tell_copies(clips: int, job: Learning, run: Run) -> None:
    """A notice where an adapter sees each clip so often that its takes may be copies. Trials on parts of a
    dataset draw none.
    """
    if not isinstance(job, TrainJob) or job.method != "lora" or job.subset is not None:
        return
    seen = job.steps * own_clips(job) / clips
    if seen <= OFTEN:
        return
    steps = max(1, int(FINE * clips / own_clips(job)))
    run.notice(
        "few-clips",
        f"Each of the {clips} clips is seen {seen:.0f} times: takes may be copies of them. On one title 46 "
        "of 64 takes were, from 20 clips seen 216 times, and 11 from 40 clips seen 108 times. "
        f"Clear more shots, or try fewer steps (--steps {steps}).",
    )
