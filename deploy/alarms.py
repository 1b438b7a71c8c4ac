"""Warnings to the operator: alarms that send mails, and a log that is kept for thirty days."""

from __future__ import annotations

import contextlib
from typing import Any

from deploy.stage import Stage

LOG_DAYS = 30
METRICS = {
    "Errors": "A request, or the sweep, ended in a failure that the site could not answer.",
    "Throttles": "Visitors were turned away: more came at once than LAMBDA_CONCURRENCY allows.",
}


def prepare(session: Any, stage: Stage, contact: str) -> None:
    """Keeps the log for LOG_DAYS, unless its owner chose otherwise; mails the contact when METRICS go above zero."""
    keep_log(session.client("logs"), log_name(stage))
    topic = subscribed(session.client("sns"), stage, contact)
    alarms = session.client("cloudwatch")
    for metric, meaning in METRICS.items():
        alarms.put_metric_alarm(
            AlarmName=alarm_name(stage, metric),
            AlarmDescription=meaning,
            AlarmActions=[topic],
            Namespace="AWS/Lambda",
            MetricName=metric,
            Dimensions=[{"Name": "FunctionName", "Value": stage.function}],
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
        )


def keep_log(logs: Any, name: str) -> None:
    try:
        logs.create_log_group(logGroupName=name)
    except logs.exceptions.ResourceAlreadyExistsException:
        found = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        if any(group["logGroupName"] == name and "retentionInDays" in group for group in found):
            return
    logs.put_retention_policy(logGroupName=name, retentionInDays=LOG_DAYS)


def subscribed(sns: Any, stage: Stage, contact: str) -> str:
    """The topic whose messages reach the contact, who is asked by mail to agree to that once."""
    topic: str = sns.create_topic(Name=topic_name(stage))["TopicArn"]
    present = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    if contact not in [subscription["Endpoint"] for subscription in present]:
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=contact)
        print(f"{contact} gets a mail that asks whether alarms may be sent there: follow its link.")
    return topic


def remove(session: Any, stage: Stage, account: str) -> None:
    """Does nothing where there is nothing."""
    logs = session.client("logs")
    with contextlib.suppress(logs.exceptions.ResourceNotFoundException):
        logs.delete_log_group(logGroupName=log_name(stage))
    session.client("cloudwatch").delete_alarms(AlarmNames=[alarm_name(stage, metric) for metric in METRICS])
    session.client("sns").delete_topic(TopicArn=f"arn:aws:sns:{session.region_name}:{account}:{topic_name(stage)}")


def log_name(stage: Stage) -> str:
    return f"/aws/lambda/{stage.function}"


def topic_name(stage: Stage) -> str:
    return f"{stage.function}-alarms"


def alarm_name(stage: Stage, metric: str) -> str:
    return f"{stage.function}-{metric.lower()}"
