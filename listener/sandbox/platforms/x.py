"""X's face: recent search over seven days, an account's mentions, posts by id and compliance jobs, in API v2.

A request that names its fields ``post.fields`` is answered in the names of 2026 (repost_count, note_post),
one with ``tweet.fields`` in those before.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any

from listener.sandbox.search import matches
from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind

LONGEST_QUERY = 512
CUT = 280
"""Characters of ``text``; longer posts stand whole in their note."""
REACH = timedelta(days=7)
EPOCH_MS = 1_288_834_974_657
WRONG = "wrong"
"""A token that is refused; any other is good."""
ACCOUNT, HANDLE = "4711", "brotwerk"
"""The account whose mentions can be read, and how posts name it."""
PARAMETERS = {
    "query", "max_results", "next_token", "pagination_token", "since_id", "until_id", "start_time",
    "end_time", "sort_order", "ids", "expansions", "tweet.fields", "post.fields", "user.fields",
}  # fmt: skip
POST_FIELDS = {
    "author_id", "conversation_id", "created_at", "id", "lang", "note_tweet", "note_post", "public_metrics",
    "referenced_tweets", "referenced_posts", "text",
}  # fmt: skip
USER_FIELDS = {"created_at", "description", "id", "name", "public_metrics", "username", "verified"}


class X:
    name = "x"

    def __init__(self, world: World) -> None:
        self._world = world
        self._jobs: dict[str, _Job] = {}
        self._numbers = count(1_500_000_000_000_000_001)

    def answer(self, request: Request) -> Answer:
        if request.path.startswith("/storage/"):
            return self._store(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or token in {"", WRONG}:
            return _problem(401, "Unauthorized", "Unauthorized")
        try:
            return self._authorized(request)
        except _Invalid as error:
            return _problem(400, "Invalid Request", str(error))

    def _authorized(self, request: Request) -> Answer:
        match request.path.split("/")[1:]:
            case ["2", "tweets", "search", "recent"]:
                return self._search(request)
            case ["2", "tweets"]:
                return self._lookup(request)
            case ["2", "users", "by", "username", handle]:
                return _account(handle)
            case ["2", "users", account, "mentions"] if account == ACCOUNT:
                return self._mentions(request)
            case ["2", "compliance", "jobs", *number]:
                return self._compliance(request, number)
            case _:
                return NOT_FOUND

    def _search(self, request: Request) -> Answer:
        query = request.arg("query")
        _require(0 < len(query) <= LONGEST_QUERY, f"query must have 1 to {LONGEST_QUERY} characters")
        oldest = self._world.now - REACH
        for name in ("since_id", "until_id"):
            recent = int(request.arg(name) or 2**63) >= _first_id(oldest)
            _require(recent, f"'{name}' must be a tweet id created after {oldest.isoformat()}")
        start = request.arg("start_time")
        _require(not start or datetime.fromisoformat(start) >= oldest, "'start_time' is more than 7 days ago")
        found = (post for post in self._posts() if post.published_at >= oldest)
        return self._page(found, request, least=10, paging="next_token", wanted=query)

    def _mentions(self, request: Request) -> Answer:
        found = [post for post in self._posts() if f"@{HANDLE}" in post.text.lower()]
        return self._page(found, request, least=5, paging="pagination_token")

    def _lookup(self, request: Request) -> Answer:
        """Posts by their ids; what is not there is named among the errors."""
        ids = request.arg("ids").split(",")
        _require(len(ids) <= 100 and all(one.isdecimal() for one in ids), "'ids' must be 1 to 100 numbers")
        found = {str(status_id(post)): post for post in self._posts() if str(status_id(post)) in ids}
        body = self._body(list(found.values()), more=False, request=request) if found else {}
        body.pop("meta", None)
        if missing := [_missing(one) for one in ids if one not in found]:
            body["errors"] = missing
        return Answer(body=body)

    def _compliance(self, request: Request, number: list[str]) -> Answer:
        """A job is begun, or looked at: it is done when it was looked at twice since its upload."""
        if request.method == "POST":
            _require(json.loads(request.body).get("type") == "tweets", "'type' must be tweets or users")
            if any(job.status in {"created", "in_progress"} for job in self._jobs.values()):
                return _problem(409, "Conflict", "You can run one batch job at a time")
            job = _Job(id=str(next(self._numbers)), host=request.headers["Host"])
            self._jobs[job.id] = job
        elif number and number[0] in self._jobs:
            job = self._jobs[number[0]]
            job.looks += job.ids is not None
        else:
            return NOT_FOUND
        return Answer(body={"data": job.show(self._world.now)})

    def _store(self, request: Request) -> Answer:
        """Where ids are put and results are got: addresses that are signed, and refuse another authorization."""
        *_, number, what = request.path.split("/")
        if number not in self._jobs or "Authorization" in request.headers:
            return Answer(status=403, body="<Error><Code>AccessDenied</Code></Error>")
        job = self._jobs[number]
        if (request.method, what, request.headers.get("Content-Type")) == ("PUT", "ids", "text/plain"):
            job.ids = request.body.decode().split()
            return Answer(body="")
        if (request.method, what) == ("GET", "result") and job.status == "complete" and job.ids:
            there = {str(status_id(post)) for post in self._posts()}
            lines = [_redaction(one, self._world.now) for one in job.ids if one not in there]
            return Answer(body="".join(lines), content_type="application/json")
        return Answer(status=400, body="<Error><Code>InvalidArgument</Code></Error>")

    def _posts(self) -> list[Post]:
        return self._world.posts(self.name)

    def _page(
        self, posts: Iterable[Post], request: Request, *, least: int, paging: str, wanted: str = ""
    ) -> Answer:
        unknown = set(request.query) - PARAMETERS
        _require(not unknown, f"unknown query parameters {sorted(unknown)}")
        size = int(request.arg("max_results", "10"))
        _require(least <= size <= 100, f"'max_results' must be between {least} and 100")
        above, below = int(request.arg("since_id", "0")), int(request.arg("until_id") or 2**70)
        _require(above < below, "'since_id' must be less than 'until_id'")
        below = min(below, _read_token(request.arg(paging)))
        listed = (post for post in posts if above < status_id(post) < below)
        found = list(islice((post for post in listed if matches(wanted, post.text)), size + 1))
        return Answer(body=self._body(found[:size], more=len(found) > size, request=request))

    def _body(self, page: Sequence[Post], *, more: bool, request: Request) -> dict[str, Any]:
        if not page:
            return {"meta": {"result_count": 0}}
        wording = _Wording.asked_by(request)
        ids = [str(status_id(post)) for post in page]
        meta = {"newest_id": ids[0], "oldest_id": ids[-1], "result_count": len(page)}
        body: dict[str, Any] = {"data": [self._show(post, wording) for post in page], "meta": meta}
        if more:
            meta["next_token"] = f"b26v{ids[-1]}"
        if "author_id" in request.arg("expansions"):
            body["includes"] = {"users": list({post.author: _user(post, wording) for post in page}.values())}
        return body

    def _show(self, post: Post, wording: "_Wording") -> dict[str, Any]:
        parent = self._world.get(post.parent) if post.parent is not None else None
        root = parent
        while root is not None and root.parent is not None:
            root = self._world.get(root.parent)
        everything: dict[str, Any] = {
            "author_id": _user_id(post.author),
            "conversation_id": str(status_id(root or post)),
            "created_at": _iso(post.published_at),
            "lang": post.lang,
            "public_metrics": {
                wording.repost_count: post.shares - post.shares // 4,
                "quote_count": post.shares // 4,
                "reply_count": post.comments,
                "like_count": post.likes,
                "bookmark_count": 0,
                "impression_count": post.views,
            },
        }
        if len(post.text) > CUT:
            everything[wording.note] = {"text": post.text}
        if post.kind is Kind.COMMENT and parent:
            everything[wording.references] = [{"type": "replied_to", "id": str(status_id(parent))}]
        number = str(status_id(post))
        shown = {"id": number, "text": post.text[:CUT], wording.history: [number]}
        return shown | {name: value for name, value in everything.items() if name in wording.fields}


@dataclass(frozen=True, kw_only=True)
class _Wording:
    """The names of one generation of the API, and the fields that were asked for."""

    fields: set[str]
    repost_count: str = "retweet_count"
    note: str = "note_tweet"
    references: str = "referenced_tweets"
    history: str = "edit_history_tweet_ids"
    post_count: str = "tweet_count"

    @classmethod
    def asked_by(cls, request: Request) -> "_Wording":
        fields = _fields(request, "tweet.fields", POST_FIELDS) | _fields(request, "post.fields", POST_FIELDS)
        _fields(request, "user.fields", USER_FIELDS)
        if "post.fields" not in request.query:
            return cls(fields=fields)
        return cls(
            fields=fields,
            repost_count="repost_count",
            note="note_post",
            references="referenced_posts",
            history="edit_history_post_ids",
            post_count="post_count",
        )


@dataclass
class _Job:
    """A batch compliance job."""

    id: str
    host: str
    ids: list[str] | None = None
    """What was uploaded."""
    looks: int = 0
    """Times its status was asked for since then."""

    @property
    def status(self) -> str:
        return "created" if self.ids is None else "in_progress" if self.looks < 2 else "complete"

    def show(self, now: datetime) -> dict[str, Any]:
        place = f"http://{self.host}/storage/{self.id}"
        return {
            "id": self.id,
            "type": "tweets",
            "status": self.status,
            "created_at": _iso(now),
            "upload_url": f"{place}/ids?X-Goog-Signature=s1gned",
            "upload_expires_at": _iso(now + timedelta(minutes=15)),
            "download_url": f"{place}/result?X-Goog-Signature=s1gned",
            "download_expires_at": _iso(now + timedelta(days=7)),
        }


class _Invalid(Exception):  # noqa: N818 - what the request is
    """The request is refused for this reason."""


def status_id(post: Post) -> int:
    """A snowflake: the time, and the post's number below it."""
    return _first_id(post.published_at) + post.id % (1 << 22)


def _first_id(moment: datetime) -> int:
    return max(0, round(moment.timestamp() * 1000) - EPOCH_MS) << 22


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _redaction(number: str, now: datetime) -> str:
    """A line of a job's result."""
    record = {"id": number, "action": "delete", "created_at": _iso(now), "redacted_at": _iso(now)}
    return json.dumps({**record, "reason": "deleted"}) + "\n"


def _missing(number: str, kind: str = "tweet", parameter: str = "ids") -> dict[str, Any]:
    return {
        "value": number,
        "detail": f"Could not find {kind} with {parameter}: [{number}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": number,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }


def _account(handle: str) -> Answer:
    """An account by its name; there is one."""
    if handle.lower() != HANDLE:
        return Answer(body={"errors": [_missing(handle, "user", "username")]})
    return Answer(body={"data": {"id": ACCOUNT, "name": HANDLE.title(), "username": HANDLE}})


def _user(post: Post, wording: _Wording) -> dict[str, Any]:
    metrics = {
        "followers_count": post.followers,
        "following_count": 10,
        wording.post_count: 100,
        "listed_count": 0,
    }
    number = _user_id(post.author)
    return {"id": number, "name": post.author, "username": post.author, "public_metrics": metrics}


def _user_id(author: str) -> str:
    return str(int.from_bytes(author.encode()[-7:]))


def _fields(request: Request, name: str, known: set[str]) -> set[str]:
    asked = set(filter(None, request.arg(name).split(",")))
    _require(asked <= known, f"'{name}' does not know {sorted(asked - known)}")
    return asked


def _read_token(token: str) -> int:
    if not token:
        return 2**70
    _require(token.startswith("b26v") and token[4:].isdigit(), "'next_token' is not valid")
    return int(token[4:])


def _require(good: bool, otherwise: str) -> None:
    if not good:
        raise _Invalid(otherwise)


def _problem(status: int, title: str, detail: str) -> Answer:
    body = {"title": title, "detail": detail, "status": status, "errors": [{"message": detail}]}
    return Answer(body=body, status=status)
