"""Zappa's commands for a stage that needs nothing filled in: python -m deploy.zappa --stage dev tail --since 10m"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from zappa.cli import ZappaCLI

from deploy import stage as stages
from deploy.stage import ROOT, SETTINGS, DeployError


def run(stage: str, command: str, *options: str, folder: Path = ROOT) -> None:
    """Runs `zappa command stage`, with the settings in the folder. Raises DeployError when it fails."""
    done = subprocess.run([sys.executable, "-m", "zappa.cli", command, stage, *options], cwd=folder, check=False)
    if done.returncode:
        raise DeployError(f"zappa {command} {stage} failed; its output is above.")


def create_role(stage: str, folder: Path) -> None:
    """The role that the function works under, with the stage's policy: zappa leaves it out where it gets a zip."""
    cli = ZappaCLI()
    cli.api_stage = stage
    cli.load_credentials = True
    cli.load_settings(str(folder / SETTINGS))
    cli.zappa.create_iam_roles()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default="dev")
    parser.add_argument("command", help="tail, status, rollback, manage …")
    arguments, options = parser.parse_known_args()
    try:
        run(stages.read(arguments.stage).name, arguments.command, *options)
    except DeployError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
