"""The same size built from diffusers' Wan transformer, forward and backward."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

import torch
from clock import ratio, side_by_side
from torch import nn
from world import BATCH, some_batch

from backlot_engine.learner import Learner

Forward = Callable[[], torch.Tensor]


def throughput(learner: Learner, pairs: int) -> dict[str, Any] | None:
    """CPU seconds of a batch in both, in pairs; None where diffusers is not installed."""
    try:
        wan = wan_of(learner)
    except ModuleNotFoundError:
        return None
    ours, theirs = side_by_side(
        backward(learner, our_forward(learner)), backward(learner, wan_forward(learner, wan)), pairs
    )
    sizes = [sum(one.numel() for one in model.parameters()) for model in (learner.model, wan)]
    return {"ours": median(ours), "theirs": median(theirs), "ratio": ratio(theirs, ours), "parameters": sizes}


def wan_of(learner: Learner) -> nn.Module:
    """Random weights; width, depth, heads, MLP, tokens and words as ours. A patch is one token."""
    from diffusers import WanTransformer3DModel

    config: Any = learner.model.config
    torch.manual_seed(0)
    return WanTransformer3DModel(
        patch_size=(1, 1, 1),
        num_attention_heads=config.heads,
        attention_head_dim=config.width // config.heads,
        in_channels=config.channels,
        out_channels=config.channels,
        text_dim=config.width,
        freq_dim=128,
        ffn_dim=4 * config.width,
        num_layers=config.depth,
        rope_max_seq_len=32,
    )


def our_forward(learner: Learner) -> Forward:
    batch = some_batch(learner)
    nothing = torch.zeros_like(batch.clean)
    return lambda: learner.model(batch.noise, nothing, batch.given, batch.t, batch.rows)


def wan_forward(learner: Learner, wan: nn.Module) -> Forward:
    batch = some_batch(learner)
    config: Any = learner.model.config
    latents = batch.noise.transpose(1, 2).reshape(BATCH, config.channels, *config.grid)
    words = torch.randn(BATCH, config.caption_words, config.width)
    return lambda: wan(latents, batch.t * 1000, words, return_dict=False)[0]


def backward(learner: Learner, forward: Forward) -> Callable[[], None]:
    def once() -> None:
        with learner.autocast:
            made = forward()
        made.float().pow(2).mean().backward()

    return once
