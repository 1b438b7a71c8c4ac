"""Removes the function, its address, schedule, log, role, alarms and budget: python -m deploy.undeploy --stage dev

What visitors have given stays: the bucket, the database, and everything in them.
"""

from __future__ import annotations

import argparse
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy import alarms, bill, zappa
from deploy import stage as stages
from deploy.stage import DeployError, Stage


def undeploy(stage: Stage) -> None:
    """Does nothing where there is nothing. Raises DeployError."""
    session = boto3.Session()
    account = session.client("sts").get_caller_identity()["Account"]
    functions = session.client("lambda")
    try:
        functions.get_function_configuration(FunctionName=stage.function)
    except functions.exceptions.ResourceNotFoundException:
        print(f"There is no function {stage.function}.")
    else:
        zappa.run(stage.name, "undeploy", "--yes")
    remove_role(stage.role)
    alarms.remove(session, stage, account)
    bill.unwatch(session.client("budgets"), account, stage)


def remove_role(name: str) -> None:
    """Zappa creates it, and leaves it."""
    iam = boto3.client("iam")
    try:
        policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
    except iam.exceptions.NoSuchEntityException:
        return
    for policy in policies:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default="dev")
    arguments = parser.parse_args()
    try:
        stage = stages.read(arguments.stage)
        undeploy(stage)
    except (DeployError, BotoCoreError, ClientError) as error:
        sys.exit(f"Not undeployed. {error}")
    print(f"{stage.function} is gone. The pictures and the database are as they were.")


if __name__ == "__main__":
    main()
