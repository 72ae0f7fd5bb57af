"""What Instagram and Facebook have in common in the sandbox: the manners of Meta's Graph API.

Nodes and edges under /vN.N/, fields that name other fields inside braces, cursors that die with their entry,
errors by code, batches of up to 50 calls. A node is a mapping of fields; an edge is an ``Edge``.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from listener.sandbox.server import Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind

WRONG = "wrong"
"""A token that is refused; any other is good."""
OWN = "sonnenkorn"
ALWAYS_THERE = 0
OLDEST_VERSION = 20
PER_BATCH = 50
PER_PAGE = 100
Node = Mapping[str, Any]


class Refused(Exception):  # noqa: N818 - the platform's word, not a failure of ours
    """An error of the API."""

    def __init__(self, code: int, message: str, subcode: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode

    def answer(self) -> Answer:
        error = {"message": str(self), "type": "OAuthException", "code": self.code, "fbtrace_id": "Abc123"}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return Answer(status=400, body={"error": error})


def missing(node: str) -> Refused:
    return Refused(
        100,
        f"Unsupported get request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        33,
    )


@dataclass(frozen=True)
class Edge:
    """Posts, and how each is shown; ``total`` where the count is not that of the posts."""

    posts: Sequence[Post]
    show: Callable[[Post], Node]
    total: int | None = None
    names_next: bool = True


@dataclass(frozen=True)
class Field:
    """Written ``name.modifier(value){fields}``."""

    name: str
    modifiers: Mapping[str, str] = field(default_factory=dict)
    fields: Sequence["Field"] = ()


class Graph:
    """One platform of the API; a subclass knows its nodes and edges."""

    name: str
    threads: type["Threads"]

    def __init__(self, world: World) -> None:
        self._world = world
        self._shown: Threads | None = None

    def shown(self) -> Any:
        """The platform's ``threads`` over the posts of this moment, made anew only where these changed."""
        posts = self._world.posts(self.name)
        if self._shown is None or self._shown.posts != posts:
            self._shown = self.threads(posts, self.name)
        return self._shown

    def node(self, node: str) -> Node:
        """Raises ``Refused`` where there is none."""
        raise NotImplementedError

    def edge(self, node: str, name: str, request: Request) -> Edge | list[Node]:
        raise NotImplementedError

    def answer(self, request: Request) -> Answer:
        try:
            _check(request)
            if request.method == "POST" and "batch" in request.form:
                return Answer(body=self._batch(request))
            return Answer(body=self._get(request))
        except Refused as refused:
            return refused.answer()

    def _batch(self, request: Request) -> list[Any]:
        calls = json.loads(request.form["batch"][0])
        if len(calls) > PER_BATCH:
            raise Refused(-1, f"Too many requests in batch message. Maximum batch size is {PER_BATCH}")
        version = request.path.strip("/").split("/")[0]
        answers = []
        for call in calls:
            inner = Request(call["method"], f"/{version}/{call['relative_url']}", request.headers)
            try:
                one = Answer(body=self._get(inner))
            except Refused as refused:
                one = refused.answer()
            answers.append({"code": one.status, "body": json.dumps(one.body)})
        return answers

    def _get(self, request: Request) -> Any:
        _, _, path = request.path.strip("/").partition("/")
        if not path:
            raise Refused(12, "ids is deprecated for versions v26.0 and higher")
        node, _, edge = path.partition("/")
        wanted = parse_fields(request.arg("fields"))
        if not edge and node != "ig_hashtag_search":
            return pick(self.node(node), wanted)
        found = self.edge(node, edge, request)
        if not isinstance(found, Edge):
            return {"data": [pick(one, wanted) for one in found]}
        limit = min(int(request.arg("limit", "25")), PER_PAGE)
        return _page(found, wanted, limit, request.arg("after"), urlsplit(request.target).path)


def _check(request: Request) -> None:
    headers = {name.lower(): value for name, value in request.headers.items()}
    bearer = headers.get("authorization", "").removeprefix("Bearer ")
    token = bearer or request.arg("access_token") or request.form.get("access_token", [""])[0]
    if not token:
        raise Refused(104, "An access token is required to request this resource.")
    if token == WRONG:
        raise Refused(190, f"Malformed access token {token}")
    version = re.match(r"/v(\d+)\.\d+(/|$)", request.path)
    if version is None or int(version[1]) < OLDEST_VERSION:
        raise Refused(2635, "You are calling a deprecated version of the Graph API.")


def _page(edge: Edge, wanted: Sequence[Field], limit: int, after: str, path: str) -> Node:
    start = 0
    if after:
        places = {str(post.id): place for place, post in enumerate(edge.posts, start=1)}
        try:
            start = places[urlsafe_b64decode(after.encode()).decode()]
        except (KeyError, ValueError):
            raise Refused(100, "Invalid cursors values") from None
    shown = edge.posts[start : start + limit]
    body: dict[str, Any] = {"data": [pick(edge.show(post), wanted) for post in shown]}
    if shown and (start or len(edge.posts) > limit):
        cursor = urlsafe_b64encode(str(shown[-1].id).encode()).decode()
        body["paging"] = {"cursors": {"after": cursor}}
        if edge.names_next and start + limit < len(edge.posts):
            query = urlencode({"access_token": "the-token-itself", "limit": limit, "after": cursor})
            body["paging"]["next"] = f"https://graph.facebook.com{path}?{query}"
    return body


def pick(node: Node, wanted: Sequence[Field]) -> Node:
    """The node's id and the fields asked for; what is None is left out, as the API does."""
    picked = {"id": node["id"]} if "id" in node else {}
    for one in wanted:
        if one.name not in node:
            raise Refused(100, f"(#100) Tried accessing nonexisting field ({one.name}) on node type (Node)")
        value = node[one.name]
        if isinstance(value, Edge):
            value = _inner(value, one)
        elif isinstance(value, Mapping) and one.fields:
            value = pick(value, one.fields)
        if value is not None:
            picked[one.name] = value
    return picked


def _inner(edge: Edge, wanted: Field) -> Node | None:
    body = dict(_page(edge, wanted.fields, int(wanted.modifiers.get("limit", "25")), "", "/expanded"))
    if "summary" in wanted.modifiers:
        body["summary"] = {"total_count": len(edge.posts) if edge.total is None else edge.total}
    return body if body["data"] or "summary" in body else None


def parse_fields(text: str) -> list[Field]:
    """``id,comments.limit(1){id}``: what is separated by commas outside parentheses and braces."""
    fields, depth, start = [], 0, 0
    for place, letter in enumerate(text + ","):
        depth += (letter in "({") - (letter in ")}")
        if letter == "," and depth == 0:
            fields += [_field(text[start:place])] if text[start:place] else []
            start = place + 1
    return fields


def _field(text: str) -> Field:
    head, _, inner = text.partition("{")
    name, *_ = head.split(".")
    modifiers = dict(re.findall(r"\.(\w+)\(([^)]*)\)", head))
    return Field(name, modifiers, parse_fields(inner.removesuffix("}")))


def moment(post: Post) -> str:
    return post.published_at.strftime("%Y-%m-%dT%H:%M:%S+0000")


class Threads:
    """What stands below the bakery's own posts at this moment.

    In the world a post of the bakery's name is its own; a comment without a parent stands below the one post
    that is always there.
    """

    def __init__(self, posts: list[Post], platform: str) -> None:
        self.posts = posts
        self.own = [one for one in self.posts if one.kind is Kind.POST and one.author == OWN]
        self.own.append(
            Post(
                id=ALWAYS_THERE,
                platform=platform,
                kind=Kind.POST,
                published_at=datetime(2020, 1, 1, tzinfo=UTC),
                author=OWN,
                text="Good morning from the bakery",
            )
        )
        self._comments = {one.id: one for one in self.posts if one.kind is Kind.COMMENT}
        self._replies: dict[int, list[Post]] = defaultdict(list)
        self._stream: dict[int, list[Post]] = defaultdict(list)
        self._top: dict[int, list[Post]] = defaultdict(list)
        for one in self._comments.values():
            self._stream[self.post_of(one).id].append(one)
            if parent := self.parent(one):
                self._replies[parent.id].append(one)
            else:
                self._top[self.post_of(one).id].append(one)

    def comment(self, number: int) -> Post | None:
        return self._comments.get(number)

    def parent(self, comment: Post) -> Post | None:
        """The comment that this one answers."""
        return self._comments.get(comment.parent or 0)

    def post_of(self, comment: Post) -> Post:
        above = self.parent(comment) or comment
        return next((one for one in self.own if one.id == above.parent), self.own[-1])

    def stream(self, post: Post) -> list[Post]:
        """All comments and replies below a post, newest first."""
        return self._stream[post.id]

    def top(self, post: Post) -> list[Post]:
        """Without the replies."""
        return self._top[post.id]

    def replies(self, comment: Post) -> list[Post]:
        return self._replies[comment.id]
