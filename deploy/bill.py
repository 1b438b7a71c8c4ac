"""What the site may cost: how many visitors it serves at once, and mails before the month is too expensive."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from deploy.stage import DeployError, Stage

CONCURRENCY = 20
KEPT_FREE = 100  # that Lambda lets nobody reserve: other functions of the account run there
# The most expensive of the usual regions charges a fifth more: https://aws.amazon.com/lambda/pricing/, in 2025.
USD_PER_GB_S = 0.0000166667
USD_PER_REQUEST = 0.0000002
REQUESTS_PER_S = 10  # that Lambda takes for each that it serves at once
DAY_S = 24 * 3600

BUDGET_USD = 20
WARNINGS = (("ACTUAL", 80), ("FORECASTED", 100))  # per cent of it


def capped(stage: Stage, functions: Any, chosen: str | None) -> Stage:
    """The stage with its cap: chosen, as it is now, or CONCURRENCY. Zappa removes one that the stage does not have.

    `chosen`: `LAMBDA_CONCURRENCY` as the shell has it, a number in digits. Prints the worst case. Raises DeployError
    where the account does not let so many be reserved.
    """
    if chosen is not None and not (chosen.isdecimal() and int(chosen)):
        raise DeployError(f"LAMBDA_CONCURRENCY is {chosen!r}: write a whole number above zero, such as {CONCURRENCY}.")
    limits = functions.get_account_settings()["AccountLimit"]
    limit, present = limits["ConcurrentExecutions"], present_cap(functions, stage.function)
    free = limits["UnreservedConcurrentExecutions"] + (present or 0) - min(KEPT_FREE, limit)
    if chosen and int(chosen) > free:
        raise DeployError(
            f"LAMBDA_CONCURRENCY is {chosen}, and this account lets {max(free, 0)} be reserved, of {limit} in all. "
            "Leave it out, or ask for more: Service Quotas, AWS Lambda, Concurrent executions."
        )
    cap = int(chosen) if chosen else min(present or CONCURRENCY, free)
    memory_mb = stage.settings["memory_size"]
    if cap > 0:
        print(f"At most {cap} requests are served at once: in the worst case {worst_case(cap, memory_mb)}.")
        return dataclasses.replace(stage, settings=stage.settings | {"lambda_concurrency": cap})
    print(f"The account itself serves {limit} requests at once: in the worst case {worst_case(limit, memory_mb)}.")
    return stage


def present_cap(functions: Any, name: str) -> int | None:
    """How many the function serves at once; None where it is not deployed, or nobody has capped it."""
    try:
        cap: int | None = functions.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions")
    except functions.exceptions.ResourceNotFoundException:
        return None
    return cap


def worst_case(concurrency: int, memory_mb: int) -> str:
    """In words: all of it busy the whole day, with as many requests as Lambda takes."""
    time_usd = concurrency * DAY_S * memory_mb / 1024 * USD_PER_GB_S
    requests_usd = concurrency * DAY_S * REQUESTS_PER_S * USD_PER_REQUEST
    return f"{time_usd + requests_usd:.0f} $ a day for Lambda, and about 0.09 $ for each gigabyte that visitors fetch"


def budget_usd(chosen: str | None) -> str | None:
    """What the shell says, if anything. Raises DeployError where that is no amount."""
    if chosen is not None and not re.fullmatch(r"[1-9]\d*(\.\d\d)?", chosen):
        raise DeployError(f"MONTHLY_BUDGET_USD is {chosen!r}: write an amount such as {BUDGET_USD} or 12.50.")
    return chosen


def watch(budgets: Any, account: str, stage: Stage, contact: str, chosen: str | None) -> None:
    """A monthly budget for the account, with mails to the contact. One that is there stays, unless `chosen` is new."""
    name = budget_name(stage)
    if has_budget(budgets, account, name):
        if chosen is None:
            return
        budgets.delete_budget(AccountId=account, BudgetName=name)
    warnings = [
        {
            "Notification": {
                "NotificationType": kind,
                "ComparisonOperator": "GREATER_THAN",
                "Threshold": percent,
                "ThresholdType": "PERCENTAGE",
            },
            "Subscribers": [{"SubscriptionType": "EMAIL", "Address": contact}],
        }
        for kind, percent in WARNINGS
    ]
    limit = {"Amount": chosen or str(BUDGET_USD), "Unit": "USD"}
    budget = {"BudgetName": name, "BudgetLimit": limit, "TimeUnit": "MONTHLY", "BudgetType": "COST"}
    budgets.create_budget(AccountId=account, Budget=budget, NotificationsWithSubscribers=warnings)


def unwatch(budgets: Any, account: str, stage: Stage) -> None:
    if has_budget(budgets, account, budget_name(stage)):
        budgets.delete_budget(AccountId=account, BudgetName=budget_name(stage))


def has_budget(budgets: Any, account: str, name: str) -> bool:
    try:
        budgets.describe_budget(AccountId=account, BudgetName=name)
    except budgets.exceptions.NotFoundException:
        return False
    return True


def budget_name(stage: Stage) -> str:
    return f"{stage.function}-month"
