"""Reads cuts with OpenTimelineIO's adapters and writes them again: FOLDER, which holds `cuts.json`, a list of
{name, rate}.

For each NAME there are NAME.otio, NAME.edl and NAME.xml. Prints what each holds, and writes NAME.again.edl
and NAME.again.xml from NAME.otio.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

ADAPTERS = {"otio": "otio_json", "edl": "cmx_3600", "xml": "fcp_xml"}


def held(path: Path, rate: float) -> dict[str, Any]:
    """Clips and transitions of the first video track, in frames, and the timecode of the first frame."""
    options = {"rate": rate} if path.suffix == ".edl" else {}
    timeline = otio.adapters.read_from_file(str(path), ADAPTERS[path.suffix[1:]], **options)
    track = next(track for track in timeline.tracks if track.kind == otio.schema.TrackKind.Video)
    start = timeline.global_start_time
    return {
        "name": timeline.name,
        "start": None if start is None else frames(start, rate),
        "items": [item_of(item, rate) for item in track],
    }


def item_of(item: Any, rate: float) -> dict[str, Any]:
    if isinstance(item, otio.schema.Transition):
        return {"transition": [frames(item.in_offset, rate), frames(item.out_offset, rate)]}
    source = item.source_range
    return {
        "clip": item.name,
        "black": isinstance(item.media_reference, otio.schema.GeneratorReference),
        "from": frames(source.start_time, rate),
        "frames": frames(source.duration, rate),
        "url": getattr(item.media_reference, "target_url", None),
    }


def frames(time: otio.opentime.RationalTime, rate: float) -> int:
    """Whole frames; a rate that is off, or half a frame, is an error here."""
    assert abs(time.rate - rate) < 1e-9, (time.rate, rate)
    assert time.value == round(time.value), time.value
    return round(time.value)


folder = Path(sys.argv[1])
answer = {}
for cut in json.loads((folder / "cuts.json").read_text()):
    name, rate = cut["name"], float(Fraction(cut["rate"]))
    answer[name] = {kind: held(folder / f"{name}.{kind}", rate) for kind in cut["kinds"]}
    timeline = otio.adapters.read_from_file(str(folder / f"{name}.otio"), "otio_json")
    otio.adapters.write_to_file(timeline, str(folder / f"{name}.again.xml"), "fcp_xml")
    if cut["again"]:
        otio.adapters.write_to_file(timeline, str(folder / f"{name}.again.edl"), "cmx_3600", rate=rate)
print(json.dumps(answer))
