import csv
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys

import pytest
import torch

from ml import checkpoint
from ml.batches import epoch_batches, sample_tasks
from ml.config import TrainConfig
from ml.train import main
from tests.ml.conftest import TINY

pytestmark = pytest.mark.slow

QUICK = ["--device", "cpu", "--batch-size", "8"]


def weights(out):
    return torch.load(out / "checkpoint.pt", weights_only=True)["model"]


def test_it_leaves_a_checkpoint_a_log_and_a_sheet_for_each_evaluation(trained):
    state = checkpoint.load(trained / "checkpoint.pt")
    assert state["epoch"] == 3
    assert state["model_config"].stages == TINY
    assert state["train_config"] == TrainConfig(epochs=3, final_epochs=1, batch_size=8)
    with (trained / "log.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert {"loss", "bytes", "psnr_db", "learning_rate", "skipped", "val_bytes_1", "val_psnr_db_2"} <= set(rows[0])
    assert {
        f"val_{what}_at_price_{price}" for what in ("bytes", "psnr_db") for price in ("0.1", "1", "10", "100")
    } <= set(rows[0])
    assert sorted(path.name for path in (trained / "sheets").iterdir()) == [f"epoch-000{n}.png" for n in (1, 2, 3)]


def test_it_learns(folder, tiny_architecture, tmp_path):
    main(["--data", str(folder), "--out", str(tmp_path), "--architecture", "tiny", "--epochs", "16", "--final-epochs",
          "10", "--warmup-steps", "10", "--eval-every", "8", *QUICK])  # fmt: skip
    with (tmp_path / "log.csv").open() as lines:
        early, late = (float(row["val_psnr_db_2"]) for row in csv.DictReader(lines))
    assert late > early > 8


def test_the_kld_holds_the_rate_down(folder, tiny_architecture, tmp_path):
    rates = []
    for beta in ("0", "10"):
        main(
            [
                "--data",
                str(folder),
                "--out",
                str(tmp_path / beta),
                "--architecture",
                "tiny",
                "--epochs",
                "8",
                "--beta",
                beta,
                "--priced-share",
                "0",
                "--final-epochs",
                "0",
                "--eval-every",
                "8",
                *QUICK,
            ]
        )
        with (tmp_path / beta / "log.csv").open() as lines:
            rates.append(float(next(csv.DictReader(lines))["val_bytes_2"]))
    assert rates[0] > 2 * rates[1]


def test_going_on_ends_where_an_unbroken_run_ends(folder, tiny_architecture, trained, tmp_path):
    """Training is bit for bit the same on one machine, so two epochs and one more are three."""
    arguments = ["--data", str(folder), "--out", str(tmp_path), "--final-epochs", "1", "--eval-every", "1", *QUICK]
    main([*arguments, "--architecture", "tiny", "--epochs", "3"])
    for name, value in weights(trained).items():
        torch.testing.assert_close(weights(tmp_path)[name], value, msg=name)
    shutil.rmtree(tmp_path)
    main([*arguments, "--architecture", "tiny", "--epochs", "2", "--final-epochs", "0"])
    main([*arguments, "--epochs", "3", "--resume"])
    history = json.loads(checkpoint.load(tmp_path / "checkpoint.pt")["history"])
    assert [(part["from_epoch"], part["recipe"]["epochs"]) for part in history] == [(0, 2), (2, 3)]
    for name, value in weights(trained).items():
        torch.testing.assert_close(weights(tmp_path)[name], value, msg=name)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupting_loses_nothing(folder, trained, tmp_path, number):
    """It goes on with the small network of a checkpoint: a process of its own knows no other small one."""
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    before = checkpoint.load(tmp_path / "checkpoint.pt")["step"]
    command = [sys.executable, "-m", "ml.train", "--data", folder, "--out", tmp_path, "--resume", "--epochs", "1000000"]
    command += ["--eval-every", "1000000", *QUICK]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    for progress in iter(lambda: process.stderr.read(200), ""):
        if any(int(step) > before for step in re.findall(r" (\d+)/\d+ ", progress)):
            break
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert checkpoint.load(tmp_path / "checkpoint.pt")["step"] > before


TWO_PROCESSES = """
import os, signal, sys, torch
from pathlib import Path
from ml import train

own = train.Run._train_step

def step_once(run, indices):
    figures = own(run, indices)
    rank = run.fabric.global_rank
    torch.save({"random": torch.get_rng_state(), "mean": run.variance.mean}, run.out / f"rank-{rank}.pt")
    if rank == 1:
        os.kill(os.getpid(), signal.SIGTERM)
    return figures

train.Run._train_step = step_once
train.main()
"""


def test_two_processes_draw_their_own_noise_calibrate_together_and_stop_at_the_same_step(folder, trained, tmp_path):
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    before = checkpoint.load(tmp_path / "checkpoint.pt")["step"]
    script = tmp_path / "two_processes.py"
    script.write_text(TWO_PROCESSES)
    command = [sys.executable, script, "--data", folder, "--out", tmp_path, "--resume", "--epochs", "9"]
    done = subprocess.run(
        [*command, "--devices", "2", *QUICK],
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert checkpoint.load(tmp_path / "checkpoint.pt")["step"] == before + 1
    first, second = (torch.load(tmp_path / f"rank-{rank}.pt") for rank in (0, 1))
    assert not torch.equal(first["random"], second["random"])
    assert torch.equal(first["mean"], second["mean"])


def test_pictures_are_changed_at_random_unless_told_otherwise(folder, tiny_architecture, tmp_path, monkeypatch):
    changed = []
    monkeypatch.setattr("ml.train.augment", lambda x: changed.append(len(x)) or x)
    arguments = ["--data", str(folder), "--architecture", "tiny", "--epochs", "1", "--final-epochs", "0", *QUICK]
    main([*arguments, "--out", str(tmp_path / "as-they-are"), "--augmented", "0"])
    assert changed == []
    main([*arguments, "--out", str(tmp_path / "changed")])
    assert changed


def test_a_step_with_a_wild_gradient_is_skipped_and_counted(folder, tiny_architecture, tmp_path):
    main(["--data", str(folder), "--out", str(tmp_path), "--architecture", "tiny", "--epochs", "1", "--final-epochs",
          "0", "--skip-gradient-norm", "1e-9", *QUICK])  # fmt: skip
    state = checkpoint.load(tmp_path / "checkpoint.pt")
    assert state["skipped"] == state["step"] == 3


def test_it_reports_pictures_that_it_cannot_read(folder, tiny_architecture, tmp_path, capsys):
    shutil.copytree(folder, tmp_path / "cars")
    (tmp_path / "cars" / "broken.jpg").write_text("no picture")
    main(["--data", str(tmp_path / "cars"), "--out", str(tmp_path / "out"), "--architecture", "tiny", "--epochs", "1",
          "--final-epochs", "0", *QUICK])  # fmt: skip
    assert "skipped broken.jpg" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "nowhere", "--out", "{out}"], "nowhere is not a folder"),
        (["--data", "{folder}", "--out", "{out}", "--epochs", "0"], "epochs: must be above 0"),
        (
            ["--data", "{folder}", "--out", "{out}", "--device", "cpu", "--devices", "2", "--batch-size", "7"],
            "7 pictures cannot be shared by 2 devices",
        ),
        (["--data", "{folder}", "--out", "{out}", "--resume"], "no such checkpoint"),
        (["--data", "{folder}", "--out", "{trained}"], "go on with --resume"),
        (["--data", "{other}", "--out", "{trained}", "--resume"], "the pictures differ"),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(folder, trained, tmp_path, arguments, message):
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / "00.png").unlink()
    places = {"folder": folder, "trained": trained, "out": tmp_path / "out", "other": other}
    with pytest.raises(SystemExit) as stopped:
        main([argument.format(**places) for argument in arguments])
    assert message in str(stopped.value.code)


def test_a_file_that_is_no_checkpoint_is_refused(folder, tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes(b"no checkpoint")
    with pytest.raises(SystemExit, match="not a checkpoint"):
        main(["--data", str(folder), "--out", str(tmp_path), "--resume"])


def test_an_epoch_shows_every_picture_and_fills_its_last_batch():
    batches = epoch_batches(20, TrainConfig(batch_size=8), epoch=3)
    assert [len(batch) for batch in batches] == [8, 8, 8]
    assert set(torch.cat(batches).tolist()) == set(range(20))
    assert torch.equal(torch.cat(batches), torch.cat(epoch_batches(20, TrainConfig(batch_size=8), epoch=3)))
    assert not torch.equal(torch.cat(batches), torch.cat(epoch_batches(20, TrainConfig(batch_size=8), epoch=4)))
    assert [len(batch) for batch in epoch_batches(3, TrainConfig(batch_size=8), epoch=0)] == [8]


def test_pictures_share_a_batch_between_prices_and_depths():
    depth, price, priced = sample_tasks(8000, 5, TrainConfig(), torch.device("cpu"))
    plain = ~priced & (depth == 5)
    assert priced.float().mean().item() == pytest.approx(0.5, abs=0.03)
    assert plain.float().mean().item() == pytest.approx(0.25, abs=0.03)
    assert (depth[priced] == 5).all()
    assert (price[~priced] == 1).all()
    shares = torch.bincount(depth[~priced & (depth < 5)], minlength=5)[1:] / 8000
    torch.testing.assert_close(shares, torch.full((4,), 0.0625), atol=0.02, rtol=0)
    assert 0.1 <= price.min() < 0.12
    assert 330 < price.max() <= 400
    assert price[priced].log().mean().item() == pytest.approx(torch.tensor([0.1, 400]).log().mean().item(), abs=0.15)


def test_a_flat_model_of_one_price_knows_only_full_depth():
    config = TrainConfig(priced_share=0, full_depth_share=1, beta=10)
    depth, price, priced = sample_tasks(4, 1, config, torch.device("cpu"))
    assert (depth.tolist(), price.tolist(), priced.any().item()) == ([1] * 4, [10] * 4, False)


def test_steps_without_a_finite_gradient_leave_the_weights_alone(folder, tiny_architecture, tmp_path, monkeypatch):
    monkeypatch.setattr("ml.train.augment", lambda x: x * float("nan"))
    main(["--data", str(folder), "--out", str(tmp_path), "--architecture", "tiny", "--epochs", "1", "--final-epochs",
          "0", *QUICK])  # fmt: skip
    state = checkpoint.load(tmp_path / "checkpoint.pt")
    assert state["skipped"] == state["step"] == 3
    assert all(value.isfinite().all() for value in state["model"].values())
    assert state["variance"]["mean"].isfinite().all()


@pytest.mark.filterwarnings("ignore:.*torch.jit.script_method:DeprecationWarning")  # by torch.compile's own imports
def test_fused_kernels_train_the_same_network(folder, tiny_architecture, tmp_path, monkeypatch):
    """A checkpoint written with them can be continued without them, and the other way round.

    The network is captured and differentiated as it would be, but PyTorch builds no kernels: that takes it a minute.
    """
    monkeypatch.setattr(torch, "compile", functools.partial(torch.compile, backend="aot_eager"))
    arguments = ["--data", str(folder), "--out", str(tmp_path), "--device", "cpu"]
    main([*arguments, "--architecture", "tiny", "--epochs", "1", "--final-epochs", "0", "--compile"])
    main([*arguments, "--epochs", "2", "--resume"])
    main([*arguments, "--epochs", "3", "--resume", "--compile"])
    assert checkpoint.load(tmp_path / "checkpoint.pt")["epoch"] == 3
