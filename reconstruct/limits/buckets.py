"""Token buckets in the database, which limit how often something is done without another service such as Redis."""

from __future__ import annotations

import time

from django.db import connection, models

# A bucket is one number, the time at which it will be full again. Taking a token moves it by the time that a new token
# needs. `bucket.full_at` is the value before; a time in the past means that the bucket is full.
TAKE = """
INSERT INTO reconstruct_tokenbucket AS bucket (key, full_at) VALUES (%(key)s, %(now)s + %(token_s)s)
ON CONFLICT (key) DO UPDATE
SET full_at = CASE WHEN bucket.full_at < %(now)s THEN %(now)s ELSE bucket.full_at END + %(token_s)s
WHERE bucket.full_at + %(token_s)s <= %(now)s + %(period_s)s
RETURNING full_at
"""


class TokenBucketQuerySet(models.QuerySet["TokenBucket"]):
    def full(self) -> TokenBucketQuerySet:
        """The full buckets, which may be deleted: a missing bucket counts as full."""
        return self.filter(full_at__lt=time.time())


class TokenBucket(models.Model):
    key = models.CharField(max_length=64, primary_key=True)
    full_at = models.FloatField(help_text="In seconds since 1970.")

    objects = TokenBucketQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key


def take(key: str, *, capacity: int, period_s: float) -> float:
    """Takes a token from a bucket that fills with `capacity` tokens in `period_s`; returns 0, or seconds to wait.

    One atomic statement, so that requests at the same time never get more tokens than there are. Causes a query, or two
    where no token is left.
    """
    now, token_s = time.time(), period_s / capacity
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"key": key, "now": now, "token_s": token_s, "period_s": period_s})
        if cursor.fetchone():
            return 0.0
    full_at = TokenBucket.objects.values_list("full_at", flat=True).get(key=key)
    return max(1.0, full_at + token_s - now - period_s)
