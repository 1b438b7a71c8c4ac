"""Token buckets in the database: how often something may be done, counted without any other service."""

from __future__ import annotations

import time

from django.db import connection, models

# A bucket is one number: when it will be full again. A token moves that time on by the time that a new token takes.
# Each `full_at` on the right is the row's; one that lies in the past stands for a bucket that has been full since.
TAKE = """
INSERT INTO reconstruct_tokenbucket AS bucket (key, full_at) VALUES (%(key)s, %(now)s + %(token_s)s)
ON CONFLICT (key) DO UPDATE
SET full_at = CASE WHEN bucket.full_at < %(now)s THEN %(now)s ELSE bucket.full_at END + %(token_s)s
WHERE bucket.full_at + %(token_s)s <= %(now)s + %(period_s)s
RETURNING full_at
"""


class TokenBucketQuerySet(models.QuerySet["TokenBucket"]):
    def full(self) -> TokenBucketQuerySet:
        """Those that say no more than a bucket that is not there."""
        return self.filter(full_at__lt=time.time())


class TokenBucket(models.Model):
    key = models.CharField(max_length=64, primary_key=True)
    full_at = models.FloatField(help_text="In seconds since 1970.")

    objects = TokenBucketQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key


def take(key: str, *, capacity: int, period_s: float) -> float:
    """Takes a token of the `capacity` that fill the bucket in `period_s`; returns 0, or seconds until there is one.

    One statement that is atomic by itself: of many at once, no more get a token than there are tokens. Causes a query,
    or two where there is none left.
    """
    now, token_s = time.time(), period_s / capacity
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"key": key, "now": now, "token_s": token_s, "period_s": period_s})
        if cursor.fetchone():
            return 0.0
    full_at = TokenBucket.objects.values_list("full_at", flat=True).get(key=key)
    return max(1.0, full_at + token_s - now - period_s)
