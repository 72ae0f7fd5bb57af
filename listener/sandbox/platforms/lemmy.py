"""A Lemmy instance: /api/v3 as version 0.19 answers it, and /api/v4 of version 1.0."""

import base64
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind

HOST = "https://lemmy.example"
LONGEST_PAGE = 50
WRONG = "wrong"
"""A token that is refused; any other is good."""


class Lemmy:
    name = "lemmy"
    private = False
    """Shows nothing to strangers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._cache: dict[tuple[str, str], tuple[list[Post], list[Post]]] = {}

    def answer(self, request: Request) -> Answer:
        told = {name.lower(): value for name, value in request.headers.items()}
        token = told.get("authorization", "").removeprefix("Bearer ")
        if token == WRONG:
            return Answer(status=401, body={"error": "incorrect_login"})
        if self.private and not token:
            return _error("instance_is_private")
        match request.path.strip("/").split("/"):
            case ["api", "v3", "search"]:
                return self._search(request)
            case ["api", "v4", "post" | "comment" as kind, "list"]:
                return self._list(kind, request)
            case ["api", "v3" | "v4" as version, "resolve_object"]:
                return self._resolve(version, request.arg("q"))
            case _:
                return NOT_FOUND

    def _search(self, request: Request) -> Answer:
        limit, page = request.arg("limit", "10"), request.arg("page", "1")
        if not request.arg("q"):
            return _error("unknown", "Query deserialize error: missing field `q`")
        if not limit.isdigit() or not 1 <= int(limit) <= LONGEST_PAGE:
            return _error("unknown", f"Fetch limit is > {LONGEST_PAGE}")
        if not page.isdigit() or page == "0":
            return _error("unknown", "Page is < 1")
        kinds = {"Posts": ("post",), "Comments": ("comment",), "All": ("post", "comment")}
        wanted = kinds.get(request.arg("type_", "All"))
        if wanted is None or request.arg("sort", "TopAll") != "New":
            return _error("unknown", "Query deserialize error: unknown variant")
        start = int(limit) * (int(page) - 1)
        found: dict[str, list[Any]] = {"comments": [], "posts": [], "communities": [], "users": []}
        for kind in wanted:
            posts = self._found(kind, request.arg("q"))
            shown = islice(posts, start, start + int(limit))
            found[f"{kind}s"] = [self._view(post, "v3") for post in shown]
        return Answer(body={"type_": request.arg("type_", "All"), **found})

    def _list(self, kind: str, request: Request) -> Answer:
        limit = int(request.arg("limit", "10"))
        if not 1 <= limit <= LONGEST_PAGE:
            return _error("invalid_fetch_limit")
        posts = self._found(kind, request.arg("search_term"))
        start = 0
        if cursor := request.arg("page_cursor"):
            number = int(base64.b64decode(cursor))
            places = [place for place, post in enumerate(posts) if post.id == number]
            if not places:
                return Answer(status=404, body={"error": "not_found"})
            start = places[0] + 1
        shown = posts[start : start + limit]
        body: dict[str, Any] = {"items": [self._view(post, "v4") for post in shown]}
        if len(shown) == limit:
            body["next_page"] = base64.b64encode(str(shown[-1].id).encode()).decode()
        return Answer(body=body)

    def _resolve(self, version: str, address: str) -> Answer:
        """Strangers get only what the instance knows already."""
        number = address.rpartition("/")[2]
        post = self._world.get(int(number)) if number.isdigit() else None
        if post is None or _address(post) != address:
            if version == "v4":
                return _error("resolve_object_failed", "Record not found")
            return Answer(status=404, body={"error": "not_found"})
        kind, view = _kind(post), self._view(post, version)
        if version == "v4":
            return Answer(body={"type_": kind, **view})
        return Answer(body={"comment": None, "post": None, "community": None, "person": None, kind: view})

    def _found(self, kind: str, term: str) -> list[Post]:
        """The words anywhere in the text, in this order."""
        posts = self._world.posts(self.name)
        before, found = self._cache.get((kind, term), ([], []))
        if posts != before:
            words = term.lower().split(" ")
            found = [
                post
                for post in posts
                if _kind(post) == kind and _in_order(words, f"{post.title} {post.text}".lower())
            ]
            self._cache[kind, term] = posts, found
        return found

    def _view(self, post: Post, version: str) -> dict[str, Any]:
        view: dict[str, Any] = {
            "creator": _person(post, version),
            "community": {"id": 3, "name": "brot", "title": "Brot", "nsfw": False},
            "creator_banned_from_community": False,
        }
        kind, counts = _kind(post), _counts(post)
        thing = _thing(post, version)
        if kind == "comment":
            above = self._world.get(post.parent) if post.parent else None
            while above and above.kind is Kind.COMMENT and above.parent:
                above = self._world.get(above.parent)
            view["post"] = _thing(above or Post(**{**_fields(post), "kind": Kind.POST}), version)
        if version == "v3":
            return {**view, kind: thing, "counts": counts}
        return {**view, kind: {**thing, **counts}}


def _in_order(words: list[str], text: str) -> bool:
    start = 0
    for word in words:
        found = text.find(word, start)
        if found < 0:
            return False
        start = found + len(word)
    return True


def _kind(post: Post) -> str:
    return "comment" if post.kind is Kind.COMMENT else "post"


def _address(post: Post) -> str:
    return f"{HOST}/{_kind(post)}/{post.id}"


def _fields(post: Post) -> dict[str, Any]:
    return {name: getattr(post, name) for name in ("id", "platform", "published_at", "author", "text")}


def _thing(post: Post, version: str) -> dict[str, Any]:
    """What is null on a Lemmy server is left out of its answers."""
    published, updated = ("published", "updated") if version == "v3" else ("published_at", "updated_at")
    thing: dict[str, Any] = {
        "id": post.id,
        "creator_id": 5,
        "removed": False,
        "deleted": False,
        published: _iso(post.published_at),
        "ap_id": _address(post),
        "local": True,
        "language_id": 0,
    }
    if post.edited_at:
        thing[updated] = _iso(post.edited_at)
    if post.kind is Kind.COMMENT:
        return {**thing, "content": post.text, "path": f"0.{post.id}", "distinguished": False}
    body = {"body": post.text} if post.title else {}
    pinned = {"featured_community": False, "featured_local": False}
    return {**thing, "name": post.title or post.text, **body, "nsfw": False, "locked": False, **pinned}


def _counts(post: Post) -> dict[str, int]:
    comments = "child_count" if post.kind is Kind.COMMENT else "comments"
    return {"score": post.likes - 1, "upvotes": post.likes, "downvotes": 1, comments: post.comments}


def _person(post: Post, version: str) -> dict[str, Any]:
    address = "actor_id" if version == "v3" else "ap_id"
    return {
        "id": 5,
        "name": post.author,
        address: f"{HOST}/u/{post.author}",
        "local": True,
        "deleted": False,
        "bot_account": False,
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _error(code: str, message: str | None = None) -> Answer:
    return Answer(status=400, body={"error": code, **({"message": message} if message else {})})
