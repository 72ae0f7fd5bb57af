"""Reddit's face: tokens for apps and script users, and newest-first listings of submissions and comments."""

import base64
import secrets
from collections.abc import Callable
from typing import Any

from listener.sandbox.search import matches
from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind

LONGEST_QUERY = 512
LONGEST_PAGE = 100
LISTED = 1000
"""Entries after which every listing ends."""
WRONG = "wrong"
"""A client secret or password that is refused; any other is good."""


class Reddit:
    name = "reddit"

    def __init__(self, world: World) -> None:
        self._world = world
        self._tokens: dict[str, str | None] = {}
        """Which user a token stands for; None: an app alone."""

    def answer(self, request: Request) -> Answer:
        if request.path == "/api/v1/access_token":
            return self._token(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token not in self._tokens:
            return _refusal(401, "Unauthorized")
        answer = self._listing(request, self._tokens[token])
        headers = {"x-ratelimit-remaining": "595.0", "x-ratelimit-used": "5", "x-ratelimit-reset": "300"}
        return Answer(body=answer.body, status=answer.status, headers=headers)

    def _token(self, request: Request) -> Answer:
        scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
        _, _, secret = base64.b64decode(encoded).decode().partition(":")
        if scheme != "Basic" or secret in {"", WRONG}:
            return _refusal(401, "Unauthorized")
        user = None
        match request.form.get("grant_type"):
            case ["client_credentials"]:
                pass
            case ["password"]:
                user = request.form["username"][0]
                if request.form["password"] == [WRONG]:
                    return Answer(body={"error": "invalid_grant"})
            case _:
                return Answer(body={"error": "unsupported_grant_type"})
        token = secrets.token_hex(8)
        self._tokens[token] = user
        return Answer(body={"access_token": token, "token_type": "bearer", "expires_in": 86400, "scope": "*"})

    def _listing(self, request: Request, user: str | None) -> Answer:
        match request.path.strip("/").split("/"):
            case ["r", _, "search"] if len(request.arg("q")) > LONGEST_QUERY:
                return _refusal(400, "Bad Request")
            case ["r", place, "search"]:
                where = place if request.arg("restrict_sr").lower() == "true" else "all"
                posts = [
                    post
                    for post in self._in(where, comments=False)
                    if matches(request.arg("q"), _words(post))
                ]
            case ["r", place, "new"]:
                posts = self._in(place, comments=False)
            case ["r", place, "comments"]:
                posts = self._in(place, comments=True)
            case ["api", "info"]:
                wanted = request.arg("id").split(",")[:LONGEST_PAGE]
                known = [post for post in self._world.posts(self.name) if fullname(post) in wanted]
                return _page(known, self._thing, limit=LONGEST_PAGE)
            case ["message", "mentions"]:
                if user is None:
                    return _refusal(403, "Forbidden")
                posts = [post for post in self._in("all", comments=True) if f"u/{user}" in post.text]
            case _:
                return NOT_FOUND
        limit = min(int(request.arg("limit", "25")), LONGEST_PAGE)
        return _page(posts[:LISTED], self._thing, limit=limit, after=request.arg("after"))

    def _in(self, place: str, *, comments: bool) -> list[Post]:
        places = {name.lower() for name in place.split("+")}
        return [
            post
            for post in self._world.posts(self.name)
            if (post.kind is Kind.COMMENT) is comments and ({"all", post.channel.lower()} & places)
        ]

    def _thing(self, post: Post) -> dict[str, Any]:
        return self._comment(post) if post.kind is Kind.COMMENT else self._submission(post)

    def _submission(self, post: Post) -> dict[str, Any]:
        path = f"/r/{post.channel}/comments/{base36(post.id)}/title/"
        data = {
            "title": post.title or post.text[:80],
            "selftext": post.text if post.title else "",
            "permalink": path,
            "url": post.link or f"https://www.reddit.com{path}",
            "is_self": post.link is None,
            "num_comments": post.comments,
            "hide_score": False,
            "upvote_ratio": 0.9,
            "removed_by_category": None,
        }
        return {"kind": "t3", "data": _common(post) | data}

    def _comment(self, post: Post) -> dict[str, Any]:
        parent = self._world.get(post.parent) if post.parent is not None else None
        root = parent
        while root is not None and root.parent is not None:
            root = self._world.get(root.parent)
        link = f"t3_{base36(root.id if root else 0)}"
        kind = "t1" if parent is not None and parent.kind is Kind.COMMENT else "t3"
        data = {
            "body": post.text,
            "link_id": link,
            "link_title": root.title if root else "",
            "parent_id": f"{kind}_{base36(parent.id)}" if parent else link,
            "permalink": f"/r/{post.channel}/comments/{link[3:]}/title/{base36(post.id)}/",
            "score_hidden": False,
        }
        return {"kind": "t1", "data": _common(post) | data}


def _common(post: Post) -> dict[str, Any]:
    return {
        "id": base36(post.id),
        "name": fullname(post),
        "subreddit": post.channel,
        "author": post.author,
        "author_fullname": f"t2_{post.author.lower()}",
        "created_utc": post.published_at.timestamp(),
        "edited": post.edited_at.timestamp() if post.edited_at else False,
        "score": post.likes,
        "stickied": False,
        "distinguished": None,
    }


def _page(posts: list[Post], show: Callable[[Post], Any], *, limit: int, after: str = "") -> Answer:
    """Entries after the one named by ``after``; nothing where that one is gone, as on the real site."""
    start = 0
    if after:
        names = [fullname(post) for post in posts]
        start = names.index(after) + 1 if after in names else len(names)
    page, rest = posts[start : start + limit], posts[start + limit :]
    last = fullname(page[-1]) if page and rest else None
    things = [show(post) for post in page]
    listing = {"after": last, "before": None, "dist": len(page), "modhash": None, "children": things}
    return Answer(body={"kind": "Listing", "data": listing})


def _refusal(status: int, message: str) -> Answer:
    return Answer(body={"message": message, "error": status}, status=status)


def _words(post: Post) -> str:
    return f"{post.title or ''} {post.text}"


def fullname(post: Post) -> str:
    """A post's id with its kind, as Reddit names things."""
    return f"{'t1' if post.kind is Kind.COMMENT else 't3'}_{base36(post.id)}"


def base36(number: int) -> str:
    """A number as Reddit writes ids: base 36."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
