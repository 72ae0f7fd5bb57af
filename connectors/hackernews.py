"""Hacker News: stories and comments, through the search API that Algolia runs for it.

The search is asked newest first, in slices of time: an answer never holds more than 1,000 hits, so the next
page is asked for as "not later than the oldest seen", and by page number only among equal times.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from connectors import base
from connectors.base import About, Count, Cursor, Page, Syntax, Watch, parse_each
from connectors.http import Session, get_json, library_errors
from connectors.sweep import Sweep, Sweeps
from connectors.text import plain
from storage.records import Author, Engagement, Kind, Mention

OVERLAP = 3600
"""Seconds: how late a post may be indexed and is still found."""
SITE = "https://news.ycombinator.com"


class HackerNewsSettings(base.Settings):
    base_url: str = "https://hn.algolia.com"
    page_size: int = Field(default=200, ge=1, le=1000, description="hits asked for at once")


class HackerNews:
    """Searches stories and comments by words."""

    name: ClassVar[str] = "hackernews"
    about: ClassVar[About] = About(
        sees="stories and comments that contain the words, seconds to minutes after they were posted",
        needs="nothing",
        costs="nothing",
        limits="10,000 requests an hour and address; points of comments are not public",
        terms="https://hn.algolia.com/api",
    )
    Settings: ClassVar[type[base.Settings]] = HackerNewsSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "comments"})
    syntax: ClassVar[Syntax | None] = Syntax(or_=None, not_=None, hashtag="{}", handle="{}")
    match: ClassVar[Literal["query", "all"]] = "query"

    def __init__(self, settings: HackerNewsSettings) -> None:
        self._settings = settings
        self._session = Session(settings)

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """One sweep for each search string; see ``connectors.base.Connector``."""
        sweeps = Sweeps(cursor, watch.queries)
        for query in sweeps:
            yield from self._sweep(query, sweeps, watch)

    def _sweep(self, query: str, sweeps: Sweeps, watch: Watch) -> Iterator[Page]:
        sweep, now = sweeps[query], _mark(watch.now)
        floor = sweep.floor(_mark(watch.since), OVERLAP)
        while True:
            latest, number = _place(sweep, now)
            found = self._search(query, floor, latest, number)
            with library_errors("Hacker News", KeyError, TypeError):
                mentions, rejects = parse_each(found["hits"], parse)
                marks = [_mark(mention.published_at) for mention in mentions]
                sweep = sweep.advance(marks, now=now, at=_next(found, marks, latest, number))
            yield Page(mentions=mentions, rejects=rejects, cursor=sweeps.commit(query, sweep))
            if not sweep.running:
                return

    def _search(self, query: str, floor: int, latest: int, number: int) -> Any:
        parameters: dict[str, str | int] = {
            "query": query,
            "tags": "(story,comment)",
            "numericFilters": f"created_at_i>={floor},created_at_i<={latest}",
            "hitsPerPage": self._settings.page_size,
            "page": number,
            "typoTolerance": "false",
            "advancedSyntax": "true",
        }
        return get_json(self._session, self._settings.base_url, "api/v1/search_by_date", params=parameters)


def _place(sweep: Sweep, now: int) -> tuple[int, int]:
    """Where a sweep goes on: the latest time it still needs, and the page among hits up to then."""
    if sweep.at is None:
        return now, 0
    latest, _, number = str(sweep.at).partition("/")
    return int(latest), int(number)


def _next(found: Any, marks: list[int], latest: int, number: int) -> str | None:
    """Where the page after this one begins; None after the last."""
    if len(found["hits"]) < found["hitsPerPage"]:
        return None
    oldest = min(marks, default=latest)
    return f"{oldest}/0" if oldest < latest else f"{latest}/{number + 1}"


def _mark(moment: datetime) -> int:
    return int(moment.timestamp())


def parse(hit: Any) -> Mention:
    """One hit of the search as a mention; a story that is only a link has its title for a text."""
    number = hit["objectID"]
    is_comment = "comment" in hit["_tags"]
    title = None if is_comment else hit["title"]
    body = plain(hit.get("comment_text" if is_comment else "story_text") or "")
    author = hit["author"]
    return Mention(
        platform=HackerNews.name,
        platform_id=number,
        kind=Kind.COMMENT if is_comment else Kind.POST,
        published_at=datetime.fromtimestamp(hit["created_at_i"], UTC),
        text=body or title or "",
        title=title,
        url=f"{SITE}/item?id={number}",
        author=Author(platform_id=author, handle=author, url=f"{SITE}/user?id={author}"),
        parent_id=_id(hit.get("parent_id")),
        thread_id=_id(hit.get("story_id")) if is_comment else number,
        engagement=Engagement(likes=hit.get("points"), comments=hit.get("num_comments")),
    )


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)


CONNECTOR = HackerNews
