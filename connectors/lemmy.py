"""Lemmy: posts and comments that one instance knows, its own and those of the instances it federates with.

Mentions are named by their ActivityPub id, which is the same on every instance: found through two of them,
a post is one mention. Posts and comments are listed apart, newest first, and walked down by page.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import Any, ClassVar, Literal

import requests
from pydantic import Field, SecretStr

from connectors import base
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import Session, decode, library_errors, raise_for_status
from connectors.sweep import Sweeps
from storage.records import Author, Engagement, Kind, Mention

FEDERATED_WITHIN = 60 * 60
"""Seconds until a post has surely come from the instance where it was written."""
AND = "\n"
"""Between words that must all occur. The search wants them in this order, so only one of them is asked for."""
CLOSED = {"instance_is_private", "not_logged_in", "incorrect_login"}
MISSING = {
    "not_found",
    "resolve_object_failed",
    "couldnt_find_object",
    "couldnt_find_post",
    "couldnt_find_comment",
    "couldnt_parse_pagination_token",
}
"""What the servers' versions say where something is no more."""


class LemmySettings(base.Settings):
    base_url: str = "https://lemmy.world"
    jwt: SecretStr | None = None
    """Of an account, for instances that show nothing to strangers."""
    api: Literal["v3", "v4"] = "v3"
    """v3 for Lemmy 0.19, v4 for Lemmy 1.0."""
    page_size: int = Field(default=50, ge=1, le=50)


class Lemmy:
    """Searches posts and comments by words."""

    name: ClassVar[str] = "lemmy"
    about: ClassVar[About] = About(
        sees="posts and comments that contain the words, as far as the instance has heard of them",
        needs="nothing on most instances; else the jwt of an account",
        costs="nothing",
        limits="each instance sets its own; no views, no shares",
        terms="the instance's own /legal page",
        caveats="likes are upvotes alone. The language is not read. Written after the source code of the "
        "server: no recorded answer was at hand, and v4 is after a version of Lemmy 1.0 in development.",
    )
    Settings: ClassVar[type[base.Settings]] = LemmySettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "comments"})
    syntax: ClassVar[Syntax | None] = Syntax(
        and_=AND, or_=None, not_=None, phrase="{}", hashtag="{}", handle="{}", group="{}"
    )
    match: ClassVar[Literal["query", "all"]] = "query"
    upkeep: ClassVar[Upkeep] = Upkeep(batch=20, recheck=timedelta(days=30))

    def __init__(self, settings: LemmySettings) -> None:
        self._settings = settings
        self._session = Session(settings)
        if settings.jwt:
            self._session.headers["Authorization"] = f"Bearer {settings.jwt.get_secret_value()}"

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """Two sweeps for each word or phrase; see ``connectors.base.Connector``."""
        terms = [max(query.split(AND), key=len) for query in watch.queries]
        listings = {f"{kind} {term}": (kind, term) for term in terms for kind in ("post", "comment")}
        sweeps = Sweeps(cursor, listings)
        yield from sweeps.pages(lambda name: self._sweep(name, *listings[name], sweeps, watch))

    def refresh(
        self,
        ids: Sequence[str],
        allowance: Allowance,  # noqa: ARG002 - it spends calls only, which the meter guards
    ) -> Iterator[Page]:
        """The instance is asked for each post by its ActivityPub id; strangers get what it knows already."""
        for one in ids:
            view = self._ask("resolve_object", q=one)
            if view and self._settings.api == "v3":
                with library_errors("Lemmy", AttributeError):
                    view = view.get("post") or view.get("comment")
            mentions, rejects = parse_each([view] if view else [], parse)
            gone = [] if mentions or rejects else [one]
            yield Page(mentions=mentions, rejects=rejects, gone=gone)

    def _sweep(self, name: str, kind: str, term: str, sweeps: Sweeps, watch: Watch) -> Iterator[Page]:
        sweep = sweeps[name]
        floor = sweep.floor(int(watch.since.timestamp()), FEDERATED_WITHIN)
        while True:
            views, following = self._list(kind, term, sweep.at)
            mentions, rejects = parse_each(views, parse)
            marks = [mark for view in views if (mark := _mark(view, kind)) is not None]
            if views and not marks:
                raise RetryLater("Lemmy answered a page without dates")
            # by the middle of the page: pinned posts stand first, however old they are
            at = following if marks and median_low(marks) >= floor else None
            sweep = sweep.advance(marks, now=int(watch.now.timestamp()), at=at)
            fresh = [mention for mention in mentions if mention.published_at >= watch.since]
            yield Page(mentions=fresh, rejects=rejects, cursor=sweeps.commit(name, sweep))
            if at is None:
                return

    def _list(self, kind: str, term: str, at: str | int | None) -> tuple[list[Any], str | int | None]:
        """A page of views, and where the next one begins."""
        # the entry that a cursor points to may have been deleted: then from the top again
        answer = self._page(kind, term, at) or self._page(kind, term, None)
        with library_errors("Lemmy", AttributeError, KeyError, TypeError):
            if self._settings.api == "v4":
                return list(answer["items"]), answer.get("next_page")
            if answer["comments" if kind == "post" else "posts"]:
                raise AuthError('this instance runs Lemmy 1.0: set api = "v4"')  # it ignores type_ and page
            views = list(answer[f"{kind}s"])
            full = len(views) >= self._settings.page_size
            return views, int(at or 1) + 1 if full else None

    def _page(self, kind: str, term: str, at: str | int | None) -> Any:
        size, kinds = self._settings.page_size, f"{kind.title()}s"
        if self._settings.api == "v3":
            order = {"type_": kinds, "sort": "New", "listing_type": "All"}
            return self._ask("search", q=term, **order, page=at or 1, limit=size)
        more: dict[str, str | int] = {} if at is None else {"page_cursor": at}
        if kind == "post":
            more["time_range_seconds"] = 0  # else the instance may set one
        return self._ask(f"{kind}/list", search_term=term, type_="all", sort="new", limit=size, **more)

    def _ask(self, path: str, **parameters: str | int) -> Any:
        """The decoded answer; None where the instance says that what is asked for is no more."""
        address = f"{self._settings.base_url.rstrip('/')}/api/{self._settings.api}/{path}"
        response = self._session.get(address, params=parameters)
        code = _code(response)
        if code in CLOSED:
            raise AuthError(f"the instance answered {code}: it needs the jwt of an account")
        if code in MISSING:
            return None
        raise_for_status(response)
        return decode(response)


def _code(response: requests.Response) -> str | None:
    """The word for what went wrong; most errors of Lemmy have the status 400."""
    if response.ok:
        return None
    try:
        return str(decode(response)["error"])
    except (RetryLater, KeyError, TypeError):
        return None


def parse(view: Any) -> Mention | None:
    """A post or comment with its author, as v3 or v4 shows it; None where it was deleted or removed."""
    thing = view["comment"] if "comment" in view else view["post"]
    if thing["deleted"] or thing["removed"]:
        return None
    is_comment, number, post = "comment" in view, thing["ap_id"], view["post"]
    title = None if is_comment else thing["name"]
    text = thing["content"] if is_comment else thing.get("body") or thing["name"]
    counts = view.get("counts") or thing  # v4 counts in the post itself
    edited = thing.get("updated") or thing.get("updated_at")
    return Mention(
        platform=Lemmy.name,
        platform_id=number,
        kind=Kind.COMMENT if is_comment else Kind.POST,
        published_at=_published(thing),
        edited_at=_moment(edited) if edited else None,
        title=title,
        text=text,
        url=number if number.startswith(("https://", "http://")) else None,
        author=_author(view["creator"]),
        # of an answer to a comment only the number on this instance is known
        parent_id=post["ap_id"] if is_comment and thing["path"].count(".") == 1 else None,
        thread_id=post["ap_id"],
        engagement=Engagement(
            likes=counts.get("upvotes"),
            comments=counts.get("child_count" if is_comment else "comments"),
        ),
    )


def _author(creator: Any) -> Author:
    address = creator.get("actor_id") or creator["ap_id"]
    return Author(
        platform_id=address,
        handle=f"{creator['name']}@{address.split('/')[2]}",
        name=creator.get("display_name") or creator["name"],
        url=address,
    )


def _published(thing: Any) -> datetime:
    return _moment(thing.get("published") or thing["published_at"])


def _moment(text: str) -> datetime:
    """Older servers leave out the time zone, which is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _mark(view: Any, kind: str) -> int | None:
    """Unix seconds; None for a malformed view."""
    try:
        return int(_published(view[kind]).timestamp())
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None


CONNECTOR = Lemmy
