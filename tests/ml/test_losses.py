import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from ml import losses

ALL = torch.ones(8, dtype=torch.bool)


def test_squared_error_by_hand():
    y, x = torch.zeros(2, 1, 1, 2), torch.tensor([[[[1.0, 0.0]]], [[[0.5, 0.5]]]])
    assert losses.squared_error(y, x).tolist() == [0.5, 0.25]


def test_the_kld_is_that_of_torch_distributions():
    mean, logvar = torch.randn(4, 7), torch.randn(4, 7)
    expected = kl_divergence(Normal(mean, (0.5 * logvar).exp()), Normal(0.0, 1.0))
    torch.testing.assert_close(losses.kl_divergence(mean, logvar), expected)


def test_the_prior_costs_nothing():
    assert losses.kl_divergence(torch.zeros(3), torch.zeros(3)).tolist() == [0, 0, 0]


def test_rates_are_summed_by_level():
    kl = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
    assert losses.level_rates(kl, (1, 3)).tolist() == [[1.0, 9.0]]


def test_the_negative_elbo_is_a_gaussian_likelihood_up_to_a_constant_of_its_variance():
    x, y, variance = torch.rand(1, 3, 4, 4), torch.rand(1, 3, 4, 4), torch.tensor([0.02])
    likelihood = Normal(y, variance.sqrt()).log_prob(x).sum()
    constant = 0.5 * x.numel() * torch.log(2 * math.pi * variance)
    found = losses.negative_elbo(losses.squared_error(y, x), torch.tensor([5.0]), variance, x.numel())
    assert found.item() == pytest.approx((5.0 - likelihood - constant).item(), rel=1e-4)


def test_the_variance_of_each_depth_follows_its_own_errors():
    variance = losses.CalibratedVariance(2, floor=0.01, momentum=0.5)
    depth = torch.tensor([1, 1, 2])
    assert variance.update(torch.tensor([0.2, 0.4, 0.1]), depth, ALL[:3]).tolist() == pytest.approx([0.3, 0.3, 0.1])
    assert variance.update(torch.tensor([0.5]), torch.tensor([1]), ALL[:1]).tolist() == pytest.approx([0.4])
    assert variance.mean.tolist() == pytest.approx([0.4, 0.1])


def test_a_picture_of_another_price_takes_the_variance_but_does_not_change_it():
    variance = losses.CalibratedVariance(1, floor=0.01)
    variance.update(torch.tensor([0.2]), torch.tensor([1]), ALL[:1])
    cheap = torch.tensor([True, False])
    assert variance.update(torch.tensor([0.2, 0.9]), torch.tensor([1, 1]), cheap).tolist() == pytest.approx([0.2, 0.2])


def test_the_price_weighs_the_rate_against_the_error_and_1_changes_nothing():
    mse, rate, variance = torch.full((4,), 0.01), torch.full((4,), 100.0), torch.full((4,), 0.005)
    prices = torch.tensor([0.25, 1.0, 100.0, 0.0])
    error = 0.5 * 48 * 0.01 / 0.005  # 48 nats
    expected = [2 * (error + 25), error + 100, (error + 10_000) / 10, error]
    assert losses.priced(mse, rate, variance, prices, 48).tolist() == pytest.approx(expected)


def test_an_accident_does_not_enter_the_variance():
    variance = losses.CalibratedVariance(1, floor=0.01)
    variance.update(torch.tensor([0.2]), torch.tensor([1]), ALL[:1])
    variance.update(torch.tensor([math.nan]), torch.tensor([1]), ALL[:1])
    assert variance.mean.tolist() == pytest.approx([0.2])


def test_the_variance_stops_at_its_floor_and_still_knows_the_error():
    variance = losses.CalibratedVariance(1, floor=0.01)
    assert variance.update(torch.tensor([0.002]), torch.tensor([1]), ALL[:1]).tolist() == pytest.approx([0.01])
    assert variance.mean.tolist() == pytest.approx([0.002])
