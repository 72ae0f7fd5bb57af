"""Platforms on the loopback interface: one small HTTP server each, on a free port of its own.

    with Sandbox(world, [HackerNews(world), Reddit(world)]) as sandbox:
        sandbox.url("reddit")                                    # base_url for the connector
        sandbox.weather("reddit", Weather(status=429), times=2)  # the next two answers are refusals
        sandbox.requests("reddit")                               # what was asked so far

The platforms answer like the real ones and refuse what they would refuse. The weather makes them misbehave.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, Self
from urllib.parse import parse_qs, urlsplit

from listener.sandbox.world import World


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @cached_property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode(), keep_blank_values=True)

    def arg(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a platform says: ``body`` is sent as JSON unless it is text or bytes."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str | None = None

    def encoded(self) -> tuple[bytes, str]:
        """The body's bytes and its content type."""
        if isinstance(self.body, bytes):
            return self.body, self.content_type or "application/octet-stream"
        if isinstance(self.body, str):
            return self.body.encode(), self.content_type or "text/html; charset=utf-8"
        text = json.dumps(self.body, ensure_ascii=False)
        return text.encode(), self.content_type or "application/json; charset=utf-8"


class Platform(Protocol):
    """One platform's face on the world."""

    name: str

    def answer(self, request: Request) -> Answer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How the next answers go wrong. Everything unset stays as it was."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    delay: float = 0.0
    """Seconds before the answer."""
    cut: int | None = None
    """Close the connection after this many bytes of the body."""
    change: Callable[[Any], Any] | None = None
    """Applied to the true answer's body before it is sent (to spoil one record among good ones)."""
    only: str = ""
    """Applies to requests whose target contains this; others pass."""

    def on(self, answer: Answer) -> Answer:
        body = answer.body if self.body is None else self.body
        if self.change is not None:
            body = self.change(body)
        if self.status is not None and self.body is None and self.change is None:
            body = {"error": f"sandbox weather {self.status}"}
        kind = None if self.body is not None else answer.content_type
        return Answer(
            body=body,
            status=self.status or answer.status,
            headers={**answer.headers, **self.headers},
            content_type=kind,
        )


NOT_FOUND = Answer(status=404, body={"error": "not found"})


class Sandbox:
    """A context in which the given platforms answer on 127.0.0.1."""

    def __init__(self, world: World, platforms: Iterable[Platform]) -> None:
        self.world = world
        self._stations = {platform.name: _Station(platform) for platform in platforms}

    def __enter__(self) -> Self:
        for station in self._stations.values():
            station.start()
        return self

    def __exit__(self, *exc: object) -> None:
        for station in self._stations.values():
            station.stop()

    def url(self, platform: str) -> str:
        return self._stations[platform].url

    def requests(self, platform: str) -> list[Request]:
        return list(self._stations[platform].seen)

    def weather(self, platform: str, weather: Weather, *, times: int = 1) -> None:
        """Let the next ``times`` fitting requests meet this weather."""
        self._stations[platform].forecast.extend([weather] * times)

    def clear(self, platform: str) -> None:
        """Fair weather again."""
        self._stations[platform].forecast.clear()


class _Station:
    """One platform, its server and its weather."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.seen: list[Request] = []
        self.forecast: deque[Weather] = deque()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        if self._server is None:
            raise RuntimeError("the sandbox is not running: use it as a context manager")
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def weather_for(self, request: Request) -> Weather | None:
        for weather in list(self.forecast):
            if weather.only in request.target:
                self.forecast.remove(weather)
                return weather
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        station = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else every answer waits 40 ms for the client's acknowledgement

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                request = Request(self.command, self.path, dict(self.headers), self.rfile.read(length))
                station.seen.append(request)
                weather = station.weather_for(request)
                answer = station.platform.answer(request)
                if weather is not None:
                    time.sleep(weather.delay)
                    answer = weather.on(answer)
                self._send(answer, weather.cut if weather else None)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - the names http.server calls

            def _send(self, answer: Answer, cut: int | None) -> None:
                body, content_type = answer.encoded()
                try:
                    self.send_response(answer.status)
                    self.send_header("Content-Type", content_type)
                    self.send_header("Content-Length", str(len(body)))
                    if self.close_connection:  # asked for by the client, which must not use it again
                        self.send_header("Connection", "close")
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body[:cut])
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the client gave up first, as in a timeout test
                if cut is not None:
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's own name
                """Requests are kept in ``seen``, not printed."""

        return Handler
