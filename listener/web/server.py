"""The web pages: Datasette on the database, for reading only, behind a password."""

import asyncio
import os
import secrets
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from datasette.utils.asgi import BadRequest
from datasette_auth_passwords.utils import hash_password

from listener.config import Config
from listener.web import plugin
from listener.web.metadata import HASH_ENV, metadata
from storage import privacy
from storage.browsing import check_days
from storage.store import StoreError

SETTINGS = {
    "allow_csv_stream": False,
    "allow_download": False,
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 5000,
    "facet_time_limit_ms": 200,
    "suggest_facets": False,
}
"""Of Datasette: nothing may keep the daemon's machine busy for long. ``listener export`` has no limits."""

ROUNDS = 10_000
"""Of hashing. The hash never leaves this process, and programs have their password checked with every request."""


class _Shown(Database):  # type: ignore[misc] # Datasette has no types
    """A database as readers see it."""

    async def execute(self, sql: str, params: Any = None, *args: Any, **options: Any) -> Any:
        privacy.check(sql)
        if isinstance(params, Mapping):
            try:
                check_days(params)
            except StoreError as error:
                raise BadRequest(str(error)) from error
        return await super().execute(sql, params, *args, **options)


def application(config: Config, password: str | None) -> Datasette:
    """Datasette on the configured database.

    Args:
        password: what readers have to know; None: whoever reaches the address may read.
    """
    if password is not None:
        os.environ[HASH_ENV] = hash_password(password, iterations=ROUNDS)
    if not pm.has_plugin(plugin.NAME):
        pm.register(plugin, name=plugin.NAME)
    # with rich, it prints all local variables for every page not found, and breaks where there was no exception
    pm.get_plugin("datasette.handle_exception").rich = None
    made = Datasette(
        metadata=metadata(config, guarded=password is not None, today=datetime.now(UTC).date()),
        settings=SETTINGS,
        secret=secrets.token_hex(32),
    )
    # mutable, since the daemon writes; Datasette opens such a file with mode=ro
    made.add_database(_Shown(made, path=str(config.database), is_mutable=True), name=plugin.DATABASE)
    made.remove_database("_memory")
    return made


def serve(made: Datasette, listener: socket.socket) -> None:
    """Answer on this socket until a signal comes."""
    asyncio.run(made.invoke_startup())
    uvicorn.Server(uvicorn.Config(made.app(), log_level="warning")).run(sockets=[listener])


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens at this address; raises ``OSError`` where it cannot be had."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen()
    except OSError:
        made.close()
        raise
    return made
