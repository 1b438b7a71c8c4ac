"""How fast pages, admin, sweep and placing are with a million cars, on a PostgreSQL of its own: make bench-scale."""

import argparse
import datetime
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

import django
from django.test.utils import setup_test_environment

from tests.services import postgresql

TRIES = 7
VACANT = 1000  # cars of this model that have no place yet

# A tenth of the cars, the oldest, are of an earlier model. All name pictures of their own, and none of these is there.
CARS = """
INSERT INTO reconstruct_reconstruction ({columns}) SELECT {values} FROM generate_series(1, {count}) AS i
"""
SLUG = "translate(rtrim(encode(decode(md5('car' || i), 'hex'), 'base64'), '='), '+/', '-_')"
SPREAD = {
    "slug": SLUG,
    "visitor": "left(md5((i % 100000)::text), 22)",
    "created_at": "now() - ({count} - i) * interval '30 seconds'",
    "public": "i % 10 < 6",
    "approved": "i % 20 > 0",
    "needs_look": "i % 200 = 0",
    "hidden_at": "CASE WHEN i % 400 = 0 THEN now() END",
    "origin": "CASE WHEN i % 50 = 0 THEN 'steered' WHEN i % 5000 = 1 THEN 'code' ELSE 'photograph' END",
    "original": f"'cars/' || {SLUG} || '/photograph.jpg'",
    "reconstruction": f"'cars/' || {SLUG} || '/rebuilt.png'",
    "psnr_db": "28 + 6 * (random() + random() + random() - 1.5)",
    "code_bytes": "400 + (600 * random())::int + CASE WHEN i % 3000 = 0 THEN 1500 ELSE 0 END",
    "typicality": "random()",
    "model_version": "CASE WHEN i < {count} / 10 THEN 'earlier' ELSE model_version END",
}
PLACES = """
INSERT INTO reconstruct_place (car_id, model_version, vector, x, y)
SELECT id, model_version, set_byte(set_byte(%s::bytea, 0, id::int & 255), 4, (id / 256)::int & 255), random(), random()
FROM reconstruct_reconstruction WHERE model_version = %s AND id %% %s > 0
"""
LIST = "/admin/reconstruct/reconstruction/"


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benches.scale", description=__doc__)
    parser.add_argument("--cars", type=int, default=1_000_000)
    count = parser.parse_args().cars
    with postgresql(pgvector=False) as address:
        os.environ["TEST_DATABASE_URL"] = address
        django.setup()
        setup_test_environment()
        started = time.monotonic()
        car = fill(count)
        print(f"{count:,} cars made in {time.monotonic() - started:.0f} s\n")
        measure_pages(car)
        measure_commands(count)


def fill(count):
    """The newest car, after rows by bulk SQL: of one uploaded car, with other names, states and figures."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from reconstruct.models import Place, Reconstruction
    from tests.cars import upload

    settings.MEDIA_ROOT = Path(tempfile.mkdtemp())
    call_command("migrate", verbosity=0)
    upload(Client())
    car, place = Reconstruction.objects.get(), Place.objects.get()
    names = [field.column for field in Reconstruction._meta.concrete_fields if field.column != "id"]
    values = [SPREAD.get(name, name).format(count=count) for name in names]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE mould AS TABLE reconstruct_reconstruction")
        statement = CARS.format(columns=", ".join(names), values=", ".join(values), count=count)
        cursor.execute(statement.replace(" AS i", " AS i, mould").replace("%", "%%"), [])
        vacant = max(1, count // VACANT)
        Place.objects.all().delete()
        cursor.execute(PLACES, [bytes(place.vector), car.model_version, vacant])
        cursor.execute("VACUUM ANALYZE")
    return Reconstruction.objects.in_gallery().filter(place__isnull=False).latest("id")


def measure_pages(car):
    from django.contrib.auth.models import User
    from django.test import Client

    from reconstruct.orders import ORDERS, PARTS
    from reconstruct.visitors import key_of

    staff, visitor = Client(), Client(headers={"authorization": f"Bearer {key_of(car.visitor)}"})
    staff.force_login(User.objects.create_superuser("staff"))
    before = car.pk // 2
    for client, addresses in (
        (
            visitor,
            [
                "/",
                "/gallery/",
                f"/gallery/?before={before}",
                *(f"/gallery/?sort={order}&part={part}" for order in ORDERS for part in PARTS),
                "/history/",
                f"/cars/{car.slug}/",
                "/explore/map/",
                "/explore/map/cars.json",
                "/api/v1/cars?limit=100",
                f"/api/v1/cars/{car.slug}/alike",
            ],
        ),
        (
            staff,
            [
                "/admin/",
                f"{LIST}queue/",
                LIST,
                f"{LIST}?p={staff.get(LIST).context['cl'].paginator.num_pages}",
                f"{LIST}?q={car.slug}",
                f"{LIST}?q={car.visitor}",
                f"{LIST}?q=nothing",
                *(f"{LIST}?o={column}" for column in sortable(staff)),
                *(f"{LIST}?{query}" for query in filters(staff)),
                f"{LIST}{car.pk}/change/",
            ],
        ),
    ):
        for address in addresses:
            report(address, lambda address=address, client=client: client.get(address))
        print()


def sortable(staff):
    """What the heads of the list's columns ask for, upwards and downwards."""
    changes = staff.get(LIST).context["cl"]
    fields = [changes.list_display.index(name) for name in changes.sortable_by if name in changes.list_display]
    return [sign + str(field) for field in fields for sign in ("", "-")]


def filters(staff):
    """The query of every choice of every filter of the list."""
    changes = staff.get(LIST).context["cl"]
    choices = [choice for spec in changes.filter_specs for choice in spec.choices(changes)]
    return [choice["query_string"].removeprefix("?") for choice in choices if not choice["selected"]]


def report(name, ask):
    times = []
    for _ in range(TRIES):
        started = time.perf_counter()
        response = ask()
        b"".join(response)
        times.append(1000 * (time.perf_counter() - started))
        assert response.status_code == 200, (name, response.status_code)
    print(f"{statistics.median(times):7.0f} ms (best {min(times):.0f})  {name}", flush=True)


def measure_commands(count):
    """The sweep, beside a storage that holds just what the rows name; and the search for cars without a place."""
    from django.core.management import call_command

    from ml.serving.runtime import load
    from reconstruct.management.commands import place_cars, sweep
    from reconstruct.models import Reconstruction

    def stored_pictures(prefix):
        begins = prefix.removeprefix("cars/")
        rows = Reconstruction.objects.filter(slug__startswith=begins).values_list("original", "reconstruction")
        for keys in rows.iterator():
            for key in keys:
                yield key, datetime.datetime.now(datetime.UTC)

    sweep.stored_pictures = stored_pictures
    started = time.monotonic()
    call_command("sweep", "--delete", "--part", "0/24")
    report_command("sweep, one hour's part of it (--delete --part 0/24)", started)
    started = time.monotonic()
    found = sum(1 for _ in place_cars.unplaced_cars(load().version))
    report_command(f"place_cars, to find {found:,} cars without a place", started)
    print(f"\nAt most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB of memory in all of this.")


def report_command(name, started):
    print(f"{time.monotonic() - started:7.1f} s   {name}", flush=True)


if __name__ == "__main__":
    main()
