"""Says when somebody speaks in a film's sound. Nothing of who speaks or what is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .contract import HearSpeechJob
from .data.hashing import file_hash
from .data.packaged import packaged
from .data.written import write_noted
from .failure import Failure
from .models.speech import PIECE, Speech
from .run import Cancelled, Result, Run

PACKAGE, NETWORK = "silero_vad", "data/silero_vad_16k_op15.onnx"
# Pieces heard at once, half a minute: memory does not grow with the film.
AT_ONCE = 1000


def run(job: HearSpeechJob, run: Run) -> Result:
    """Writes `speech.f32`: for each 512 samples (32 ms) one little-endian float32, how likely speech is."""
    run.started(None)
    sound = _sound(job)
    network = Speech(packaged(PACKAGE, NETWORK, job.network.sha256), job.threads)
    run.phase("listening for speech")
    pieces = -(-len(sound) // PIECE)
    heard = []
    for at in range(0, pieces, AT_ONCE):
        if run.cancelled():
            raise Cancelled
        some = sound[at * PIECE : (at + AT_ONCE) * PIECE].astype(np.float32) / 32768
        heard.append(network(np.pad(some, (0, -len(some) % PIECE))).astype("<f4").tobytes())
        run.progress(min(at + AT_ONCE, pieces), pieces, "pieces")
    write_noted(b"".join(heard), run.folder / "speech.f32")
    return {"speech": run.artifact("speech", Path("speech.f32")), "pieces": pieces}


def _sound(job: HearSpeechJob) -> np.memmap[tuple[int, ...], np.dtype[np.int16]]:
    path = Path(job.sound.path)
    found, size = file_hash(path), path.stat().st_size
    if found != job.sound.sha256 or size == 0 or size % 2:
        raise Failure(
            "sound-mismatch",
            expected=f"16-bit samples with sha256 {job.sound.sha256}",
            where=str(path),
            found=f"{size} bytes with sha256 {found}",
            remedy="Write the sound anew and a job with its hash.",
        )
    return np.memmap(path, np.int16, "r")
