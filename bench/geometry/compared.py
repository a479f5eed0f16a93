"""`compared.py PART CLIPS WISH`: one part of the bench, in JSON lines. WISH is JSON, as arms.ts makes it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
from decoders import compared as decoders
from geometries import fitted
from readings import decibels, read, there_and_back
from rendered import Clips
from rendered import read as read_clips
from terms import school

Line = dict[str, Any]


def codecs(wish: Line, train: Clips, held: Clips) -> None:
    """What each geometry's codec carries of held-out clips, and what is still read in them: no model's takes
    can show more.
    """
    for block, components in wish["codecs"]:
        codec = fitted(tuple(block), components, train)
        back = there_and_back(codec, held)
        about = {"block": block, "components": components, "tokens": codec.shape.tokens}
        found = {"psnr": decibels(back, held.pixels), "lines": read(held.ids, back)}
        print(json.dumps({**about, **found}), flush=True)
    print(json.dumps({"block": None, "lines": read(held.ids, held.pixels)}), flush=True)


PARTS = {"codecs": codecs, "arms": school, "decoders": decoders}


def main(part: str, clips: str, wish: str) -> None:
    torch.set_num_threads(1)
    PARTS[part](json.loads(wish), read_clips(Path(clips), "train"), read_clips(Path(clips), "heldout"))


if __name__ == "__main__":
    main(*sys.argv[1:])
