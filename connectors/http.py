"""The one door to the network: every connector's requests pass through a ``Session`` of this module.

It gives what ``requests`` leaves out: a timeout for every request and for the whole answer, a limit on the
size of an answer, a guard against redirects into private networks, a pause between two requests to one host,
a count of them, and errors named by what to do.
"""

import ipaddress
import json
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError

from connectors import meter
from connectors.base import Settings
from connectors.errors import AuthError, ConnectorError, RetryLater

CHUNK = 64 * 1024
MAX_BYTES = 20 * 1024 * 1024
HARMLESS = {"Accept", "Accept-Encoding", "Connection", "User-Agent"}
"""Headers that a redirect may take along to another host."""
MAX_RETRY_AFTER = timedelta(hours=24)


class Pace:
    """Keeps the requests to one host apart, across all sources and threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: dict[str, float] = defaultdict(float)

    def wait(self, host: str, pause: float) -> None:
        """Return when the host may be asked again; takes the next turn for the caller at once."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free[host])
            self._free[host] = turn + pause
        time.sleep(turn - now)


PACE = Pace()


class GuardedAdapter(HTTPAdapter):
    """Reads every answer whole, those of redirects too, within a limit of size and of time, and refuses
    addresses in private networks, except the hosts the operator named in the config.
    """

    def __init__(self, trusted: set[str], *, pause: float, max_bytes: int, max_seconds: float) -> None:
        super().__init__()
        self._trusted = trusted
        self._pause = pause
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Raises ``RetryLater`` for a private host that is not the operator's, and beyond a limit."""
        host = urlsplit(request.url or "").hostname or ""
        if host not in self._trusted and not _is_public(host):
            raise RetryLater(f"refused to follow a link to the private address {host}")
        meter.count()
        PACE.wait(host, self._pause)
        response = super().send(request, *args, **kwargs)
        # requests has no public way to hand over a body that was read in pieces
        response._content = self._body(response, host)  # noqa: SLF001 - see above
        return response

    def _body(self, response: requests.Response, host: str) -> bytes:
        deadline = time.monotonic() + self._max_seconds
        body = bytearray()
        response.raw.decode_content = True
        try:
            # read1: what has arrived; read(n) waits for n bytes, and a server that drips them would stall us
            while chunk := response.raw.read1(CHUNK):
                body += chunk
                if len(body) > self._max_bytes or time.monotonic() > deadline:
                    break
            else:
                return bytes(body)
        except ReadTimeoutError as error:
            raise requests.ReadTimeout(error) from error
        except HTTPError as error:
            raise requests.ConnectionError(error) from error
        response.close()
        much = len(body) > self._max_bytes
        raise RetryLater(
            f"{host} answered " + (f"more than {self._max_bytes:,} bytes" if much else "too slowly")
        )


class Session(requests.Session):
    """A ``requests.Session`` that always has a timeout, a size limit and our errors.

    An answer has four timeouts to arrive whole. Network trouble is raised as ``RetryLater``; an answer's
    status is left to the caller (client libraries read it themselves) or to ``get`` of this module.
    """

    def __init__(
        self, settings: Settings, *, trust: tuple[str, ...] = (), max_bytes: int = MAX_BYTES
    ) -> None:
        super().__init__()
        self._timeout = settings.timeout
        self.headers["User-Agent"] = settings.user_agent
        hosts = {urlsplit(url).hostname or "" for url in (settings.base_url, *trust)}
        for scheme in ("http://", "https://"):
            self.mount(
                scheme,
                GuardedAdapter(
                    hosts, pause=settings.pause, max_bytes=max_bytes, max_seconds=4 * settings.timeout
                ),
            )

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """As in requests, with the default timeout; raises ``RetryLater`` on network trouble."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self._timeout
        host = urlsplit(url if isinstance(url, str) else url.decode()).hostname
        try:
            return super().request(method, url, *args, **kwargs)
        except requests.Timeout as error:
            raise RetryLater(f"{host} did not answer within {self._timeout:g} s") from error
        except (requests.exceptions.InvalidHeader, UnicodeEncodeError):
            # its message would quote the header, and with it the key
            raise AuthError("the key holds a character that no header may have") from None
        except requests.TooManyRedirects as error:
            raise RetryLater(f"{host} redirects in a circle") from error
        except requests.RequestException as error:
            raise RetryLater(f"cannot reach {host}: {_short(error)}") from error

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """At another host nobody's key is due, whatever header it stands in; as in requests for Authorization."""
        super().rebuild_auth(prepared_request, response)  # type: ignore[no-untyped-call]  # its types miss these two
        if self.should_strip_auth(response.request.url, prepared_request.url):  # type: ignore[no-untyped-call]  # see above
            for name in set(prepared_request.headers) - HARMLESS:
                del prepared_request.headers[name]


class CheckedSession(Session):
    """The session to put into a client library: our timeout instead of the library's, and an answer that is
    no good raises our error before the library can retry it, sleep over it or quote it.
    """

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(method, url, *args, **{**kwargs, "timeout": None})

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        response = super().send(request, **kwargs)
        self.check(response)
        return response

    def check(self, response: requests.Response) -> None:
        """Raises ``AuthError`` or ``RetryLater`` unless the answer is good JSON, or a redirect."""
        raise_for_status(response)
        if not response.is_redirect:
            decode(response)


@contextmanager
def library_errors(who: str, *kinds: type[Exception]) -> Iterator[None]:
    """Turn a client library's exceptions into ours; what our session raised within the library comes out
    as it was.
    """
    try:
        yield
    except kinds as error:
        if isinstance(error.__context__, ConnectorError):
            raise error.__context__ from None
        reason = " ".join(str(error).split())[:200]
        raise RetryLater(f"{who}: {type(error).__name__}: {reason}") from error


def get(session: requests.Session, base_url: str, path: str = "", **kwargs: Any) -> requests.Response:
    """GET ``base_url/path``; returns an answer with a good status.

    Raises:
        AuthError: 401, 402, 403. RetryLater: any other bad status, network trouble.
    """
    url = urljoin(base_url.rstrip("/") + "/", path.lstrip("/")) if path else base_url
    response = session.get(url, **kwargs)
    raise_for_status(response)
    return response


def get_json(session: requests.Session, base_url: str, path: str = "", **kwargs: Any) -> Any:
    """As ``get``, decoded; raises ``RetryLater`` where the answer is not JSON."""
    return decode(get(session, base_url, path, **kwargs))


def decode(response: requests.Response) -> Any:
    """The answer's JSON; raises ``RetryLater`` where it is none."""
    try:
        # from the bytes: requests would take a text without a stated charset for Latin-1
        return json.loads(response.content)
    except (ValueError, RecursionError) as error:
        kind = response.headers.get("Content-Type", "no content type")
        raise RetryLater(f"{_host(response)} answered {kind} instead of JSON") from error


def raise_for_status(response: requests.Response) -> None:
    """Raise the error that says what to do about a bad status; return on a good one (or a 304)."""
    raise_for(response.status_code, response.headers, _host(response))


def raise_for(status: int, headers: Mapping[str, str], who: str) -> None:
    """The same for a client library's error, which may not hold the answer itself.

    Args:
        who: the host or platform the message names.
    """
    if status < 400:
        return
    hints = {401: "the key is missing or wrong", 402: "out of credit", 403: "not allowed with this key"}
    if status in hints:
        raise AuthError(f"{who} answered {status}: {hints[status]}")
    after = retry_after(headers)
    if status == 429:
        raise RetryLater(f"{who} answered 429: too many requests", after=after)
    hint = ": check the address" if status in {404, 410} else ""
    raise RetryLater(f"{who} answered {status}{hint}", after=after)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> timedelta | None:
    """How long the platform asks to wait, within zero and a day; None where it does not say, or nonsense.

    Reads ``Retry-After`` (seconds or a date), else ``x-rate-limit-reset`` (Unix seconds).
    """
    now = now or datetime.now(UTC)
    try:
        if value := headers.get("Retry-After"):
            wait = (
                timedelta(seconds=float(value)) if _is_number(value) else parsedate_to_datetime(value) - now
            )
        elif value := headers.get("x-rate-limit-reset"):
            wait = datetime.fromtimestamp(float(value), UTC) - now
        else:
            return None
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    return min(max(wait, timedelta(0)), MAX_RETRY_AFTER)


def _is_number(value: str) -> bool:
    return value.strip().replace(".", "", 1).isdigit()


def _host(response: requests.Response) -> str:
    return urlsplit(response.url).hostname or "the server"


def _short(error: Exception) -> str:
    """The innermost reason of a nested network error, without addresses of Python objects."""
    reason: BaseException = error
    while reason.__cause__ or reason.__context__:
        reason = reason.__cause__ or reason.__context__ or reason
    return str(reason).rpartition("] ")[2] or type(reason).__name__


def _is_public(host: str) -> bool:
    """Whether every address of the host is public; a host that does not resolve is left to the connection."""
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return True
    return all(ipaddress.ip_address(entry[4][0]).is_global for entry in found)
