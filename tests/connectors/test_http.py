"""The one door to the network, against servers that misbehave."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.base import Settings
from connectors.errors import AuthError, ConnectorError, RetryLater
from connectors.http import Pace, Session, get, get_json, raise_for, retry_after

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Rude(BaseHTTPRequestHandler):
    """Drips, floods, redirects and mislabels."""

    def do_GET(self) -> None:
        getattr(self, self.path.strip("/"))()

    def drip(self) -> None:
        self._head(200, "Content-Length: 1000")
        for _ in range(100):
            time.sleep(0.05)
            self.wfile.write(b" ")

    def flood(self) -> None:
        self._head(200, "Content-Length: 1000000")
        self.wfile.write(b" " * 1_000_000)

    def circle(self) -> None:
        self._head(302, "Location: /circle", "Content-Length: 0")

    def inside(self) -> None:
        port = self.server.server_address[1]
        self._head(302, f"Location: http://localhost:{port}/umlaut", "Content-Length: 0")

    def elsewhere(self) -> None:
        port = self.server.server_address[1]
        self._head(302, f"Location: http://localhost:{port}/told", "Content-Length: 0")

    def told(self) -> None:
        body = json.dumps(dict(self.headers)).encode()
        self._head(200, f"Content-Length: {len(body)}")
        self.wfile.write(body)

    def umlaut(self) -> None:
        body = '{"text": "Brötchen"}'.encode()
        self._head(200, "Content-Type: text/javascript", f"Content-Length: {len(body)}")
        self.wfile.write(body)

    def bomb(self) -> None:
        body = gzip.compress(b" " * 10_000_000)
        self._head(200, "Content-Encoding: gzip", f"Content-Length: {len(body)}")
        self.wfile.write(body)

    def zipped(self) -> None:
        body = gzip.compress(b'{"a": 1}')
        self._head(200, "Content-Encoding: gzip", f"Content-Length: {len(body)}")
        self.wfile.write(body)

    def away(self) -> None:
        self._head(302, "Location: /umlaut", "Content-Length: 1000000")
        self.wfile.write(b" " * 1_000_000)

    def deep(self) -> None:
        body = b"[" * 100_000
        self._head(200, f"Content-Length: {len(body)}")
        self.wfile.write(body)

    def _head(self, status: int, *lines: str) -> None:
        self.wfile.write("\r\n".join((f"HTTP/1.0 {status} -", *lines, "", "")).encode())

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # the client had enough: what these tests are about

    def log_message(self, *_: object) -> None:
        """Not printed."""


@pytest.fixture(scope="module")
def rude() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Rude)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def session(url: str, *, timeout: float = 5, max_bytes: int = 100_000) -> Session:
    return Session(Settings(base_url=url, timeout=timeout), max_bytes=max_bytes)


def test_an_answer_that_drips_is_given_up(rude: str) -> None:
    began = time.monotonic()
    with pytest.raises(RetryLater, match="too slowly"):
        get(session(rude, timeout=0.2), rude, "drip")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("path", ["flood", "bomb", "away"])
def test_an_answer_too_large_is_not_read(rude: str, path: str) -> None:
    with pytest.raises(RetryLater, match="more than 100,000 bytes"):
        get(session(rude), rude, path)


def test_compressed_answers_are_read(rude: str) -> None:
    assert get_json(session(rude), rude, "zipped") == {"a": 1}


def test_redirects_in_a_circle(rude: str) -> None:
    with pytest.raises(RetryLater, match="circle"):
        get(session(rude), rude, "circle")


def test_redirects_into_a_private_network_are_refused(rude: str) -> None:
    with pytest.raises(RetryLater, match="private address localhost"):
        get(session(rude), rude, "inside")
    trusting = Session(Settings(base_url=rude, timeout=5), trust=("http://localhost",))
    assert get(trusting, rude, "inside").status_code == 200


def test_a_redirect_to_another_host_takes_no_key_along(rude: str) -> None:
    trusting = Session(Settings(base_url=rude, timeout=5), trust=("http://localhost",))
    keys = {"Authorization": "Bearer secret", "X-Api-Key": "secret"}
    assert "secret" in str(get_json(trusting, rude, "told", headers=keys))
    seen = get_json(trusting, rude, "elsewhere", headers=keys)
    assert "secret" not in str(seen)
    assert seen["User-Agent"] == "social-listening-bot"


def test_a_key_that_no_header_can_hold(rude: str) -> None:
    with pytest.raises(AuthError, match="no header may have") as caught:
        get(session(rude), rude, "told", headers={"X-Api-Key": "schlüssel\u4e2d"})
    assert "schl" not in str(caught.value)


def test_requests_to_one_host_keep_their_distance() -> None:
    pace, began = Pace(), time.monotonic()
    threads = [threading.Thread(target=pace.wait, args=("one.example", 0.1)) for _ in range(4)]
    for thread in threads:
        thread.start()
    pace.wait("other.example", 0.1)
    assert time.monotonic() - began < 0.09, "another host need not wait"
    for thread in threads:
        thread.join()
    assert 0.3 <= time.monotonic() - began < 0.6


def test_json_is_utf8_whatever_its_label_says(rude: str) -> None:
    assert get_json(session(rude), rude, "umlaut") == {"text": "Brötchen"}


def test_json_without_end_is_not_json(rude: str) -> None:
    with pytest.raises(RetryLater, match="instead of JSON"):
        get_json(session(rude), rude, "deep")


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, AuthError, "key is missing or wrong"),
        (402, AuthError, "out of credit"),
        (403, AuthError, "not allowed"),
        (404, RetryLater, "check the address"),
        (418, RetryLater, "answered 418"),
        (429, RetryLater, "too many requests"),
        (503, RetryLater, "answered 503"),
    ],
)
def test_a_status_says_what_to_do(status: int, kind: type[ConnectorError], words: str) -> None:
    with pytest.raises(kind, match=words):
        raise_for(status, {}, "board.example")


def test_good_statuses_pass() -> None:
    for status in (200, 204, 304):
        raise_for(status, {}, "board.example")


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, timedelta(seconds=7)),
        ({"Retry-After": "0.5"}, timedelta(seconds=0.5)),
        ({"Retry-After": "Fri, 20 Nov 2026 12:01:00 GMT"}, timedelta(minutes=1)),
        ({"Retry-After": "Fri, 20 Nov 2026 11:00:00 GMT"}, timedelta(0)),
        ({"Retry-After": "99999999"}, timedelta(hours=24)),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 90)}, timedelta(seconds=90)),
        ({"x-rate-limit-reset": "9" * 30}, None),
        ({"x-rate-limit-reset": "nan"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], wait: timedelta | None) -> None:
    assert retry_after(headers, NOW) == wait
