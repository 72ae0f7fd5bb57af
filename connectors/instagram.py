"""Instagram: posts that tag your own account, comments on your own posts, and hashtags of your brand.

The Graph API shows a professional account what concerns it, and has no search. Its comments are listed newest
first, each with its replies: those of the last week are read again now and then, so that new replies to them
are found, and those of the last hours at every change.
A post is only asked for its comments when their count, or the newest of them, is another than before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from connectors import base, graph
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError
from connectors.graph import Graph, GraphSettings, Listing, RefusedError
from connectors.http import library_errors
from storage.records import Author, Engagement, Kind, Mention

SITE = "https://www.instagram.com"
MEDIA = "id,caption,timestamp,permalink,like_count,comments_count"
REPLY = "id,text,timestamp,username,like_count"
OWN = "id,permalink,username"
REPLIES_COME_WITHIN = 7 * graph.DAY
LATE_REPLIES_EVERY = 6 * graph.HOUR
"""A week of a lively post is hundreds of requests."""


def _name(given: Any) -> str:
    """The number or the name in "178...", "@name" or "https://www.instagram.com/name/"."""
    return str(given).partition("instagram.com/")[2].split("/")[0].split("?")[0] or str(given).lstrip("@")


class InstagramSettings(GraphSettings):
    account_id: Annotated[str, BeforeValidator(_name), Field(pattern=r"^[\w.]+$")]
    """Your professional account: its number, @name or address."""
    listings: tuple[Literal["tags", "comments"], ...] = ("tags", "comments")
    """What to read: posts that tag the account, comments on its posts."""
    hashtags: tuple[Annotated[str, BeforeValidator(lambda tag: str(tag).lstrip("#"))], ...] = Field(
        default=(), max_length=30, description="the brand's own, without '#'; at most 30 in any 7 days"
    )
    page_size: int = Field(default=50, ge=1, le=50, description="entries asked for at once")


class Instagram:
    name: ClassVar[str] = "instagram"
    about: ClassVar[About] = About(
        sees="posts that tag your account, comments on your posts; posts of the last 24 hours with your hashtags",
        needs="a professional account linked to a Facebook page; access_token of an app with instagram_basic, "
        "instagram_manage_comments, pages_read_engagement, pages_show_list; for hashtags the feature Instagram "
        "Public Content Access",
        costs="nothing",
        limits="4,800 calls a day for each view of the account's content; 30 different hashtags in 7 days",
        terms="https://developers.facebook.com/terms/",
        caveats="@mentions in captions and comments of others come only by webhook and are not read. Posts "
        "without a caption are left out. Authors of hashtag posts are withheld; likes may be hidden. Replies to "
        "comments that are hours old are found within 6 hours; to comments that were a week older than the newest "
        "one, never. With hashtags, a "
        "deleted post cannot be told from one that only had the hashtag, and stays. Everything counts as about "
        "the brand: name only hashtags that are its own. No answer of v26.0 was at hand to check against.",
    )
    Settings: ClassVar[type[base.Settings]] = InstagramSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "comments"})
    syntax: ClassVar[Syntax | None] = None
    places: ClassVar[tuple[str, ...]] = ("account_id",)
    match: ClassVar[Literal["query", "all"]] = "all"
    upkeep: ClassVar[Upkeep] = Upkeep(
        batch=graph.IN_A_BATCH, recheck=timedelta(days=30), terms="https://developers.facebook.com/terms/"
    )

    def __init__(self, settings: InstagramSettings) -> None:
        self._settings = settings
        self._graph = Graph(settings)

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """One sweep for each listing; see ``connectors.base.Connector``."""
        return graph.poll(self._graph, self._listings(), watch, cursor)

    def _listings(self) -> Iterator[Listing]:
        if "tags" in self._settings.listings:
            yield self._tags()
        own: list[Any] = []
        if "comments" in self._settings.listings or self._settings.hashtags:
            own = self._own_posts()
        if "comments" in self._settings.listings:
            yield from (self._comments(post) for post in own if post.get("comments_count") != 0)
        for tag in self._settings.hashtags:
            yield from self._hashtag(tag, {post["id"] for post in own})

    def _tags(self) -> Listing:
        return Listing(
            name="tags",
            path=f"{self._account}/tags",
            params={"fields": f"{MEDIA},username"},
            parse=parse_post,
            dated="timestamp",
            names_next=False,
        )

    def _own_posts(self) -> list[Any]:
        fields = f"{OWN},comments_count,comments.limit(1){{id}}"
        found, _ = self._graph.page(f"{self._account}/media", fields=fields, limit=self._settings.own_posts)
        return [post for post in found if isinstance(post, dict) and isinstance(post.get("id"), str)]

    def _comments(self, post: Mapping[str, Any]) -> Listing:
        with library_errors("Instagram", AttributeError, KeyError, TypeError):
            newest = [one["id"] for one in (post.get("comments") or {}).get("data", ())]
        return Listing(
            name=f"comments {post['id']}",
            path=f"{post['id']}/comments",
            params={"fields": f"{REPLY},replies.limit(50){{{REPLY}}}"},
            parse=partial(parse_comment, post=post),
            dated="timestamp",
            state=f"{post.get('comments_count')} {newest}",
            unfold=self._with_replies,
            overlap=REPLIES_COME_WITHIN,
            every=LATE_REPLIES_EVERY,
        )

    def _with_replies(self, comments: Iterable[Any]) -> Iterator[Any]:
        for comment in comments:
            yield comment
            if not isinstance(comment, dict) or "id" not in comment:
                continue
            replies = comment.get("replies") or {"data": ()}
            more = (replies.get("paging") or {}).get("next")
            every = self._graph.every(f"{comment['id']}/replies", fields=REPLY) if more else replies["data"]
            for reply in every:
                yield {**reply, "parent_id": comment["id"]} if isinstance(reply, dict) else reply

    def _hashtag(self, tag: str, own: set[Any]) -> Iterator[Listing]:
        """The listing of a hashtag; none where nobody has used it."""
        try:
            found = self._graph.get("ig_hashtag_search", user_id=self._account, q=tag)
        except RefusedError as refused:
            if refused.code == graph.NO_SUCH_HASHTAG:
                return
            raise
        with library_errors("Instagram", IndexError, KeyError, TypeError):
            number = found["data"][0]["id"]
        yield Listing(
            name=f"hashtag {tag}",
            path=f"{number}/recent_media",
            params={"fields": MEDIA, "user_id": self._account},
            parse=partial(parse_post, own=own),
            dated="timestamp",
        )

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:  # noqa: ARG002 - the meter stops it
        """Comments are read by their ids; posts of others, which cannot be, as long as they are listed."""
        comments = [one for one in ids if "/" in one]
        posts = [one for one in ids if "/" not in one]
        if comments:
            yield self._comments_again(comments)
        if posts and "tags" in self._settings.listings:
            entries, whole = graph.listed([self._tags()], self._graph, posts)
            mentions, rejects = parse_each(entries, parse_post)
            unseen = set(posts) - {entry["id"] for entry in entries}
            gone = sorted(unseen) if whole and not self._settings.hashtags else ()
            yield Page(mentions=mentions, rejects=rejects, gone=gone)

    def _comments_again(self, ids: Sequence[str]) -> Page:
        fields = f"{REPLY},parent_id,media{{{OWN}}}"
        found, missing = self._graph.nodes({graph.node_of(one): fields for one in ids})
        lost = [one for one in ids if graph.node_of(one) in missing]
        mentions, rejects = parse_each(found.values(), lambda one: parse_comment(one, post=one["media"]))
        return Page(mentions=mentions, rejects=rejects, gone=graph.surely_gone(self._graph, lost, found))

    @property
    def _account(self) -> str:
        name = self._settings.account_id
        if not name.isdecimal():
            raise AuthError(f"account_id {name!r} is a name; `listener check` looks it up")
        return name

    def resolve(self) -> Mapping[str, Any]:
        """The number of the account with the configured name, among those that the token may manage."""
        name = self._settings.account_id
        if name.isdecimal():
            return {}
        pages = self._graph.every("me/accounts", fields="instagram_business_account{id,username}")
        with library_errors("Instagram", AttributeError, KeyError, TypeError):
            linked = [
                page["instagram_business_account"] for page in pages if "instagram_business_account" in page
            ]
            numbers = {account["username"].casefold(): account["id"] for account in linked}
        if name.casefold() not in numbers:
            known = ", ".join(sorted(numbers)) or "none"
            raise AuthError(f"the token manages no account {name!r}; it manages: {known}")
        return {"account_id": numbers[name.casefold()]}


def parse_post(entry: Any, own: Iterable[Any] = ()) -> Mention | None:
    """A post of somebody else; None for one without words."""
    if entry["id"] in own or not entry.get("caption"):
        return None
    return Mention(
        platform="instagram",
        platform_id=entry["id"],
        kind=Kind.POST,
        published_at=datetime.fromisoformat(entry["timestamp"]),
        text=entry["caption"],
        url=entry.get("permalink"),
        author=_author(entry.get("username")),
        thread_id=entry["id"],
        engagement=Engagement(likes=entry.get("like_count"), comments=entry.get("comments_count")),
    )


def parse_comment(entry: Any, post: Mapping[str, Any]) -> Mention | None:
    """A comment on an own post, or a reply to one; None for those of the account itself."""
    name, thread = entry.get("username"), post["id"]
    if name is not None and name == post.get("username"):
        return None
    parent = entry.get("parent_id")
    return Mention(
        platform="instagram",
        platform_id=f"{thread}/{entry['id']}",
        kind=Kind.COMMENT,
        published_at=datetime.fromisoformat(entry["timestamp"]),
        text=entry["text"],
        url=post.get("permalink"),
        author=_author(name),
        parent_id=f"{thread}/{parent}" if parent else thread,
        thread_id=thread,
        engagement=Engagement(likes=entry.get("like_count")),
    )


def _author(name: str | None) -> Author | None:
    return None if name is None else Author(platform_id=name, handle=name, url=f"{SITE}/{name}/")


CONNECTOR = Instagram
