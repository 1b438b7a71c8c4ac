"""A file of a car means the same in the package, under Lambda's Python, as where it was made."""

import json
import subprocess
from pathlib import Path

from ml.serving import coding
from tests.cars import draw_car

VECTORS = Path(__file__).parents[1] / "ml" / "coding_vectors.json"

READ_VECTORS = """
import json, sys
import numpy as np
from ml.serving.coding.contexts import Context
from ml.serving.coding.tables import Tables
from ml.serving.directions import Grid

stored = json.load(sys.stdin)
grids = tuple(Grid(**grid) for grid in stored["grids"])
contexts = tuple(Context(grids[:number], grid) for number, grid in enumerate(grids))
weights = tuple(np.array(level) for level in stored["weights"])
thresholds, frequencies = (np.array(stored[name]) for name in ("thresholds", "frequencies"))
tables = Tables(contexts, np.ones(len(grids)), weights, thresholds, frequencies)
print(json.dumps([tables.read(bytes.fromhex(vector["payload"])).tolist() for vector in stored["vectors"]]))
"""

READ_FILES = """
import json, sys
from ml.serving import coding

print(sys.version_info[:2] == (3, 13))
print(json.dumps([coding.load().decode(bytes.fromhex(file)).code.tobytes().hex() for file in json.load(sys.stdin)]))
"""


def read(package, runtime, code, given):
    done = subprocess.run(
        [runtime.python, "-c", code], cwd=package, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_package_reads_the_vectors_as_they_stand(package, runtime):
    given = VECTORS.read_text()
    (found,) = read(package, runtime, READ_VECTORS, given)
    assert json.loads(found) == [vector["code"] for vector in json.loads(given)["vectors"]]


def test_the_package_reads_a_car_that_was_written_here(package, runtime):
    coder = coding.load()
    files = [coder.encode(draw_car(), price) for price in (0.3, 1, 30)]
    newer, found = read(package, runtime, READ_FILES, json.dumps([file.hex() for file in files]))
    assert newer == "True"
    assert json.loads(found) == [coder.decode(file).code.tobytes().hex() for file in files]
