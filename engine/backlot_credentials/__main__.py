"""`python -m backlot_credentials`: one request, a line of JSON on stdin; then lines of JSON on stdout.

`{"sign": base64}` asks whoever started this to sign those bytes and to answer `{"signature": base64}`: keys
never come here. The last line is `{"result": ...}` or `{"error": message}`.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

from .masters import read, sign


def say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def ask_to_sign(content: bytes) -> bytes:
    """The signature of `content`, from whoever holds the key."""
    say({"sign": base64.b64encode(content).decode()})
    return base64.b64decode(json.loads(sys.stdin.readline())["signature"])


def answer(request: dict[str, Any]) -> Any:
    if request["do"] == "sign":
        return sign(request, ask_to_sign)
    return read(Path(request["file"]), request["mime"], request["sidecar"], request["anchors"])


try:
    say({"result": answer(json.loads(sys.stdin.readline()))})
except Exception as error:
    say({"error": f"{type(error).__name__.lstrip('_')}: {error}"})
