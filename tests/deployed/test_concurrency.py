"""Eight workers, as Lambda would start them, and two hundred uploads at once: none is lost, doubled or left behind."""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.cars import as_file, draw_car
from tests.deployed import client, events
from tests.deployed.client import upload

WORKERS = 8
UPLOADS = 200
PREFIX = "dev/pictures/"


def test_two_hundred_uploads_at_once(start, function, database, bucket):
    def rows():
        with psycopg.connect(database.replace("postgres://", "postgresql://")) as connection:
            return connection.execute(
                "SELECT slug, original, reconstruction FROM reconstruct_reconstruction"
            ).fetchall()

    def stored():
        return {found.key.removeprefix(PREFIX) for found in bucket.objects.filter(Prefix=PREFIX)}

    rows_before, stored_before = rows(), stored()
    with start(workers=WORKERS) as workers:

        def upload_one(shade):
            visitor = client.visitor(workers, events.function_url)
            return upload(visitor, as_file(draw_car(paint=(shade, 255 - shade, 60))))

        with ThreadPoolExecutor(4 * WORKERS) as pool:
            answers = list(pool.map(upload_one, range(UPLOADS)))

    assert {answer.status_code for answer in answers} == {303}
    slugs = {answer.headers["Location"].split("/")[2] for answer in answers}
    assert len(slugs) == UPLOADS
    new = set(rows()) - set(rows_before)
    assert {slug for slug, _, _ in new} == slugs
    assert {key for row in new for key in row[1:]} == stored() - stored_before
    assert len(new) == UPLOADS
