import pytest
import torch

from ml.config import ARCHITECTURES, ModelConfig
from ml.model import VAE
from tests.ml.conftest import TINY


@pytest.fixture
def vae():
    """A small network with weights that are not zero anywhere, as they are after training."""
    torch.manual_seed(0)
    vae = VAE(ModelConfig(TINY))
    for parameter in vae.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return vae.eval()


@pytest.mark.parametrize("stages", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_shapes(stages):
    config = ModelConfig(stages)
    vae = VAE(config)
    x = torch.rand(2, 3, config.image_size, config.image_size)
    with torch.no_grad():
        mean, logvar = vae.encode(x)
        assert mean.shape == logvar.shape == (2, sum(config.level_sizes))
        assert vae.decode(mean).shape == x.shape
        y, *_ = vae(x, torch.tensor([1, config.depths]), torch.tensor([1.0, 100.0]))
        assert y.shape == x.shape


@torch.no_grad()
def test_decoding_at_a_depth_ignores_the_deeper_code(vae):
    z = torch.randn(1, 264)
    other = torch.cat([z[:, :8], torch.randn(1, 256)], 1)
    one, two = torch.tensor([1]), torch.tensor([2])
    torch.testing.assert_close(vae.decode(z, one), vae.decode(other, one))
    assert (vae.decode(z, two) - vae.decode(other, two)).abs().max() > 1e-3


@torch.no_grad()
def test_encoding_is_deterministic_and_a_training_pass_samples(vae):
    x, full = torch.rand(1, 3, 128, 128), torch.tensor([2])
    torch.testing.assert_close(vae.encode(x)[0], vae.encode(x)[0], rtol=0, atol=0)
    price = torch.ones(1)
    assert (vae(x, full, price)[0] - vae(x, full, price)[0]).abs().max() > 1e-3


@torch.no_grad()
def test_pictures_of_a_batch_do_not_see_each_other(vae):
    x = torch.rand(3, 3, 128, 128)
    torch.testing.assert_close(vae.encode(x)[0][1:2], vae.encode(x[1:2])[0], rtol=1e-4, atol=1e-5)


def test_a_fresh_posterior_has_no_opinion(vae):
    fresh = VAE(ModelConfig(TINY))
    first, second = fresh.encode(torch.rand(2, 3, 128, 128))[0]
    torch.testing.assert_close(first, second)


def test_every_weight_takes_part_in_training(vae):
    y, mean, logvar = vae(torch.rand(2, 3, 128, 128), torch.tensor([2, 2]), torch.tensor([0.5, 50.0]))
    (y.sum() + mean.sum() + logvar.sum()).backward()
    assert [name for name, p in vae.named_parameters() if p.grad is None] == []


@torch.no_grad()
def test_a_fresh_network_is_not_conditioned_on_the_price():
    fresh = VAE(ModelConfig(TINY)).eval()
    x, dear = torch.rand(2, 3, 128, 128), torch.full((2,), 100.0)
    torch.testing.assert_close(fresh.encode(x, dear), fresh.encode(x), rtol=0, atol=0)
    z = torch.randn(2, 264)
    torch.testing.assert_close(fresh.decode(z, price=dear), fresh.decode(z), rtol=0, atol=0)


@torch.no_grad()
def test_each_picture_of_a_batch_has_its_own_price_and_1_is_the_default(vae):
    x, prices = torch.rand(3, 3, 128, 128), torch.tensor([0.1, 1.0, 100.0])
    together = vae.encode(x, prices)[0]
    for i in range(3):
        torch.testing.assert_close(together[i : i + 1], vae.encode(x[i : i + 1], prices[i : i + 1])[0])
    torch.testing.assert_close(together[1], vae.encode(x)[0][1])
    assert (together - vae.encode(x)[0])[[0, 2]].abs().amax(1).min() > 1e-3
    z = torch.randn(1, 264).expand(3, -1)
    one, plain, dear = vae.decode(z, price=prices)
    assert (one - plain).abs().max() > 1e-3
    assert (dear - plain).abs().max() > 1e-3


@torch.no_grad()
def test_a_price_of_0_is_as_good_as_the_lowest(vae):
    z = torch.randn(1, 264)
    assert vae.decode(z, price=torch.zeros(1)).isfinite().all()
