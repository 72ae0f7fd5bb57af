"""Trustpilot's API: GET /v1/business-units/{id}/reviews, /find, /search, and GET /v1/reviews/{id}.

All posts are reviews of one business, the bakery's.
"""

import re
from datetime import datetime
from typing import Any

from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World

WRONG = "wrong-key"
UNIT = "b0" * 12
DOMAIN = "brotwerk.example"
LARGEST = 100
ORDERS = {"createdat.asc", "createdat.desc", "stars.asc", "stars.desc"}
PARAMETERS = {
    "stars", "language", "internalLocationId", "page", "perPage", "orderBy", "tagGroup", "tagValue", "responded",
    "includeReportedReviews", "apikey",
}  # fmt: skip


class Trustpilot:
    """The public side; the private listing is not here, and asking for it is an error."""

    name = "trustpilot"

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, request: Request) -> Answer:
        headers = {name.lower(): value for name, value in request.headers.items()}
        key = headers.get("apikey") or request.arg("apikey")
        if not key or key == WRONG:
            return Answer(status=401, body={"message": "Unknown API key", "errorCode": 0})
        path = request.path.removeprefix("/v1/")
        if path == f"business-units/{UNIT}/reviews":
            return self._listing(request)
        if found := re.fullmatch(r"reviews/([0-9a-f]{24})", path):
            post = self._world.get(int(found[1], 16))
            return Answer(body=_review(post)) if post and post.platform == self.name else _unknown("review")
        if path == "business-units/find":
            return Answer(body=_unit()) if request.arg("name") == DOMAIN else _unknown("business unit")
        if path == "business-units/search":
            fits = request.arg("query").lower() in DOMAIN
            return Answer(body={"businessUnits": [_unit()] if fits else []})
        return NOT_FOUND

    def _listing(self, request: Request) -> Answer:
        page, size = request.arg("page", "1"), request.arg("perPage", "20")
        order = request.arg("orderBy", "createdat.desc")
        valid = page.isdigit() and size.isdigit() and int(page) >= 1 and 1 <= int(size) <= LARGEST
        if not valid or order not in ORDERS or set(request.query) - PARAMETERS:
            return Answer(status=400, body={"message": "Bad request", "details": "a parameter is not valid"})
        posts = self._world.posts(self.name)
        if order != "createdat.desc":
            posts.sort(key=lambda post: post.published_at if "createdat" in order else (post.rating or 0))
            posts = posts[::-1] if order.endswith("desc") else posts
        start = (int(page) - 1) * int(size)
        shown = [_review(post) for post in posts[start : start + int(size)]]
        return Answer(body={"links": [], "reviews": shown})


def review_id(post: Post) -> str:
    return f"{post.id:024x}"


def _review(post: Post) -> dict[str, Any]:
    return {
        "links": [],
        "id": review_id(post),
        "consumer": {
            "id": f"{post.author.encode().hex()[-24:]:0>24}",
            "displayName": post.author,
            "displayLocation": None,
            "numberOfReviews": 1,
        },
        "businessUnit": {"id": UNIT, "identifyingName": DOMAIN, "displayName": "Brotwerk"},
        "stars": post.rating,
        "title": post.title,
        "text": post.text,
        "language": post.lang,
        "createdAt": _iso(post.published_at),
        "updatedAt": _iso(post.edited_at) if post.edited_at else None,
        "companyReply": _reply(post.answered_at) if post.answered_at else None,
        "isVerified": True,
        "numberOfLikes": post.likes,
        "status": "active",
        "complianceLabels": [],
    }


def _reply(at: datetime) -> dict[str, Any]:
    return {"text": "Danke!", "createdAt": _iso(at), "updatedAt": None}


def _unit() -> dict[str, Any]:
    name = {"identifying": DOMAIN, "referring": [DOMAIN, f"www.{DOMAIN}"]}
    return {"id": UNIT, "displayName": "Brotwerk", "name": name, "country": "DE", "status": "active"}


def _unknown(what: str) -> Answer:
    return Answer(status=404, body={"message": f"The {what} could not be found"})


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
