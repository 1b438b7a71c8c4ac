"""Browser tests of the site, once more: pages come from the packaged function, pictures from a bucket.

Those that are marked `packaged`: every page, and one way of each kind through events, bucket and PostgreSQL. What a
page's scripts do among themselves, and how it looks on a phone, is the same here as there.
"""

import os
import subprocess
import sys

from django.conf import settings

from deploy.stage import ROOT
from tests.deployed.gateway import Gateway

OPTIONS = ("-q", "-p", "no:cacheprovider", "-p", "no:cov", "-m", "packaged", "-k", "not phone")


def test_the_browser_tests_pass_on_the_packaged_function(start, database, bucket, cloud):
    def named(name):
        return database.replace("/postgres?", f"/{name}?")

    deployment = {
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": named("test_browsed"),  # as Django calls it while testing
        "GALLERY_REQUIRES_APPROVAL": "0",  # as on Django's own server
        "S3_PREFIX": "",
        "SECRET_KEY": settings.SECRET_KEY,  # so that visitors who were made here are known there
    }
    with start(deployment, workers=2) as function, Gateway(function.invoke) as gateway:
        result = subprocess.run(
            [sys.executable, "-m", "pytest", *OPTIONS, "tests/browser"],
            cwd=ROOT,
            env=os.environ
            | {
                "LIVE_SITE_URL": gateway.url.rstrip("/"),
                "TEST_AWS_ENDPOINT_URL": cloud,
                "TEST_DATABASE_URL": named("browsed"),
                "TEST_S3_BUCKET": bucket.name,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{result.stdout}\n{result.stderr}\n{function.log.read_text()}"
        assert "GET /gallery/ " in function.log.read_text()
