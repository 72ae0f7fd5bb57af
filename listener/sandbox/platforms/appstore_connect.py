"""App Store Connect: GET /v1/apps, /v1/apps/{id}/customerReviews and /v1/customerReviews/{id}."""

import base64
import binascii
import re
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt

from listener.sandbox.server import Answer, Request
from listener.sandbox.world import Post, World

HOST = "https://api.appstoreconnect.apple.com"
CUPERTINO = timezone(timedelta(hours=-8))
LONGEST = 20 * 60
MOST = 200
SORTS = {"", "createdDate", "-createdDate", "rating", "-rating"}


class AppStoreConnect:
    """The reviews of one of the account's two apps; every token must be signed as Apple wants it."""

    name = "appstore_connect"
    app_id = "1000000001"
    apps = ((app_id, "Sonnenkorn", "example.sonnenkorn"), ("1000000002", "Sonnenkorn Pro", "example.pro"))
    issuer_id = "57246542-96fe-1a63-e053-0824d011072a"
    key_id = "2X9R4HXF34"

    def __init__(self, world: World, *, public_key: str | None = None) -> None:
        self._world = world
        self._public_key = public_key
        """None: signatures are not looked at."""

    def answer(self, request: Request) -> Answer:
        if not self._is_signed(request.headers.get("Authorization", "").removeprefix("Bearer ")):
            return _error(401, "NOT_AUTHORIZED", "Provide a properly configured and signed bearer token")
        if request.path == "/v1/apps":
            return self._apps()
        if found := re.fullmatch(r"/v1/customerReviews/(\d+)", request.path):
            post = self._world.get(int(found[1]))
            return Answer(body=_document(post, request)) if post else _NOT_FOUND
        if request.path == f"/v1/apps/{self.app_id}/customerReviews":
            return self._reviews(request)
        return _NOT_FOUND

    def _is_signed(self, token: str) -> bool:
        try:
            claims = jwt.decode(
                token,
                self._public_key or "",
                algorithms=["ES256"],
                audience="appstoreconnect-v1",
                issuer=self.issuer_id,
                options={"require": ["exp", "iss", "aud"], "verify_signature": self._public_key is not None},
            )
        except (jwt.PyJWTError, ValueError):
            return False
        known = jwt.get_unverified_header(token).get("kid") == self.key_id
        return known and claims["exp"] <= min(claims.get("iat", time.time()), time.time()) + LONGEST

    def _apps(self) -> Answer:
        data = [
            {"type": "apps", "id": number, "attributes": {"name": name, "bundleId": bundle}}
            for number, name, bundle in self.apps
        ]
        return Answer(body={"data": data, "links": {"self": f"{HOST}/v1/apps"}})

    def _reviews(self, request: Request) -> Answer:
        size, sort = int(request.arg("limit", "50")), request.arg("sort")
        if not 1 <= size <= MOST or sort not in SORTS:
            return _error(400, "PARAMETER_ERROR.INVALID", "A parameter has an invalid value")
        posts = self._world.posts(self.name)
        try:
            start = _start(posts, request.arg("cursor"))
        except (ValueError, binascii.Error):
            return _error(400, "PARAMETER_ERROR.INVALID", "'cursor' is not a valid cursor for this request")
        shown = posts[start : start + size]
        address = f"{HOST}{request.path}"
        links = {"self": f"{address}?limit={size}"}
        if start + size < len(posts):
            include = f"&include={request.arg('include')}" if request.arg("include") else ""
            links["next"] = f"{address}?cursor={_cursor(shown[-1])}&limit={size}&sort={sort}{include}"
        paging = {"total": len(posts), "limit": size}
        body = {
            "data": [_review(post, request) for post in shown],
            "links": links,
            "meta": {"paging": paging},
        }
        return Answer(body=_with_responses(body, shown, request))


def _cursor(last: Post) -> str:
    place = f"{last.published_at.timestamp()}/{last.id}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _start(posts: list[Post], cursor: str) -> int:
    """The number of posts before the first that stands behind the cursor's place."""
    if not cursor:
        return 0
    moment, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("/")
    place = (float(moment), int(number))
    return sum((post.published_at.timestamp(), post.id) >= place for post in posts)


def _document(post: Post, request: Request) -> dict[str, Any]:
    return _with_responses({"data": _review(post, request), "links": {}}, [post], request)


def _with_responses(body: dict[str, Any], posts: list[Post], request: Request) -> dict[str, Any]:
    """The responses stand beside the reviews, for whoever asks for them."""
    if request.arg("include") != "response":
        return body
    return {**body, "included": [_response(post) for post in posts if post.answered_at]}


def _response(post: Post) -> dict[str, Any]:
    said = {
        "responseBody": "Danke!",
        "state": "PUBLISHED",
        "lastModifiedDate": _time(post.answered_at or post.published_at),
    }
    return {"type": "customerReviewResponses", "id": f"r{post.id}", "attributes": said}


def _review(post: Post, request: Request) -> dict[str, Any]:
    address = f"{HOST}/v1/customerReviews/{post.id}"
    said = {
        "rating": post.rating,
        "title": post.title,
        "body": post.text,
        "reviewerNickname": post.author,
        "createdDate": _time(post.published_at),
        "territory": "DEU",
    }
    related: dict[str, Any] = {"links": {"related": f"{address}/response"}}
    if request.arg("include") == "response":
        response = {"type": "customerReviewResponses", "id": f"r{post.id}"}
        related["data"] = response if post.answered_at else None
    return {
        "type": "customerReviews",
        "id": str(post.id),
        "attributes": said,
        "relationships": {"response": related},
        "links": {"self": address},
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(CUPERTINO).isoformat()


def _error(status: int, code: str, title: str) -> Answer:
    return Answer(status=status, body={"errors": [{"status": str(status), "code": code, "title": title}]})


_NOT_FOUND = _error(404, "NOT_FOUND", "The specified resource does not exist")
