"""The buckets that limits are counted in."""

import threading
import time

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client

from reconstruct.limits.buckets import TokenBucket, take


def patiently(do, *arguments, **named):
    """SQLite answers "table is locked" at once, without waiting, for a database in shared memory as tests have it."""
    for _ in range(1000):
        try:
            return do(*arguments, **named)
        except OperationalError:
            time.sleep(0.01)
    raise AssertionError("the table stayed locked")


def test_a_bucket_gives_as_many_tokens_as_it_holds_and_then_one_at_a_time(db, clock):
    assert [take("a", capacity=3, period_s=60) for _ in range(3)] == [0, 0, 0]
    assert take("a", capacity=3, period_s=60) == pytest.approx(20)
    assert take("b", capacity=3, period_s=60) == 0
    clock.now += 19
    assert take("a", capacity=3, period_s=60) == pytest.approx(1)
    clock.now += 1
    assert [take("a", capacity=3, period_s=60) > 0 for _ in range(2)] == [False, True]
    clock.now += 3600
    assert [take("a", capacity=3, period_s=60) > 0 for _ in range(4)] == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_tokens_than_there_are():
    waits = []

    def ask():
        try:
            waits.append(patiently(take, "a", capacity=5, period_s=3600))
        finally:
            connection.close()

    askers = [threading.Thread(target=ask) for _ in range(12)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(waits) == 12
    assert waits.count(0) == 5


def test_no_address_and_no_visitor_is_kept(visitor, upload_car):
    car = upload_car(visitor)
    visitor.post("/upload/", REMOTE_ADDR="198.51.100.77")
    keys = " ".join(TokenBucket.objects.values_list("key", flat=True))
    assert len(keys.split()) == 6  # two addresses by the hour and by the day, the visitor, the site
    assert "198.51" not in keys
    assert car.visitor not in keys


def test_another_secret_makes_other_keys(db, settings):
    def keys():
        TokenBucket.objects.all().delete()
        Client().post("/upload/")
        return set(TokenBucket.objects.values_list("key", flat=True))

    before = keys()
    settings.SECRET_KEY = "another"
    assert keys().isdisjoint(before)


def test_full_buckets_are_swept_at_night(db, clock):
    take("old", capacity=2, period_s=60)
    clock.now += 31
    take("new", capacity=2, period_s=60)
    call_command("sweep")
    assert TokenBucket.objects.count() == 2
    call_command("sweep", "--delete")
    assert [bucket.key for bucket in TokenBucket.objects.all()] == ["new"]
