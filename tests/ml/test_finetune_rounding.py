"""Training on codes as the coder rounds them."""

import csv
import json

import numpy as np
import pytest
import torch

from ml import export, finetune_rounding
from ml.finetune_rounding import Rounding
from ml.serving.coding.quantise import round_level
from ml.serving.manifest import WEIGHTS
from tests.ml.coders import GRIDS, small_tables

pytestmark = pytest.mark.slow


def arguments(trained, weights, out, *more):
    return ["--checkpoint", str(trained / "checkpoint.pt"), "--weights", str(weights), "--out", str(out),
            "--device", "cpu", *more]  # fmt: skip


def test_each_level_is_rounded_as_for_a_file_and_no_gradient_passes():
    tables, random = small_tables(), torch.Generator().manual_seed(0)
    posteriors = [
        (torch.randn(5, *shape, generator=random).requires_grad_(True), -3 * torch.rand(5, *shape, generator=random))
        for shape in ((grid.channels, grid.size, grid.size) for grid in GRIDS)
    ]
    rounding = Rounding(tables)
    values = [rounding.choose(number, *posterior) for number, posterior in enumerate(posteriors)]
    above = []
    for number, (mean, logvar) in enumerate(posteriors):  # flat, as the served runtime has them
        flat = (part.detach().flatten(1).numpy() for part in (mean, logvar))
        above.append(round_level(tables, number, above, *flat))
    code = np.concatenate([level.reshape(5, -1) for level in above], 1)
    assert len(np.unique(code)) > 4
    assert torch.cat([level.flatten(1) for level in values], 1).numpy().tolist() == tables.dequantised(code).tolist()
    assert not any(level.requires_grad for level in values)


def test_it_goes_on_from_a_checkpoint_and_leaves_one_that_says_so(trained, weights, tmp_path):
    out = tmp_path / "rounded"
    given = arguments(trained, weights, out, "--epochs", "2", "--eval-every", "1")
    finetune_rounding.main(given)
    before, after = (torch.load(run / "checkpoint.pt", weights_only=True) for run in (trained, out))
    assert (before["epoch"], after["epoch"]) == (3, 5)
    assert any((before["ema"][name] != value).any() for name, value in after["ema"].items())
    (changed,) = export.changes(json.loads(after["history"]))
    assert (changed["from_epoch"], changed["rounded_share"]) == (3, 0.5)
    with (out / "log.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert [row["epoch"] for row in rows] == ["4", "5"]
    assert all(5 < float(row["file_psnr_db"]) < 40 for row in rows)
    with pytest.raises(SystemExit, match="exists: name another --out"):
        finetune_rounding.main(given)


def test_weights_of_another_network_are_refused(trained, tmp_path):
    with pytest.raises(SystemExit, match="their networks differ"):
        finetune_rounding.main(arguments(trained, WEIGHTS, tmp_path / "out"))
