"""The small family: a video diffusion transformer over block tokens and caption words, in one sequence."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TIME_FREQUENCIES = 64
# Blocks at the start that first mix each token with its neighbours in time and space: that is where
# composition is decided; each costs about 2 % of a step.
MIXED_BLOCKS = 2


@dataclass(frozen=True)
class TransformerConfig:
    """Sizes. `channels` are the codec's components, `grid` the tokens in time, rows and columns."""

    width: int
    depth: int
    heads: int
    words: int
    caption_words: int
    channels: int
    grid: tuple[int, int, int]
    mixed_blocks: int

    @property
    def tokens(self) -> int:
        return math.prod(self.grid)

    def to_json(self) -> dict[str, Any]:
        return {"_class_name": "BacklotTransformer", **asdict(self), "grid": list(self.grid)}

    @staticmethod
    def of(value: dict[str, Any]) -> TransformerConfig:
        fields = {key: value[key] for key in TransformerConfig.__dataclass_fields__}
        return TransformerConfig(**{**fields, "grid": tuple(value["grid"])})


class Mixing(nn.Module):
    """A depthwise 3x3x3 convolution over the token grid, added to the tokens; starts as nothing."""

    def __init__(self, width: int, grid: tuple[int, int, int]) -> None:
        super().__init__()
        self.grid = grid
        self.weight = nn.Parameter(torch.zeros(width, 1, 3, 3, 3))

    def forward(self, tokens: Tensor) -> Tensor:
        batch, count, width = tokens.shape
        # float32 with channels last: on a CPU four times faster backwards than bf16, which autocast would
        # choose.
        with torch.autocast(tokens.device.type, enabled=False):
            volume = tokens.float().view(batch, *self.grid, width).permute(0, 4, 1, 2, 3)
            mixed = F.conv3d(volume, self.weight, padding=1, groups=width)
        return tokens + mixed.permute(0, 2, 3, 4, 1).reshape(batch, count, width)


class Block(nn.Module):
    """Attention and MLP, each scaled, shifted and gated by the condition plus this block's own offset."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.offset = nn.Parameter(torch.zeros(6, width))

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """x (batch, tokens, width), condition (batch, 6, width) -> x."""
        shift_a, scale_a, gate_a, shift_m, scale_m, gate_m = (condition + self.offset)[:, :, None].unbind(1)
        x = x + gate_a * self.attend(modulate(x, shift_a, scale_a))
        hidden = F.gelu(self.up(modulate(x, shift_m, scale_m)), approximate="tanh")
        return x + gate_m * self.down(hidden)

    def attend(self, x: Tensor) -> Tensor:
        batch, tokens, width = x.shape
        split = self.qkv(x).view(batch, tokens, 3, self.heads, width // self.heads)
        q, k, v = split.permute(2, 0, 3, 1, 4)
        q, k = F.rms_norm(q, q.shape[-1:]), F.rms_norm(k, k.shape[-1:])
        return self.out(attention(q, k, v).transpose(1, 2).reshape(batch, tokens, width))


def attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """(batch, heads, tokens, size) each -> the same.

    On a CPU at a few hundred tokens two plain matrix products take a quarter of the time of torch's fused
    kernel
    (torch 2.13, 32 x 3 x 144 x 64 in bf16, forward and backward: 12 ms against 43); elsewhere the fused
    one wins.
    """
    if q.device.type != "cpu":
        return F.scaled_dot_product_attention(q, k, v)
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    return scores.softmax(-1).to(v.dtype) @ v


def modulate(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    return F.layer_norm(x, x.shape[-1:]) * (1 + scale) + shift


class Transformer(nn.Module):
    """Predicts the flow's velocity. Weights are float32; the matrix products run in autocast's type."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        times, rows, columns = config.grid
        self.patch = nn.Linear(2 * config.channels + 1, width)
        self.place = nn.Parameter(torch.randn(1, rows * columns, width) * 0.05)
        self.moment = nn.Parameter(torch.randn(times, 1, width) * 0.05)
        self.words = nn.Embedding(config.words, width)
        self.order = nn.Parameter(torch.randn(config.caption_words, width) * 0.02)
        self.time = nn.Sequential(nn.Linear(2 * TIME_FREQUENCIES, width), nn.SiLU(), nn.Linear(width, width))
        self.caption = nn.Linear(width, width)
        self.condition = nn.Linear(width, 6 * width)
        self.mixing = nn.ModuleList(Mixing(width, config.grid) for _ in range(config.mixed_blocks))
        self.blocks = nn.ModuleList(Block(width, config.heads) for _ in range(config.depth))
        self.head = nn.Linear(width, config.channels)
        self._start()

    def _start(self) -> None:
        with torch.no_grad():
            self.words.weight.mul_(0.5)
        for layer in (self.condition, self.head):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, noisy: Tensor, clean: Tensor, mask: Tensor, t: Tensor, rows: Tensor) -> Tensor:
        """Velocity (batch, tokens, channels).

        noisy, clean: (batch, tokens, channels), clean is zero where mask (batch, tokens, 1) is; t: (batch)
        in 0..1, 1 is noise; rows: int64 (batch, caption_words), rows of the word table.
        """
        text = self.words(rows)
        condition = self.condition_of(t, text, rows)
        position = (self.place + self.moment).reshape(1, -1, self.config.width)
        video = self.patch(torch.cat([noisy, clean, mask], -1)) + position
        x = torch.cat([video, text + self.order], 1)
        for index, block in enumerate(self.blocks):
            x = block(self.mix(x, index), condition)
        return self.head(F.layer_norm(x[:, : self.config.tokens], (self.config.width,)))

    def condition_of(self, t: Tensor, text: Tensor, rows: Tensor) -> Tensor:
        """(batch, 6, width): from the time and the caption's mean word."""
        spread = torch.exp(
            -math.log(1e4) * torch.arange(TIME_FREQUENCIES, device=t.device) / TIME_FREQUENCIES
        )
        angle = t[:, None] * 1000 * spread
        said = (rows > 0)[..., None].to(text.dtype)
        pooled = (text * said).sum(1) / said.sum(1).clamp(min=1) * 3
        hidden = self.time(torch.cat([angle.cos(), angle.sin()], -1)) + self.caption(pooled)
        made: Tensor = self.condition(F.silu(hidden)).view(-1, 6, self.config.width)
        return made

    def mix(self, x: Tensor, index: int) -> Tensor:
        if index >= len(self.mixing):
            return x
        tokens = self.config.tokens
        return torch.cat([self.mixing[index](x[:, :tokens]), x[:, tokens:]], 1)
