"""What we add to Datasette: what readers may not see, the way to the login, the dashboard."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import Forbidden, Response, hookimpl

from listener.web.dashboard import page
from storage import privacy

NAME = "social-listening-bot"
DATABASE = "listener"
"""What the database is called in addresses, wherever its file lies."""
DAYS = 28
"""How far back the dashboard looks unless it is asked otherwise."""


@hookimpl
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    if database == DATABASE:
        privacy.hide(conn, people=not _settings(datasette)["show_authors"])


@hookimpl
def forbidden(datasette: Any, request: Any) -> Response | None:
    """People are led to the login; programs get the refusal."""
    if request.actor or "text/html" not in (request.headers.get("accept") or ""):
        return None
    return Response.redirect(datasette.urls.path("/-/login"))


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    return [(r"^/dashboard$", dashboard)]


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    return [{"href": datasette.urls.path("/dashboard"), "label": "Dashboard"}]


async def dashboard(datasette: Any, request: Any) -> Response:
    """The charts of one brand; ``?brand=`` and ``?days=`` say of which and how far back."""
    if not await datasette.permission_allowed(request.actor, "view-instance", default=True):
        raise Forbidden("view-instance")
    settings = _settings(datasette)
    html = await asyncio.to_thread(
        page,
        Path(settings["database"]),
        brand=request.args.get("brand"),
        days=_number(request.args.get("days")),
        language=settings["language"],
        links=settings["show_authors"],
    )
    return Response.html(html)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < len("10000") else DAYS


def _settings(datasette: Any) -> dict[str, Any]:
    return dict(datasette.plugin_config(NAME))
