"""Silero's network for speech in sound (16 kHz), run by ONNX Runtime piece by piece."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .sessions import session

Sound = NDArray[np.float32]
# Samples of a piece (32 ms), and those before it that it also sees.
PIECE, BEFORE = 512, 64
_RATE = np.array(16_000, np.int64)


class Speech:
    """Says of each piece how likely somebody speaks in it; remembers what it heard before. Nothing of who
    or what.
    """

    def __init__(self, network: bytes, threads: int) -> None:
        self._session = session(network, threads)
        self._state = np.zeros((2, 1, 128), np.float32)
        self._before = np.zeros(BEFORE, np.float32)

    def __call__(self, sound: Sound) -> Sound:
        """[n * PIECE] samples, -1..1 -> [n], 0..1."""
        whole = np.concatenate([self._before, sound])
        likely = []
        for at in range(0, len(sound), PIECE):
            given = {"input": whole[None, at : at + BEFORE + PIECE], "state": self._state, "sr": _RATE}
            answer, self._state = self._session.run(None, given)
            likely.append(answer[0, 0])
        self._before = whole[-BEFORE:]
        return np.array(likely, np.float32)
