"""Discourse forums: the latest posts of the whole forum, read from the newest down by their growing ids.

Not through the forum's search: it shows of each topic only the newest post that fits, and of that some words.
Known posts are read again in the same listing, beginning at the post's own id: a post that is not in it any
more is deleted, hidden or no longer public.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

import requests
from pydantic import Field, SecretStr

from connectors import base
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import Session, decode, library_errors, raise_for_status
from connectors.robots import ROBOTS
from connectors.sweep import Sweep, Sweeps
from connectors.text import plain
from storage.records import Author, Engagement, Kind, Mention

MOST = 2**53
"""Larger ids are a mistake."""
WINDOW = 50
"""Ids that one answer may stand for, however few posts are in it: some versions take out afterwards what
is not public.
"""
LIKE, REGULAR = 2, 1
"""The forum's numbers for the action "like" and for a post that people wrote."""
QUOTE = '<aside class="quote'


class DiscourseSettings(base.Settings):
    base_url: str = Field(pattern=r"^https?://[^\s/]+", description="the forum's address")
    api_key: SecretStr | None = None
    """Only for forums that show their posts to members."""
    api_username: str | None = None
    """The member as whom the key reads."""
    respect_robots: bool = True
    """Without a key, read only what the forum's robots.txt allows."""


class Discourse:
    """Reads all that is posted on one forum."""

    name: ClassVar[str] = "discourse"
    about: ClassVar[About] = About(
        sees="every public post of one forum, within a minute or two",
        needs="the forum's address; api_key and api_username where only members may read",
        costs="nothing",
        limits="50 posts a request; mostly 200 requests a minute and address, with a key 60",
        terms="the forum's own /tos page",
        caveats="views are the members who have read the post. Replies do not tell whom they answer. Posts of "
        "a topic that is taken off the lists count as gone. Checked against recorded answers of 2020 and "
        "the published description of the API, not against a running forum.",
    )
    Settings: ClassVar[type[base.Settings]] = DiscourseSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "comments", "views"})
    syntax: ClassVar[Syntax | None] = None
    match: ClassVar[Literal["query", "all"]] = "query"
    upkeep: ClassVar[Upkeep] = Upkeep(batch=20, recheck=timedelta(days=30))

    def __init__(self, settings: DiscourseSettings) -> None:
        self._settings = settings
        self._base = settings.base_url.rstrip("/")
        self._parse = partial(parse, base=self._base)
        self._session = Session(settings)
        if settings.api_key:
            self._session.headers["Api-Key"] = settings.api_key.get_secret_value()
            self._session.headers["Api-Username"] = settings.api_username or "system"

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """One sweep over the forum; see ``connectors.base.Connector``."""
        sweeps = Sweeps(cursor, ["posts"])
        sweep = sweeps["posts"]
        while True:
            posts = self._read(sweep.at)
            mentions, rejects = parse_each(posts, self._parse)
            ids = list(_by_id(posts))
            if ids and sweep.done is not None and not sweep.running:
                # restored from a backup, a forum counts on from a lower id
                sweep = replace(sweep, done=min(sweep.done, max(ids)))
            fresh = [mention for mention in mentions if mention.published_at >= watch.since]
            over = sweep.done is None and bool(mentions) and not fresh
            sweep = sweep.advance(ids, now=MOST, at=None if over else _next(ids, sweep))
            yield Page(mentions=fresh, rejects=rejects, cursor=sweeps.commit("posts", sweep))
            if not sweep.running:
                return

    def refresh(
        self,
        ids: Sequence[str],
        allowance: Allowance,  # noqa: ARG002 - it spends calls only, which the meter guards
    ) -> Iterator[Page]:
        """Highest id first: an answer shows a post and those just before it, others of the batch perhaps."""
        prefix = f"{_place(self._base)}/"
        wanted = {int(one.removeprefix(prefix)) for one in ids if one.startswith(prefix)}
        while wanted:
            posts = self._read(max(wanted) + 1)
            shown = _by_id(posts)
            seen = {one for one in wanted if one >= min(shown, default=max(wanted))}
            mentions, rejects = parse_each([shown[one] for one in seen & shown.keys()], self._parse)
            missing = {f"{prefix}{one}" for one in seen} - {mention.platform_id for mention in mentions}
            # an answer that is empty or damaged proves nothing of what is not in it
            sure = posts and not rejects and len(shown) == len(posts)
            yield Page(mentions=mentions, rejects=rejects, gone=sorted(missing) if sure else ())
            wanted -= seen

    def _read(self, before: int | str | None) -> list[Any]:
        """Some 50 posts with an id lower than ``before``, newest first."""
        address = f"{self._base}/posts.json"
        keyless = self._settings.api_key is None
        if keyless and self._settings.respect_robots and not ROBOTS.allows(self._session, address):
            raise AuthError(f"robots.txt of {_place(self._base)} forbids to read its posts without a key")
        response = self._session.get(address, params={} if before is None else {"before": before})
        if keyless and (response.status_code == 403 or urlsplit(response.url).path.endswith("/login")):
            raise AuthError(f"{_place(self._base)} shows its posts to members only: it needs api_key")
        if response.status_code == 429:
            _add_patience(response)
        raise_for_status(response)
        with library_errors("Discourse", KeyError, TypeError):
            posts = decode(response)["latest_posts"]
            if isinstance(posts, list) and (_by_id(posts) or not posts):
                return posts
            raise TypeError("an answer without the ids of posts")


def _add_patience(response: requests.Response) -> None:
    """Discourse may tell only in the body how long to wait."""
    with suppress(RetryLater, AttributeError, KeyError, TypeError):
        response.headers.setdefault("Retry-After", str(decode(response)["extras"]["wait_seconds"]))


def _place(address: str) -> str:
    """A forum's name in ids and messages: its host and folder."""
    return address.partition("://")[2].rpartition("@")[2]


def _by_id(posts: Sequence[Any]) -> dict[int, Any]:
    """The posts that have an id; it is what tells where a page stands."""
    numbers = ((post.get("id"), post) for post in posts if isinstance(post, dict))
    return {number: post for number, post in numbers if type(number) is int and 0 < number < MOST}


def _next(ids: Sequence[int], sweep: Sweep) -> int | None:
    """The id below which the next page begins; None where this one was the last."""
    at = None if sweep.at is None else int(sweep.at)
    if ids:
        lowest = min(ids)
    elif at is not None:
        lowest = at - WINDOW  # nothing public in this window; there may be some below
    else:
        return None
    return lowest if lowest > (sweep.done or 0) and (at is None or lowest < at) else None


def parse(post: Any, base: str) -> Mention | None:
    """A post of the forum at ``base``; None where it is hidden, deleted, not written by people, or has no
    words of its own.
    """
    number, first = post["id"], post["post_number"] == 1
    if post["post_type"] != REGULAR or any(
        post.get(name) for name in ("hidden", "deleted_at", "user_deleted")
    ):
        return None
    text, title = plain(_own(post["cooked"])), (post["topic_title"] if first else "")
    if not (text or title):
        return None
    place, edited = _place(base), (post.get("version") or 1) > 1
    return Mention(
        platform=Discourse.name,
        platform_id=f"{place}/{number}",
        kind=Kind.POST if first else Kind.COMMENT,
        published_at=datetime.fromisoformat(post["created_at"]),
        edited_at=datetime.fromisoformat(post["updated_at"]) if edited else None,
        title=title or None,
        text=text or title,
        url=f"{base}/t/{post['topic_slug']}/{post['topic_id']}/{post['post_number']}",
        author=Author(
            platform_id=f"{place}/{post['user_id']}",
            handle=post["username"],
            name=post.get("name") or None,
            url=f"{base}/u/{post['username']}",
        ),
        thread_id=f"{place}/{number}" if first else None,
        engagement=Engagement(
            likes=_likes(post.get("actions_summary")),
            comments=post.get("reply_count"),
            views=post.get("reads"),
        ),
    )


def _own(html: str) -> str:
    """Without what is quoted from other posts. Of quotes within quotes the rest of the outer one stays."""
    first, *quotes = html.split(QUOTE)
    return first + "".join(quote.partition("</aside>")[2] for quote in quotes)


def _likes(actions: Any) -> int | None:
    """An action that nobody has taken is not listed, or listed without a count."""
    if actions is None:
        return None
    found: int | None = next((one.get("count", 0) for one in actions if one["id"] == LIKE), 0)
    return found


CONNECTOR = Discourse
