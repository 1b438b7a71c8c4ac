"""The database engine: Django's own, which gives up on a server that is connected and does not answer.

The server's statement_timeout ends a long query, and tcp_user_timeout a dead network. Neither notices a process that
was stopped, or a machine that hangs while its network still acknowledges what it gets.
"""

from __future__ import annotations

import functools
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        connection: Connection[Any] = super().get_new_connection(conn_params)
        if settings.DATABASE_ANSWER_S:
            connection.wait = functools.partial(wait, connection)  # type: ignore[method-assign]
        return connection


def wait(connection: Connection[Any], *arguments: Any, **options: Any) -> Any:
    """What Connection.wait does. Raises OperationalError after DATABASE_ANSWER_S seconds, and closes the connection."""
    try:
        return Connection.wait(connection, *arguments, **options | {"timeout": settings.DATABASE_ANSWER_S})
    except OperationalError as error:
        if error.sqlstate is None:  # it does not come from the server, which may still be busy with the query
            connection.pgconn.finish()
        raise
