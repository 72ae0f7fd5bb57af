"""Jetstream: everything that happens on the AT Protocol's network, as a stream of JSON (its version 2).

A place in the stream is a time, in microseconds since 1970: unlike the numbers of its events, it means the same
to every instance. The server sends from there on without saying where the past ends and the present begins.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from connectors import meter
from connectors.base import Settings
from connectors.errors import RetryLater
from connectors.http import raise_for

EVENTS = 1000
"""Events of one batch, if they come within ``SECONDS``."""
SECONDS = 5.0
REWIND = timedelta(seconds=3)
"""How far before a known event to begin: instances see the network at slightly different times."""
LARGEST = 500_000
"""Bytes of an event; a post has a few thousand, and one too large would end every connection anew."""
SUBPROTOCOL = Subprotocol("xrpc.v1.json")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def batches(url: str, settings: Settings, collection: str, *, since: int, until: int) -> Iterator[list[Any]]:
    """Yield the events of a collection, oldest first, until one is as late as ``until`` or none comes for the
    settings' timeout; what cannot be read as an event is among them as it came.

    Raises:
        AuthError, RetryLater: as for any request; a lost connection after all events that came.
    """
    begin = since - REWIND // timedelta(microseconds=1)
    end: bool | RetryLater = False
    with _connection(url, settings, {"collections": collection, "cursor": begin}) as stream:
        while not end:
            batch, end = _batch(stream, settings.timeout, until)
            yield batch
    if isinstance(end, RetryLater):
        raise end


def _batch(stream: ClientConnection, patience: float, until: int) -> tuple[list[Any], bool | RetryLater]:
    """The next events, and whether they are the last ones, or why there will be no more."""
    events: list[Any] = []
    deadline = time.monotonic() + SECONDS
    while len(events) < EVENTS and time.monotonic() < deadline:
        try:
            events.append(_event(stream.recv(timeout=patience)))
        except TimeoutError:
            return events, True
        except (ConnectionClosed, RetryLater) as error:
            return events, RetryLater(f"Jetstream ended the stream: {error}")
        if (moment(events[-1]) or 0) >= until:
            return events, True
    return events, False


def moment(event: Any) -> int | None:
    """When the stream's instance saw the event, in microseconds since 1970; None where it cannot be read."""
    try:
        seen = datetime.fromisoformat(event.get("witnessedAt") or event["time"])
        return (seen - _EPOCH) // timedelta(microseconds=1)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None


@contextmanager
def _connection(url: str, settings: Settings, wanted: Mapping[str, Any]) -> Iterator[ClientConnection]:
    query = urlencode({**wanted, "kinds": "commit", "maxMessageSizeBytes": LARGEST})
    host = urlsplit(url).hostname
    meter.count()
    with ExitStack() as stack:
        try:
            opening = connect(
                f"{url}?{query}",
                subprotocols=[SUBPROTOCOL],
                user_agent_header=settings.user_agent,
                open_timeout=settings.timeout,
                close_timeout=1,
            )
            stream = stack.enter_context(opening)
        except InvalidStatus as error:
            raise_for(error.response.status_code, error.response.headers, "Jetstream")
            raise RetryLater(f"{host} does not speak WebSocket") from error
        except (OSError, ValueError, WebSocketException) as error:
            raise RetryLater(f"cannot reach {host or url}: {error}") from error
        if stream.request and urlsplit(f"//{stream.request.headers['Host']}").hostname != host:
            raise RetryLater(f"{host} redirects to another host")
        yield stream


def _event(frame: str | bytes) -> Any:
    """What a frame tells; the frame itself where it has no shape that is known.

    Raises:
        RetryLater: the frame is the server's last word.
    """
    try:
        told = json.loads(frame)
    except (ValueError, RecursionError):
        return str(frame)
    if not isinstance(told, dict):
        return told
    if told.get("$type") == "error":
        raise RetryLater(str(told.get("error")))
    return told.get("payload", told)
