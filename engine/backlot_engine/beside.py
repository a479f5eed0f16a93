"""Words that lie beside a job, which names them by hash: a withdrawal can remove them and leave the job."""

from __future__ import annotations

import json
from pathlib import Path

from .data.read_once import verified_bytes


def words_beside(folder: Path, name: str, sha256: str) -> list[str]:
    """The JSON list of texts in `name` in the run directory. Raises Failure("captions-changed")."""
    words: list[str] = json.loads(verified_bytes(str(folder / name), sha256, "captions-changed"))
    return words
