"""Mastodon and servers that speak its API: hashtag timelines, and with a token search and mentions of you.

What one server shows is what it has heard of: posts of people its users follow, and of relays. Every listing
is walked from its newest entry down. The oldest end is told by dates, not by ids, since servers order and
write ids in ways of their own; a post that arrives late may stand among newer ones, so a walk ends only
where half a page is older than the mark.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median_low
from typing import Any, ClassVar, Literal

import requests
from mastodon import Mastodon as Client
from mastodon.errors import MastodonError
from pydantic import Field, SecretStr

from connectors import base
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError, BadRecord, RetryLater
from connectors.http import CheckedSession, library_errors
from connectors.sweep import Sweeps
from connectors.text import language, plain
from storage.records import Author, Engagement, Kind, Mention

FEDERATED_WITHIN = 60 * 60
"""Seconds until a post has surely come from the server where it was written."""
OPEN = {"public", "unlisted"}
OPTED_OUT = ("#nobot", "#noindex", "#noarchive")
"""In a bio: its owner does not want to be read by programs."""
SEARCH = "search "
"""How the names of the listings begin that full-text search gives."""
ASSUMED_VERSION = "4.3.0"
"""Saves asking the server, whose answer would only decide whether Mastodon.py sends a parameter."""


class MastodonSettings(base.Settings):
    base_url: str = "https://mastodon.social"
    access_token: SecretStr | None = None
    page_size: int = Field(default=40, ge=1, le=40)


class Mastodon:
    name: ClassVar[str] = "mastodon"
    about: ClassVar[About] = About(
        sees="posts with the hashtags you name; with a token also search results and mentions of you",
        needs="nothing for hashtags on most servers; else access_token with the scope read",
        costs="nothing",
        limits="what the server has heard of; search finds authors who opted in; 300 requests per 5 minutes",
        terms="the rules on the server's /about page",
        caveats="No server sees all of Mastodon: choose a large one, or yours. Full-text search exists only where "
        "the server runs it, and shows authors who allow it; whoever does not (indexable, noindex) is left out "
        "even where the server shows them. Hashtags are public by their author's choice. Whoever writes #nobot, "
        "#noindex or #noarchive into their profile is left out everywhere. Counts are those the server has heard "
        "of. Reading several posts at once was not checked against a recorded answer.",
    )
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "shares", "comments", "followers"})
    syntax: ClassVar[Syntax | None] = Syntax(or_=None, max_length=400)
    match: ClassVar[Literal["query", "all"]] = "query"
    Settings: ClassVar[type[base.Settings]] = MastodonSettings
    upkeep: ClassVar[Upkeep] = Upkeep(batch=20)

    def __init__(self, settings: MastodonSettings) -> None:
        self.settings = settings
        token = settings.access_token
        self._client = _Client(
            access_token=token.get_secret_value() if token else None,
            api_base_url=settings.base_url,
            session=_Session(settings),
            user_agent=settings.user_agent,
            ratelimit_method="throw",
            mastodon_version=ASSUMED_VERSION,
            version_check_mode="created",
        )

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        listings = self._listings(watch)
        sweeps = Sweeps(cursor, listings)
        for name in sweeps:
            yield from self._sweep(name, listings[name], sweeps, watch)

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:  # noqa: ARG002 - all is free
        """All at once where the server can (4.3 and later); only a post's own 404 says that it is gone."""
        found, gone = self._several(ids), []
        for number in [one for one in ids if one not in found]:
            try:
                with library_errors("Mastodon", MastodonError, KeyError, TypeError):
                    found[number] = self._client.status(number)
            except _NotFoundError:
                gone.append(number)
        mentions, rejects = parse_each(found.values(), partial(parse, known=True))
        yield Page(mentions=mentions, rejects=rejects, gone=gone)

    def _several(self, ids: Sequence[str]) -> dict[str, Any]:
        try:
            with library_errors("Mastodon", MastodonError, KeyError, TypeError):
                return {str(status["id"]): status for status in self._client.statuses(ids)}
        except _NotFoundError:
            return {}

    def _listings(self, watch: Watch) -> dict[str, Callable[..., Any]]:
        """What gives a page of each listing."""
        listings: dict[str, Callable[..., Any]] = {
            f"tag {tag}": partial(self._client.timeline_hashtag, tag) for tag in watch.tags
        }
        if self.settings.access_token:
            listings |= {f"{SEARCH}{query}": partial(self._search, query) for query in watch.queries}
            listings["mentions"] = partial(self._client.notifications, types=["mention"])
        return listings

    def _search(self, query: str, **page: Any) -> Any:
        return self._client.search_v2(query, resolve=False, result_type="statuses", **page)["statuses"]

    def _sweep(self, name: str, fetch: Callable[..., Any], sweeps: Sweeps, watch: Watch) -> Iterator[Page]:
        sweep = sweeps[name]
        floor = sweep.floor(int(watch.since.timestamp()), FEDERATED_WITHIN)
        while True:
            with library_errors("Mastodon", MastodonError, KeyError, TypeError):
                things = list(fetch(max_id=sweep.at, limit=self.settings.page_size))
            mentions, rejects = parse_each(things, partial(parse, searched=name.startswith(SEARCH)))
            placed = [place for thing in things if (place := _place(thing)) is not None]
            marks = [mark for mark, _ in placed]
            at = placed[-1][1] if placed and median_low(marks) >= floor else None
            sweep = sweep.advance(marks, now=int(watch.now.timestamp()), at=at)
            wanted = [mention for mention in mentions if mention.published_at >= watch.since]
            yield Page(mentions=wanted, rejects=rejects, cursor=sweeps.commit(name, sweep))
            if at is None:
                return


class _Client(Client):
    def timeline_is_available(self, *_args: Any, **_kwargs: Any) -> bool:
        """Asked before every timeline, at the cost of a request; the timeline's own answer tells it too."""
        return True


class _Session(CheckedSession):
    def check(self, response: requests.Response) -> None:
        """Also raises ``AuthError`` on 422, with which Mastodon answers strangers that it turns away."""
        if reset := response.headers.get("X-RateLimit-Reset"):
            response.headers.setdefault("Retry-After", _seconds_until(reset))
        if response.status_code == 422:
            raise AuthError("Mastodon answered 422: this server shows it only with an access token")
        if response.status_code in {404, 410} and "json" in response.headers.get("Content-Type", ""):
            raise _NotFoundError(f"Mastodon answered {response.status_code}: check the address")
        super().check(response)


class _NotFoundError(RetryLater):
    """The server, not something before it, says that there is no such thing."""


def _seconds_until(moment: str) -> str:
    return str(max(0, round((datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds())))


def parse(thing: Any, *, searched: bool = False, known: bool = False) -> Mention | None:
    """A status, or the status of a notification, as a mention; None where its author would not want that,
    where it only boosts another, or where it has no words.

    Args:
        searched: found by full-text search, which authors can decline.
        known: stored already, if only because it mentions us, so its visibility does not matter.
    """
    told_to_us = thing.get("type") == "mention"
    status = thing["status"] if told_to_us else thing
    for key in ("id", "account", "visibility", "content"):
        if status[key] is None:  # as Mastodon.py gives what the answer lacks
            raise BadRecord(f"a status without {key}")
    if status.get("reblog") or not (told_to_us or known or status["visibility"] in OPEN):
        return None
    text, title = plain(status["content"]), status["spoiler_text"] or None
    if _opted_out(status["account"], searched=searched) or not (text or title):
        return None
    return Mention(
        platform="mastodon",
        platform_id=str(status["id"]),
        kind=Kind.COMMENT if status["in_reply_to_id"] else Kind.POST,
        published_at=status["created_at"],
        edited_at=status.get("edited_at"),
        title=title,
        text=text,
        url=status["url"] or status["uri"],
        author=_author(status["account"]),
        lang=language(status.get("language")),
        parent_id=str(status["in_reply_to_id"]) if status["in_reply_to_id"] else None,
        engagement=Engagement(
            likes=status["favourites_count"], shares=_shares(status), comments=status["replies_count"]
        ),
    )


def _opted_out(account: Any, *, searched: bool) -> bool:
    bio = plain(account["note"]).lower()
    declined = account.get("indexable") is False or account.get("noindex") is True
    return any(word in bio for word in OPTED_OUT) or (searched and declined)


def _shares(status: Any) -> int | None:
    """Boosts, and quotes where the server (4.4 and later) counts them."""
    boosts = status["reblogs_count"]
    return None if boosts is None else boosts + (status.get("quotes_count") or 0)


def _author(account: Any) -> Author:
    return Author(
        platform_id=str(account["id"]),
        handle=account["acct"],
        name=account["display_name"] or None,
        url=account["url"],
        followers=account["followers_count"],
    )


def _place(thing: Any) -> tuple[int, str] | None:
    """Where an entry stands: its Unix seconds and its id; None for a malformed one."""
    try:
        return int(thing["created_at"].timestamp()), str(thing["id"])
    except (AttributeError, KeyError, TypeError):
        return None


CONNECTOR = Mastodon
