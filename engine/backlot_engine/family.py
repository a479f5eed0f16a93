"""What the training loop and the sampler need of a base, whichever family it belongs to.

Latents are tokens: float32 (clips, times * rows * columns, components), the first time step being the first
frame alone. `model(x, clean, given, t, rows)` predicts the velocity n - x0 at x_t = (1 - t) x0 + t n.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from torch import Tensor, nn

from .contract import AdapterUse, ClipLine

if TYPE_CHECKING:
    from .batches import Learning
    from .data.latents import Latents
    from .run import Run


class Shape(Protocol):
    """Sizes of a clip and of its latents."""

    @property
    def frames(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def grid(self) -> tuple[int, int, int]: ...
    @property
    def depth(self) -> int:
        """Frames of a time step after the first."""

    @property
    def tokens(self) -> int: ...
    @property
    def components(self) -> int: ...


class Codec(Protocol):
    """Clips, uint8 (clips, frames, 3, height, width), to latents and back."""

    @property
    def shape(self) -> Shape: ...
    @property
    def identity(self) -> str | None:
        """sha256 of what makes the latents; None where that is too quick to keep them."""

    def encode(self, clips: Tensor) -> Tensor: ...
    def decode(self, latents: Tensor) -> Tensor: ...


class Family(Protocol):
    """A base opened to learn or to make takes."""

    @property
    def model(self) -> nn.Module: ...
    @property
    def codec(self) -> Codec: ...
    @property
    def keeps_given(self) -> bool:
        """Whether the model can be shown frames that it must keep."""

    def cannot(self, mode: str) -> str | None:
        """Why takes cannot be drawn in a brief's mode; None where they can."""

    def rows(self, captions: list[str], mirrored: bool = False) -> Tensor:
        """int64 (captions, n) that the model reads in place of captions; all 0 says nothing."""

    def unread(self, caption: str, mirrored: bool = False) -> list[str]:
        """Words at the end of a caption that the model does not read; `mirrored`: of a mirrored clip."""

    def untaught(self, caption: str) -> list[int]:
        """Which words of a caption, from 1, takes cannot show, as nobody taught them; none where that is not
        known.
        """

    def tell(self, clips: tuple[ClipLine, ...], job: Learning, run: Run) -> None:
        """Notices of what the captions of these clips say that the model cannot learn, or learns by heart."""

    def attach(self, job: Learning, data: Latents) -> None:
        """Method lora: freezes the model and lets only an adapter learn."""

    def save(self, job: Learning, average: Mapping[str, Tensor], data: Latents, folder: Path) -> None:
        """Writes what was learned."""

    def add(self, use: AdapterUse, base_sha256: str) -> None:
        """Adds an adapter into the model's weights; the base's files stay as they are."""
