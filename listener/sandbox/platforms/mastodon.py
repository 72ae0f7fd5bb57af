"""Mastodon's face: hashtag timelines for everyone; search and notifications for who has a token."""

import re
from collections.abc import Callable
from html import escape
from typing import Any

from listener.sandbox.search import matches
from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind

LONGEST_PAGE = 40
LONGEST_BATCH = 20
WRONG = "wrong"
"""A token that is refused; any other is good."""
HANDLE = "brotwerk"
"""The account of who has a token."""
HOST = "https://social.example"


class Mastodon:
    name = "mastodon"

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, request: Request) -> Answer:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if token == WRONG or scheme not in {"", "Bearer"}:
            return Answer(status=401, body={"error": "The access token is invalid"})
        match request.path.strip("/").split("/"):
            case ["api", "v1", "timelines", "tag", tag]:
                return self._timeline(tag, request)
            case ["api", "v2", "search"]:
                return self._search(request, known=bool(token))
            case ["api", "v1", "notifications"]:
                return self._notifications(request, known=bool(token))
            case ["api", "v1", "statuses", *number]:
                return self._statuses(number, request)
            case _:
                return NOT_FOUND

    def _statuses(self, number: list[str], request: Request) -> Answer:
        """The one asked for by its address, or those of the parameter that are there."""
        ids = number or request.query.get("id[]", [])
        if len(ids) > LONGEST_BATCH:
            return Answer(status=422, body={"error": f"Number of statuses exceeds {LONGEST_BATCH}"})
        posts = self._world.posts(self.name)
        found = [self._status(post) for post in posts if str(status_id(post)) in ids]
        if number:
            return Answer(body=found[0]) if found else Answer(status=404, body={"error": "Not Found"})
        return Answer(body=found)

    def _timeline(self, tag: str, request: Request) -> Answer:
        posts = [post for post in self._world.posts(self.name) if tag.lower() in post.tags]
        return _page(posts, request, status_id, self._status)

    def _search(self, request: Request, *, known: bool) -> Answer:
        if not request.arg("q"):
            return Answer(status=400, body={"error": "Missing parameter: q"})
        found = [
            post for post in self._world.posts(self.name) if known and matches(request.arg("q"), post.text)
        ]
        page = _page(found, request, status_id, self._status)
        return Answer(body={"accounts": [], "hashtags": [], "statuses": page.body}, headers=page.headers)

    def _notifications(self, request: Request, *, known: bool) -> Answer:
        if not known:
            return Answer(status=401, body={"error": "This method requires an authenticated user"})
        posts = [post for post in self._world.posts(self.name) if f"@{HANDLE}" in post.text.lower()]
        return _page(posts, request, lambda post: post.id, self._notification)

    def _notification(self, post: Post) -> dict[str, Any]:
        status = self._status(post)
        return {
            "id": str(post.id),
            "type": "mention",
            "created_at": status["created_at"],
            "group_key": f"ungrouped-{post.id}",
            "account": status["account"],
            "status": status,
        }

    def _status(self, post: Post) -> dict[str, Any]:
        number = str(status_id(post))
        parent = self._world.get(post.parent) if post.parent is not None else None
        address = f"{HOST}/@{post.author}/{number}"
        return {
            "id": number,
            "created_at": _iso(post.published_at),
            "in_reply_to_id": str(status_id(parent)) if parent and post.kind is Kind.COMMENT else None,
            "in_reply_to_account_id": _account_id(parent.author) if parent else None,
            "sensitive": False,
            "spoiler_text": post.title or "",
            "visibility": "public",
            "language": post.lang,
            "uri": address,
            "url": address,
            "replies_count": post.comments,
            "reblogs_count": post.shares - post.shares // 4,
            "favourites_count": post.likes,
            "quotes_count": post.shares // 4,
            "edited_at": _iso(post.edited_at) if post.edited_at else None,
            "content": _html(post.text),
            "reblog": None,
            "account": _account(post),
            "media_attachments": [],
            "mentions": [],
            "tags": [{"name": tag, "url": f"{HOST}/tags/{tag}"} for tag in post.tags],
            "emojis": [],
            "card": None,
            "poll": None,
        }


def status_id(post: Post) -> int:
    """A snowflake: milliseconds, and the post's number below them."""
    return (round(post.published_at.timestamp() * 1000) << 16) + post.id % (1 << 16)


def _page(
    posts: list[Post],
    request: Request,
    number: Callable[[Post], int],
    show: Callable[[Post], dict[str, Any]],
) -> Answer:
    """One page of a listing, newest first: below ``max_id``, above ``since_id``, or just above ``min_id``."""
    limit = max(1, min(int(request.arg("limit", "20")), LONGEST_PAGE))
    below = int(request.arg("max_id") or 2**70)
    above = max(int(request.arg("since_id", "0")), int(request.arg("min_id", "0")))
    listed = [post for post in posts if above < number(post) < below]
    page = [show(post) for post in (listed[-limit:] if "min_id" in request.query else listed[:limit])]
    return Answer(body=page, headers=_headers(page, request))


def _headers(page: list[dict[str, Any]], request: Request) -> dict[str, str]:
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "299"}
    if page:
        here = f"{HOST}{request.path}"
        headers["Link"] = (
            f'<{here}?max_id={page[-1]["id"]}>; rel="next", <{here}?min_id={page[0]["id"]}>; rel="prev"'
        )
    return headers


def _account(post: Post) -> dict[str, Any]:
    return {
        "id": _account_id(post.author),
        "username": post.author,
        "acct": post.author,
        "display_name": post.author.title(),
        "locked": False,
        "bot": False,
        "group": False,
        "indexable": True,
        "created_at": "2022-11-05T00:00:00.000Z",
        "note": "<p>Eats bread.</p>",
        "url": f"{HOST}/@{post.author}",
        "uri": f"{HOST}/users/{post.author}",
        "avatar": f"{HOST}/avatar.png",
        "avatar_static": f"{HOST}/avatar.png",
        "header": f"{HOST}/header.png",
        "header_static": f"{HOST}/header.png",
        "followers_count": post.followers,
        "following_count": 10,
        "statuses_count": 100,
        "last_status_at": None,
        "emojis": [],
        "fields": [],
    }


def _account_id(author: str) -> str:
    return str(int.from_bytes(author.encode()[-7:]))


def _html(text: str) -> str:
    """Paragraphs and hashtag links as Mastodon writes them."""
    tagged = re.sub(
        r"(?<!\w)#(\w+)",
        rf'<a href="{HOST}/tags/\1" class="mention hashtag" rel="tag">#<span>\1</span></a>',
        escape(text, quote=False),
    )
    return "".join(
        f"<p>{paragraph}</p>" for paragraph in tagged.replace("\n", "<br />").split("<br /><br />")
    )


def _iso(moment: Any) -> str:
    return str(moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
