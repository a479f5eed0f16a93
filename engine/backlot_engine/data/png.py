"""PNG files by zlib alone, so that the small family needs no image library."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from torch import Tensor


def write_png(image: Tensor, path: Path) -> None:
    """Writes uint8 (height, width, 3) as an 8-bit RGB PNG."""
    height, width, _ = image.shape
    rows = image.contiguous().numpy().tobytes()
    stride = width * 3
    raw = b"".join(b"\0" + rows[y * stride : (y + 1) * stride] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(raw, 6)) + _chunk(b"IEND", b"")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
