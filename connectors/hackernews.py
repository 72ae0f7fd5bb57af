"""Hacker News: stories and comments, found by the search API that Algolia runs for it, read again from its own.

The search is asked newest first, in slices of time: an answer never holds more than 1,000 hits, so the next
page is asked for as "not later than the oldest seen", and by page number only among equal times. The search's
index lags behind the site, so known items are read again one by one from the site's API, whose records have
a shape of their own.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Any, ClassVar, Literal

from pydantic import Field

from connectors import base
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.http import Session, get_json, library_errors
from connectors.sweep import Sweeps, mark, onward, place
from connectors.text import plain
from storage.records import Author, Engagement, Kind, Mention

OVERLAP = 3600
"""Seconds: how late a post may be indexed and is still found."""
REACHABLE = 1000
"""Hits that one search shows, over all its pages."""
SITE = "https://news.ycombinator.com"


class HackerNewsSettings(base.Settings):
    base_url: str = "https://hn.algolia.com"
    items_url: str = "https://hacker-news.firebaseio.com"
    """Where single items are read again."""
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
        caveats="Points of comments are not public. Each item read again is one request. The site's API answers "
        "null for some comments that stand on the page, so null is not taken for deleted; what is deleted or "
        "flagged dead says so. Only the search was checked against recorded answers, single items were not.",
    )
    Settings: ClassVar[type[base.Settings]] = HackerNewsSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "comments"})
    syntax: ClassVar[Syntax | None] = Syntax(or_=None, not_=None, hashtag="{}", handle="{}")
    match: ClassVar[Literal["query", "all"]] = "query"
    upkeep: ClassVar[Upkeep] = Upkeep(batch=20)

    def __init__(self, settings: HackerNewsSettings) -> None:
        self._settings = settings
        self._session = Session(settings, trust=(settings.items_url,))

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """One sweep for each search string; see ``connectors.base.Connector``."""
        sweeps = Sweeps(cursor, watch.queries)
        yield from sweeps.pages(lambda query: self._sweep(query, sweeps, watch))

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:  # noqa: ARG002 - all is free
        """One page for each item; see ``connectors.base.Refreshing``."""
        for number in ids:
            item = get_json(self._session, self._settings.items_url, f"v0/item/{number}.json")
            if isinstance(item, dict) and (item.get("deleted") or item.get("dead")):
                yield Page(gone=[number])
            elif item is not None:
                mentions, rejects = parse_each([item], parse_item)
                yield Page(mentions=mentions, rejects=rejects)

    def _sweep(self, query: str, sweeps: Sweeps, watch: Watch) -> Iterator[Page]:
        sweep, now = sweeps[query], mark(watch.now)
        floor = sweep.floor(mark(watch.since), OVERLAP)
        while True:
            latest, page = place(sweep, now)
            number = int(page or 0)
            found = self._search(query, floor, latest, number)
            with library_errors("Hacker News", KeyError, TypeError):
                mentions, rejects = parse_each(found["hits"], parse)
                marks = [mark(mention.published_at) for mention in mentions]
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


def _next(found: Any, marks: list[int], latest: int, number: int) -> str | None:
    """Where the page after this one begins; None after the last."""
    if len(found["hits"]) < found["hitsPerPage"]:
        return None
    reachable = (number + 1) * found["hitsPerPage"] < REACHABLE
    return onward(marks, latest, str(number + 1) if reachable else None)


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


def parse_item(item: Any) -> Mention:
    """One item of the site's own API as the same mention; a comment does not tell its story there."""
    title = item.get("title")
    return parse(
        {
            "objectID": str(item["id"]),
            "_tags": [item["type"]],
            "title": None if title is None else unescape(title),
            "comment_text": item.get("text"),
            "story_text": item.get("text"),
            "author": item["by"],
            "created_at_i": item["time"],
            "parent_id": item.get("parent"),
            "points": item.get("score"),
            "num_comments": item.get("descendants"),
        }
    )


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)


CONNECTOR = HackerNews
