"""One direction of imports: reconstruct → ml.serving. Serving imports no torch, and ml no Django."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def imported_by(statement):
    program = (
        f"{statement}\nimport json, sys\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("statement", ["import ml.reconstruct", "import ml.serving.coding", "import carsite.wsgi"])
def test_serving_imports_no_training(statement):
    modules = imported_by(statement)
    assert {"onnxruntime", "numpy", "PIL"} <= modules
    assert (
        modules & {"torch", "torchvision", "lightning_fabric", "onnx", "tqdm", "skimage", "sklearn", "scipy"} == set()
    )


@pytest.mark.parametrize("statement", ["import ml.reconstruct", "import ml.train, ml.export, ml.evaluate"])
def test_ml_imports_no_django(statement):
    assert imported_by(statement) & {"django", "reconstruct", "carsite", "storages", "boto3"} == set()


def test_compressing_imports_no_torch_unless_it_searches():
    assert imported_by("import ml.compress, ml.decompress") & {"torch", "torchvision", "onnx"} == set()
