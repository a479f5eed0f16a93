"""Reads an exported dataset with its target's own loader and prints the rows as JSON: READER FOLDER."""

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Rows = dict[str, list[dict[str, Any]]]


def video_folder(folder: str) -> Rows:
    """Hugging Face's VideoFolder, as `load_dataset("videofolder", data_dir=...)` finds it."""
    import datasets

    rows: Rows = {}
    for split, data in datasets.load_dataset("videofolder", data_dir=folder).items():
        plain = data.cast_column("video", datasets.Video(decode=False))
        rows[split] = [{"text": row["text"], "sha256": of_file(row["video"]["path"])} for row in plain]
    return rows


def web_dataset(folder: str) -> Rows:
    """The webdataset library, over every tar of a split."""
    import webdataset

    rows: Rows = {}
    for split in ("train", "validation"):
        tars = sorted(str(path) for path in (Path(folder) / split).glob("*.tar"))
        data = webdataset.WebDataset(tars, shardshuffle=False) if tars else []
        rows[split] = [
            {
                "key": row["__key__"],
                "text": row["txt"].decode(),
                "json": json.loads(row["json"]),
                "sha256": of(row["mp4"]),
            }
            for row in data
        ]
    return rows


def parquet(folder: str) -> list[dict[str, Any]]:
    """A snapshot's table, by pyarrow."""
    import pyarrow.parquet

    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(f"{folder}/manifest.parquet").to_pylist()
    return rows


def opencv(video: str) -> list[int]:
    """The first picture of a video as RGB, line by line, by OpenCV."""
    import cv2

    _, frame = cv2.VideoCapture(video).read()
    return [int(level) for level in frame[:, :, ::-1].ravel()]


def of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def of_file(path: str) -> str:
    return of(Path(path).read_bytes())


readers: dict[str, Callable[[str], object]] = {
    "videofolder": video_folder,
    "webdataset": web_dataset,
    "parquet": parquet,
    "opencv": opencv,
}
print(json.dumps(readers[sys.argv[1]](sys.argv[2])))
