"""Google Play's publisher API: GET /androidpublisher/v3/applications/{package}/reviews of the last seven days."""

import re
from datetime import datetime, timedelta
from typing import Any

from listener.sandbox import google
from listener.sandbox.server import Answer, Request
from listener.sandbox.world import Post, World

SCOPE = "https://www.googleapis.com/auth/androidpublisher"
KEPT = timedelta(days=7)
MOST = 100


class GooglePlay:
    """The reviews of one app, the one changed last at the top; any other app is unknown."""

    name = "google_play"
    package = "example.sonnenkorn.app"

    def __init__(self, world: World, *, public_key: str | None = None) -> None:
        self._world = world
        self._login = google.GoogleLogin(public_key)

    def answer(self, request: Request) -> Answer:
        if request.path == google.TOKEN_PATH and request.method == "POST":
            return self._login.token(request)
        if refusal := self._login.refusal(request, SCOPE):
            return refusal
        path = re.fullmatch(r"/androidpublisher/v3/applications/([^/]+)/reviews", request.path)
        if path is None or path[1] != self.package:
            return google.error(404, f"Package not found: {path and path[1]}.")
        size = min(int(request.arg("maxResults", "10")), MOST)
        try:
            shown, after = google.page(self._recent(), size, request.arg("token"))
        except ValueError:
            return google.error(400, "Invalid pagination token.")
        body: dict[str, Any] = {"reviews": [_review(post) for post in shown]} if shown else {}
        return Answer(body={**body, "tokenPagination": {"nextPageToken": after}} if after else body)

    def _recent(self) -> list[Post]:
        recent = [post for post in self._world.posts(self.name) if _changed(post) >= self._world.now - KEPT]
        return sorted(recent, key=_changed, reverse=True)


def _changed(post: Post) -> datetime:
    return post.edited_at or post.published_at


def _review(post: Post) -> dict[str, Any]:
    said = {
        "text": f"{post.title}\t{post.text}" if post.title else post.text,
        "lastModified": _stamp(_changed(post)),
        "starRating": post.rating,
        "reviewerLanguage": post.lang,
        "device": "klte",
        "androidOsVersion": 34,
        "appVersionCode": 241,
        "appVersionName": "2.4.1",
        "thumbsUpCount": post.likes,
        "thumbsDownCount": 1,
    }
    comments: list[dict[str, Any]] = [{"userComment": said}]
    if post.answered_at:
        comments.append({"developerComment": {"text": "Danke!", "lastModified": _stamp(post.answered_at)}})
    return {"reviewId": f"gp:{post.id}", "authorName": post.author, "comments": comments}


def _stamp(at: datetime) -> dict[str, Any]:
    return {"seconds": str(int(at.timestamp())), "nanos": at.microsecond * 1000}
