"""Which permission of IAM a request to AWS needs, read from botocore's own description of the services."""

import functools
import re
from urllib.parse import parse_qs, urlsplit

import botocore.session

# Where the permission has another name than the operation:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html and its neighbours.
PERMISSIONS = {
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "budgets:DeleteBudget": "budgets:ModifyBudget",
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:UploadPart": "s3:PutObject",
    "s3:UploadPartCopy": "s3:PutObject",
}


def permission(method, url, headers, body):
    """Such as s3:PutObject. The service is named in the signature."""
    service = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", headers["Authorization"])[1]
    service = {"monitoring": "cloudwatch"}.get(service, service)
    action = f"{service}:{operation(service, method, url, headers, body)}"
    return PERMISSIONS.get(action, action)


def operation(service, method, url, headers, body):
    if target := headers.get("X-Amz-Target"):
        return target.rpartition(".")[2]
    if named := re.search(r"/operation/(\w+)$", urlsplit(url).path):
        return named[1]
    if named := re.match(rb"Action=(\w+)", body):
        return named[1].decode()
    address = urlsplit(url)
    asked = parse_qs(address.query, keep_blank_values=True).keys()
    fitting = [
        (len(query), name)
        for name, wanted, path, query in operations(service)
        if method == wanted and path.fullmatch(address.path) and query <= asked
    ]
    return max(fitting)[1]


@functools.cache
def operations(service):
    """Name, method, pattern of the path and names in the query of each operation."""
    model = botocore.session.get_session().get_service_model(service)
    found = []
    for name in model.operation_names:
        described = model.operation_model(name).http
        path, _, query = described["requestUri"].partition("?")
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.sub(r"\\{\w+\\\+\\}", ".+", re.escape(path)))
        names = parse_qs(query, keep_blank_values=True).keys()
        found.append((name, described["method"], re.compile(f"{pattern}/?"), set(names)))
    return found
