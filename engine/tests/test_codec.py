from __future__ import annotations

import torch
from conftest import BLOCK, FRAMES, HEIGHT, WIDTH

from backlot_engine.models.codec import Codec, CodecShape, fit, from_blocks, lap, psnr, to_blocks

DEPTH, ROWS, COLUMNS = BLOCK


def shape(components: int) -> CodecShape:
    return CodecShape(FRAMES, HEIGHT, WIDTH, (DEPTH, ROWS, COLUMNS), components)


def clips(count: int) -> torch.Tensor:
    draw = torch.Generator().manual_seed(3)
    return torch.randint(0, 256, (count, FRAMES, 3, HEIGHT, WIDTH), generator=draw, dtype=torch.uint8)


def fitted(components: int) -> Codec:
    return fit(
        to_blocks(clips(400), shape(components)).reshape(-1, shape(components).values),
        shape(components),
        1e-6,
    )


def test_blocks_put_back_together_are_the_clip() -> None:
    pixels = clips(3)
    back = (from_blocks(to_blocks(pixels, shape(8)), shape(8)) + 1) * 127.5
    assert torch.equal(back.round().to(torch.uint8), pixels)


def test_all_components_give_the_clip_back() -> None:
    pixels = clips(2)
    codec = fitted(shape(1).values)
    assert psnr(pixels, codec.decode(codec.encode(pixels))) > 60


def test_more_components_show_more() -> None:
    pixels = clips(4)
    few, many = fitted(8), fitted(64)
    assert psnr(pixels, many.decode(many.encode(pixels))) > psnr(pixels, few.decode(few.encode(pixels)))


def test_the_first_temporal_block_knows_the_first_frame_only() -> None:
    pixels, codec = clips(1), fitted(16)
    changed = pixels.clone()
    changed[:, 1:] = 255 - changed[:, 1:]
    _, down, across = codec.shape.grid
    assert torch.equal(codec.encode(pixels)[:, : down * across], codec.encode(changed)[:, : down * across])


def test_latents_have_unit_spread() -> None:
    codec = fitted(8)
    assert (codec.encode(clips(400)).std((0, 1)) - 1).abs().max() < 0.05


def test_lapping_loses_nothing_and_keeps_lengths() -> None:
    matrix = lap(WIDTH, COLUMNS)
    assert torch.allclose(matrix @ matrix.T, torch.eye(WIDTH), atol=1e-6)


def test_an_error_in_one_block_fades_into_its_neighbours_instead_of_ending_in_a_step() -> None:
    sizes = CodecShape(5, 64, 96, (4, 16, 16), 1)
    blocks = torch.zeros(1, sizes.tokens, sizes.values)
    _, down, across = sizes.grid
    middle = down * across + 2 * across + 2
    blocks[0, middle] = 1
    row = from_blocks(blocks, sizes)[0, 1, 0, 40]
    steps = (row[1:] - row[:-1]).abs()
    assert row[34:46].min() > 0.5 and row[24:32].max() > 0.05
    assert steps[15::16].max() < 0.25
