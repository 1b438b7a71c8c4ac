"""Runs the example of README as it is printed there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import ml
from reconstruct.models import Reconstruction
from tests.cars import as_file, draw_car

README = (Path(ml.__file__).parents[1] / "README.md").read_text()


@pytest.mark.django_db(transaction=True)
def test_the_program_works_as_pasted(live_server, tmp_path):
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert '"http://127.0.0.1:8000"' in program
    (tmp_path / "car.jpg").write_bytes(as_file(draw_car()))
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program.replace("http://127.0.0.1:8000", live_server.url)],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    car = Reconstruction.objects.get()
    assert result.stdout == f"{car.verdict}\n"
    assert not car.public
    with Image.open(tmp_path / "depth-2.png") as picture:
        assert picture.size == (128, 80)
