"""What we add to Datasette: what readers may not see, the way to the login, the dashboard."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import Forbidden, Response, hookimpl

from listener.web.addresses import asks_loopback
from listener.web.dashboard import page
from storage import privacy

NAME = "social-listening-bot"
DATABASE = "listener"
"""What the database is called in addresses, wherever its file lies."""
DAYS = 28
"""How far back the dashboard looks unless it is asked otherwise."""
Application = Callable[[Any, Any, Any], Awaitable[None]]
"""ASGI: scope, receive, send."""


@hookimpl
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    if database == DATABASE:
        privacy.hide(conn, people=not _settings(datasette)["show_authors"])


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Application], Application]:
    """Where no password guards the pages, answer to this machine's own names alone.

    A page from elsewhere can have its own name point to this machine (DNS rebinding); then the browser lets it read
    what we answer, but it asks under that name.
    """
    return (lambda application: application) if _settings(datasette)["guarded"] else _own_names_only


def _own_names_only(application: Application) -> Application:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope.get("headers", ()))
        if scope["type"] == "http" and not asks_loopback(headers.get(b"host", b"").decode("latin-1")):
            refusal = "Without a password, ask for http://127.0.0.1 or http://localhost."
            await Response.text(refusal, status=421).asgi_send(send)
        else:
            await application(scope, receive, send)

    return answer


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
