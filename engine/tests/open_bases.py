"""Tiny pipelines of Wan's real classes with random weights, made without any file from outside."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import torch
from files import at_rate

from backlot_engine.data.hashing import folder_hash

pytest.importorskip("diffusers", reason="needs the libraries of open bases: ./backlot setup --open-bases")


def lora_job(training: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """A tiny training job, as a LoRA on an open base, its clips at the base's rate."""
    index = json.loads((Path(base["path"]) / "model_index.json").read_text())
    rate = 24 if index.get("expand_timesteps") else 16
    beside = tempfile.mkdtemp(dir=Path(training["dataset"]["path"]).parent)
    dataset = at_rate(training["dataset"], f"{rate}/1", Path(beside) / "data")
    lora = {"rank": 4, "alpha": 8, "words": False, "wordRate": 1}
    optimizer = {**training["optimizer"], "name": "adamw", "weightDecay": 0}
    own = {"method": "lora", "base": base, "shape": None, "lora": lora, "givenShare": 0}
    return {**training, **own, "dataset": dataset, "optimizer": optimizer}


def write_wan(folder: Path, boundary: float | None = None, time_of_each: bool = False) -> dict[str, Any]:
    """Wan 2.1; with a `boundary` the two experts of 2.2 A14B; with `time_of_each` 2.2 5B. Returns the job's
    base field.
    """
    from diffusers import FlowMatchEulerDiscreteScheduler, WanPipeline
    from transformers import ByT5Tokenizer

    torch.manual_seed(0)
    channels = 48 if time_of_each else 16
    second = None if boundary is None else _transformer(channels)
    WanPipeline(
        tokenizer=ByT5Tokenizer(),
        text_encoder=_text_encoder(),
        vae=_large_vae() if time_of_each else _vae(),
        transformer=_transformer(channels),
        transformer_2=second,
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        boundary_ratio=boundary,
        expand_timesteps=time_of_each,
    ).save_pretrained(folder)
    return {"path": str(folder), "sha256": folder_hash(folder)}


def _text_encoder() -> Any:
    from transformers import UMT5Config, UMT5EncoderModel

    sizes = {"vocab_size": 384, "d_model": 32, "d_kv": 8, "d_ff": 37, "num_layers": 2, "num_heads": 4}
    kind = {"feed_forward_proj": "gated-gelu", "is_encoder_decoder": False, "use_cache": False}
    return UMT5EncoderModel(UMT5Config(**sizes, **kind, relative_attention_num_buckets=8)).eval()


def _vae() -> Any:
    from diffusers import AutoencoderKLWan

    down = [False, True, True]
    return AutoencoderKLWan(
        base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=down
    )


def _large_vae() -> Any:
    from diffusers import AutoencoderKLWan

    return AutoencoderKLWan(
        base_dim=3,
        z_dim=48,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        in_channels=12,
        out_channels=12,
        is_residual=True,
        patch_size=2,
        latents_mean=[0.0] * 48,
        latents_std=[1.0] * 48,
        scale_factor_spatial=16,
        scale_factor_temporal=4,
    )


def _transformer(channels: int) -> Any:
    from diffusers import WanTransformer3DModel

    return WanTransformer3DModel(
        patch_size=(1, 2, 2),
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=channels,
        out_channels=channels,
        text_dim=32,
        freq_dim=256,
        ffn_dim=32,
        num_layers=2,
        cross_attn_norm=True,
        qk_norm="rms_norm_across_heads",
        rope_max_seq_len=32,
    )
