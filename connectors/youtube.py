"""YouTube: videos found by words, and the comments below them or anywhere on the channels you name.

The API allows 100 searches a day, and 10,000 units for all else. So a query is searched every few hours;
between, one request tells how many comments each of the videos found has by now, and only where that number
changed are they listed. Neither listing can be asked for "since": both are walked down from the newest.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import unquote

from pydantic import BeforeValidator, Field, SecretStr

from connectors import base, meter
from connectors.base import About, Allowance, Count, Cursor, Page, Quota, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import library_errors
from connectors.sweep import Sweeps, mark, place
from connectors.youtube_api import (
    NAME,
    Api,
    ClosedError,
    HiddenError,
    StaleError,
    UsedUpError,
    next_token,
    parse_comment,
)
from storage.records import Mention

DAY = 24 * 3600
"""Seconds: how late a video or comment may appear, and how long new answers to a comment are looked for."""
MOST_THREADS = 200
"""Conversations whose number of answers is remembered."""
FILTER = {"channel": "allThreadsRelatedToChannelId", "video": "videoId"}


def _from_address(given: Any) -> Any:
    """The id or name in a channel's address; what is no address as it is."""
    found = re.search(r"youtube\.com/(?:channel/)?(UC[\w-]{22}|@[^/?#\s]+|user/[^/?#\s]+)", str(given))
    return unquote(found[1]) if found else given


Channel = Annotated[
    str, BeforeValidator(_from_address), Field(pattern=r"^(UC[\w-]{22}|@[^/\s]+|user/[^/\s]+)$")
]


class YouTubeSettings(base.Settings):
    base_url: str = "https://www.googleapis.com/youtube/v3"
    api_key: SecretStr
    channels: tuple[Channel, ...] = ()
    """All comments on these are read: ids (UC...), @handles or addresses."""
    search_every: float = Field(default=6, ge=0)
    """Hours between two searches for the same words."""
    watched_videos: int = Field(default=50, ge=0, le=50)
    """Of the videos found, the comments of this many newest are read."""
    watched_days: int = Field(default=14, ge=1)
    """For so long after its publication a video's comments are read."""
    page_size: int = Field(default=50, ge=1, le=50)
    derived_metrics_accepted: bool = False
    """Whether YouTube has accepted your request for its amendment on derived metrics."""


class YouTube:
    name: ClassVar[str] = NAME
    about: ClassVar[About] = About(
        sees="videos that contain the words, comments below them, and all comments on channels you name",
        needs="api_key of a Google Cloud project with the YouTube Data API v3 switched on",
        costs="nothing",
        limits="100 searches (one for each alternative of a query and 50 videos) and 10,000 other calls a day",
        terms="https://developers.google.com/youtube/terms/developer-policies",
        caveats="new answers to comments older than a day are not looked for; YouTube's search leaves out some "
        "videos; the key in a header instead of the address, phrases in quotes, 50 ids in one request for "
        "comments, and the errors' wording were not checked against real answers",
    )
    Settings: ClassVar[type[base.Settings]] = YouTubeSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "comments", "views"})
    # its "|" binds tighter than a space, and there are no parentheses: only single words could be alternatives
    syntax: ClassVar[Syntax | None] = Syntax(or_=None, hashtag="{}", handle="{}", max_length=200)
    match: ClassVar[Literal["query", "all"]] = "query"
    quotas: ClassVar[Mapping[str, Quota]] = {
        "search": Quota(limit=100, zone="America/Los_Angeles"),
        "units": Quota(limit=10_000, zone="America/Los_Angeles"),
    }
    upkeep: ClassVar[Upkeep] = Upkeep(
        batch=50,
        recheck=timedelta(days=25),
        unconfirmed=timedelta(days=30),
        terms="https://developers.google.com/youtube/terms/developer-policies",
    )
    own_rates: ClassVar[bool] = True
    """Its terms (III.E.4.h) let no figure be made of its and others' data without an accepted amendment."""

    def __init__(self, settings: YouTubeSettings) -> None:
        self._settings = settings
        self._api = Api(settings, settings.api_key.get_secret_value())

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """First the searches that are due, then the comments; see ``connectors.base.Connector``."""
        if names := self._names():
            raise AuthError(f"{names[0]} is a name; `listener check` looks up its id")
        state = State(**deepcopy(dict(cursor or {})))
        every = self._settings.search_every * 3600
        searches = Sweeps(state.search, watch.queries)
        for query in searches:
            if searches[query].running or mark(watch.now) - state.searched.get(query, 0) >= every:
                yield from self._search(query, searches, watch, state)
        yield from self._comments(watch, state)

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:
        """Videos and comments, each kind in one request; see ``connectors.base.Refreshing``."""
        del allowance  # the open meter holds it
        for path in ("videos", "comments"):
            if known := [one for one in ids if ("/" in one) == (path == "comments")]:
                yield from self._api.again(path, known)

    def resolve(self) -> Mapping[str, Any]:
        """The channels' ids for their names; see ``connectors.base.Resolving``."""
        channels = self._settings.channels
        ids = {name: self._channel_id(name) for name in self._names()}
        return {"channels": tuple(ids.get(one, one) for one in channels)} if ids else {}

    def _names(self) -> list[str]:
        return [one for one in self._settings.channels if not one.startswith("UC")]

    def _channel_id(self, name: str) -> str:
        how = {"forHandle": name} if name.startswith("@") else {"forUsername": name.removeprefix("user/")}
        answer = self._api.get("channels", part="id", **how)
        with library_errors("YouTube", AttributeError, KeyError, TypeError, IndexError):
            if items := answer.get("items"):
                return str(items[0]["id"])
        raise AuthError(f"YouTube has no channel {name}")

    # ---- videos

    def _search(self, query: str, sweeps: Sweeps, watch: Watch, state: "State") -> Iterator[Page]:
        """One sweep in slices of time: a search shows no more than some hundred videos, however it pages."""
        sweep, now = sweeps[query], mark(watch.now)
        floor, restarted = sweep.floor(mark(watch.since), DAY), False
        while True:
            latest, page_token = place(sweep, now)
            token = page_token or None
            try:
                ids, following = self._found(query, floor, latest, token)
            except UsedUpError:
                return  # the rest of the day belongs to the comments
            except StaleError:
                if token is None or restarted:
                    raise
                sweep, restarted = replace(sweep, at=f"{latest}/"), True
                continue
            page = self._api.look("videos", ids) if ids else Page()
            marks = [mark(one.published_at) for one in page.mentions]
            oldest = min((mark for mark in marks if floor <= mark < latest), default=None)
            beyond = f"{latest}/{following}" if oldest is None else f"{oldest}/"
            sweep = sweep.advance(marks, now=now, at=beyond if following else None)
            state.search = sweeps.commit(query, sweep)
            if not sweep.running:
                state.searched[query] = now
            state.watch(page.mentions, self._settings, now)
            yield replace(page, gone=(), cursor=asdict(state))
            if not sweep.running:
                return

    def _found(self, query: str, floor: int, latest: int, token: str | None) -> tuple[list[str], str | None]:
        """The ids on one page of a search, and the token of the page behind it."""
        try:
            meter.charge("search")
        except RetryLater as error:
            raise UsedUpError(str(error)) from error
        answer = self._api.ask(
            "search",
            part="snippet",
            type="video",
            order="date",
            q=query,
            publishedAfter=_time(floor - 1),  # whether the bounds are inside, the documents do not agree
            publishedBefore=_time(latest + 1),
            maxResults=self._settings.page_size,
            pageToken=token,
        )
        with library_errors("YouTube", AttributeError, KeyError, TypeError):
            return [str(item["id"]["videoId"]) for item in answer["items"]], next_token(answer)

    # ---- comments

    def _comments(self, watch: Watch, state: "State") -> Iterator[Page]:
        yield from self._answers(state)
        counts: dict[str, int | None] = {}
        state.watch((), self._settings, mark(watch.now))
        if state.videos:
            page = self._api.look("videos", list(state.videos))
            counts = {one.platform_id: one.engagement.comments for one in page.mentions}
            for one in page.gone:
                del state.videos[one]
            yield replace(page, cursor=asdict(state))
        channels = [f"channel {one}" for one in self._settings.channels]
        sweeps = Sweeps(state.comments, [*channels, *(f"video {one}" for one in state.videos)])
        missing = []
        for listing in sweeps:
            where, _, what = listing.partition(" ")
            count = counts.get(what)
            if where == "video" and not sweeps[listing].running and count in (None, state.listed.get(what)):
                continue
            if count is not None:
                state.listed[what] = count
            try:
                yield from self._threads(listing, sweeps, watch, state)
            except ClosedError:
                missing += [what] if where == "channel" else []
                state.comments = sweeps.commit(listing, replace(sweeps[listing], at=None))
                yield Page(cursor=asdict(state))
        if missing:
            raise RetryLater(f"YouTube shows no comments of {', '.join(missing)}: check channels")

    def _threads(self, listing: str, sweeps: Sweeps, watch: Watch, state: "State") -> Iterator[Page]:
        """One sweep over the comments of a video or channel, and the answers to them."""
        sweep, now = sweeps[listing], mark(watch.now)
        floor, restarted = sweep.floor(mark(watch.since), DAY), False
        where, _, what = listing.partition(" ")
        while True:
            chosen = {FILTER[where]: what, "order": "time", "pageToken": sweep.at}
            try:
                answer = self._list("commentThreads", "snippet,replies", **chosen)
            except StaleError:
                if not sweep.running or restarted:
                    raise
                sweep, restarted = replace(sweep, at=None), True  # from the top, down to the same mark
                continue
            with library_errors("YouTube", AttributeError, KeyError, TypeError):
                mentions, rejects, marks = _read_threads(answer["items"], floor, state)
                following = None if marks and max(marks) < floor else next_token(answer)
            sweep = sweep.advance(marks, now=now, at=following)
            state.comments = sweeps.commit(listing, sweep)
            wanted = [one for one in mentions if one.published_at >= watch.since]
            yield Page(mentions=wanted, rejects=rejects, cursor=asdict(state))
            yield from self._answers(state)
            if not sweep.running:
                return

    def _list(self, path: str, part: str, **chosen: Any) -> Any:
        return self._api.get(
            path, part=part, textFormat="plainText", maxResults=self._settings.page_size, **chosen
        )

    def _answers(self, state: "State") -> Iterator[Page]:
        """The answers that were too many to stand with their comment, page by page."""
        restarted = None
        while state.owed:
            thread, token = state.owed.popitem()
            video, _, parent = thread.rpartition("/")
            try:
                answer = self._list("comments", "snippet", parentId=parent, pageToken=token)
            except ClosedError as error:
                gone = [] if isinstance(error, HiddenError) else [thread]
                yield Page(gone=gone, cursor=asdict(state))
                continue
            except StaleError:
                if token is None or thread == restarted:
                    raise
                restarted, state.owed[thread] = thread, None
                continue
            with library_errors("YouTube", AttributeError, KeyError, TypeError):
                mentions, rejects = parse_each([(video, item) for item in answer["items"]], parse_comment)
                if following := next_token(answer):
                    state.owed[thread] = following
            yield Page(mentions=mentions, rejects=rejects, cursor=asdict(state))


@dataclass
class State:
    """What the cursor holds."""

    search: Cursor | None = None
    """The sweeps of the queries."""
    searched: dict[str, int] = field(default_factory=dict)
    """When each query was last searched to the end."""
    videos: dict[str, int] = field(default_factory=dict)
    """The watched ones, newest first, and when they were published."""
    listed: dict[str, int] = field(default_factory=dict)
    """How many comments each had when they were listed."""
    comments: Cursor | None = None
    """The sweeps of comments."""
    counted: dict[str, int] = field(default_factory=dict)
    """How many answers a comment had when all of them were asked for."""
    owed: dict[str, str | None] = field(default_factory=dict)
    """Comments whose answers are still to be asked for, from which page on."""

    def watch(self, found: Iterable[Mention], settings: YouTubeSettings, now: int) -> None:
        """Keep the newest of the known and the found videos."""
        marks = self.videos | {one.platform_id: mark(one.published_at) for one in found}
        newest = sorted(marks, key=marks.__getitem__, reverse=True)[: settings.watched_videos]
        self.videos = {one: marks[one] for one in newest if marks[one] > now - settings.watched_days * DAY}
        self.listed = {one: count for one, count in self.listed.items() if one in self.videos}

    def owe(self, thread: str, total: int) -> None:
        """The answers to this comment do not all stand with it."""
        if self.counted.get(thread) != total:
            self.counted = dict([*self.counted.items(), (thread, total)][-MOST_THREADS:])
            self.owed[thread] = None


def _read_threads(threads: Iterable[Any], floor: int, state: State) -> tuple[list[Any], list[Any], list[int]]:
    """The comments of a page with the answers that stand with them, the rejects, and the comments' marks."""
    answers: list[tuple[str, Any]] = []

    def parse_thread(thread: Any) -> Mention:
        snippet = thread["snippet"]
        video = snippet.get("videoId") or ""
        top = parse_comment((video, snippet["topLevelComment"]))
        shown = [(video, one) for one in (thread.get("replies") or {}).get("comments", ())]
        if int(snippet.get("totalReplyCount") or 0) > len(shown) and mark(top.published_at) >= floor:
            state.owe(top.platform_id, int(snippet["totalReplyCount"]))
        answers.extend(shown)
        return top

    tops, rejects = parse_each(threads, parse_thread)
    replies, more_rejects = parse_each(answers, parse_comment)
    return tops + replies, rejects + more_rejects, [mark(one.published_at) for one in tops]


def _time(mark: int) -> str:
    return datetime.fromtimestamp(mark, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


CONNECTOR = YouTube
