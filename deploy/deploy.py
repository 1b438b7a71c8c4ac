"""From nothing to a running site, or from one version of it to the next: python -m deploy.deploy --stage dev

Asks the environment for S3_BUCKET, DATABASE_URL and OPERATOR_CONTACT; and for SECRET_KEY, LAMBDA_CONCURRENCY and
MONTHLY_BUDGET_USD only if the function should get others than it has.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.exceptions import BotoCoreError, ClientError

from deploy import alarms, bill, bucket, package, smoke, zappa
from deploy import stage as stages
from deploy.stage import ROOT, DeployError, Stage


def deploy(stage: Stage, archive: Path | None) -> str:
    """The site's address, once a car has gone through it. `archive`: a zip that is built already.

    Raises DeployError.
    """
    session = boto3.Session()
    if not session.region_name:
        raise DeployError("AWS_DEFAULT_REGION is not set. Choose where the site should be, such as eu-central-1.")
    functions, s3 = session.client("lambda"), session.client("s3")
    present = present_environment(functions, stage.function)
    values = default_values(session.region_name, present or {}) | os.environ
    budget_usd = bill.budget_usd(os.environ.get("MONTHLY_BUDGET_USD"))
    stage = bill.capped(stage.filled(values), functions, os.environ.get("LAMBDA_CONCURRENCY"))
    contact = values["OPERATOR_CONTACT"].strip()
    account = session.client("sts").get_caller_identity()["Account"]
    with stage.workplace() as folder:
        zappa.create_role(stage.name, folder)  # first: it takes seconds until Lambda may take it on
        alarms.prepare(session, stage, contact)
        bill.watch(session.client("budgets"), account, stage, contact, budget_usd)
        bucket.prepare(s3, stage.bucket)
        if archive is None:
            archive = package.build(stage.name, ROOT / "dist" / f"{stage.name}.zip")
        package.weigh(archive)
        with uploaded(archive, s3, stage) as address:
            command = "deploy" if present is None else "update"
            zappa.run(stage.name, command, "--zip", address, folder=folder)
        functions.get_waiter("function_updated_v2").wait(FunctionName=stage.function)
        zappa.run(stage.name, "manage", "migrate", folder=folder)
        zappa.run(stage.name, "manage", "place_cars", folder=folder)  # a new model has placed none yet
    site: str = functions.get_function_url_config(FunctionName=stage.function)["FunctionUrl"]
    smoke.check(site, stage.settings["aws_environment_variables"].get("ORIGIN_SECRET", ""))
    return site


def present_environment(functions: Any, name: str) -> dict[str, str] | None:
    """The variables of the function as it is deployed now; None where it is not."""
    try:
        configuration = functions.get_function_configuration(FunctionName=name)
    except functions.exceptions.ResourceNotFoundException:
        return None
    variables: dict[str, str] = configuration.get("Environment", {}).get("Variables", {})
    return variables


def default_values(region: str, present: dict[str, str]) -> dict[str, str]:
    """What the stage is filled with where the shell has nothing else; `present`: the function's variables."""
    return {
        # Lambda's front hands a function what was sent to its own name, and nothing else.
        "ALLOWED_HOSTS": f".lambda-url.{region}.on.aws",
        "SECRET_KEY": present.get("SECRET_KEY") or secrets.token_urlsafe(50),
        "OPERATOR_CONTACT": present.get("OPERATOR_CONTACT", ""),
    }


@contextlib.contextmanager
def uploaded(archive: Path, s3: Any, stage: Stage) -> Iterator[str]:
    """The address of the zip in the stage's bucket, for as long as Lambda needs it there."""
    key = f"{stage.name}/packages/{hashlib.sha256(archive.read_bytes()).hexdigest()}.zip"
    s3.upload_file(str(archive), stage.bucket, key)
    try:
        yield f"s3://{stage.bucket}/{key}"
    finally:
        s3.delete_object(Bucket=stage.bucket, Key=key)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default="dev")
    parser.add_argument("--package", type=Path, help="a zip that is built already")
    arguments = parser.parse_args()
    try:
        site = deploy(stages.read(arguments.stage), arguments.package)
    except (DeployError, BotoCoreError, ClientError, requests.RequestException) as error:
        sys.exit(f"Not deployed. {error}")
    print(f"The site is at {site}")


if __name__ == "__main__":
    main()
