"""Where PostgreSQL has pgvector, it keeps the vectors of all places in a graph as well: reconstruct.similarity asks it.

The extension may be missing, or not ours to create: then nothing is done here, and the search is one in memory. To try
again: `manage.py migrate reconstruct 0003`, `manage.py migrate`.
"""

from django.db import ProgrammingError, migrations, transaction

# Little-endian float32 → vector, by the bits: sign, exponent (biased by 127, the point 23 places further right), mantissa.
FUNCTION = """
CREATE FUNCTION reconstruct_embedding(floats bytea) RETURNS vector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(
        (1 - 2 * (bits >> 31)) * ((bits & 8388607) | 8388608) * 2::float8 ^ (((bits >> 23) & 255) - 150) ORDER BY start
    )::real[]::vector
    FROM generate_series(0, length(floats) - 4, 4) AS start, LATERAL (
        SELECT get_byte(floats, start)::bigint
            + 256 * get_byte(floats, start + 1)
            + 65536 * get_byte(floats, start + 2)
            + 16777216 * get_byte(floats, start + 3)::bigint
    ) AS word (bits)
$$
"""
COLUMN = """
ALTER TABLE reconstruct_place
    ADD COLUMN embedding vector(32) GENERATED ALWAYS AS (reconstruct_embedding(vector)) STORED
"""
INDEX = "CREATE INDEX reconstruct_embeddings ON reconstruct_place USING hnsw (embedding vector_l2_ops)"


def add_embedding(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql" and created_extension(schema_editor.connection):
        for statement in (FUNCTION, COLUMN, INDEX):
            schema_editor.execute(statement)


def created_extension(connection):
    """Whether pgvector can be used, in a version that goes on searching where a filter leaves too few rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_to_array(default_version, '.')::int[] >= '{0,8}' FROM pg_available_extensions"
            " WHERE name = 'vector'"
        )
        if cursor.fetchone() != (True,):
            return False
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
        except ProgrammingError:  # this user may not
            return False
        cursor.execute("SELECT to_regtype('vector') IS NOT NULL")  # it may have been put where this user does not look
        return cursor.fetchone() == (True,)


def remove_embedding(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE reconstruct_place DROP COLUMN IF EXISTS embedding")
        schema_editor.execute("DROP FUNCTION IF EXISTS reconstruct_embedding(bytea)")


class Migration(migrations.Migration):

    dependencies = [
        ('reconstruct', '0003_place'),
    ]

    operations = [
        migrations.RunPython(add_embedding, remove_embedding),
    ]
