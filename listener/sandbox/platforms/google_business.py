"""Google Business Profile: v4 reviews of one place, and the accounts and places that its user manages.

Three hosts on the real side, one here: their paths do not collide.
"""

import re
from datetime import UTC, datetime
from typing import Any

from listener.sandbox import google
from listener.sandbox.server import Answer, Request
from listener.sandbox.world import Post, World

SCOPE = "https://www.googleapis.com/auth/business.manage"
ORDERS = {"", "rating", "rating desc", "updateTime desc"}
STARS = (None, "ONE", "TWO", "THREE", "FOUR", "FIVE")


class GoogleBusiness:
    """All posts are reviews of one place; the account manages a second one, without reviews."""

    name = "google_business"
    accounts = ("accounts/1001", "accounts/1002")
    location = "locations/2001"
    places: tuple[dict[str, Any], ...] = (
        {
            "name": location,
            "title": "Sonnenkorn",
            "storefrontAddress": {"addressLines": ["Marktgasse 5"], "locality": "Musterstadt"},
        },
        {
            "name": "locations/2002",
            "title": "Sonnenkorn Café",
            "storefrontAddress": {"addressLines": ["Am Ufer 1"], "locality": "Musterstadt"},
        },
    )

    def __init__(self, world: World, *, public_key: str | None = None) -> None:
        self._world = world
        self._login = google.GoogleLogin(public_key)
        self.missing: set[int] = set()
        """Posts that pages from the second on leave out, as Google says may happen."""

    def answer(self, request: Request) -> Answer:
        if request.path == google.TOKEN_PATH and request.method == "POST":
            return self._login.token(request)
        if refusal := self._login.refusal(request, SCOPE):
            return refusal
        try:
            return Answer(body=self._body(request))
        except ValueError as bad:
            return google.error(400, f"Request contains an invalid argument: {bad}")
        except LookupError:
            return google.error(404, "Requested entity was not found.")

    def _body(self, request: Request) -> Any:
        if request.path == "/v1/accounts":
            shown, after = google.page(self.accounts, _size(request, 20), request.arg("pageToken"))
            return _listed("accounts", [{"name": one, "type": "LOCATION_GROUP"} for one in shown], after)
        if found := re.fullmatch(r"/v1/(accounts/\d+)/locations", request.path):
            return self._places(found[1], request)
        found = re.fullmatch(r"/v4/(accounts/\d+)/(locations/\d+)/reviews(?:/(\d+))?", request.path)
        if found is None or found[1] not in self.accounts or found[2] != self.location:
            raise LookupError(request.path)
        if found[3]:
            if (post := self._world.get(int(found[3]))) is None:
                raise LookupError(found[3])
            return self._review(post, found[1])
        return self._reviews(found[1], request)

    def _places(self, account: str, request: Request) -> Any:
        if account not in self.accounts:
            raise LookupError(account)
        mask = request.arg("readMask").split(",")
        if mask == [""]:
            raise ValueError("readMask")
        shown, after = google.page(self.places, _size(request, 100), request.arg("pageToken"))
        return _listed("locations", [{name: place[name] for name in mask} for place in shown], after)

    def _reviews(self, account: str, request: Request) -> Any:
        if request.arg("orderBy") not in ORDERS:
            raise ValueError("orderBy")
        posts = sorted(self._world.posts(self.name), key=_changed, reverse=True)
        token = request.arg("pageToken")
        shown, after = google.page(posts, _size(request, 50), token)
        left_out = self.missing if token else set()
        reviews = [self._review(post, account) for post in shown if post.id not in left_out]
        listed = _listed("reviews", reviews, after)
        return {**listed, "averageRating": 4.5, "totalReviewCount": len(posts)} if posts else {}

    def _review(self, post: Post, account: str) -> dict[str, Any]:
        person = {"displayName": post.author, "profilePhotoUrl": "https://lh3.googleusercontent.com/a/x"}
        review: dict[str, Any] = {
            "name": f"{account}/{self.location}/reviews/{post.id}",
            "reviewId": str(post.id),
            "reviewer": person if post.author else {"displayName": "A Google user", "isAnonymous": True},
            "starRating": STARS[post.rating] if post.rating else "STAR_RATING_UNSPECIFIED",
            "createTime": _time(post.published_at),
            "updateTime": _time(_changed(post)),
        }
        if post.answered_at:
            review["reviewReply"] = {"comment": "Danke!", "updateTime": _time(post.answered_at)}
        return {**review, "comment": post.text} if post.text else review


def _changed(post: Post) -> datetime:
    return post.edited_at or post.published_at


def _listed(key: str, things: list[Any], after: str | None) -> dict[str, Any]:
    return {key: things, "nextPageToken": after} if after else {key: things}


def _size(request: Request, most: int) -> int:
    size = int(request.arg("pageSize", str(most)))
    if not 1 <= size <= most:
        raise ValueError("pageSize")
    return size


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"
