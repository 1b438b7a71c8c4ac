"""make deploy and make undeploy, by their command lines: an empty account, a running site, an empty account."""

import json
import os
import re
import subprocess
import sys

import boto3
import psycopg
import pytest

from deploy import bill
from deploy import stage as stages
from deploy.stage import ROOT, DeployError
from tests.deployed.account import Account
from tests.deployed.conftest import KEYS

BUCKET = "cars-of-a-test"
REGION = "eu-central-1"
CONTACT = "operator@cars.example"
FUNCTION = "autoencoder-dev"
# Lambda itself asks for the first two when it gets a role and a package; the third is for a role of another Zappa; the
# others belong to `zappa tail`.
NOT_SEEN = {"iam:PassRole", "s3:GetObject", "iam:UpdateAssumeRolePolicy"}
NOT_SEEN |= {"logs:DescribeLogStreams", "logs:FilterLogEvents"}


@pytest.fixture(scope="module")
def account(cloud, package_zip, start):
    with Account(cloud, REGION, package_zip, start) as account:
        yield account


@pytest.fixture(scope="module")
def empty_database(database):
    with psycopg.connect(database.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        # Once more where tests of another file came between two of this one.
        connection.execute("DROP DATABASE IF EXISTS deployed WITH (FORCE)")
        connection.execute("CREATE DATABASE deployed")
    return database.replace("/postgres?", "/deployed?")


@pytest.fixture(scope="module")
def shell(account, empty_database, tmp_path_factory):
    """What someone who deploys has set."""
    certificate = tmp_path_factory.mktemp("tls") / "authority.pem"
    account.gateway.authority.cert_pem.write_to_path(certificate)
    chosen = ("DATABASE_URL", "LAMBDA_CONCURRENCY", "MONTHLY_BUDGET_USD", "S3_BUCKET")
    inherited = {name: text for name, text in os.environ.items() if name not in chosen}
    return (
        inherited
        | KEYS
        | {
            "ALLOWED_HOSTS": "127.0.0.1",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": account.url,
            "DATABASE_URL": empty_database,
            "OPERATOR_CONTACT": CONTACT,
            "REQUESTS_CA_BUNDLE": str(certificate),
            "S3_BUCKET": BUCKET,
        }
    )


def run(module, *options, shell):
    return subprocess.run(
        [sys.executable, "-m", f"deploy.{module}", *options],
        cwd=ROOT,
        env=shell,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def deployed(shell, package_zip):
    """The output of the first deployment."""
    done = run("deploy", "--stage", "dev", "--package", package_zip, shell=shell)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def aws(cloud):
    """A function: a client of a service, past the account, which counts what deploying calls."""
    return lambda service: boto3.client(service, endpoint_url=cloud, region_name=REGION)


def variables_of(aws):
    return aws("lambda").get_function_configuration(FunctionName="autoencoder-dev")["Environment"]["Variables"]


def test_a_deployment_ends_with_the_address_of_a_site_that_works(deployed, account):
    assert "its page and its pictures are there" in deployed
    assert deployed.splitlines()[-1] == f"The site is at {account.gateway.url}"


def test_the_function_is_as_the_stage_says(deployed, aws):
    function = aws("lambda").get_function_configuration(FunctionName="autoencoder-dev")
    assert (function["Runtime"], function["MemorySize"], function["Timeout"]) == ("python3.13", 1769, 60)
    assert variables_of(aws)["S3_PREFIX"] == "dev/pictures"
    assert len(variables_of(aws)["SECRET_KEY"]) >= 50


def test_the_worst_case_is_said_before_anything_is_done_and_capped(deployed, aws):
    assert deployed.startswith("At most 20 requests are served at once: in the worst case 53 $ a day for Lambda")
    assert aws("lambda").get_function_concurrency(FunctionName=FUNCTION)["ReservedConcurrentExecutions"] == 20


def test_the_log_is_kept_for_thirty_days(deployed, aws):
    (log,) = aws("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
    assert (log["logGroupName"], log["retentionInDays"]) == (f"/aws/lambda/{FUNCTION}", 30)


def test_errors_and_visitors_who_were_turned_away_are_mailed_to_the_operator(deployed, aws):
    (topic,) = aws("sns").list_topics()["Topics"]
    (subscription,) = aws("sns").list_subscriptions()["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", CONTACT)
    alarms = aws("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {alarm["MetricName"] for alarm in alarms} == {"Errors", "Throttles"}
    for alarm in alarms:
        assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": FUNCTION}]
        assert alarm["AlarmActions"] == [topic["TopicArn"]]


def test_a_month_that_gets_dear_is_mailed_to_the_operator(deployed, aws):
    account = aws("sts").get_caller_identity()["Account"]
    (budget,) = aws("budgets").describe_budgets(AccountId=account)["Budgets"]
    assert (budget["TimeUnit"], float(budget["BudgetLimit"]["Amount"])) == ("MONTHLY", 20)
    found = aws("budgets").describe_notifications_for_budget(AccountId=account, BudgetName=budget["BudgetName"])
    assert {warning["NotificationType"] for warning in found["Notifications"]} == {"ACTUAL", "FORECASTED"}


def test_the_function_may_do_what_it_does_and_no_more(deployed, aws):
    role = "autoencoder-dev-ZappaLambdaExecutionRole"
    (policy,) = aws("iam").list_role_policies(RoleName=role)["PolicyNames"]
    document = aws("iam").get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    allowed = {action: statement["Resource"] for statement in document["Statement"] for action in statement["Action"]}
    pictures = f"arn:aws:s3:::{BUCKET}/dev/pictures/*"
    assert allowed["s3:GetObject"] == allowed["s3:PutObject"] == allowed["s3:DeleteObject"] == pictures
    assert "*" not in "".join(allowed)
    listing = next(statement for statement in document["Statement"] if statement["Action"] == ["s3:ListBucket"])
    assert listing["Condition"] == {"StringLike": {"s3:prefix": "dev/pictures/*"}}


def test_the_bucket_is_closed_encrypted_and_tidy(deployed, aws):
    s3 = aws("s3")
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] == REGION


def test_neither_the_package_nor_the_tried_car_is_left_in_the_bucket(deployed, aws):
    assert aws("s3").list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_the_sweep_is_scheduled_for_every_hour_and_nothing_else_is(deployed, aws):
    (rule,) = aws("events").list_rules()["Rules"]
    assert rule["Name"] == f"{FUNCTION}-carsite.hourly.sweep"
    assert rule["ScheduleExpression"] == "cron(17 * * * ? *)"


def test_the_package_holds_no_secret(deployed, package, shell, aws):
    settings = (package / "zappa_settings.py").read_text()
    assert shell["DATABASE_URL"] not in settings
    assert variables_of(aws)["SECRET_KEY"] not in settings
    assert "DEBUG=False\nLOG_LEVEL='INFO'" in settings


def test_zappas_own_commands_work_on_it(deployed, shell, account):
    status = run("zappa", "--stage", "dev", "status", "--json", shell=shell)
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)["Function URL"] == account.gateway.url


@pytest.fixture(scope="module")
def deployed_again(deployed, shell, package_zip, cloud):
    """What the second deployment said, after its owner has changed this and that."""
    options = {"endpoint_url": cloud, "region_name": REGION}
    own_rule = {"ID": "own", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 900}}
    boto3.client("s3", **options).put_bucket_lifecycle_configuration(
        Bucket=BUCKET, LifecycleConfiguration={"Rules": [own_rule]}
    )
    boto3.client("logs", **options).put_retention_policy(logGroupName=f"/aws/lambda/{FUNCTION}", retentionInDays=7)
    boto3.client("lambda", **options).put_function_concurrency(FunctionName=FUNCTION, ReservedConcurrentExecutions=7)
    changed = {"ALLOWED_HOSTS": "localhost,127.0.0.1", "MONTHLY_BUDGET_USD": "12.50", "OPERATOR_CONTACT": ""}
    without_contact = {name: text for name, text in (shell | changed).items() if name != "OPERATOR_CONTACT"}
    done = run("deploy", "--stage", "dev", "--package", package_zip, shell=without_contact)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_deploying_again_keeps_the_key_and_what_its_owner_chose(deployed, aws, request):
    key = variables_of(aws)["SECRET_KEY"]
    said = request.getfixturevalue("deployed_again")
    assert variables_of(aws)["SECRET_KEY"] == key
    assert variables_of(aws)["OPERATOR_CONTACT"] == CONTACT
    assert variables_of(aws)["ALLOWED_HOSTS"] == "localhost,127.0.0.1"
    (rule,) = aws("s3").get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert rule["ID"] == "own"
    (log,) = aws("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
    assert log["retentionInDays"] == 7
    assert said.startswith("At most 7 requests")
    assert aws("lambda").get_function_concurrency(FunctionName=FUNCTION)["ReservedConcurrentExecutions"] == 7
    assert len(aws("sns").list_subscriptions()["Subscriptions"]) == 1


def test_another_budget_takes_the_place_of_the_first(deployed_again, aws):
    account = aws("sts").get_caller_identity()["Account"]
    (budget,) = aws("budgets").describe_budgets(AccountId=account)["Budgets"]
    assert float(budget["BudgetLimit"]["Amount"]) == 12.5


def test_undeploying_removes_the_function_and_keeps_what_visitors_gave(deployed_again, shell, aws, empty_database):
    aws("s3").put_object(Bucket=BUCKET, Key="dev/pictures/cars/x/y.jpg", Body=b"a picture")
    without = {name: text for name, text in shell.items() if name not in ("DATABASE_URL", "S3_BUCKET")}
    done = run("undeploy", "--stage", "dev", shell=without)
    assert done.returncode == 0, done.stdout + done.stderr
    assert aws("lambda").list_functions()["Functions"] == []
    assert aws("events").list_rules()["Rules"] == []
    assert aws("iam").list_roles()["Roles"] == []
    assert aws("logs").describe_log_groups()["logGroups"] == []
    assert aws("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert aws("sns").list_topics()["Topics"] == []
    account = aws("sts").get_caller_identity()["Account"]
    assert aws("budgets").describe_budgets(AccountId=account)["Budgets"] == []
    assert aws("s3").list_objects_v2(Bucket=BUCKET)["KeyCount"] == 1
    with psycopg.connect(empty_database.replace("postgres://", "postgresql://")) as connection:
        assert connection.execute("SELECT count(*) FROM reconstruct_reconstruction").fetchone() == (0,)
    again = run("undeploy", "--stage", "dev", shell=without)
    assert again.returncode == 0, again.stderr
    assert "There is no function autoencoder-dev." in again.stdout


def test_who_deploys_may_do_what_that_takes_and_no_more(deployed_again, shell, account):
    run("undeploy", "--stage", "dev", shell=shell)
    statements = json.loads((ROOT / "deploy" / "deployer-policy.json").read_text())["Statement"]
    allowed = {action for statement in statements for action in statement["Action"]}
    needed = account.called - {"sts:GetCallerIdentity"}  # everyone may ask who they are
    assert needed <= allowed, ", ".join(sorted(needed - allowed))
    assert allowed - needed == NOT_SEEN, ", ".join(sorted(allowed - needed))


def test_a_new_account_is_capped_by_its_own_limit(account, monkeypatch, capsys):
    monkeypatch.setattr(account, "concurrency", 10)
    functions = boto3.client("lambda", endpoint_url=account.url, region_name=REGION)
    stage = stages.read("dev")
    assert "lambda_concurrency" not in bill.capped(stage, functions, None).settings
    assert "The account itself serves 10 requests at once: in the worst case 27 $ a day" in capsys.readouterr().out
    with pytest.raises(DeployError, match="LAMBDA_CONCURRENCY is 5, and this account lets 0 be reserved, of 10 in all"):
        bill.capped(stage, functions, "5")


def test_an_account_whose_functions_have_reserved_most_gives_what_is_left(account, monkeypatch):
    monkeypatch.setattr(account, "concurrency", 108)
    functions = boto3.client("lambda", endpoint_url=account.url, region_name=REGION)
    assert bill.capped(stages.read("dev"), functions, None).settings["lambda_concurrency"] == 8
    assert bill.capped(stages.read("dev"), functions, "3").settings["lambda_concurrency"] == 3


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"S3_BUCKET": ""}, "S3_BUCKET is not set. Choose a name"),
        ({"S3_BUCKET": "My Bucket"}, "S3_BUCKET must be"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set. Set it to the address of a PostgreSQL"),
        ({"DATABASE_URL": "sqlite:////tmp/cars.sqlite3"}, "DATABASE_URL does not name a PostgreSQL"),
        ({"OPERATOR_CONTACT": ""}, "OPERATOR_CONTACT is not set. Set it to your mail address"),
        ({"OPERATOR_CONTACT": "the operator"}, "OPERATOR_CONTACT is no mail address"),
        ({"LAMBDA_CONCURRENCY": "many"}, "LAMBDA_CONCURRENCY is 'many': write a whole number"),
        ({"LAMBDA_CONCURRENCY": "950"}, "LAMBDA_CONCURRENCY is 950, and this account lets 900 be reserved, of 1000"),
        ({"MONTHLY_BUDGET_USD": "little"}, "MONTHLY_BUDGET_USD is 'little': write an amount"),
        ({"AWS_DEFAULT_REGION": ""}, "AWS_DEFAULT_REGION is not set"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "1"}, "credentials"),
    ],
)
def test_what_is_missing_is_named_before_anything_is_done(shell, changed, words, package_zip):
    done = run("deploy", "--stage", "production", "--package", package_zip, shell=shell | changed)
    assert done.returncode == 1
    assert re.match(f"Not deployed. .*{words}", done.stderr, re.DOTALL), done.stderr
    assert done.stdout == ""


def test_an_unknown_stage_is_named(shell):
    for module in ("package", "deploy", "undeploy", "zappa"):
        done = run(module, "--stage", "prod", *(["status"] if module == "zappa" else []), shell=shell)
        assert done.returncode == 1
        assert "has no stage 'prod', but dev and production" in done.stderr


def test_stages_keep_their_pictures_apart():
    values = {"S3_BUCKET": BUCKET, "DATABASE_URL": "postgres://h/d", "SECRET_KEY": "s", "ALLOWED_HOSTS": "h"}
    values |= {"OPERATOR_CONTACT": CONTACT}
    prefixes = [
        stages.read(name).filled(values).settings["aws_environment_variables"]["S3_PREFIX"]
        for name in ("dev", "production")
    ]
    assert prefixes == ["dev/pictures", "production/pictures"]
