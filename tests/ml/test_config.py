import json

import pytest

from ml.config import ARCHITECTURES, FLAT, ConfigError, ModelConfig, Stage, TrainConfig


@pytest.mark.parametrize("stages", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_a_model_survives_json(stages):
    config = ModelConfig(stages)
    assert ModelConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_a_recipe_survives_json():
    config = TrainConfig(epochs=7, final_epochs=2)
    assert TrainConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_the_default_recipe_is_the_one_agreed_on():
    recipe = TrainConfig()
    assert (recipe.epochs, recipe.final_epochs, recipe.batch_size) == (2500, 500, 32)
    assert ModelConfig().image_size == 128
    rates = {recipe.learning_rate_at(epoch * 36, 36) for epoch in range(10, 2500)}
    assert rates == {1e-3, 1e-4}
    assert recipe.learning_rate_at(2000 * 36 - 1, 36) == 1e-3
    assert recipe.learning_rate_at(2000 * 36, 36) == 1e-4


def test_the_ladder_has_7488_numbers_and_the_flat_baseline_128():
    assert ModelConfig().level_sizes == (64, 256, 1024, 2048, 4096)
    assert ModelConfig(FLAT).level_sizes == (128,)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"epochs": 0}, "epochs"),
        ({"batch_size": -1}, "batch_size"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"epochs": 10}, "final_epochs"),
        ({"ema_decay": 1.0}, "ema_decay"),
        ({"variance_floor": 0.0}, "variance_floor"),
        ({"beta": -0.1}, "beta"),
        ({"beta": float("nan")}, "beta"),
        ({"lowest_price": 0.0}, "lowest_price"),
        ({"lowest_price": 9.0, "highest_price": 3.0}, "lowest_price"),
        ({"priced_share": 0.8}, "priced_share and full_depth_share"),
    ],
)
def test_a_recipe_that_cannot_work_names_the_field(change, named):
    with pytest.raises(ConfigError, match=f"^{named}:"):
        TrainConfig(**change)


@pytest.mark.parametrize(
    "stages", [(), (Stage(4, 8, 0, 0, 1), Stage(6, 8, 0, 0)), (Stage(4, 8, 0, 0), Stage(8, 8, 0, 0))]
)
def test_stages_that_cannot_work_are_refused(stages):
    with pytest.raises(ConfigError, match=r"^stages:"):
        ModelConfig(stages)


def test_a_price_needs_an_embedding():
    with pytest.raises(ConfigError, match=r"^price_width:"):
        ModelConfig(price_width=0)


def test_an_unknown_field_is_an_error_and_not_ignored():
    with pytest.raises(ConfigError, match="epoch_count"):
        TrainConfig.from_json({"epoch_count": 3})
