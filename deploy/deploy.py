"""From nothing to a running site, or from one version of it to the next: python -m deploy.deploy --stage dev

Asks the environment for S3_BUCKET, DATABASE_URL and OPERATOR_CONTACT; and for SECRET_KEY, LAMBDA_CONCURRENCY and
MONTHLY_BUDGET_USD only if the function should get others than it has.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
import sys
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
    values = {
        # Lambda's front hands a function what was sent to its own name, and nothing else.
        "ALLOWED_HOSTS": f".lambda-url.{session.region_name}.on.aws",
        "SECRET_KEY": (present or {}).get("SECRET_KEY") or secrets.token_urlsafe(50),
        "OPERATOR_CONTACT": (present or {}).get("OPERATOR_CONTACT", ""),
    } | os.environ
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
        key = f"{stage.name}/packages/{hashlib.sha256(archive.read_bytes()).hexdigest()}.zip"
        s3.upload_file(str(archive), stage.bucket, key)
        try:
            uploaded = ("--zip", f"s3://{stage.bucket}/{key}")
            zappa.run(stage.name, "deploy" if present is None else "update", *uploaded, folder=folder)
        finally:
            s3.delete_object(Bucket=stage.bucket, Key=key)
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
