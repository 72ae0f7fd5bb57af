"""The daemon's ear: what other programs post to ``/webhook/<source name>`` is stored before they get an answer.

So a sender that was told 200 need not send again, and one that was not told it may: the same mention twice
is one mention.
"""

import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

import structlog
from waitress import wasyncore  # type: ignore[import-untyped]  # it has no types
from waitress.server import create_server  # type: ignore[import-untyped]  # it has no types

from connectors.base import Page, Receiving
from connectors.errors import AuthError, BadRecord
from listener.config import Config, SourceConfig
from listener.config.sections import WebhookSection
from listener.log import one_line
from listener.watching import Filing
from storage import sources
from storage.records import Reject
from storage.store import Store

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

ROOT = "/webhook/"
HINTS = {
    HTTPStatus.UNAUTHORIZED: [("WWW-Authenticate", 'Basic realm="webhook"')],
    HTTPStatus.METHOD_NOT_ALLOWED: [("Allow", "POST")],
}
"""Headers that HTTP asks for beside a status."""

log = structlog.get_logger()


class EndpointError(Exception):
    """The address cannot be listened at; the message says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender is told."""

    status: HTTPStatus
    content: Mapping[str, Any]

    @classmethod
    def error(cls, status: HTTPStatus, message: str) -> "Reply":
        return cls(status, {"error": message})


@contextmanager
def serving(config: Config, section: WebhookSection) -> Iterator[None]:
    """Answer requests in threads of their own meanwhile; at the end those in hand are finished.

    Raises:
        EndpointError: the address cannot be listened at.
    """
    host, port = section.address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise EndpointError(f"[webhook] listen: cannot listen at {section.listen}: {error}") from error
    channels: dict[int, Any] = {}
    server = create_server(
        Endpoint(config),
        map=channels,
        sockets=[listening],
        max_request_body_size=section.max_bytes + 1,  # it refuses a body of this size
        ident=None,
        channel_timeout=15,  # seconds; a sender that stops midway must not keep others out
        cleanup_interval=5,
        connection_limit=1000,
    )
    thread = threading.Thread(target=server.run, name="endpoint", daemon=True)
    thread.start()
    log.info("listening", address=section.listen)
    try:
        yield
    finally:
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(lambda: wasyncore.close_all(channels))  # the server's thread must do that
        thread.join()


class Endpoint:
    """The WSGI application. The server has refused bodies that are too large, before this is called."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._sources = {one.name: one for one in config.sources if issubclass(one.connector, Receiving)}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        reply = self._reply(environ)
        body = json.dumps(dict(reply.content)).encode()
        start_response(
            f"{reply.status.value} {reply.status.phrase}",
            [
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(body))),
                *HINTS.get(reply.status, ()),
            ],
        )
        return [body]

    def _reply(self, environ: "WSGIEnvironment") -> Reply:
        # WSGI hands over the bytes of the path as if they were Latin-1
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        method = environ["REQUEST_METHOD"]
        if path == "/health":
            return Reply(HTTPStatus.OK, {"status": "ok"})
        began = time.monotonic()
        source = self._sources.get(path.removeprefix(ROOT)) if path.startswith(ROOT) else None
        if source is None:
            reply = Reply.error(HTTPStatus.NOT_FOUND, "there is no such webhook")
        elif method != "POST":
            reply = Reply.error(HTTPStatus.METHOD_NOT_ALLOWED, "send it with POST")
        elif not _is_json(environ):
            reply = Reply.error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send plain JSON, as application/json")
        else:
            reply = self._file(source, environ)
        log.log(
            20 if reply.status < 400 else 30,
            "received",
            source=source.name if source else one_line(path[:100]),
            status=reply.status.value,
            **reply.content,
            seconds=round(time.monotonic() - began, 2),
        )
        return reply

    def _file(self, source: SourceConfig, environ: "WSGIEnvironment") -> Reply:
        """Have the source's connector read what was posted, and store it."""
        try:
            connector = cast("Receiving", source.connect())
        except AuthError as error:
            log.error("a webhook lacks its secret", source=source.name, error=str(error))  # noqa: TRY400 - no bug of ours
            return Reply.error(HTTPStatus.SERVICE_UNAVAILABLE, "not ready yet")
        body = environ["wsgi.input"].read()
        try:
            page = connector.receive(body, _headers(environ), datetime.now(UTC))
            return Reply(HTTPStatus.OK, self._store(source, page))
        except AuthError as error:
            return Reply.error(HTTPStatus.UNAUTHORIZED, str(error))
        except BadRecord as error:
            self._store(
                source, Page(rejects=[Reject(raw=body.decode("utf-8", "replace"), reason=str(error))])
            )
            return Reply.error(HTTPStatus.BAD_REQUEST, str(error))
        except Exception:  # a bug of ours must reach the log, and the sender try again
            log.exception("a request could not be handled", source=source.name)
            return Reply.error(HTTPStatus.INTERNAL_SERVER_ERROR, "this is our fault; try again later")

    def _store(self, source: SourceConfig, page: Page) -> dict[str, int]:
        with Store(self._config.database) as store:
            source_id = next(one.id for one in sources.active(store) if one.name == source.name)
            result = Filing(store, self._config, source, source_id).add(page)
            now = datetime.now(UTC)
            sources.succeeded(store, source_id, now=now, next_poll_at=now + source.section.every)
        return {"stored": result.new + result.updated, "rejected": len(page.rejects)}


def _is_json(environ: "WSGIEnvironment") -> bool:
    kind = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    if environ.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        return False
    return kind == "application/json" or kind.endswith("+json")


def _headers(environ: "WSGIEnvironment") -> dict[str, str]:
    """The request's headers, with names in lower case."""
    return {
        key.removeprefix("HTTP_").replace("_", "-").lower(): value
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }
