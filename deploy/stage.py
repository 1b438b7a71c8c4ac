"""zappa_settings.json: a stage of it, and what the shell has to fill in before it can be deployed."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import string
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SETTINGS = "zappa_settings.json"

FIXES = {
    "S3_BUCKET": "Choose a name for the bucket that keeps the pictures; it is created if there is none.",
    "DATABASE_URL": "Set it to the address of a PostgreSQL: postgres://user:password@host/name.",
    "OPERATOR_CONTACT": "Set it to your mail address: alarms are sent there, and visitors are told to write there.",
}


class DeployError(Exception):
    """Something that the person who deploys has to do first; the message names it."""


@dataclasses.dataclass(frozen=True)
class Stage:
    """A stage with its `settings`, those of the stage that it extends included, and the text of its IAM `policy`."""

    name: str
    settings: dict[str, Any]
    policy: dict[str, Any]

    @property
    def function(self) -> str:
        """The name that Zappa gives the Lambda function."""
        return f"{self.settings['project_name']}-{self.name}"

    @property
    def role(self) -> str:
        """The name that Zappa gives the function's IAM role."""
        return f"{self.function}-ZappaLambdaExecutionRole"

    @property
    def bucket(self) -> str:
        return str(self.settings["s3_bucket"])

    def filled(self, values: Mapping[str, str]) -> Stage:
        """The stage with each ${NAME} replaced. Raises DeployError, naming what is missing or makes no sense."""
        values = {"STAGE": self.name, "FUNCTION": self.function} | {name: text.strip() for name, text in values.items()}
        wanted = placeholders([self.settings, self.policy])
        if missing := [name for name in sorted(wanted) if not values.get(name)]:
            raise DeployError("\n".join(f"{name} is not set. {FIXES.get(name, '')}".rstrip() for name in missing))
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", values["S3_BUCKET"]):
            raise DeployError("S3_BUCKET must be 3 to 63 small letters, digits and hyphens.")
        if not re.match(r"postgres(ql)?://[^/]+/.|postgres(ql)?://[^/]*/.+[?&]host=", values["DATABASE_URL"]):
            raise DeployError(f"DATABASE_URL does not name a PostgreSQL. {FIXES['DATABASE_URL']}")
        if not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", values["OPERATOR_CONTACT"]):
            raise DeployError(f"OPERATOR_CONTACT is no mail address. {FIXES['OPERATOR_CONTACT']}")
        return dataclasses.replace(self, settings=replaced(self.settings, values), policy=replaced(self.policy, values))

    @contextlib.contextmanager
    def workplace(self) -> Iterator[Path]:
        """A folder in which Zappa finds this stage, for as long as it is needed: there are secrets in it."""
        with tempfile.TemporaryDirectory(prefix="deploy-") as name:
            folder, policy = Path(name), Path(name, "policy.json")
            policy.write_text(json.dumps(self.policy))
            (folder / SETTINGS).write_text(json.dumps({self.name: self.settings | {"attach_policy": str(policy)}}))
            yield folder


def read(name: str) -> Stage:
    """The stage as zappa_settings.json has it. Raises DeployError where it does not."""
    stages = json.loads((ROOT / SETTINGS).read_text())
    deployable = [stage for stage, settings in stages.items() if "extends" in settings]
    if name not in deployable:
        raise DeployError(f"{SETTINGS} has no stage {name!r}, but {' and '.join(deployable)}: make … STAGE=dev")
    own = dict(stages[name])
    settings = stages[own.pop("extends")] | own
    return Stage(name, settings, json.loads((ROOT / settings["attach_policy"]).read_text()))


def placeholders(tree: Any) -> set[str]:
    """The names in all ${NAME} of a JSON tree."""
    match tree:
        case str():
            return set(string.Template(tree).get_identifiers())
        case list():
            return set().union(*map(placeholders, tree))
        case dict():
            return set().union(*map(placeholders, tree.values()))
    return set()


def replaced(tree: Any, values: Mapping[str, str]) -> Any:
    """The JSON tree with its ${NAME} replaced."""
    match tree:
        case str():
            return string.Template(tree).substitute(values)
        case list():
            return [replaced(branch, values) for branch in tree]
        case dict():
            return {key: replaced(branch, values) for key, branch in tree.items()}
    return tree
