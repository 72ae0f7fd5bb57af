"""Facebook: posts that tag your own page, posts of visitors on it, and comments on its posts.

The Graph API shows a page what concerns it, and has no search. Comments are asked for as one stream with their
replies, newest first, and only where their count, or the newest of them, is another than before.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from connectors import base, graph
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError
from connectors.graph import Graph, GraphSettings, Listing
from connectors.http import library_errors
from storage.records import Author, Engagement, Kind, Mention

POST = (
    "id,message,created_time,permalink_url,from,shares,reactions.limit(0).summary(total_count),"
    "comments.filter(stream).limit(0).summary(total_count)"
)
COMMENT = "id,message,created_time,permalink_url,from,like_count,comment_count,parent{id}"
STREAM = {"filter": "stream", "order": "reverse_chronological"}
NEWEST = "comments.filter(stream).order(reverse_chronological).limit(1).summary(total_count){id}"


def _name(given: Any) -> str:
    """The number or the name in "123", "name" or an address of a page."""
    path = str(given).partition("facebook.com/")[2] or str(given)
    number = re.search(r"(?:^|[/=-])(\d{5,})/?(?:$|[?&#])", path)
    return number[1] if number else path.split("/")[0].split("?")[0].lstrip("@")


class FacebookSettings(GraphSettings):
    page_id: Annotated[str, BeforeValidator(_name), Field(pattern=r"^[\w.-]+$")]
    """Your page: its number, name or address."""
    listings: tuple[Literal["tagged", "visitors", "comments"], ...] = ("tagged", "visitors", "comments")
    """What to read: posts that tag the page, posts on its timeline, comments on its own posts."""


class Facebook:
    name: ClassVar[str] = "facebook"
    about: ClassVar[About] = About(
        sees="public posts that tag your page, posts of visitors on it, comments on its own posts",
        needs="access_token of the page, of an app with pages_read_engagement and pages_read_user_content; for "
        "posts that tag it perhaps the feature Page Public Content Access",
        costs="nothing",
        limits="4,800 calls a day for each person engaged with the page; about 600 posts of a timeline a year",
        terms="https://developers.facebook.com/terms/",
        caveats="Recommendations of the page cannot be read: Meta withdrew them from the API with v22.0. Who "
        "wrote a post is withheld for people, so such mentions have no author. A deleted post is only noticed "
        "while others of its sort can still be read, since the API says the same of what is hidden from the "
        "token. No answer of v26.0 was at hand to check against.",
    )
    Settings: ClassVar[type[base.Settings]] = FacebookSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "shares", "comments"})
    syntax: ClassVar[Syntax | None] = None
    places: ClassVar[tuple[str, ...]] = ("page_id",)
    match: ClassVar[Literal["query", "all"]] = "all"
    upkeep: ClassVar[Upkeep] = Upkeep(
        batch=graph.IN_A_BATCH, recheck=timedelta(days=30), terms="https://developers.facebook.com/terms/"
    )

    def __init__(self, settings: FacebookSettings) -> None:
        self._settings = settings
        self._graph = Graph(settings)

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """One sweep for each listing; see ``connectors.base.Connector``."""
        return graph.poll(self._graph, self._listings(), watch, cursor)

    def _listings(self) -> Iterator[Listing]:
        for name, edge in (("tagged", "tagged"), ("visitors", "feed")):
            if name in self._settings.listings:
                yield Listing(
                    name=name,
                    path=f"{self._page}/{edge}",
                    params={"fields": POST},
                    parse=partial(parse_post, page=self._page),
                    dated="created_time",
                )
        if "comments" in self._settings.listings:
            found, _ = self._graph.page(
                f"{self._page}/published_posts", fields=f"id,{NEWEST}", limit=self._settings.own_posts
            )
            yield from self._comments(found)

    def _comments(self, posts: Iterable[Any]) -> Iterator[Listing]:
        """The comments of each post that has any."""
        for post in posts:
            with library_errors("Facebook", AttributeError, KeyError, TypeError):
                number, comments = post["id"], post.get("comments") or {}
                newest = [one.get("id") for one in comments.get("data", ())]
                count = graph.total_of(comments)
            if count == 0 and not newest:
                continue
            yield Listing(
                name=f"comments {number}",
                path=f"{number}/comments",
                params={"fields": COMMENT, **STREAM},
                parse=partial(parse_comment, post=number, page=self._page),
                dated="created_time",
                state=f"{count} {newest}",
            )

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:  # noqa: ARG002 - the meter stops it
        """Posts and comments by their ids, in one request for all."""
        posts = {graph.node_of(one): one for one in ids}
        found, missing = self._graph.nodes({node: self._fields(one) for node, one in posts.items()})
        mentions, rejects = parse_each(
            [(posts[node], entry) for node, entry in found.items()], lambda both: self._again(*both)
        )
        yield Page(
            mentions=mentions,
            rejects=rejects,
            gone=self._gone([posts[one] for one in missing], [posts[one] for one in found]),
        )

    def _fields(self, platform_id: str) -> str:
        return COMMENT if "/" in platform_id else POST

    def _again(self, platform_id: str, entry: Any) -> Mention | None:
        if "/" in platform_id:
            return parse_comment(entry, post=platform_id.partition("/")[0], page=self._page)
        return parse_post(entry, page=self._page)

    def _gone(self, missing: Sequence[str], found: Sequence[str]) -> list[str]:
        """Posts count as deleted while another of their sort, of visitors or elsewhere, can be read."""
        comments = [one for one in missing if "/" in one]
        kept = [one for one in found if "/" in one]
        readable = {self._is_elsewhere(one) for one in found if "/" not in one}
        posts = [one for one in missing if "/" not in one and self._is_elsewhere(one) in readable]
        return posts + graph.surely_gone(self._graph, comments, kept)

    def _is_elsewhere(self, post: str) -> bool:
        return not post.startswith(f"{self._settings.page_id}_")

    @property
    def _page(self) -> str:
        name = self._settings.page_id
        if not name.isdecimal():
            raise AuthError(f"page_id {name!r} is a name; `listener check` looks it up")
        return name

    def resolve(self) -> Mapping[str, Any]:
        """The number of the page with the configured name."""
        name = self._settings.page_id
        if name.isdecimal():
            return {}
        with library_errors("Facebook", KeyError, TypeError):
            return {"page_id": self._graph.get(name, fields="id")["id"]}


def parse_post(entry: Any, page: str) -> Mention | None:
    """A post of somebody else; None for one of the page itself, and for one without words."""
    writer = entry.get("from") or {}
    if writer.get("id") == page or not entry.get("message"):
        return None
    return Mention(
        platform="facebook",
        platform_id=entry["id"],
        kind=Kind.POST,
        published_at=datetime.fromisoformat(entry["created_time"]),
        text=entry["message"],
        url=entry.get("permalink_url"),
        author=_author(writer),
        thread_id=entry["id"],
        engagement=Engagement(
            likes=graph.total_of(entry.get("reactions")),
            shares=(entry.get("shares") or {}).get("count"),
            comments=graph.total_of(entry.get("comments")),
        ),
    )


def parse_comment(entry: Any, post: str, page: str) -> Mention | None:
    """A comment on an own post, or an answer to one; None for those of the page, and for mere pictures."""
    writer = entry.get("from") or {}
    if writer.get("id") == page or not entry.get("message"):
        return None
    parent = (entry.get("parent") or {}).get("id")
    return Mention(
        platform="facebook",
        platform_id=f"{post}/{entry['id']}",
        kind=Kind.COMMENT,
        published_at=datetime.fromisoformat(entry["created_time"]),
        text=entry["message"],
        url=entry.get("permalink_url"),
        author=_author(writer),
        parent_id=f"{post}/{parent}" if parent else post,
        thread_id=post,
        engagement=Engagement(likes=entry.get("like_count"), comments=entry.get("comment_count")),
    )


def _author(writer: Mapping[str, Any]) -> Author | None:
    """Whoever is named: pages, and those who comment; people who post are withheld."""
    if "id" not in writer:
        return None
    return Author(
        platform_id=writer["id"], name=writer.get("name"), url=f"https://www.facebook.com/{writer['id']}"
    )


CONNECTOR = Facebook
