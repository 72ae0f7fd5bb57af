"""Bluesky's engine jetstream, over a real WebSocket server that plays the stream."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from atproto_jetstream.models import parse_frame, parse_subscribe_events_message
from hypothesis import given
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from connectors import jetstream
from connectors.base import Allowance, Watch
from connectors.bluesky import Bluesky, BlueskySettings
from connectors.errors import AuthError, RetryLater
from connectors.meter import metered
from tests.connectors.contract import NOW, Polled
from tests.connectors.contract.fuzz import Mutation, fuzzed, mutations
from tests.connectors.contract.suite import closed_port

WATCH = Watch(since=NOW - timedelta(days=3), now=NOW, queries=("Brotwerk", '"good rolls"'))
SECOND = timedelta(seconds=1)
Play = Callable[[ServerConnection], None]


class Stream:
    """The address of a stream, and the handshakes it has seen."""

    def __init__(self) -> None:
        self.port = 0
        self.seen: list[Request] = []

    def poll(self, cursor: Any = None, polled: Polled | None = None, **changes: Any) -> Polled:
        values = {"jetstream_url": f"ws://127.0.0.1:{self.port}/xrpc/subscribe", "timeout": 0.5, **changes}
        connector = Bluesky(BlueskySettings(engine="jetstream", **values))
        return (polled or Polled()).take(connector.poll(WATCH, cursor))

    def asked(self) -> dict[str, list[str]]:
        """Parameters of the latest handshake."""
        return parse_qs(urlsplit(self.seen[-1].path).query)


@contextmanager
def stream(play: Play, refusal: Callable[[Request], Response | None] = lambda _: None) -> Iterator[Stream]:
    running = Stream()

    def arrived(_: ServerConnection, request: Request) -> Response | None:
        running.seen.append(request)
        return refusal(request)

    with serve(play, "127.0.0.1", 0, subprotocols=[jetstream.SUBPROTOCOL], process_request=arrived) as server:
        running.port = server.socket.getsockname()[1]
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield running
        finally:
            server.shutdown()
            thread.join()


def playing(*frames: str | bytes, drop: bool = False) -> Play:
    """Send the frames, then stay silent until the client leaves, or cut the line."""

    def play(connection: ServerConnection) -> None:
        for frame in frames:
            connection.send(frame)
        if drop:
            connection.socket.close()
            return
        for _ in connection:
            pass

    return play


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def uri(number: int) -> str:
    return f"at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3l{number:011d}"


def frame(number: int, seen: datetime, text: str | None = "Brotwerk", **changes: Any) -> str:
    """A commit of one post; without text, of its deletion."""
    event = {
        "$type": "network.bsky.jetstream.subscribeEvents#commit",
        "seq": number,
        "did": "did:plc:abcdefghijklmnopqrstuvwx",
        "time": iso(seen),
        "witnessedAt": iso(seen),
        "rev": "3l2222222222a",
        "operation": "create" if text is not None else "delete",
        "collection": "app.bsky.feed.post",
        "rkey": f"3l{number:011d}",
    }
    if text is not None:
        record = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": iso(seen - SECOND),
            "langs": ["de"],
        }
        event |= {"record": record, "cid": "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"}
    return json.dumps({"$type": "message", "payload": {**event, **changes}})


INFO = json.dumps(
    {
        "$type": "message",
        "payload": {"$type": "network.bsky.jetstream.subscribeEvents#info", "name": "OutdatedCursor"},
    }
)


def test_the_frames_of_these_tests_fit_the_librarys_models() -> None:
    for one in (frame(1, NOW), frame(1, NOW, None), frame(1, NOW, operation="update"), INFO):
        parse_subscribe_events_message(parse_frame(one))  # type: ignore[arg-type]  # no error frame is among them


def test_begins_now_and_ends_with_the_first_event_of_now() -> None:
    with stream(
        playing(frame(1, NOW - SECOND), frame(2, NOW + SECOND), frame(3, NOW + 2 * SECOND))
    ) as running:
        with metered(Allowance()) as meter:
            polled = running.poll(user_agent="the-bakery-listens/1.0")
        [request] = running.seen
    assert [mention.platform_id for mention in polled.mentions] == [uri(1), uri(2)]
    assert polled.cursor == {"time_us": micros(NOW)}, "an event of the future moves no cursor past now"
    assert running.asked() == {
        "collections": ["app.bsky.feed.post"],
        "kinds": ["commit"],
        "cursor": [str(micros(NOW - jetstream.REWIND))],
        "maxMessageSizeBytes": [str(jetstream.LARGEST)],
    }
    assert request.headers["User-Agent"] == "the-bakery-listens/1.0"
    assert meter.take()[0] == 1


def test_posts_edits_and_deletions() -> None:
    frames = [
        frame(1, NOW - 9 * SECOND, "good rolls"),
        frame(1, NOW - 8 * SECOND, "good rolls at Brotwerk", operation="update"),
        frame(2, NOW - 7 * SECOND, "nothing of note"),
        frame(3, NOW - 6 * SECOND, None),
        frame(4, NOW - 5 * SECOND, collection="app.bsky.feed.like"),
        frame(5, NOW - 5 * SECOND, None, collection="app.bsky.feed.like"),
        INFO,
    ]
    with stream(playing(*frames)) as running:
        polled = running.poll({"time_us": micros(NOW - 20 * SECOND)})
    texts = [mention.text for mention in polled.mentions]
    assert texts == ["good rolls", "good rolls at Brotwerk", "nothing of note"], (
        "the caller matches, and knows how"
    )
    assert polled.gone == [uri(3)]
    assert not polled.rejects
    first = polled.mentions[0]
    assert (first.platform_id, first.lang) == (uri(1), "de")
    assert first.published_at == NOW - 10 * SECOND
    assert first.engagement.likes is None
    assert first.author is not None
    assert first.author.handle is None
    assert first.url == "https://bsky.app/profile/did:plc:abcdefghijklmnopqrstuvwx/post/3l00000000001"
    assert polled.cursor == {"time_us": micros(NOW - 5 * SECOND)}


def test_resumes_where_it_was() -> None:
    known = {"time_us": micros(NOW - 60 * SECOND)}
    with stream(playing()) as running:
        polled = running.poll(known)
    assert running.asked()["cursor"] == [str(known["time_us"] - 3_000_000)]
    assert (polled.cursor, polled.mentions) == (known, []), "silence moves nothing"


def test_of_what_cannot_be_read_only_what_may_concern_us_is_kept() -> None:
    junk: list[str | bytes] = [
        "{",
        b"\xff\xfe",
        "[]",
        "null",
        "7",
        json.dumps({"$type": "message", "payload": None}),
    ]
    odd = [
        frame(1, NOW - 9 * SECOND, record={"text": "Brotwerk"}),
        frame(2, NOW - 8 * SECOND, record={"text": "someone else's"}),
        frame(3, NOW - 7 * SECOND, record=None),
        frame(4, NOW - 6 * SECOND, None, rkey=None, did=7),
        frame(5, NOW - 6 * SECOND, None, time="soon", witnessedAt=None),
        "Brotwerk, but no JSON",
    ]
    with stream(playing(*junk, *odd, frame(6, NOW - 5 * SECOND))) as running:
        polled = running.poll({"time_us": micros(NOW - 20 * SECOND)})
    assert [mention.platform_id for mention in polled.mentions] == [uri(6)]
    assert len(polled.rejects) == 2
    assert all("Brotwerk" in reject.raw for reject in polled.rejects)
    assert uri(5) in polled.gone
    assert all(isinstance(one, str) for one in polled.gone)


def test_damaged_frames_break_nothing() -> None:
    whole = [json.loads(frame(1, NOW)), json.loads(frame(2, NOW, None))]
    frames: list[str | bytes] = []

    def play(connection: ServerConnection) -> None:
        playing(*frames)(connection)

    with stream(play) as running:

        @fuzzed
        @given(mutation=mutations())
        def tried(mutation: Mutation) -> None:
            damaged = [json.dumps(mutation(one)) for one in whole]
            frames[:] = [*damaged, frame(3, NOW)]
            try:
                polled = running.poll()
            except RetryLater:
                return  # a frame became an error of the server's
            assert polled.cursor == {"time_us": micros(NOW)}
            assert all(
                isinstance(one, str) for one in [*polled.gone, *(one.reason for one in polled.rejects)]
            )

        tried()


@pytest.mark.parametrize(
    "last", [{"drop": True}, {"frame": json.dumps({"$type": "error", "error": "ConsumerTooSlow"})}]
)
def test_a_lost_stream_keeps_what_came_before(last: dict[str, Any]) -> None:
    frames = [frame(number, NOW - (60 - number) * SECOND) for number in range(1, 6)]
    more = [last["frame"]] if "frame" in last else []
    polled = Polled()
    with (
        stream(playing(*frames, *more, drop="drop" in last)) as running,
        pytest.raises(RetryLater, match="ended"),
    ):
        running.poll({"time_us": micros(NOW - 70 * SECOND)}, polled)
    assert len(polled.mentions) == 5
    assert polled.cursor == {"time_us": micros(NOW - 55 * SECOND)}


def test_a_long_way_is_gone_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jetstream, "EVENTS", 10)
    frames = [frame(number, NOW - (100 - number) * SECOND) for number in range(1, 26)]
    with stream(playing(*frames)) as running:
        connector = Bluesky(
            BlueskySettings(engine="jetstream", jetstream_url=f"ws://127.0.0.1:{running.port}", timeout=0.5)
        )
        pages = connector.poll(WATCH, {"time_us": micros(NOW - 200 * SECOND)})
        first = next(pages)
        assert [mention.platform_id for mention in first.mentions] == [uri(number) for number in range(1, 11)]
        assert first.cursor == {"time_us": micros(NOW - 90 * SECOND)}
        assert [len(page.mentions) for page in pages] == [10, 5]


@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (403, {}, AuthError),
        (429, {"Retry-After": "7"}, RetryLater),
        (400, {}, RetryLater),
        (502, {}, RetryLater),
    ],
)
def test_a_refused_handshake(status: int, headers: dict[str, str], error: type[Exception]) -> None:
    def refusal(_: Request) -> Response:
        return Response(status, HTTPStatus(status).phrase, Headers(headers), b"no")

    with stream(playing(), refusal) as running, pytest.raises(error) as caught:
        running.poll()
    if headers:
        assert caught.value.after == 7 * SECOND  # type: ignore[attr-defined]  # it is a RetryLater


def test_another_host_is_not_followed() -> None:
    def elsewhere(request: Request) -> Response | None:
        host, _, port = request.headers["Host"].partition(":")
        if host == "localhost":
            return None
        location = Headers({"Location": f"ws://localhost:{port}/"})
        return Response(302, "Found", location, b"")

    with (
        stream(playing(frame(1, NOW)), elsewhere) as running,
        pytest.raises(RetryLater, match="another host"),
    ):
        running.poll(timeout=5)


@pytest.mark.parametrize("url", ["", "nonsense", "http://127.0.0.1:9"])
def test_nobody_at_the_address(url: str) -> None:
    url = url or closed_port().replace("http", "ws")
    with pytest.raises(RetryLater) as caught:
        Stream().poll(jetstream_url=url)
    assert "\n" not in str(caught.value)
