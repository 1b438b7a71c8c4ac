"""manage.py sweep: what it lists, what it removes, and what it leaves alone."""

import datetime
import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from carsite import hourly
from reconstruct.management.commands import sweep as command
from reconstruct.models import Place, Reconstruction, Standing, new_slug
from reconstruct.uploads import reconstruct_again

pytestmark = pytest.mark.django_db(transaction=True)
TWO_DAYS_S = 2 * 24 * 3600


@pytest.fixture
def sweep(capsys):
    """A function: what the command says."""

    def sweep(*options):
        call_command("sweep", *options)
        return capsys.readouterr().out

    return sweep


@pytest.fixture
def cars(visitor, store_car):
    return [store_car(visitor) for _ in range(3)]


@pytest.fixture
def leave_picture(media):
    """A function that leaves a picture behind, as an upload does that was cut off so long ago."""

    def leave_picture(age_s=TWO_DAYS_S):
        key = default_storage.save(f"cars/gone/{age_s}.jpg", ContentFile(b"a picture"))
        os.utime(media / key, (time.time() - age_s, time.time() - age_s))
        return key

    return leave_picture


def lose_picture(car, age_s=TWO_DAYS_S):
    """The car's photograph is gone from the storage."""
    default_storage.delete(car.original.name)
    made_at = timezone.now() - datetime.timedelta(seconds=age_s)
    Reconstruction.objects.filter(pk=car.pk).update(created_at=made_at)


def test_a_healthy_site_has_nothing_to_sweep(cars, sweep, stored_files):
    assert "Pictures without a car: 0. Cars without their pictures: 0." in sweep()
    assert "Removed, being older than a day: 0 and 0." in sweep("--delete")
    assert (len(stored_files()), Reconstruction.objects.count()) == (6, 3)


def test_it_lists_both_kinds_and_removes_neither(cars, sweep, stored_files, leave_picture):
    key = leave_picture()
    lose_picture(cars[0])
    output = sweep()
    assert f"without a car: {key}, of 2" in output
    assert f"without its pictures: {cars[0].slug}, of 2" in output
    assert "Removed" not in output
    assert (len(stored_files()), Reconstruction.objects.count()) == (6, 3)


def test_it_removes_what_is_older_than_a_day(cars, sweep, stored_files, leave_picture):
    leave_picture()
    lose_picture(cars[0])
    assert "Removed, being older than a day: 1 and 1." in sweep("--delete")
    assert set(Reconstruction.objects.all()) == set(cars[1:])
    assert len(stored_files()) == 4


def test_it_leaves_what_may_still_be_under_way(cars, sweep, stored_files, leave_picture):
    leave_picture(age_s=60)
    lose_picture(cars[0], age_s=60)
    assert "Removed, being older than a day: 0 and 0." in sweep("--delete")
    assert (len(stored_files()), Reconstruction.objects.count()) == (6, 3)


def test_another_sites_database_is_not_taken_for_one_that_lost_its_rows(cars, sweep, stored_files, leave_picture):
    for more_s in range(7):
        leave_picture(TWO_DAYS_S + more_s)
    with pytest.raises(CommandError, match="right database"):
        sweep("--delete")
    assert len(stored_files()) == 13
    sweep("--delete", "--force")
    assert len(stored_files()) == 6


def test_another_sites_bucket_is_not_taken_for_one_that_lost_its_pictures(cars, sweep):
    for car in cars[1:]:
        lose_picture(car)
    with pytest.raises(CommandError, match="S3_BUCKET"):
        sweep("--delete")
    assert Reconstruction.objects.count() == 3


def test_a_car_that_was_reconstructed_anew_meanwhile_stays(cars, sweep, monkeypatch):
    Reconstruction.objects.update(created_at=timezone.now() - datetime.timedelta(days=2))
    list_stored = command.stored_pictures

    def list_and_then_reconstruct(prefix):
        yield from list(list_stored(prefix))
        if prefix == f"cars/{cars[0].slug[0]}":
            reconstruct_again(cars[0])

    monkeypatch.setattr(command, "stored_pictures", list_and_then_reconstruct)
    output = sweep("--delete")
    assert f"without its pictures: {cars[0].slug}" in output
    assert "Removed, being older than a day: 0 and 0." in output
    assert Reconstruction.objects.count() == 3


class Context:
    """What Lambda tells a function of itself."""

    def __init__(self, left_s):
        self.left_s = left_s

    def get_remaining_time_in_millis(self):
        return 1000 * self.left_s


@pytest.mark.parametrize(("left_s", "placed"), [(60, 3), (5, 0)])
def test_cars_without_a_place_get_one_in_the_time_that_an_hours_sweep_leaves(cars, left_s, placed):
    Place.objects.all().delete()
    hourly.sweep({"time": "2026-11-24T03:17:00Z"}, Context(left_s))
    assert Place.objects.count() == placed


def test_what_a_run_has_no_time_for_the_next_one_does(cars, sweep, stored_files):
    old = timezone.now() - datetime.timedelta(days=400)
    Reconstruction.objects.update(public=False, created_at=old)
    Standing.objects.update(seen_on=old.date())
    assert "The time is up" in sweep("--delete", "--seconds", "0")
    assert Reconstruction.objects.count() == 3
    output = sweep("--delete", "--seconds", "600")
    assert "The time is up" not in output
    assert "nobody can reach any more, removed: 3." in output
    assert not Reconstruction.objects.exists()
    assert stored_files() == []


def test_a_part_of_it_runs_every_hour_and_the_whole_within_a_day(cars, leave_picture, stored_files, capsys):
    leave_picture()
    for hour in range(24):
        assert len(stored_files()) in (6, 7)
        hourly.sweep({"detail-type": "Scheduled Event", "time": f"2026-11-24T{hour:02}:17:00Z"}, Context(60))
    assert len(stored_files()) == 6


def test_a_part_leaves_the_others_alone(cars, sweep, stored_files, leave_picture):
    leave_picture()  # of a car whose slug begins with a g
    here = command.CHARACTERS.index("g")
    assert "Pictures without a car: 0." in sweep("--delete", "--part", f"{(here + 1) % 64}/64")
    assert len(stored_files()) == 7
    assert "Pictures without a car: 1." in sweep("--delete", "--part", f"{here}/64")
    assert len(stored_files()) == 6


def test_empty_folders_go_when_they_are_older_than_a_day(cars, sweep, stored_files, media):
    for age_s in (60, TWO_DAYS_S):
        folder = media / "cars" / f"empty-{age_s}"
        folder.mkdir()
        os.utime(folder, (time.time() - age_s, time.time() - age_s))
    sweep()
    assert len(list((media / "cars").iterdir())) == 5
    sweep("--delete")
    assert {path.name for path in (media / "cars").iterdir()} == {car.slug for car in cars} | {"empty-60"}
    assert len(stored_files()) == 6


def test_every_slug_is_in_a_slice():
    assert set("".join(new_slug() for _ in range(500))) <= set(command.CHARACTERS)
    assert len(command.CHARACTERS) == 64


@pytest.mark.parametrize("part", ["", "1", "2/2", "1/2/3", "a/b"])
def test_a_part_that_makes_no_sense_is_refused(db, part):
    with pytest.raises(CommandError, match="such as 0/24"):
        call_command("sweep", "--part", part)
