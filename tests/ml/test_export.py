import functools
import json
import shutil

import numpy as np
import onnx
import pytest
import torch

from ml import checkpoint, data, export, graphs
from ml.config import TrainConfig
from ml.serving.runtime import ModelError, Runtime

pytestmark = pytest.mark.slow


def test_a_trained_folder_of_pictures_becomes_a_served_model(weights, folder, trained):
    runtime = Runtime(weights)
    x = data.load(folder).floats().numpy()
    reference = checkpoint.TorchCodec(checkpoint.load(trained / "checkpoint.pt"))
    for price in (0.1, 1.0, 400.0):
        mean, _ = runtime.encode(x, price)
        assert np.abs(mean - reference.encode(x, price)[0]).max() < 0.02  # the weights were rounded to half precision
        assert np.abs(runtime.decode(mean, 1, price) - reference.decode(mean, 1, price)).max() < 0.02
        noise = np.random.default_rng(0).standard_normal(mean.shape, dtype=np.float32)
        drawn, _ = runtime.encode(x, price, noise)
        assert np.abs(drawn - reference.encode(x, price, noise)[0]).max() < 0.02
        assert not np.array_equal(drawn, mean)


def test_model_json_says_what_it_is(weights, trained):
    info = json.loads((weights / "model.json").read_text())
    graphs = {"encoder.onnx", "level1.onnx", "level2.onnx", "decoder.onnx"}
    assert set(info["files"]) == graphs | {"examples.npz", "density.npz", "directions.npz", "coding.npz"}
    assert info["level_sizes"] == [8, 256]
    assert info["prices"] == [0.1, 400]
    assert info["training"]["epochs"] == 3
    assert info["training"]["epochs_of_the_full_recipe"] == 2500
    assert info["training"]["pictures"] + info["evaluation"]["pictures"] == 20
    assert [row["depth"] for row in info["evaluation"]["tables"]["all"]] == [1, 2]
    by_price = info["evaluation"]["prices"]["all"]
    assert [row["price"] for row in by_price] == [0.1, 0.3, 1, 3, 10, 30, 100, 300]
    assert {row["depth"] for row in by_price} == {2}
    assert by_price[2] == info["evaluation"]["tables"]["all"][1]
    assert info["precision"] == "float16"
    assert [row["epoch"] for row in info["training"]["curve"]] == [1, 2, 3]
    assert all(row["loss"] > 0 and row["psnr_db"] > 5 for row in info["training"]["curve"])


def test_a_long_runs_curve_is_short_and_ends_with_the_checkpoint(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("epoch,loss,val_psnr_db_at_price_1\n" + "".join(f"{n},0.5,20\n" for n in range(1, 1001)))
    epochs = [row["epoch"] for row in export.curve(log, 900)]
    assert len(epochs) <= export.CURVE_POINTS
    assert epochs[0] == 1
    assert 890 < epochs[-1] <= 900


def test_model_json_says_from_where_on_a_run_went_on_differently():
    first, second = TrainConfig().to_json(), TrainConfig(variance_floor=0.5).to_json()
    history = [{"from_epoch": 0, "recipe": first}, {"from_epoch": 7, "recipe": second}]
    assert export.changes(history) == [{"from_epoch": 7, "variance_floor": 0.5}]
    assert export.changes(history[:1]) == []
    del first["augmented"]  # as an older version wrote it
    assert export.changes(history) == [{"from_epoch": 7, "variance_floor": 0.5}]


def test_a_network_of_one_price_is_served_at_that_price_alone():
    assert TrainConfig(priced_share=0, beta=10).prices == (10, 10)
    assert TrainConfig(lowest_price=2, highest_price=30).prices == (1, 30)


def test_examples_come_with_the_weights(weights):
    examples = Runtime(weights).examples()
    assert len(examples) >= 6
    assert {example.shape for example in examples} == {(3, 128, 128)}


def test_directions_come_with_the_weights(weights):
    runtime = Runtime(weights)
    z = np.ones((1, 264), dtype=np.float32)
    for direction in runtime.directions:
        assert np.isfinite(runtime.steer(z, {direction.name: 1})).all()


@pytest.fixture
def copied_graphs(weights, monkeypatch):
    """Makes another export of the same network copy its graphs, which takes torch ten seconds; a function may change
    them. Lists, for each export, whether its weights were to be stored in half precision.
    """
    asked = []

    def write(vae, folder, *, half, change=lambda folder: None):
        asked.append(half)
        for path in weights.glob("*.onnx"):
            shutil.copy(path, folder)
        change(folder)

    def copied_graphs(**options):
        monkeypatch.setattr(graphs, "write", functools.partial(write, **options))
        return asked

    return copied_graphs


def test_weights_that_lose_too_much_in_half_precision_stay_whole(trained, tmp_path, monkeypatch, copied_graphs):
    asked = copied_graphs()
    monkeypatch.setattr(export, "HALF_LOSS_DB", -1.0)
    monkeypatch.setattr(export, "TOLERANCE", 0.02)  # the copied graphs were rounded
    state = checkpoint.load(trained / "checkpoint.pt")
    info = export.export(state, data.recall(state["training"]), data.recall(state["validation"]), tmp_path)
    assert info["precision"] == "float32"
    assert asked == [False]


@pytest.mark.parametrize("half", [True, False])
def test_a_graph_stores_its_weights_in_the_precision_that_is_asked_for(tmp_path, half):
    layer = torch.nn.Linear(32, 32)
    graphs._write_graph(layer, {"x": torch.zeros(2, 32)}, tmp_path / "layer.onnx", ["y"], half=half)
    stored = {tuple(tensor.dims): tensor.data_type for tensor in onnx.load(tmp_path / "layer.onnx").graph.initializer}
    assert stored[32, 32] == (onnx.TensorProto.FLOAT16 if half else onnx.TensorProto.FLOAT)


def test_it_refuses_when_torch_and_onnxruntime_disagree(trained, tmp_path, copied_graphs):
    """The decoder's graph is spoilt by a hundredth in one bias, as a faulty operator would."""

    def spoil(folder):
        model = onnx.load(folder / "decoder.onnx")
        bias = next(tensor for tensor in model.graph.initializer if tensor.name.endswith("head.bias"))
        values = onnx.numpy_helper.to_array(bias) + 0.04
        bias.CopyFrom(onnx.numpy_helper.from_array(values, bias.name))
        onnx.save(model, folder / "decoder.onnx")

    copied_graphs(change=spoil)
    with pytest.raises(SystemExit, match=r"differ by 0\.01"):
        export.main(["--checkpoint", str(trained / "checkpoint.pt"), "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_it_refuses_other_pictures_than_the_run_saw(trained, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "cars")
    (tmp_path / "cars" / "00.png").unlink()
    (tmp_path / "cars" / "01.jpg").unlink()
    with pytest.raises(SystemExit, match="any more"):
        export.main(["--checkpoint", str(trained / "checkpoint.pt"), "--out", str(tmp_path / "out"),
                     "--data", str(tmp_path / "cars")])  # fmt: skip


def test_verification_finds_any_difference_at_any_depth(trained):
    state = checkpoint.load(trained / "checkpoint.pt")
    one, other = checkpoint.TorchCodec(state), checkpoint.TorchCodec(state)
    x = data.recall(state["validation"]).floats().numpy()
    assert export.verify(one, other, x) == 0
    with torch.no_grad():
        other.vae.levels[1].inject.bias.add_(0.05)
    with pytest.raises(export.ExportError, match="differ by"):
        export.verify(one, other, x)


def test_verification_finds_a_difference_at_another_price_alone(trained):
    state = checkpoint.load(trained / "checkpoint.pt")
    one, other = checkpoint.TorchCodec(state), checkpoint.TorchCodec(state)
    x = data.recall(state["validation"]).floats().numpy()
    embed = other.vae.price.forward
    other.vae.price.forward = lambda price: embed(torch.where(price > 10, 10, price))
    with torch.no_grad():
        for codec in (one, other):
            codec.vae.levels[1].gate_modulation.linear.weight.add_(0.5)
    with pytest.raises(export.ExportError, match="differ by"):
        export.verify(one, other, x)


@pytest.mark.parametrize("name", ["encoder.onnx", "decoder.onnx", "examples.npz"])
def test_a_damaged_or_missing_file_is_named_with_its_hash(weights, tmp_path, name):
    folder = tmp_path / "weights"
    shutil.copytree(weights, folder)
    expected = json.loads((folder / "model.json").read_text())["files"][name]
    with (folder / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=f"{name} has sha256 [0-9a-f]{{64}}, but model.json says {expected}"):
        Runtime(folder)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=f"{name} .sha256 {expected}. is missing"):
        Runtime(folder)


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_a_folder_without_a_usable_manifest_is_an_error(tmp_path, content):
    if content is not None:
        (tmp_path / "model.json").write_text(content)
    with pytest.raises(ModelError, match=r"model\.json"):
        Runtime(tmp_path)


def test_a_file_that_is_no_graph_is_an_error(weights, tmp_path):
    folder = tmp_path / "weights"
    shutil.copytree(weights, folder)
    (folder / "encoder.onnx").write_bytes(b"no graph")
    info = json.loads((folder / "model.json").read_text())
    info["files"]["encoder.onnx"] = export.manifest.sha256(folder / "encoder.onnx")
    (folder / "model.json").write_text(json.dumps(info))
    with pytest.raises(ModelError, match=r"encoder\.onnx cannot be loaded"):
        Runtime(folder)


@pytest.mark.parametrize("name", ["encoder.onnx", "decoder.onnx"])
def test_the_graphs_say_nothing_of_the_machine_that_wrote_them(weights, name):
    from ml.serving.manifest import WEIGHTS

    for folder in (weights, WEIGHTS):
        content = (folder / name).read_bytes()
        assert b"site-packages" not in content
        assert b"stack_trace" not in content
