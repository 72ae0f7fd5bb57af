"""Reddit: submissions by search, comments by subreddit, and mentions of the logged-in user's name.

Reddit has no search for comments: every comment of the configured subreddits is listed, and matched locally.
Listings are newest first, end after about 1,000 entries and go on after the last entry's full name. What its
author or a moderator removed must go here, too, so that everything is looked at again every day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal

import praw
import praw.exceptions
import prawcore
import requests
from pydantic import Field, SecretStr

from connectors import base
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import CheckedSession, library_errors, retry_after
from connectors.sweep import Sweeps
from storage.records import Author, Engagement, Kind, Mention

SITE = "https://www.reddit.com"
API = "https://oauth.reddit.com"
INDEXED_WITHIN = 30 * 60
"""Seconds until a new submission is surely in the search index."""
LISTED_WITHIN = 60
GONE = {"[deleted]", "[removed]", "[ Removed by Reddit ]"}
"""What stands in place of a text that is no more, or of an author whose account is no more."""
TERMS = "https://redditinc.com/policies/data-api-terms"


@dataclass(frozen=True, slots=True)
class Listing:
    path: str
    overlap: int = LISTED_WITHIN
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.path} {self.params.get('q', '')}".rstrip()


class RedditSettings(base.Settings):
    base_url: str = API
    auth_url: str | None = Field(
        default=None, description="where tokens are fetched; the website, or base_url if you changed it"
    )
    client_id: str
    client_secret: SecretStr
    username: str | None = None
    password: SecretStr | None = None
    subreddits: tuple[str, ...] = Field(
        default=(), description="search only here (else everywhere), and list the comments made here"
    )
    page_size: int = Field(default=100, ge=1, le=100)

    @property
    def token_host(self) -> str:
        return self.auth_url or (SITE if self.base_url == API else self.base_url)


class Reddit:
    name: ClassVar[str] = "reddit"
    about: ClassVar[About] = About(
        sees="submissions by search; all comments of the subreddits you name; mentions of your own user name",
        needs="client_id and client_secret of an approved app; username and password for own mentions",
        costs="nothing for non-commercial use; commercial use needs a contract with Reddit",
        limits="about 1,000 entries back per listing; 100 requests a minute; new apps need Reddit's approval",
        terms=TERMS,
        caveats="Reddit must approve every app: since November 2025 nobody can make keys by themselves, and keys "
        "made before may stop working. Use for a business needs a contract with Reddit. Comments are found only in "
        "the subreddits you name. Scores are blurred by Reddit. What was removed on Reddit, or written by an account "
        "that is deleted now, is deleted here within about a day; a limit of 48 hours is often quoted, but was not "
        "found in Reddit's own words. Searches and listings were checked against recorded answers of older years, "
        "reading posts again was not.",
    )
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "comments"})
    syntax: ClassVar[Syntax | None] = Syntax(
        and_=" AND ", not_="NOT {}", hashtag="{}", handle="{}", max_length=512
    )
    match: ClassVar[Literal["query", "all"]] = "query"
    upkeep: ClassVar[Upkeep] = Upkeep(batch=100, recheck=timedelta(days=1), terms=TERMS)
    Settings: ClassVar[type[base.Settings]] = RedditSettings

    def __init__(self, settings: RedditSettings) -> None:
        self.settings = settings

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        client = _Client(self.settings)  # with a token of its own: a 401 is never just a stale one
        listings = {listing.name: listing for listing in self._listings(watch)}
        sweeps = Sweeps(cursor, listings)
        for name in sweeps:
            yield from self._sweep(client, listings[name], sweeps, watch)

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:  # noqa: ARG002 - all is free
        """All at once; what Reddit leaves out of its answer, or shows without its words, is gone (except where
        a record of the answer cannot be read: it may be any of those missing). An answer without any record
        counts only while Reddit shows posts at all.
        """
        client = _Client(self.settings)
        things, _ = client.page("api/info", {"id": ",".join(ids)})
        if not things and not client.page("r/all/new", {"limit": 1})[0]:
            raise RetryLater("Reddit shows no posts at all")
        mentions, rejects = parse_each(things, parse)
        there = {mention.platform_id for mention in mentions}
        gone = [] if rejects else [one for one in ids if one not in there]
        yield Page(mentions=mentions, rejects=rejects, gone=gone)

    def _listings(self, watch: Watch) -> Iterator[Listing]:
        subreddits = "+".join(self.settings.subreddits)
        for query in watch.queries:
            params = {"q": query, "sort": "new", "t": "all", "restrict_sr": bool(subreddits), "type": "link"}
            yield Listing(f"r/{subreddits or 'all'}/search/", INDEXED_WITHIN, params)
        if subreddits:
            if not watch.queries:
                yield Listing(f"r/{subreddits}/new")
            yield Listing(f"r/{subreddits}/comments/")
        if self.settings.username and self.settings.password:
            yield Listing("message/mentions")

    def _sweep(self, client: "_Client", listing: Listing, sweeps: Sweeps, watch: Watch) -> Iterator[Page]:
        sweep, started_over = sweeps[listing.name], False
        floor = sweep.floor(int(watch.since.timestamp()), listing.overlap)
        while True:
            params = {**listing.params, "limit": self.settings.page_size, "after": sweep.at}
            things, after = client.page(listing.path, params)
            if not things and sweep.running and not started_over:
                # Reddit's answer, too, when the entry to go on after was removed meanwhile
                sweep, started_over = replace(sweep, at=None), True
                continue
            mentions, rejects = parse_each(things, parse)
            marks = [mark for thing in things if (mark := _created(thing)) is not None]
            at = after if min(marks, default=floor) >= floor else None
            sweep = sweep.advance(marks, now=int(watch.now.timestamp()), at=at)
            yield Page(
                mentions=[mention for mention in mentions if mention.published_at >= watch.since],
                rejects=rejects,
                cursor=sweeps.commit(listing.name, sweep),
            )
            if not sweep.running:
                return


class _Session(CheckedSession):
    """Heeds Reddit's rate headers in prawcore's place, which would sleep over them."""

    wait: timedelta | None = None

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        if self.wait is not None:
            raise RetryLater("Reddit's rate limit is used up", after=self.wait)
        return super().send(request, **kwargs)

    def check(self, response: requests.Response) -> None:
        remaining = response.headers.pop("x-ratelimit-remaining", "")
        if reset := response.headers.get("x-ratelimit-reset"):
            response.headers.setdefault("Retry-After", reset)
        if remaining in {"0", "0.0"}:
            self.wait = retry_after(response.headers) or timedelta(minutes=1)
        super().check(response)


class _Client:
    """PRAW, asked for listings as Reddit sends them (its objects would fetch what a record lacks)."""

    def __init__(self, settings: RedditSettings) -> None:
        self._session = _Session(settings, trust=(settings.token_host,))
        # Everything is said here, so that no praw.ini and no environment variable can say otherwise
        self._praw = praw.Reddit(
            "DEFAULT",
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            username=settings.username,
            password=settings.password.get_secret_value() if settings.password else None,
            refresh_token=None,
            redirect_uri=None,
            oauth_url=settings.base_url,
            reddit_url=settings.token_host,
            user_agent=settings.user_agent,
            check_for_updates=False,
            check_for_async=False,
            requestor_kwargs={"session": self._session},
        )

    def page(self, path: str, params: dict[str, Any]) -> tuple[list[Any], str | None]:
        """The entries of one page, and the full name after which the next page begins."""
        given = {key: value for key, value in params.items() if value is not None}
        expected = (prawcore.PrawcoreException, praw.exceptions.PRAWException, KeyError, TypeError)
        try:
            with library_errors("Reddit", *expected):
                data = self._praw.request(method="GET", path=path, params=given)["data"]
                return list(data["children"]), data["after"]
        except RetryLater as error:
            if isinstance(error.__cause__, prawcore.OAuthException):
                raise AuthError(f"Reddit refuses the login: {error.__cause__.error}") from None
            raise


def parse(thing: Any) -> Mention | None:
    """A listing's entry as a mention; None for what was deleted and for anything but texts of users."""
    kind, data = thing["kind"], thing["data"]
    if kind not in {"t1", "t3"} or data.get("promoted"):
        return None
    texts = {data["body"]} if kind == "t1" else {data["selftext"], data["title"]}
    if {*texts, data.get("author")} & GONE or data.get("removed_by_category"):
        return None
    values = _comment(data) if kind == "t1" else _submission(data)
    edited = data.get("edited")
    return Mention(
        platform="reddit",
        platform_id=data["name"],
        published_at=datetime.fromtimestamp(data["created_utc"], UTC),
        edited_at=datetime.fromtimestamp(edited, UTC) if isinstance(edited, float) else None,
        author=_author(data),
        **values,
    )


def _submission(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": Kind.POST,
        "title": data["title"],
        "text": data["selftext"],
        "url": SITE + data["permalink"],
        "thread_id": data["name"],
        "engagement": Engagement(likes=_score(data), comments=data.get("num_comments")),
    }


def _comment(data: dict[str, Any]) -> dict[str, Any]:
    """In listings a comment names its submission; in the inbox only its address does."""
    path = data.get("permalink") or data.get("context")
    if path is None:
        path = f"/r/{data['subreddit']}/comments/{data['link_id'].removeprefix('t3_')}/_/{data['id']}/"
    return {
        "kind": Kind.COMMENT,
        "text": data["body"],
        "url": SITE + path.partition("?")[0],
        "parent_id": data["parent_id"],
        "thread_id": data.get("link_id") or f"t3_{path.split('/')[4]}",
        "engagement": Engagement(likes=_score(data)),
    }


def _score(data: dict[str, Any]) -> int | None:
    """Votes for less votes against, a little blurred by Reddit; may be negative. None while it is hidden."""
    hidden = data.get("hide_score") or data.get("score_hidden")
    return None if hidden else data["score"]


def _author(data: dict[str, Any]) -> Author | None:
    name = data.get("author")
    if name is None:
        return None
    return Author(platform_id=data.get("author_fullname") or name, handle=name, url=f"{SITE}/user/{name}")


def _created(thing: Any) -> int | None:
    try:
        return int(thing["data"]["created_utc"])
    except (KeyError, TypeError, ValueError):
        return None


CONNECTOR = Reddit
