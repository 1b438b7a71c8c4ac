"""What the package is measured against: a function that loads PyTorch and the same network, and does nothing else."""

import base64
import os
from io import BytesIO

import numpy as np
import torch
from PIL import Image

from ml.config import ModelConfig
from ml.model import VAE
from ml.serving.transforms import flatten, to_array

torch.set_num_threads(1)
model = VAE(ModelConfig())
model.load_state_dict(torch.load(os.environ["CHECKPOINT"], weights_only=True))
model.eval()


def handler(event, context):
    """Reconstructs the picture in the event in both directions, as ml.serving.runtime does."""
    x, _ = to_array(flatten(Image.open(BytesIO(base64.b64decode(event["picture"])))))
    with torch.inference_mode():
        mean, _ = model.encode(torch.from_numpy(np.stack([x, x[:, :, ::-1]])))
        y = model.decode(mean)
    return {"error": float((y[0] - torch.from_numpy(x)).square().mean())}
