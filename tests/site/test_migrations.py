"""Cars that were there before a migration are there after it."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate(name):
    """The models as they are after the migration of this name."""
    executor = MigrationExecutor(connection)
    targets = [("reconstruct", name)] if name else executor.loader.graph.leaf_nodes()
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.mark.django_db(transaction=True)
def test_examples_stay_examples_and_photographs_photographs():
    columns = {"width": 3, "height": 2, "upload_bytes": 9, "psnr_db": 30, "ssim": 1, "bytes_by_depth": [1.0]}
    columns |= {"public": True, "approved": True, "mirrored": False, "typicality": 1, "elapsed_ms": 1}
    try:
        before = migrate("0001_initial").get_model("reconstruct", "Reconstruction").objects
        before.create(slug="example", is_example=True, **columns)
        before.create(slug="photograph", is_example=False, **columns)
    finally:
        after = migrate(None).get_model("reconstruct", "Reconstruction").objects
    assert set(after.values_list("slug", "origin", "parent")) == {
        ("example", "example", None),
        ("photograph", "photograph", None),
    }

    try:
        back = migrate("0001_initial").get_model("reconstruct", "Reconstruction").objects
        assert set(back.values_list("slug", "is_example")) == {("example", True), ("photograph", False)}
    finally:
        migrate(None)
