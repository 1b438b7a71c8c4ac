"""The environments of complete deployments, and the code as one has it."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]

PRODUCTION = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "cars.example,www.cars.example",
    "DATABASE_URL": "postgres://user:password@database.example/cars",
}
LAMBDA = PRODUCTION | {"AWS_LAMBDA_FUNCTION_NAME": "cars", "S3_BUCKET": "pictures", "AWS_REGION": "eu-west-1"}


def copied_to(folder):
    """The folder, with what the running site needs in it."""
    for package in ("carsite", "reconstruct", "ml", "templates", "static"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", folder)
    return folder
