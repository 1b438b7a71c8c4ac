"""A better code by search: gradient steps on the numbers themselves, under the coder's own rate. Needs PyTorch.

Stochastic Gumbel annealing: each number is rounded down or up at random, more and more decidedly (Yang, Bamler & Mandt,
Improving Inference for Neural Image Compression, 2020).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from PIL import Image
from torch import Tensor

from ml.config import ModelConfig
from ml.model import VAE
from ml.serving.coding import Coder, container
from ml.serving.coding.contexts import ESCAPE, Integers
from ml.serving.coding.tables import Tables, split
from ml.serving.transforms import Array, flatten, to_array, turn_around

LEARNING_RATE = 0.1  # in steps of the code
TEMPERATURES = (0.5, 0.1)  # of the rounding, first and last
REFRESH = 20  # gradient steps between two looks at the contexts
LARGEST = 127
MARGIN = 0.02


def improve(coder: Coder, photograph: Image.Image, data: bytes, steps: int) -> bytes:
    """The photograph's file after so many steps from `data`, unless it would be worse than that."""
    header, payload = container.unpack(data)
    tables, price = coder.tables[header.price], coder.prices[header.price]
    code = tables.read(payload)
    image, frame = to_array(flatten(photograph))
    x = torch.from_numpy(turn_around(image) if header.mirrored else image)[None]
    vae = load_decoder(coder.runtime.folder, coder.runtime.info["model"])
    # The variance of the loss that the model was trained with: what an error costs in nats.
    weight = 0.5 * x.numel() / float(coder.runtime.info["variance"][-1])

    def distortion(z: Tensor) -> Tensor:
        return (vae.decode(z, None, torch.tensor([price])) - x).square().mean() * weight

    def cost(candidate: Integers) -> float:
        with torch.no_grad():
            error = float(distortion(torch.from_numpy(tables.dequantised(candidate))[None]))
        return error + price * 8 * math.log(2) * len(tables.write(candidate))

    searched = _anneal(tables, code, distortion, price, steps)
    best = min((code, searched), key=cost)
    return coder.pack(best, header.price, frame, mirrored=header.mirrored)


def _anneal(
    tables: Tables, code: Integers, distortion: Callable[[Tensor], Tensor], price: float, steps: int
) -> Integers:
    width = torch.from_numpy(tables.dequantised(np.ones_like(code)))
    numbers = torch.from_numpy(code.astype(np.float32)).requires_grad_(True)
    optimizer = torch.optim.Adam([numbers], LEARNING_RATE, betas=(0.9, 0.95))
    generator = torch.Generator().manual_seed(0)
    for step in range(steps):
        done = step / max(1, steps - 1)
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - 0.9 * done)
        temperature = TEMPERATURES[0] * (TEMPERATURES[1] / TEMPERATURES[0]) ** done
        if step % REFRESH == 0:
            rates = torch.from_numpy(rates_of(tables, _rounded(numbers)))
        below = numbers.detach().floor()
        share = numbers - below
        # At the ends the logits are infinite; the gradient passes, or a number that starts rounded would never move.
        share = share + (share.clamp(MARGIN, 1 - MARGIN) - share).detach()
        noise = -(-torch.rand(2, len(numbers), generator=generator).clamp(1e-9, 1 - 1e-7).log()).log()
        logits = torch.stack([-torch.atanh(share), -torch.atanh(1 - share)]) / temperature
        up = torch.softmax((logits + noise) / temperature, 0)[1]
        nats = [rates.gather(1, value.abs().long().clamp(max=ESCAPE)[:, None])[:, 0] for value in (below, below + 1)]
        loss = distortion(((below + up) * width)[None]) + price * (nats[0] * (1 - up) + nats[1] * up).sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return _rounded(numbers)


def rates_of(tables: Tables, code: Integers) -> Array:
    """(L, ESCAPE + 1) nats: what each magnitude would cost in each place of a code."""
    levels = split(code[None], tables.grids)
    nats = []
    for number, level in enumerate(levels):
        buckets = tables.buckets(number, tables.expected_by(number, levels[:number]), level)
        nats.append(tables.nats(number)[buckets.ravel()])
    return np.concatenate(nats).astype(np.float32)


def load_decoder(folder: Path, config: dict[str, Any]) -> VAE:
    """The served decoder as a module of torch, its encoder left as it was made: the graphs' constants have names."""
    vae = VAE(ModelConfig.from_json(config))
    state = {
        tensor.name.removeprefix("vae.").removesuffix(".half"): torch.from_numpy(
            onnx.numpy_helper.to_array(tensor).astype(np.float32)
        )
        for tensor in onnx.load(folder / "decoder.onnx").graph.initializer
        if tensor.name.startswith("vae.")
    }
    vae.load_state_dict(state, strict=False)
    return vae.eval().requires_grad_(False)


def _rounded(numbers: Tensor) -> Integers:
    rounded: Integers = numbers.detach().round().clamp(-LARGEST, LARGEST).long().numpy()
    return rounded
