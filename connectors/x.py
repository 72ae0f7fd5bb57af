"""X (Twitter): recent search of seven days, the posts that mention your own account, and known posts by id.

Every post that is read costs money, so no request is made that the month's allowance does not cover. Ids are
snowflakes: they hold the time and grow with it, so they serve as marks, and a bound of ids is one of time.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

import requests
import tweepy  # type: ignore[import-untyped]  # it comes without types
from pydantic import BeforeValidator, Field, SecretStr

from connectors import base, meter
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import CheckedSession, library_errors
from connectors.sweep import Sweeps
from storage.records import Author, Engagement, Kind, Mention, Spent

HOST_OF_TWEEPY = "https://api.twitter.com"
EPOCH_MS = 1_288_834_974_657
"""Where the time in an id begins."""
REACH = timedelta(days=7) - timedelta(minutes=5)
"""How far back recent search goes; a since_id beyond it is refused."""
INDEXED_WITHIN_IDS = 60_000 << 22
"""A minute in ids: until then a new post is in the index."""
SETTLED = timedelta(hours=1)
"""What is older is in the index, by any clock: the newest post, which is paid for at each look, is left alone."""
MOST = 100
"""Posts per request."""
FIELDS = [
    "author_id", "conversation_id", "created_at", "lang", "note_tweet", "public_metrics", "referenced_tweets",
]  # fmt: skip
GONE = ("/resource-not-found", "/not-authorized-for-resource")
"""How the types of problems end that X has with a post that was deleted, or whose author is protected or suspended."""
ACCOUNT = re.compile(r"(?:https?://(?:\w+\.)?(?:x|twitter)\.com/|@|(?!\d+$))(\w{1,15})/?(?:\?.*)?")
"""A handle, or the address of a profile; bare digits are the number of an account."""
OLD_CODES = {"in": "id", "iw": "he"}
"""Codes of languages that X has kept since they were renamed."""

# At debug level tweepy logs its headers, and with them the token
logging.getLogger("tweepy.client").setLevel(logging.INFO)


def _account(given: Any) -> Any:
    """A handle or an address as @handle; anything else as it is."""
    if given is None:
        return None
    found = ACCOUNT.fullmatch(str(given).strip())
    return f"@{found[1]}" if found else str(given)


class XSettings(base.Settings):
    base_url: str = "https://api.x.com"
    bearer_token: SecretStr
    user_id: Annotated[str | None, BeforeValidator(_account)] = Field(
        default=None, pattern=r"^(\d+|@\w{1,15})$"
    )
    """Your own account, to read its mentions: its number, or its @handle or address, which `listener check` looks
    up."""
    author_details: bool = Field(
        default=True, description="names and followers of authors; each may be charged as a user read"
    )
    page_size: int = Field(default=MOST, ge=10, le=MOST)
    # Pay-per-use prices of https://docs.x.com/x-api/getting-started/pricing, read in November 2026
    post_micro_usd: int = Field(
        default=5_000, ge=0, description="price of a post found by search or read again"
    )
    mention_micro_usd: int = Field(default=1_000, ge=0, description="price of a mention of your account")
    author_micro_usd: int = Field(default=10_000, ge=0, description="price of an author's details")


class X:
    name: ClassVar[str] = "x"
    about: ClassVar[About] = About(
        sees="public posts of the last 7 days by search; mentions of your own account",
        needs="bearer_token of an app with credit; user_id for own mentions",
        costs="per post 0.005 USD, per author 0.01 USD, per own mention 0.001 USD, within the monthly budget",
        limits="7 days back; 450 searches per 15 minutes; X caps the posts of a month",
        terms="https://developer.x.com/developer-terms/policy",
        caveats="You bring the keys of an app of your own; X says that a tool which makes its users register apps may "
        "meet enforcement, so ask X if in doubt. Prices are those of November 2026: set the keys of the prices "
        "when they change, and a budget. Posts may be passed on as ids only, never as texts. Stored posts must be "
        "kept true: `listener compliance` asks X which were deleted, without reading them; reading them again "
        'costs as much as finding them, so it is done only where the source says so (refresh = ["1d", "7d"]). An '
        "edited post gets a new id on X. Reading by id and the errors for missing posts were written from X's "
        "documentation; recorded answers exist for searches and mentions, without counts of views.",
        passing_on="pass on ids (--ids-only), at most 1,500,000 in 30 days; of whole posts at most 50,000 a day to one "
        "recipient, and never publish them",
    )
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "shares", "comments", "views", "followers"})
    syntax: ClassVar[Syntax | None] = Syntax(max_length=512)
    match: ClassVar[Literal["query", "all"]] = "query"
    upkeep: ClassVar[Upkeep] = Upkeep(
        batch=MOST, ages=(), terms="https://developer.x.com/developer-terms/policy"
    )
    Settings: ClassVar[type[base.Settings]] = XSettings

    def __init__(self, settings: XSettings) -> None:
        self.settings = settings
        self._client = client(settings)
        self._author_price = settings.author_micro_usd if settings.author_details else 0

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        if (self.settings.user_id or "").startswith("@"):
            raise AuthError(f"user_id: {self.settings.user_id} is a name; `listener check` looks it up")
        listings = {listing.name: listing for listing in self._listings(watch)}
        sweeps = Sweeps(cursor, listings)
        purse = _Purse(watch.allowance, watch.now)
        for name in sweeps:
            yield from self._sweep(listings[name], sweeps, watch, purse)

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:
        """As many of the posts as the allowance pays for."""
        price = self.settings.post_micro_usd
        wanted = ids[: _Purse(allowance, datetime.now(UTC)).pays_for(price + self._author_price, least=1)]
        answer = self._ask(partial(self._client.get_tweets, list(wanted)))
        yield self._page(answer, price, gone=[one for one in wanted if one in answer.gone])

    def resolve(self) -> Mapping[str, Any]:
        """The number of the account whose handle is set; charged as a user read."""
        handle = self.settings.user_id or ""
        if not handle.startswith("@"):
            return {}
        with library_errors("X", tweepy.TweepyException, AttributeError, KeyError, TypeError):
            found = self._client.get_user(username=handle[1:]).get("data")
            meter.pay(self.settings.author_micro_usd)
            if found is not None:
                return {"user_id": str(found["id"])}
        raise AuthError(f"user_id: X shows no account {handle}")

    def _listings(self, watch: Watch) -> Iterator["Listing"]:
        search, mentions = self._client.search_recent_tweets, self._client.get_users_mentions
        for query in watch.queries:
            yield Listing(
                name=f"search {query}",
                call=partial(search, query=query),
                price=self.settings.post_micro_usd,
                least=10,
                reach=id_at(watch.now - REACH),
                paging="next_token",
            )
        if account := self.settings.user_id:
            price = self.settings.mention_micro_usd
            yield Listing(name="mentions", call=partial(mentions, account), price=price)

    def _sweep(self, listing: "Listing", sweeps: Sweeps, watch: Watch, purse: "_Purse") -> Iterator[Page]:
        now, sweep, token = id_at(watch.now), sweeps[listing.name], None
        if sweep.at is not None and int(sweep.at) <= listing.reach:
            sweep = sweep.advance((), now=now, at=None)  # the rest of it can no longer be read
        floor = max(sweep.floor(id_at(watch.since), INDEXED_WITHIN_IDS), listing.reach)
        bounds = {"since_id": max(floor - 1, 1), "until_id": sweep.at}
        settled = [] if sweep.running else [id_at(watch.now - SETTLED)]
        while True:
            paid = purse.pays_for(listing.price + self._author_price, listing.least)
            size = min(self.settings.page_size, paid)
            answer = self._ask(listing.call, **bounds, max_results=size, **{listing.paging: token})
            token = answer.token
            ids = [number for post in answer.posts if (number := _number(post)) is not None]
            at = min(ids, default=sweep.at) if token else None
            sweep = sweep.advance(ids if token else ids + settled, now=now, at=at)
            done = sweeps.commit(listing.name, sweep) if sweep.running or not token else None
            page = self._page(answer, listing.price, cursor=done)
            purse.take(page.spent)
            yield page
            if not token:
                return

    def _ask(self, call: Callable[..., dict[str, Any]], **params: Any) -> "_Answer":
        if self.settings.author_details:
            params |= {"expansions": ["author_id"], "user_fields": ["name", "public_metrics", "username"]}
        given = {name: value for name, value in params.items() if value is not None}
        with library_errors("X", tweepy.TweepyException, AttributeError, KeyError, TypeError):
            return _Answer.read(call(tweet_fields=FIELDS, **given))

    def _page(
        self, answer: "_Answer", price: int, *, cursor: Cursor | None = None, gone: Sequence[str] = ()
    ) -> Page:
        mentions, rejects = parse_each(answer.posts, partial(parse, users=answer.users))
        spent = Spent(micro_usd=len(answer.posts) * price + len(answer.users) * self._author_price)
        return Page(mentions=mentions, rejects=rejects, cursor=cursor, gone=gone, spent=spent)


@dataclass(frozen=True, kw_only=True)
class Listing:
    name: str
    call: Callable[..., dict[str, Any]]
    price: int
    """Millionths of a dollar per post."""
    least: int = 5
    """Fewest posts that can be asked for."""
    reach: int = 0
    """The oldest id that can be asked for."""
    paging: str = "pagination_token"
    """The parameter that takes the next page's token."""


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What X says; of a record that is no post nothing is asked here."""

    posts: list[Any]
    users: dict[str, Any]
    """The authors by id."""
    token: str | None
    """Of the next page."""
    gone: set[str]
    """Ids of posts that X does not show any more."""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> "_Answer":
        users = body.get("includes", {}).get("users", [])
        problems = [one for one in body.get("errors", []) if str(one.get("type")).endswith(GONE)]
        return cls(
            posts=list(body.get("data", [])),
            users={user["id"]: user for user in users if "id" in user},
            token=body.get("meta", {}).get("next_token"),
            gone={str(one.get("resource_id") or one.get("value")) for one in problems},
        )


class _Purse:
    """What may still be spent, in this poll and this month."""

    def __init__(self, allowance: Allowance, now: datetime) -> None:
        self._left = allowance.micro_usd
        self._now = now

    def pays_for(self, price: int, least: int) -> int:
        """How many posts at this price; raises ``RetryLater`` (next month) where fewer than the least."""
        if self._left is None or price == 0:
            return MOST
        if self._left < least * price:
            first = self._now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
            next_month = (first + timedelta(days=32)).replace(day=1)
            raise RetryLater("the monthly budget for X is used up", after=next_month - self._now)
        return self._left // price

    def take(self, spent: Spent) -> None:
        if self._left is not None:
            self._left -= spent.micro_usd


def client(settings: XSettings) -> tweepy.Client:
    """tweepy, with our session inside and answers as X sends them."""
    made = tweepy.Client(settings.bearer_token.get_secret_value(), return_type=dict)
    made.session = _Session(settings)
    made.user_agent = settings.user_agent
    return made


class _Session(CheckedSession):
    """Sends to the configured host what tweepy sends to the one it knows."""

    def __init__(self, settings: base.Settings) -> None:
        super().__init__(settings)
        self._base_url = settings.base_url.rstrip("/")

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(method, str(url).replace(HOST_OF_TWEEPY, self._base_url), *args, **kwargs)

    def check(self, response: requests.Response) -> None:
        if response.status_code in {400, 409}:
            raise RetryLater(f"X refuses the request: {' '.join(response.text.split())[:200]}")
        super().check(response)


def id_at(moment: datetime) -> int:
    """The lowest id that a post of this moment can have."""
    return max(0, round(moment.timestamp() * 1000) - EPOCH_MS) << 22


def parse(post: Any, users: Mapping[str, Any]) -> Mention | None:
    """A post as X sends it (in the fields' old names or in those of 2026); None for a plain repost."""
    references = {
        one["type"]: one["id"] for one in _either(post, "referenced_tweets", "referenced_posts") or ()
    }
    if "retweeted" in references or "reposted" in references:
        return None
    note = _either(post, "note_tweet", "note_post") or {}
    author = _author(post.get("author_id"), users)
    name = author.handle if author and author.handle else "i/web"
    lang = OLD_CODES.get(post.get("lang"), post.get("lang"))
    return Mention(
        platform="x",
        platform_id=post["id"],
        kind=Kind.COMMENT if "replied_to" in references else Kind.POST,
        published_at=_published(post),
        text=note.get("text") or post["text"],  # posts of more than 280 characters are cut in "text"
        url=f"https://x.com/{name}/status/{post['id']}",
        author=author,
        lang=lang if lang and len(lang) == 2 else None,  # X also writes und, qme, zxx
        parent_id=references.get("replied_to"),
        thread_id=post.get("conversation_id"),
        engagement=_engagement(post.get("public_metrics") or {}),
    )


def _published(post: Any) -> datetime:
    if stated := post.get("created_at"):
        return datetime.fromisoformat(stated)
    return datetime.fromtimestamp(((int(post["id"]) >> 22) + EPOCH_MS) / 1000, UTC)


def _author(author_id: str | None, users: Mapping[str, Any]) -> Author | None:
    if author_id is None:
        return None
    user = users.get(author_id, {})
    handle = user.get("username")
    return Author(
        platform_id=author_id,
        handle=handle,
        name=user.get("name"),
        url=f"https://x.com/{handle}" if handle else None,
        followers=(user.get("public_metrics") or {}).get("followers_count"),
    )


def _engagement(metrics: Mapping[str, int]) -> Engagement:
    reposts, quotes = _either(metrics, "retweet_count", "repost_count"), metrics.get("quote_count")
    return Engagement(
        likes=metrics.get("like_count"),
        shares=None if reposts is None and quotes is None else (reposts or 0) + (quotes or 0),
        comments=metrics.get("reply_count"),
        views=metrics.get("impression_count"),
    )


def _number(post: Any) -> int | None:
    """A post's id as a mark; None for a malformed one."""
    try:
        return int(post["id"])
    except (KeyError, TypeError, ValueError):
        return None


def _either(record: Mapping[str, Any], old: str, new: str) -> Any:
    return record[old] if old in record else record.get(new)


CONNECTOR = X
