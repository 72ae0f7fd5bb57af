"""Bluesky: its search, with an account of your own, or the stream of all new posts (Jetstream) without one.

The search is asked newest first, in slices of time: the next page is asked for as "before the oldest seen", and
by the answer's own cursor only among equal times, since that is a count of hits, which ends at 10,000 and shifts
when posts are deleted. Nobody says which of a post's two times the search sorts by, its author's ``createdAt``
or the network's ``indexedAt``: slices end at the later one, so that no post is skipped either way.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from atproto_client import models  # type: ignore[import-untyped]  # it comes without types
from pydantic import Field, SecretStr, model_validator

from connectors import base, jetstream
from connectors.base import About, Allowance, Count, Cursor, Page, Quota, Syntax, Upkeep, Watch, parse_each
from connectors.bluesky_account import Account
from connectors.http import library_errors
from connectors.sweep import Sweeps
from connectors.text import language
from storage.records import MOST, Author, Engagement, Kind, Mention, Reject

PUBLIC = "https://public.api.bsky.app"
"""Shows single posts to everyone, but does not search."""
SITE = "https://bsky.app"
POSTS = "app.bsky.feed.post"
BATCH = 25
"""Posts or profiles of one request."""
OVERLAP_MS = 60 * 60 * 1000
"""How late a post may be indexed and is still found."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOT_FOR_STRANGERS = "!no-unauthenticated"
"""The label of authors who do not want to be shown outside of the network."""


class BlueskySettings(base.Settings):
    base_url: str = "https://bsky.social"
    """Where the account lives; without an account, posts are read again at public.api.bsky.app."""
    engine: Literal["search", "jetstream"] = "search"
    """`search` asks for your words, with an account; `jetstream` reads all new posts, and needs none."""
    handle: str | None = None
    """Name of your account, like `name.bsky.social`."""
    app_password: SecretStr | None = None
    """An app password, made in Bluesky's settings; not the account's own password."""
    session_file: Path | None = None
    """Where the login is kept, since logins are limited; a file in your state directory unless given."""
    author_details: bool = False
    """Ask for authors' followers, too: one more request for every 25 authors."""
    page_size: int = Field(default=100, ge=1, le=100)
    """Posts asked for at once."""
    jetstream_url: str = "wss://jetstream.us-east.bsky.network/xrpc/network.bsky.jetstream.subscribeEvents"
    """The stream's address; it must speak version 2 of Jetstream."""

    @model_validator(mode="before")
    @classmethod
    def _as_a_stranger(cls, values: Any) -> Any:
        anonymous = values.get("engine") == "jetstream" and not values.get("app_password")
        return {"base_url": PUBLIC, **values} if anonymous else values

    @model_validator(mode="after")
    def _has_an_account(self) -> Self:
        whole = bool(self.handle) and self.app_password is not None
        if not whole and (self.engine == "search" or self.handle or self.app_password):
            raise ValueError(
                "both handle and app_password are needed (with the engine jetstream both or neither)"
            )
        return self


class Bluesky:
    name: ClassVar[str] = "bluesky"
    about: ClassVar[About] = About(
        sees="posts and replies: by search, or all new ones with the engine jetstream",
        needs="handle and app_password of an account; nothing with the engine jetstream",
        costs="nothing",
        limits="3,000 requests per 5 minutes and address; 300 logins a day and account",
        terms="https://docs.bsky.app/docs/support/developer-guidelines",
        caveats=(
            "Authors who ask not to be shown to strangers (!no-unauthenticated) are left out. "
            "Search knows no OR and no NOT, and also finds words in link cards and picture texts, which are "
            "read only where a post has no other text. Shares are reposts and quotes. A post dated more than an "
            "hour before it reached the network may be missed. Jetstream begins with the first poll, and after "
            "a downtime longer than the server's memory goes on with what it still has; it passes all new posts "
            "of the network through this machine and tells neither counts nor handles nor that label, which "
            "come when posts are read again. Search and stream were checked against their descriptions, not "
            "against recorded answers."
        ),
    )
    Settings: ClassVar[type[base.Settings]] = BlueskySettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "shares", "comments", "followers"})
    # a bare @name would be a filter by account, refused where there is no such account
    syntax: ClassVar[Syntax | None] = Syntax(or_=None, not_=None, handle='"{}"')
    match: ClassVar[Literal["query", "all"]] = "query"
    quotas: ClassVar[Mapping[str, Quota]] = {"login": Quota(limit=300)}
    # The terms ask for deletion and name no time; the search tells of none, and reading again is free
    upkeep: ClassVar[Upkeep] = Upkeep(batch=BATCH, recheck=timedelta(days=1), terms=about.terms)

    def __init__(self, settings: BlueskySettings) -> None:
        self.settings = settings
        self._account = Account(settings, settings.handle, settings.app_password, settings.session_file)

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        if self.settings.engine == "jetstream":
            yield from self._listen(watch, cursor)
            return
        sweeps = Sweeps(cursor, watch.queries)
        yield from sweeps.pages(lambda query: self._sweep(query, sweeps, watch))

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:  # noqa: ARG002 - it is free
        wanted = models.AppBskyFeedGetPosts.Params(uris=list(ids))
        posts, _ = self._posts("app.bsky.feed.getPosts", wanted)
        mentions, rejects = self._read(posts)
        shown = {mention.platform_id for mention in mentions}
        # what cannot be read may be any of them, so that none can be called gone
        gone = [] if rejects else [one for one in ids if one not in shown]
        yield Page(mentions=mentions, rejects=rejects, gone=gone)

    def _sweep(self, query: str, sweeps: Sweeps, watch: Watch) -> Iterator[Page]:
        sweep, now = sweeps[query], _ms(watch.now)
        floor = sweep.floor(_ms(watch.since), OVERLAP_MS)
        while True:
            until, _, token = str(sweep.at or now + 1).partition(" ")
            posts, following = self._search(query, floor, int(until), token)
            mentions, rejects = self._read(posts)
            times = [found for post in posts if (found := _times(post))]
            oldest = min((later for _, later in times), default=now) + 1
            at: str | None = f"{oldest}" if oldest < int(until) else f"{until} {following}"
            if following in {None, token} or oldest <= floor:
                at = None
            sweep = sweep.advance([earlier for earlier, _ in times], now=now, at=at)
            yield Page(mentions=mentions, rejects=rejects, cursor=sweeps.commit(query, sweep))
            if not sweep.running:
                return

    def _search(self, query: str, floor: int, until: int, token: str) -> tuple[list[Any], str | None]:
        wanted = models.AppBskyFeedSearchPosts.Params(
            q=query,
            sort="latest",
            since=_iso(floor),
            until=_iso(until),
            limit=self.settings.page_size,
            cursor=token or None,
        )
        return self._posts("app.bsky.feed.searchPosts", wanted)

    def _posts(self, method: str, wanted: Any) -> tuple[list[Any], str | None]:
        """The posts of an answer, and the cursor of the next one."""
        answer = self._account.ask(method, wanted)
        with library_errors("Bluesky", AttributeError, KeyError, TypeError):
            following = answer.get("cursor")
            return list(answer["posts"]), str(following) if following else None

    def _read(self, posts: Sequence[Any]) -> tuple[list[Mention], list[Reject]]:
        mentions, rejects = parse_each(posts, parse)
        if not self.settings.author_details:
            return mentions, rejects
        authors = sorted({one.author.platform_id for one in mentions if one.author})
        return parse_each(posts, partial(parse, followers=self._followers(authors)))

    def _followers(self, authors: Sequence[str]) -> dict[str, int]:
        found = {}
        for start in range(0, len(authors), BATCH):
            wanted = models.AppBskyActorGetProfiles.Params(actors=authors[start : start + BATCH])
            answer = self._account.ask("app.bsky.actor.getProfiles", wanted)
            with library_errors("Bluesky", AttributeError, KeyError, TypeError):
                for profile in answer["profiles"]:
                    found[str(profile["did"])] = profile.get("followersCount")
        return {author: count for author, count in found.items() if type(count) is int and 0 <= count <= MOST}

    def _listen(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """All new posts up to ``watch.now``; who of them is about a brand is for the caller to find."""
        now = _ms(watch.now) * 1000
        at = min((cursor or {}).get("time_us", now), now)
        words = re.findall(r"\w+", " ".join(watch.queries).lower())
        batches = jetstream.batches(self.settings.jetstream_url, self.settings, POSTS, since=at, until=now)
        for events in batches:
            mentions, rejects = parse_each(events, parse_event)
            # of what cannot be read only what may be about a brand: the rest is nobody's business
            rejects = [one for one in rejects if any(word in one.raw.lower() for word in words)]
            at = max([at, *(min(seen, now) for event in events if (seen := jetstream.moment(event)))])
            gone = [_uri(event) for event in events if _is_deletion(event)]
            yield Page(mentions=mentions, rejects=rejects, gone=gone, cursor={"time_us": at})


def parse(post: Any, followers: Mapping[str, int] | None = None) -> Mention | None:
    """A post as the network shows it; None where its author would not want that, or where it has no words."""
    author, record, uri = post["author"], post["record"], post["uri"]
    text = record["text"] or _beside(record.get("embed") or {})
    labels = author.get("labels") or []
    if not text or any(label["val"] == NOT_FOR_STRANGERS and not label.get("neg") for label in labels):
        return None
    reply = record.get("reply") or {}
    did, handle = author["did"], author.get("handle")
    profile = f"{SITE}/profile/{did if handle in {None, 'handle.invalid'} else handle}"
    return Mention(
        platform=Bluesky.name,
        platform_id=uri,
        kind=Kind.COMMENT if reply else Kind.POST,
        published_at=min(_moment(record["createdAt"]), _moment(post["indexedAt"])),
        text=text,
        url=f"{profile}/post/{uri.rpartition('/')[2]}",
        author=Author(
            platform_id=did,
            handle=handle,
            name=author.get("displayName") or None,
            url=profile,
            followers=(followers or {}).get(did),
        ),
        lang=_language(record.get("langs")),
        parent_id=reply["parent"]["uri"] if reply else None,
        thread_id=reply["root"]["uri"] if reply else None,
        engagement=Engagement(
            likes=post.get("likeCount"),
            shares=_sum(post.get("repostCount"), post.get("quoteCount")),
            comments=post.get("replyCount"),
        ),
    )


def parse_event(event: Any) -> Mention | None:
    """A post as the stream tells of it; None for all other events."""
    if event.get("operation") not in {"create", "update"} or event["collection"] != POSTS:
        return None
    return parse(
        {
            "uri": _uri(event),
            "author": {"did": event["did"]},
            "record": event["record"],
            "indexedAt": event["time"],
        }
    )


def _is_deletion(event: Any) -> bool:
    whole = isinstance(event, dict) and {"did", "collection", "rkey"} <= event.keys()
    return whole and event.get("operation") == "delete" and event["collection"] == POSTS


def _uri(event: Any) -> str:
    return f"at://{event['did']}/{POSTS}/{event['rkey']}"


def _beside(embed: Any) -> str:
    """The words of a post without text: of its link card, or of its pictures."""
    media = embed.get("media") or embed
    card = media.get("external") or {}
    pictures = [picture.get("alt") for picture in media.get("images") or []]
    return "\n".join(filter(None, [card.get("title"), card.get("description"), media.get("alt"), *pictures]))


def _sum(reposts: int | None, quotes: int | None) -> int | None:
    """Reposts, and quotes where the server counts them."""
    return None if reposts is None else reposts + (quotes or 0)


def _language(codes: Any) -> str | None:
    return language(codes[0] if codes else None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _times(post: Any) -> tuple[int, int] | None:
    """A post's two times in milliseconds, the earlier one first; None for a malformed one."""
    try:
        made, indexed = _ms(_moment(post["record"]["createdAt"])), _ms(_moment(post["indexedAt"]))
    except (KeyError, OverflowError, TypeError, ValueError):
        return None
    return min(made, indexed), max(made, indexed)


def _ms(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def _iso(milliseconds: int) -> str:
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


CONNECTOR = Bluesky
