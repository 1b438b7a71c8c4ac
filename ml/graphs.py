"""The network as ONNX graphs, cut where a code is rounded: no weight is stored twice for it.

`encoder.onnx` reads features off the picture. `level1.onnx`, … walk down the ladder: each conditions the decoder's
state on the code of the level above and reads its own level's posterior, so that between two of them the code can be
rounded. `decoder.onnx` is the whole way from a code to a picture.
"""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from ml.model import VAE


class ExportError(RuntimeError):
    """The exported model would not be the trained one; nothing was written."""


class Encoder(nn.Module):
    """Pictures → the features that each level of the code is read from, top first."""

    def __init__(self, vae: VAE) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, x: Tensor, price: Tensor) -> tuple[Tensor, ...]:
        features = self.vae.features(x, self.vae.price(price))
        return tuple(features[index] for index in _coded(self.vae))


class Top(nn.Module):
    """The first level: mean, logvar, and the decoder's state that it was read with."""

    def __init__(self, vae: VAE) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, features: Tensor, price: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        first, embedding = _coded(self.vae)[0], self.vae.price(price)
        state = self.vae.arrive(self.vae.begin(features.shape[0]), 0, first, embedding)
        mean, logvar = self.vae.levels[first].read(features, state, embedding)  # type: ignore[operator]
        return mean.flatten(1), logvar.flatten(1), state


class Next(nn.Module):
    """The level below one whose state and code are given: mean, logvar, and the state that they were read with."""

    def __init__(self, vae: VAE, number: int) -> None:
        super().__init__()
        self.vae, self.number = vae, number

    def forward(self, features: Tensor, above: Tensor, z: Tensor, price: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        embedding, (before, here) = self.vae.price(price), _coded(self.vae)[self.number - 1 : self.number + 1]
        stage = self.vae.config.stages[before]
        code = z.view(-1, stage.code, stage.size, stage.size)
        state = self.vae.levels[before].condition(above, code, embedding)  # type: ignore[operator]
        state = self.vae.arrive(state, before, here, embedding)
        mean, logvar = self.vae.levels[here].read(features, state, embedding)  # type: ignore[operator]
        return mean.flatten(1), logvar.flatten(1), state


class Decoder(nn.Module):
    def __init__(self, vae: VAE) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, z: Tensor, depth: Tensor, price: Tensor) -> Tensor:
        return self.vae.decode(z, depth, price)


def write(vae: VAE, folder: Path, *, half: bool) -> None:
    """encoder.onnx, a graph for each level and decoder.onnx; `half`: with the weights in half precision."""
    size, sizes = vae.config.image_size, vae.config.level_sizes
    # A batch of two: the exporter takes a dimension of one for a constant.
    x, z, price = torch.rand(2, 3, size, size), torch.zeros(2, sum(sizes)), torch.ones(2)
    encoder = Encoder(vae)
    features = encoder(x, price)
    names = [f"features{number}" for number in range(1, len(features) + 1)]
    _write_graph(encoder, {"x": x, "price": price}, folder / "encoder.onnx", names, half=half)
    outputs = ["mean", "logvar", "state"]
    known: dict[str, Tensor] = {}
    for number, (read, code) in enumerate(zip(features, torch.split(z, list(sizes), 1), strict=True)):
        level: Top | Next = Next(vae, number) if number else Top(vae)
        inputs = {"features": read, **known, "price": price}
        _write_graph(level, inputs, folder / f"level{number + 1}.onnx", outputs, half=half)
        known = {"above": level(*inputs.values())[2], "z": code}
    depth = torch.full((2,), vae.config.depths)
    _write_graph(Decoder(vae), {"z": z, "depth": depth, "price": price}, folder / "decoder.onnx", ["y"], half=half)


def _coded(vae: VAE) -> list[int]:
    """The stages where a code enters."""
    return [index for index, stage in enumerate(vae.config.stages) if stage.code]


def _write_graph(module: nn.Module, inputs: dict[str, Tensor], path: Path, outputs: list[str], *, half: bool) -> None:
    """Writes the module as a graph for any batch; `inputs` are examples of its arguments, by name."""
    batch = torch.export.Dim("batch")
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own internals
        program = torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_shapes=tuple({0: batch} for _ in inputs),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    if program is None:
        raise ExportError(f"torch did not export {path.name}")
    model = program.model_proto
    _forget_origins(model)
    if half:
        _store_half(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _forget_origins(model: onnx.ModelProto) -> None:
    """Drops what the exporter notes of where each node comes from: stack traces, with the paths of this machine."""
    del model.metadata_props[:]
    graph = model.graph
    for part in (graph, *graph.node, *graph.initializer, *graph.value_info, *graph.input, *graph.output):
        del part.metadata_props[:]
        part.doc_string = ""


def _store_half(graph: onnx.GraphProto) -> None:
    """Stores each large constant as float16 and a cast, which onnxruntime folds at load: arithmetic stays float32."""
    casts = []
    for tensor in graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size > 256:
            name = tensor.name
            tensor.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
            casts.append(onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *nodes])
