"""GitHub: REST search for issues and pull requests, GraphQL for discussions, comments and nodes by id.

A post's ``channel`` is its repository, with /pull or /discussions behind it for those; a comment of the world
is one in the thread of its parent.
"""

import json
import re
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from listener.sandbox.search import matches
from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind

WRONG = "wrong"
"""A token that is refused; any other is good."""
REACH = 1000
MOST = 100
LONGEST_QUERY = 256
QUALIFIER = re.compile(r"(?<!\S)(-?)(is|updated|user|sort):(\S+)")
PREFIXES = {"issue": "I", "pull": "PR", "discussions": "D"}
WORDS = {
    "query", "q", "String", "first", "Int", "after", "search", "type", "DISCUSSION", "pageInfo", "hasNextPage",
    "endCursor", "nodes", "on", "Discussion", "url", "title", "comments", "totalCount", "upvoteCount", "Comment",
    "id", "bodyText", "createdAt", "updatedAt", "lastEditedAt", "author", "login", "User", "databaseId", "Bot",
    "Organization", "Mannequin", "Reactable", "reactions", "ids", "ID", "Issue", "PullRequest", "IssueComment",
    "DiscussionComment", "last",
}  # fmt: skip
"""What may stand in a GraphQL query: the types, fields and arguments of its schema that are shown here."""


class Refused(Exception):  # noqa: N818 - the platform's word, not a failure of ours
    """A search that is answered with 422."""


class GitHub:
    name = "github"

    def __init__(self, world: World) -> None:
        self._world = world
        self._memory: dict[Hashable, tuple[list[Post], object]] = {}
        self.incomplete = False
        """Whether searches run out of time."""

    def answer(self, request: Request) -> Answer:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        known = scheme == "Bearer"
        if token == WRONG:
            return Answer(status=401, body={"message": "Bad credentials", "status": "401"})
        match request.method, request.path:
            case "GET", "/search/issues":
                answer = self._search(request)
            case "POST", "/graphql" if known:
                answer = Answer(body=self._graphql(json.loads(request.body)))
            case "POST", "/graphql":
                answer = Answer(
                    status=401, body={"message": "This endpoint requires you to be authenticated."}
                )
            case _:
                return NOT_FOUND
        headers = {"x-ratelimit-limit": "30", "x-ratelimit-remaining": "29", "x-ratelimit-used": "1"}
        return Answer(status=answer.status, body=answer.body, headers=headers)

    def _search(self, request: Request) -> Answer:
        number, size = int(request.arg("page", "1")), min(int(request.arg("per_page", "30")), MOST)
        try:
            _check(request, number * size)
            found = self._found(request.arg("q"), _kind_asked_for(request.arg("q")))
        except Refused as refusal:
            return Answer(
                status=422, body={"message": "Validation Failed", "errors": [{"message": str(refusal)}]}
            )
        answers = self._answers()
        plain = "text+json" in request.headers.get("Accept", "")
        shown = found[(number - 1) * size : number * size]
        items = [_issue(post, answers.get(post.id, []), plain=plain) for post in shown]
        return Answer(body={"total_count": len(found), "incomplete_results": self.incomplete, "items": items})

    def _found(self, query: str, kind: str) -> list[Post]:
        """Threads of this kind, the last changed first."""
        words = " ".join(QUALIFIER.sub(" ", query).split())
        if len(words) > LONGEST_QUERY:
            raise Refused("The search is longer than 256 characters.")
        qualifiers = QUALIFIER.findall(query)
        said = {name: value for _, name, value in qualifiers}
        skipped = {value.lower() for sign, name, value in qualifiers if sign and name == "user"}
        first, last = map(datetime.fromisoformat, said["updated"].split(".."))
        return [
            post
            for changed, post in self._matching(words, kind)
            if first <= changed <= last and _owner(post).lower() not in skipped
        ]

    def _matching(self, words: str, kind: str) -> list[tuple[datetime, Post]]:
        """All threads of this kind with these words and when they changed, the last one first."""

        def make() -> list[tuple[datetime, Post]]:
            answers = self._answers()
            found = [
                (_changed(post, replies), post.id, post)
                for post in self._world.posts(self.name)
                if post.kind is not Kind.COMMENT and _kind(post) == kind
                for replies in [answers.get(post.id, [])]
                if matches(words, " ".join([_title(post), post.text, *(one.text for one in replies)]))
            ]
            return [(changed, post) for changed, _, post in sorted(found, reverse=True)]

        return cast("list[tuple[datetime, Post]]", self._kept((words, kind), make))

    def _answers(self) -> dict[int, list[Post]]:
        """The comments of each thread that has some, oldest first."""

        def make() -> dict[int, list[Post]]:
            answers: dict[int, list[Post]] = {}
            for post in reversed(self._world.posts(self.name)):
                if post.kind is Kind.COMMENT and post.parent is not None:
                    answers.setdefault(post.parent, []).append(post)
            return answers

        return cast("dict[int, list[Post]]", self._kept("answers", make))

    def _kept(self, key: Hashable, make: Callable[[], object]) -> object:
        """What was made for the world as it is, made anew after a change: it is asked for on every page."""
        posts = self._world.posts(self.name)
        if key not in self._memory or self._memory[key][0] != posts:
            self._memory[key] = (posts, make())
        return self._memory[key][1]

    def _graphql(self, asked: Any) -> dict[str, Any]:
        query, variables = asked["query"], asked["variables"]
        for word in re.findall(r"[A-Za-z]+", query):
            if word not in WORDS:
                return _errors("undefinedField", f"Field '{word}' doesn't exist")
        if "ids" in variables:
            if len(variables["ids"]) > MOST:
                return _errors("ARGUMENT_LIMIT", f"You may not provide more than {MOST} node ids")
            return self._nodes(variables["ids"], _newest if "last:" in query else _thread)
        if variables["first"] > MOST:
            return _errors("EXCESSIVE_PAGINATION", "Requesting too many records on the `search` connection")
        start = int(variables["after"] or 0)
        found = self._found(variables["q"], "discussions")[:REACH]
        if "sort:updated-desc" not in variables["q"]:
            found = sorted(found, key=_title)  # the best match first, whatever that is
        end = start + variables["first"]
        answers = self._answers()
        nodes = [_thread(post, answers.get(post.id, [])) for post in found[start:end]]
        info = {"hasNextPage": end < len(found), "endCursor": str(end) if nodes else None}
        return {"data": {"search": {"nodes": nodes, "pageInfo": info}}}

    def _nodes(
        self, ids: Sequence[str], show: Callable[[Post, list[Post]], dict[str, Any]]
    ) -> dict[str, Any]:
        nodes: list[dict[str, Any] | None] = []
        errors = []
        answers = self._answers()
        for place, node_id in enumerate(ids):
            post = self._world.get(int(node_id.rpartition("_")[2]))
            if post is None or _node_id(post) != node_id:
                message = f"Could not resolve to a node with the global id of '{node_id}'"
                errors.append({"type": "NOT_FOUND", "path": ["nodes", place], "message": message})
            nodes.append(show(post, answers.get(post.id, [])) if post and _node_id(post) == node_id else None)
        return {"data": {"nodes": nodes}} | ({"errors": errors} if errors else {})


def _check(request: Request, last: int) -> None:
    if last > REACH:
        raise Refused("Only the first 1000 search results are available")
    if (request.arg("sort"), request.arg("order", "desc")) != ("updated", "desc"):
        raise Refused("the sandbox only sorts by the last update")


def _kind_asked_for(query: str) -> str:
    kinds = {"issue": "issue", "pull-request": "pull", "pr": "pull"}
    asked = [kinds[value] for sign, name, value in QUALIFIER.findall(query) if name == "is" and not sign]
    if len(asked) != 1:
        raise Refused("Query must include 'is:issue' or 'is:pull-request'")
    return asked[0]


def _errors(kind: str, message: str) -> dict[str, Any]:
    return {"errors": [{"type": kind, "message": message}]}


def _issue(post: Post, answers: Sequence[Post], *, plain: bool) -> dict[str, Any]:
    page = _page(post)
    issue = {
        "node_id": _node_id(post),
        "html_url": page,
        "number": post.id,
        "title": _title(post),
        ("body_text" if plain else "body"): post.text,
        "user": {
            "login": post.author, "id": _user(post), "type": "User", "html_url": f"https://github.com/{post.author}",
        },
        "state": "open",
        "created_at": _iso(post.published_at),
        "updated_at": _iso(_changed(post, answers)),
        "comments": post.comments,
        "reactions": {"total_count": post.likes, "+1": post.likes, "-1": 0},
    }  # fmt: skip
    return issue | ({"pull_request": {"html_url": page}} if _kind(post) == "pull" else {})


def _thread(post: Post, answers: Sequence[Post]) -> dict[str, Any]:
    """A node as it stands: a thread or a comment."""
    is_comment = post.kind is Kind.COMMENT
    upvotes = {} if not is_comment and _kind(post) != "discussions" else {"upvoteCount": post.likes}
    thread = {} if is_comment else {"title": _title(post), "comments": {"totalCount": post.comments}}
    author = {"login": post.author, "url": f"https://github.com/{post.author}", "databaseId": _user(post)}
    return {
        "id": _node_id(post),
        "url": _page(post),
        "bodyText": post.text,
        "createdAt": _iso(post.published_at),
        "updatedAt": _iso(_changed(post, answers)),
        "lastEditedAt": _iso(post.edited_at) if post.edited_at else None,
        "author": author,
        "reactions": {"totalCount": 1 if upvotes else post.likes},
        **thread,
        **upvotes,
    }


def _newest(post: Post, answers: list[Post]) -> dict[str, Any]:  # noqa: ARG001 - shown like a thread is
    return {"comments": {"nodes": [_thread(one, []) for one in answers[-20:]]}}


def _changed(post: Post, answers: Sequence[Post]) -> datetime:
    moments = [post.published_at, post.edited_at or post.published_at, *(one.published_at for one in answers)]
    return max(moments).replace(microsecond=0)


def _kind(post: Post) -> str:
    """issue, pull or discussions."""
    *_, last = (post.channel or "brotwerk/oven").split("/")
    return last if last in PREFIXES else "issue"


def _owner(post: Post) -> str:
    return post.channel.partition("/")[0] or "brotwerk"


def _page(post: Post) -> str:
    owner, repository, *_ = (post.channel or "brotwerk/oven").split("/")
    place = {"issue": "issues"}.get(_kind(post), _kind(post))
    if post.kind is Kind.COMMENT:
        return f"https://github.com/{owner}/{repository}/issues/{post.parent}#issuecomment-{post.id}"
    return f"https://github.com/{owner}/{repository}/{place}/{post.id}"


def _node_id(post: Post) -> str:
    return f"IC_{post.id}" if post.kind is Kind.COMMENT else f"{PREFIXES[_kind(post)]}_{post.id}"


def _title(post: Post) -> str:
    return post.title or post.text[:80]


def _user(post: Post) -> int:
    return sum(post.author.encode())


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
