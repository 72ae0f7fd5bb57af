"""RSS and Atom feeds: news, blogs, forums, anything that has one.

Feeds are fetched here and only parsed by feedparser, which would fetch without a timeout. A feed that fails
does not hide the others: their pages come first, its error last.
"""

import hashlib
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

import feedparser
from pydantic import Field

from connectors import base
from connectors.base import About, Count, Cursor, Page, Syntax, Watch, parse_each
from connectors.errors import AuthError, BadRecord, ConnectorError, RetryLater
from connectors.http import Session, get
from connectors.robots import ROBOTS
from connectors.sweep import in_turn
from connectors.text import language, plain
from storage.records import Author, Kind, Mention, Reject

FeedUrl = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]

MAX_BYTES = 5 * 1024 * 1024
"""Longer feeds are not read."""

HTML = re.compile(r"</[a-zA-Z]\w*>|&(?:#?\w+);")

HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
"""Complaints after which feedparser has read the feed all the same."""

MOST_UNCLOSED = 20_000
"""Tags; a feed whose HTML stands in CDATA has a few hundred."""


class RssSettings(base.Settings):
    base_url: str = ""
    """Not used: the feeds' addresses are whole."""
    feeds: tuple[FeedUrl, ...] = Field(min_length=1, description="addresses of RSS or Atom feeds")
    respect_robots: bool = True
    """Leave out a feed that its site's robots.txt closes to us."""


class Rss:
    """Reads the configured feeds, each only if it has changed."""

    name: ClassVar[str] = "rss"
    about: ClassVar[About] = About(
        sees="the newest entries of any RSS or Atom feed, as long as they stand in it",
        needs="the feeds' addresses",
        costs="nothing",
        limits="no counts of any kind; entries that leave a feed between two polls are not seen",
        caveats="an edited entry is seen while it stands in its feed; a feed that robots.txt closes to us is "
        "left out, with an error that names it, unless respect_robots = false",
        terms="https://www.rssboard.org/rss-specification",
    )
    Settings: ClassVar[type[base.Settings]] = RssSettings
    gives: ClassVar[frozenset[Count]] = frozenset()
    syntax: ClassVar[Syntax | None] = None
    match: ClassVar[Literal["query", "all"]] = "query"

    def __init__(self, settings: RssSettings) -> None:
        self._feeds = settings.feeds
        self._respect_robots = settings.respect_robots
        self._session = Session(settings, trust=settings.feeds, max_bytes=MAX_BYTES)

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """One page for each feed; then the errors of those that failed, as one.

        Raises:
            AuthError: every feed refused us. RetryLater: some feed failed in any way.
        """
        known: Mapping[str, Any] = (cursor or {}).get("feeds", {})
        seen = {url: known.get(url, {}) for url in self._feeds}
        failures: dict[str, ConnectorError] = {}
        for url in in_turn(self._feeds, (cursor or {}).get("last")):
            try:
                mentions, rejects, seen[url] = self._read(url, seen[url], watch.since)
            except ConnectorError as error:
                failures[url] = error
            else:
                yield Page(mentions=mentions, rejects=rejects, cursor={"feeds": dict(seen), "last": url})
        if failures:
            raise _summary(failures, len(self._feeds))

    def _read(
        self, url: str, validators: Mapping[str, str], since: datetime
    ) -> tuple[list[Mention], list[Reject], Mapping[str, str]]:
        """A feed's entries not older than ``since``, and what to send back next time to ask for changes."""
        if self._respect_robots and not ROBOTS.allows(self._session, url):
            raise AuthError("robots.txt of this site forbids to read the feed")
        response = get(self._session, url, headers=dict(validators))
        if response.status_code == 304:
            return [], [], validators
        content_type = response.headers.get("Content-Type", "")
        feed = _feed(response.content, content_type)
        if not feed.get("version"):  # an empty answer has not even that
            raise RetryLater(f"{_short(url)} answered {content_type or 'something'} instead of a feed")
        mentions, rejects = parse_each(feed.entries, partial(parse, feed=feed.feed, url=url))
        damaged = feed.bozo and not isinstance(feed.bozo_exception, HARMLESS)
        if damaged:
            rejects.append(Reject(raw=_short(url), reason=f"feed is damaged: {feed.bozo_exception}"))
        fresh = [mention for mention in mentions if mention.published_at >= since]
        # what the damage hides would never be sent again, were only changes asked for
        return fresh, rejects, {} if damaged else _validators(response.headers)


def _feed(body: bytes, content_type: str) -> Any:
    """The feed as feedparser reads it, without what would cost it minutes in a hostile one: declared
    entities (they multiply), the cleaning of HTML, of which ``plain`` leaves nothing anyway, and tags without
    an end, which it would look through again at every one.

    Raises:
        RetryLater: there are too many of those.
    """
    if len(re.findall(rb"<[a-zA-Z]", body)) - body.count(b"</") - body.count(b"/>") > MOST_UNCLOSED:
        raise RetryLater(f"more than {MOST_UNCLOSED:,} tags of the feed have no end")
    return feedparser.parse(
        re.sub(rb"<!ENTITY[^>]*>", b"", body),
        response_headers={"content-type": content_type},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def parse(entry: Any, feed: Any, url: str) -> Mention:
    """One entry as a mention; ``feed`` is feedparser's description of the feed found at ``url``."""
    host = urlsplit(url).hostname or url
    published = _moment(entry)
    title = _words(entry.get("title_detail")) or None
    name = entry.get("author") or feed.get("title")
    return Mention(
        platform=Rss.name,
        platform_id=_id(entry, host, published),
        kind=Kind.ARTICLE,
        published_at=published,
        title=title,
        text=_words(_body(entry)) or title or "",
        url=_web(entry.get("link")),
        author=Author(platform_id=f"{host}/{name}", name=name) if name else None,
        lang=language(feed.get("language")),
    )


def _moment(entry: Any) -> datetime:
    """When the entry was published, else last changed."""
    # asked with "in": get() lends one date's value to the other, with a warning
    dates = [entry[name] for name in ("published_parsed", "updated_parsed") if name in entry]
    for date in filter(None, dates):
        return datetime.fromtimestamp(timegm(date), UTC)
    raise BadRecord("an entry without a date")


def _id(entry: Any, host: str, published: datetime) -> str:
    """The entry's own id where it has one, made unique among feeds; else its address; else its words."""
    given = entry.get("id") or entry.get("link")
    if given:
        return str(given) if ":" in given else f"{host}/{given}"
    digest = hashlib.sha256(f"{entry.get('title')}\n{published.isoformat()}".encode())
    return f"{host}/{digest.hexdigest()[:32]}"


def _body(entry: Any) -> Any:
    """The whole content where the feed carries it, else the summary."""
    contents = entry.get("content") or []
    return contents[0] if contents else entry.get("summary_detail")


def _words(detail: Any) -> str:
    """RSS does not say whether a title is HTML; one with an end tag or an entity is."""
    if not detail:
        return ""
    value = str(detail["value"])
    return plain(value) if detail.get("type") != "text/plain" or HTML.search(value) else value.strip()


def _web(link: str | None) -> str | None:
    """The address where it is one of the web; a feed may say ``javascript:``."""
    return link if link and link.startswith(("http://", "https://")) else None


def _validators(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that ask for a feed only if it has changed since this answer."""
    pairs = {"If-None-Match": headers.get("ETag"), "If-Modified-Since": headers.get("Last-Modified")}
    return {name: value for name, value in pairs.items() if value}


def _summary(failures: Mapping[str, ConnectorError], feeds: int) -> ConnectorError:
    message = "; ".join(f"{_short(url)}: {error}" for url, error in failures.items())
    errors = failures.values()
    if len(failures) == feeds and all(isinstance(error, AuthError) for error in errors):
        return AuthError(message)
    waits = [error.after for error in errors if isinstance(error, RetryLater) and error.after]
    return RetryLater(message, after=max(waits, default=None))


def _short(url: str) -> str:
    """A feed's name in messages: without user, password and query, which may hold a key."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


CONNECTOR = Rss
