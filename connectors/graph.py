"""Meta's Graph API, as the Instagram and Facebook connectors both speak it.

Three habits of it shape this module. An error is told by a code in the body, mostly with status 400. The
addresses of next pages hold the token, so only their cursor is taken. And "does not exist" is also said of
what the token may not see, so that alone is no proof that a post was deleted.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NoReturn, Self
from urllib.parse import urlencode

import requests
from pydantic import Field, SecretStr

from connectors import base
from connectors.base import Cursor, Page, Watch, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import MAX_RETRY_AFTER, Session, decode, library_errors, raise_for_status, retry_after
from connectors.sweep import Sweeps
from storage.records import Mention

HOUR = 3600
DAY = 24 * HOUR
BRIEFLY = 2 * HOUR
IN_A_BATCH = 50
MISSING = (100, 33)
"""Code and subcode of an object that does not exist, or that this token may not see."""
INVALID = 100
BAD_TOKEN = {102, 190}
NO_SUCH_HASHTAG = 24
PASSING = {1, 2, 4, 17, 32, 341, 368, 613, *range(80_000, 80_015)}
"""Downtime and rate limits, whatever the status."""
SOMEBODY_MUST_ACT = {3, 10, 12, NO_SUCH_HASHTAG, INVALID, 803, 2635, *BAD_TOKEN, *range(200, 300)}
"""A permission, a parameter or the version is wrong."""


class GraphSettings(base.Settings):
    base_url: str = "https://graph.facebook.com"
    access_token: SecretStr = Field(min_length=1)
    app_secret: SecretStr | None = None
    """Proves each call, for apps that require it."""
    version: str = Field(default="v26.0", pattern=r"^v\d+\.\d+$", description="of the Graph API")
    page_size: int = Field(default=50, ge=1, le=100, description="entries asked for at once")
    own_posts: int = Field(default=50, ge=0, le=100, description="newest own posts whose comments are read")


class RefusedError(AuthError):
    """The API refuses a request for good, with this code."""

    def __init__(self, message: str, code: int, subcode: int) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An edge whose entries become mentions, newest first."""

    name: str
    path: str
    params: Mapping[str, Any]
    parse: Callable[[Any], Mention | None]
    dated: str
    """The field that holds an entry's time."""
    state: str | None = None
    """Changes when the edge has something new, if that is known; an unchanged one is not read again."""
    unfold: Callable[[list[Any]], Iterable[Any]] = field(default=iter)
    """Entries, and those inside them."""
    overlap: int = DAY
    """Seconds below a finished sweep's end that are read again: for what is listed late."""
    every: int = 0
    """Seconds between two sweeps through the whole overlap; those between them go only ``BRIEFLY`` below the end."""
    names_next: bool = True
    """Whether a page tells that there is another; else the last one is followed by an empty one."""


class Graph:
    """The API with one token."""

    def __init__(self, settings: GraphSettings) -> None:
        self._session = Session(settings)
        self._address = f"{settings.base_url.rstrip('/')}/{settings.version}/"
        self._size = settings.page_size
        self._token = settings.access_token.get_secret_value()
        self._session.headers["Authorization"] = f"Bearer {self._token}"
        if settings.app_secret:
            secret = settings.app_secret.get_secret_value().encode()
            proof = hmac.new(secret, self._token.encode(), hashlib.sha256).hexdigest()
            self._session.params = {"appsecret_proof": proof}

    def get(self, path: str, **params: Any) -> Any:
        """One node or edge.

        Raises:
            RefusedError (an AuthError), AuthError, RetryLater.
        """
        return self._decoded(self._session.get(self._address + path, params=params))

    def page(
        self, path: str, after: str | None = None, *, names_next: bool = True, **params: Any
    ) -> tuple[list[Any], str | None]:
        """The entries of one page of an edge, and the cursor of the next page."""
        answer = self.get(path, **{"limit": self._size, "after": after, **params})
        with library_errors("the Graph API", AttributeError, KeyError, TypeError):
            entries, paging = list(answer["data"]), answer.get("paging") or {}
            more = paging.get("next") if names_next else entries
            following = (paging.get("cursors") or {}).get("after")
        return entries, str(following) if more and following else None

    def every(self, path: str, **params: Any) -> Iterator[Any]:
        """All entries of an edge."""
        after: str | None = None
        before: str | None = ""
        while after != before:  # the same cursor again: the edge would never end
            before = after
            entries, after = self.page(path, after, **params)
            yield from entries
            if after is None:
                return
        raise RetryLater("the Graph API pages in a circle")

    def nodes(self, fields: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
        """Many nodes in one request: what was found, by id, and the ids said to be missing.

        Args:
            fields: what to read of each id, at most 50 of them.
        """
        calls = [
            {"method": "GET", "relative_url": f"{node}?{urlencode({'fields': wanted})}"}
            for node, wanted in fields.items()
        ]
        form = {"access_token": self._token, "include_headers": "false", "batch": json.dumps(calls)}
        answers = self._decoded(self._session.post(self._address, data=form))
        found, missing = {}, []
        with library_errors("the Graph API", AttributeError, KeyError, TypeError, ValueError):
            for node, answer in zip(fields, answers, strict=True):
                if answer is None:  # it took too long
                    continue
                body = json.loads(answer["body"])
                if answer["code"] == 200:
                    found[node] = body
                elif _codes(body["error"]) == MISSING or answer["code"] == 404:
                    missing.append(node)
                else:
                    self._refuse(body["error"], answer["code"], None)
        return found, missing

    def _decoded(self, response: requests.Response) -> Any:
        try:
            body = decode(response)
        except RetryLater:
            raise_for_status(response)  # a bad status says more than what its body is not
            raise
        if isinstance(body, dict) and isinstance(body.get("error"), dict):
            self._refuse(body["error"], response.status_code, _wait(response))
        raise_for_status(response)
        return body

    def _refuse(self, error: Mapping[str, Any], status: int, after: timedelta | None) -> NoReturn:
        code, subcode = _codes(error)
        said = " ".join(str(error.get("message")).replace(self._token, "...").split())[:300]
        if code in BAD_TOKEN:  # without its words: they may quote a part of the token
            raise RefusedError(f"the access token is wrong or has expired ({code}/{subcode})", code, subcode)
        if code in SOMEBODY_MUST_ACT or (status in {401, 403} and code not in PASSING):
            raise RefusedError(f"the Graph API refuses ({code}/{subcode}): {said}", code, subcode)
        raise RetryLater(f"the Graph API asks to wait ({code}/{subcode}): {said}", after=after)


def _codes(error: Mapping[str, Any]) -> tuple[int, int]:
    """Code and subcode; zero for what is none."""
    given = (error.get("code"), error.get("error_subcode"))
    code, subcode = (one if isinstance(one, int) else 0 for one in given)
    return code, subcode


def _wait(response: requests.Response) -> timedelta | None:
    """How long until calls are allowed again, in minutes for each object and kind of call."""
    try:
        usage = json.loads(response.headers.get("X-Business-Use-Case-Usage", "{}"))
        minutes = [kind["estimated_time_to_regain_access"] for kinds in usage.values() for kind in kinds]
        longest = timedelta(minutes=max(minutes, default=0))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        longest = timedelta(0)
    return min(longest, MAX_RETRY_AFTER) if longest > timedelta(0) else retry_after(response.headers)


@dataclass(frozen=True, slots=True)
class _States:
    """In what state listings were read: ``seen`` when the last sweep began; ``whole`` when and in what state the
    last one through the whole overlap did.
    """

    seen: dict[str, str | None]
    whole: dict[str, tuple[int, str | None]]

    @classmethod
    def of(cls, cursor: Cursor | None, names: Container[str]) -> Self:
        given = [(cursor or {}).get(key, {}) for key in ("seen", "whole")]
        return cls(*({name: one for name, one in known.items() if name in names} for known in given))

    def is_due(self, listing: Listing, now: int) -> bool:
        """Whether the next sweep goes through the whole overlap."""
        return listing.name not in self.whole or now - self.whole[listing.name][0] >= listing.every

    def has_news(self, listing: Listing, now: int) -> bool:
        """Whether something may be there that no sweep has found."""
        if listing.state is None or listing.state != self.seen.get(listing.name):
            return True
        return listing.every > 0 and self.is_due(listing, now) and listing.state != self._state(listing)

    def _state(self, listing: Listing) -> str | None:
        return self.whole.get(listing.name, (0, None))[1]

    def stored(self) -> dict[str, Any]:
        return {"seen": dict(self.seen), "whole": {name: list(one) for name, one in self.whole.items()}}


def poll(graph: Graph, listings: Iterable[Listing], watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
    """One sweep for each listing that may have something new. A post whose comments cannot be found was perhaps
    deleted just now: that is reported after the others were read, and pauses nothing.
    """
    named = {listing.name: listing for listing in listings}
    sweeps, states = Sweeps(cursor, named), _States.of(cursor, named)
    lost: list[str] = []
    for name in sweeps:
        if sweeps[name].running or states.has_news(named[name], int(watch.now.timestamp())):
            try:
                yield from _sweep(graph, named[name], sweeps, states, watch)
            except RefusedError as refused:
                if named[name].state is None or (refused.code, refused.subcode) != MISSING:
                    raise
                lost.append(name)
    if lost:
        raise RetryLater(f"the Graph API does not find what it has just listed: {', '.join(lost)}")


def _sweep(graph: Graph, listing: Listing, sweeps: Sweeps, states: _States, watch: Watch) -> Iterator[Page]:
    sweep, now = sweeps[listing.name], int(watch.now.timestamp())
    stale = sweep.running
    whole = states.is_due(listing, now)
    floor = sweep.floor(int(watch.since.timestamp()), listing.overlap if whole else BRIEFLY)
    while True:
        at = None if sweep.at is None else str(sweep.at)
        try:
            entries, after = graph.page(listing.path, at, names_next=listing.names_next, **listing.params)
        except RefusedError as refused:
            if not (stale and refused.code == INVALID):
                raise
            sweep, stale = replace(sweep, at=None), False  # the entry of a stored cursor was deleted
            continue
        stale = False
        if not sweeps[listing.name].running:
            states.seen[listing.name] = listing.state  # what comes from now on changes it
        marks = [mark for entry in entries if (mark := _mark(entry, listing.dated)) is not None]
        # a whole page below: single old ones stand among new ones, tagged only now
        ended = after is None or max(marks, default=floor) < floor
        sweep = sweep.advance(marks, now=now, at=None if ended else after)
        if ended and whole and listing.every:
            states.whole[listing.name] = (now, states.seen.get(listing.name))
        with library_errors("the Graph API", AttributeError, KeyError, TypeError):
            mentions, rejects = parse_each(listing.unfold(entries), listing.parse)
        yield Page(
            mentions=mentions,
            rejects=rejects,
            cursor={**sweeps.commit(listing.name, sweep), **states.stored()},
        )
        if ended:
            return


def _mark(entry: Any, name: str) -> int | None:
    try:
        return int(datetime.fromisoformat(entry[name]).timestamp())
    except (KeyError, OverflowError, TypeError, ValueError):
        return None


def node_of(platform_id: str) -> str:
    """A comment's platform_id is "post/comment": what it stands below is needed to look it up."""
    return platform_id.rpartition("/")[2]


def surely_gone(graph: Graph, missing: Sequence[str], found: Iterable[str]) -> list[str]:
    """Those comments of the missing whose post can be read, or all if other comments could be: with another
    token, or one that lost a permission, everything would be "missing".
    """
    if any(found):
        return list(missing)
    posts = {one.partition("/")[0]: "id" for one in missing}
    readable = graph.nodes(posts)[0] if posts else {}
    return [one for one in missing if one.partition("/")[0] in readable]


def listed(listings: Iterable[Listing], graph: Graph, ids: Sequence[str]) -> tuple[list[Any], bool]:
    """The entries with these ids, and whether the absence of the others means anything: every listing was
    read to its end, and showed something.
    """
    wanted, found, shown = set(ids), [], False
    for listing in listings:
        for entry in graph.every(listing.path, names_next=listing.names_next, **listing.params):
            shown = True
            number = entry.get("id") if isinstance(entry, dict) else None
            if isinstance(number, str) and number in wanted:
                wanted.discard(number)
                found.append(entry)
            if not wanted:
                return found, True
    return found, shown


def total_of(edge: Any) -> Any:
    """The count of an edge that was asked for its summary; None where it is withheld."""
    return ((edge or {}).get("summary") or {}).get("total_count")
