"""The bucket that the pictures are in: closed, encrypted, and free of uploads that broke off."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from deploy.stage import DeployError

CLOSED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
ENCRYPTED = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
TIDY = {
    "Rules": [
        {
            "ID": "aborted-uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
    ]
}


def prepare(s3: Any, bucket: str) -> None:
    """Creates the bucket where there is none, and gives it what it has not got; what its owner chose stays.

    Raises DeployError when it is somebody else's.
    """
    if not exists(s3, bucket):
        print(f"Creating the bucket {bucket}.")
        region = s3.meta.region_name
        elsewhere = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=bucket, **elsewhere)
    if not has(s3.get_public_access_block, bucket):
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=CLOSED)
    if not has(s3.get_bucket_encryption, bucket):
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=ENCRYPTED)
    if not has(s3.get_bucket_lifecycle_configuration, bucket):
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=TIDY)


def exists(s3: Any, bucket: str) -> bool:
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        match status_of(error):
            case 404:
                return False
            case 403:
                raise DeployError(f"The bucket {bucket} is somebody else's: choose another S3_BUCKET.") from error
        raise
    return True


def has(read: Any, bucket: str) -> bool:
    """Whether the bucket has this configuration, which `read` asks for."""
    try:
        read(Bucket=bucket)
    except ClientError as error:
        if status_of(error) == 404:
            return False
        raise
    return True


def status_of(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
