"""Bluesky as a server with accounts shows it under /xrpc: logins, search, single posts and profiles.

Sessions are written like the real ones, as JSON Web Tokens whose end can be read. Search is for accounts; posts
and profiles are shown to everyone.
"""

import base64
import hashlib
import json
import re
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from listener.sandbox.search import matches
from listener.sandbox.server import Answer, Request
from listener.sandbox.world import Post, World

WRONG = "wrong-app-password"
SHY = "shy"
"""An author who does not want to be shown to strangers."""
LOGINS_A_DAY = 300
MOST_HITS = 10_000
"""How far the cursor of a search reaches."""
BATCH = 25
LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
RATE = {"RateLimit-Limit": "3000", "RateLimit-Remaining": "2999", "RateLimit-Policy": "3000;w=300"}
REFRESH_LIFE = timedelta(days=60)


class Refused(Exception):  # noqa: N818 - the platform's word, not a failure of ours
    """A request that is answered with an error's name and a message."""

    def __init__(self, name: str, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.body = {"error": name, "message": message}
        self.status = status


class Bluesky:
    name = "bluesky"

    def __init__(self, world: World, *, life: timedelta = timedelta(hours=2)) -> None:
        """``life``: of an access token."""
        self._world = world
        self._life = life
        self.logins = 0
        self.access: dict[str, str] = {}
        """Handles by the tokens that are good."""
        self.refresh: dict[str, str] = {}
        self._methods: dict[str, Callable[[Request], Any]] = {
            "com.atproto.server.createSession": self._create_session,
            "com.atproto.server.refreshSession": self._refresh_session,
            "app.bsky.feed.searchPosts": self._search,
            "app.bsky.feed.getPosts": self._get_posts,
            "app.bsky.actor.getProfiles": self._get_profiles,
        }

    def answer(self, request: Request) -> Answer:
        method = self._methods.get(request.path.removeprefix("/xrpc/"))
        if method is None:
            return Answer(
                status=501, body={"error": "MethodNotImplemented", "message": "Method Not Implemented"}
            )
        try:
            return Answer(body=method(request), headers=RATE)
        except Refused as refusal:
            return Answer(status=refusal.status, body=refusal.body, headers=RATE)

    # ---- sessions

    def _create_session(self, request: Request) -> Any:
        given = json.loads(request.body)
        if not {"identifier", "password"} <= given.keys():
            raise Refused("InvalidRequest", "Input must have the properties identifier and password")
        if given["password"] == WRONG:
            raise Refused("AuthenticationRequired", "Invalid identifier or password", status=401)
        if self.logins >= LOGINS_A_DAY:
            raise Refused("RateLimitExceeded", "Rate Limit Exceeded", status=429)
        self.logins += 1
        return self._session(given["identifier"])

    def _refresh_session(self, request: Request) -> Any:
        handle = self.refresh.pop(_bearer(request), None)
        if handle is None:
            raise Refused("ExpiredToken", "Token has been revoked")
        return self._session(handle)

    def _session(self, handle: str) -> dict[str, Any]:
        number = len(self.access) + len(self.refresh) + self.logins
        access = _token("com.atproto.access", handle, self._life, number)
        refresh = _token("com.atproto.refresh", handle, REFRESH_LIFE, number)
        self.access[access] = self.refresh[refresh] = handle
        return {
            "accessJwt": access,
            "refreshJwt": refresh,
            "handle": handle,
            "did": did_of(handle.partition(".")[0]),
            "active": True,
        }

    def _check_session(self, request: Request, *, needed: bool) -> None:
        token = _bearer(request)
        if not token and needed:
            raise Refused("AuthMissing", "Authentication Required", status=401)
        if token and (token not in self.access or _end_of(token) < time.time()):
            raise Refused("ExpiredToken", "Token has expired")

    # ---- posts and profiles

    def _search(self, request: Request) -> Any:
        self._check_session(request, needed=True)
        limit = _whole_number(request, "limit", 25)
        if not request.arg("q"):
            raise Refused("InvalidRequest", 'Error: Params must have the property "q"')
        if not 1 <= limit <= 100:
            raise Refused("InvalidRequest", "Error: limit must be between 1 and 100")
        if request.arg("sort", "latest") != "latest":
            raise Refused("InvalidRequest", "this sandbox sorts by time alone")
        start = _whole_number(request, "cursor", 0)
        found = list(islice(self._found(request), start, start + limit + 1))
        answer = {"posts": [self._view(post) for post in found[:limit]]}
        more = len(found) > limit and start + limit < MOST_HITS
        return {**answer, "cursor": str(start + limit)} if more else answer

    def _found(self, request: Request) -> Iterable[Post]:
        """What fits the words and the times, newest first."""
        posts = self._world.posts(self.name)
        begin = 0
        if until := request.arg("until"):
            begin = bisect_left(
                posts, -_moment(until).timestamp(), key=lambda post: -self._sorted_at(post).timestamp()
            )
            while begin < len(posts) and self._sorted_at(posts[begin]) >= _moment(until):
                begin += 1
        since = _moment(request.arg("since", "1970-01-01T00:00:00Z"))
        for post in islice(posts, begin, None):
            if self._sorted_at(post) < since:
                return
            if matches(request.arg("q"), post.text):
                yield post

    def _sorted_at(self, post: Post) -> datetime:
        """No post counts as younger than its arrival."""
        return min(post.published_at, self._world.now)

    def _get_posts(self, request: Request) -> Any:
        self._check_session(request, needed=False)
        uris = _batch(request, "uris")
        found = [self._world.get(_number(uri)) for uri in uris]
        shown = [post for post, uri in zip(found, uris, strict=True) if post and uri_of(post) == uri]
        return {"posts": [self._view(post) for post in shown]}

    def _get_profiles(self, request: Request) -> Any:
        self._check_session(request, needed=False)
        latest = {did_of(post.author): post for post in reversed(self._world.posts(self.name))}
        known = [latest[did] for did in _batch(request, "actors") if did in latest]
        return {"profiles": [{**_author(post), "followersCount": post.followers} for post in known]}

    def _view(self, post: Post) -> dict[str, Any]:
        quotes = post.shares // 4
        return {
            "uri": uri_of(post),
            "cid": _cid(uri_of(post)),
            "author": _author(post),
            "record": self._record(post),
            "replyCount": post.comments,
            "repostCount": post.shares - quotes,
            "likeCount": post.likes,
            "quoteCount": quotes,
            "bookmarkCount": 0,
            "indexedAt": _iso(
                min(post.published_at + timedelta(seconds=1), max(self._world.now, post.published_at))
            ),
            "viewer": {"threadMuted": False, "embeddingDisabled": False},
            "labels": [],
        }

    def _record(self, post: Post) -> dict[str, Any]:
        record = {
            "$type": "app.bsky.feed.post",
            "text": post.text,
            "createdAt": _iso(post.published_at),
            "langs": [post.lang],
        }
        if post.parent is None or (parent := self._world.get(post.parent)) is None:
            return record
        root = parent
        while root.parent is not None and (above := self._world.get(root.parent)):
            root = above
        return {**record, "reply": {"root": _reference(root), "parent": _reference(parent)}}


def did_of(author: str) -> str:
    return f"did:web:{author}.bluesky.example"


def uri_of(post: Post) -> str:
    """Its address; the last part has the form of a TID, and the post's number in it."""
    digits = [LETTERS[post.id >> shift & 31] for shift in range(60, -5, -5)]
    return f"at://{did_of(post.author)}/app.bsky.feed.post/{''.join(digits)}"


def _number(uri: str) -> int:
    """The number of the post with this address."""
    found = re.fullmatch(rf"at://[^/]+/app\.bsky\.feed\.post/([{LETTERS}]{{13}})", uri)
    if found is None:
        raise Refused("InvalidRequest", "Error: uris must be valid at-uris")
    number = 0
    for letter in found[1]:
        number = number << 5 | LETTERS.index(letter)
    return number


def _author(post: Post) -> dict[str, Any]:
    did = did_of(post.author)
    label = {"src": did, "uri": f"at://{did}/app.bsky.actor.profile/self", "val": "!no-unauthenticated"}
    return {
        "did": did,
        "handle": f"{post.author}.bluesky.example",
        "displayName": post.author.title(),
        "labels": [{**label, "cts": "2024-05-01T00:00:00.000Z"}] if post.author == SHY else [],
        "createdAt": "2024-05-01T00:00:00.000Z",
    }


def _reference(post: Post) -> dict[str, str]:
    return {"uri": uri_of(post), "cid": _cid(uri_of(post))}


def _cid(uri: str) -> str:
    digest = hashlib.sha256(uri.encode()).digest()
    return "b" + base64.b32encode(b"\x01\x71\x12\x20" + digest).decode().lower().rstrip("=")


def _batch(request: Request, name: str) -> list[str]:
    given = request.query.get(name, [])
    if not given or len(given) > BATCH:
        raise Refused("InvalidRequest", f"Error: {name} must have between 1 and {BATCH} elements")
    return given


def _whole_number(request: Request, name: str, default: int) -> int:
    value = request.arg(name, str(default))
    if not value.isdigit():
        raise Refused("InvalidRequest", f"Error: {name} must be an integer")
    return int(value)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("InvalidRequest", "Error: not a datetime") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _bearer(request: Request) -> str:
    told = {name.lower(): value for name, value in request.headers.items()}
    return told.get("authorization", "").removeprefix("Bearer ")


def _token(scope: str, handle: str, life: timedelta, number: int) -> str:
    now = int(time.time())
    payload = {
        "scope": scope,
        "sub": did_of(handle),
        "iat": now,
        "exp": now + int(life.total_seconds()),
        "jti": str(number),
    }
    parts = (json.dumps(part).encode() for part in ({"typ": "at+jwt", "alg": "ES256K"}, payload))
    return ".".join(
        [*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), "c2lnbmF0dXJl"]
    )


def _end_of(token: str) -> float:
    payload = token.split(".")[1]
    return float(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"])
