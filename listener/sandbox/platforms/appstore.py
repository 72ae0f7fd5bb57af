"""The App Store's feed of customer reviews: GET /{country}/rss/customerreviews/page=1/id=.../json, and its search
for apps: GET /search.

A post's ``channel`` is the country whose store it stands in.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World

DEEPEST = 10
CUPERTINO = timezone(timedelta(hours=-7))
SCRIPT = "text/javascript; charset=utf-8"
"""What the feed calls its JSON."""


class AppStore:
    """The reviews of one app; any other app is unknown, which the feed does not say in so many words."""

    name = "appstore"
    app_id = "1000000001"
    apps: Mapping[str, str] = {
        "1000000001": "Brotbote: Brot und Brötchen",
        "1000000002": "Brotbote Partner",
        "1000000003": "Krustenhof",
        "1000000004": "Krustenhof Plus",
    }

    def __init__(self, world: World, *, page_size: int = 50) -> None:
        self._world = world
        self._page_size = page_size

    def answer(self, request: Request) -> Answer:
        if request.path == "/search":
            return self._search(request)
        path = re.fullmatch(r"/([a-z]{2})/rss/customerreviews/(.+)/json", request.path)
        if path is None:
            return NOT_FOUND
        parts = dict(part.partition("=")[::2] for part in path[2].lower().split("/"))
        if not parts.get("id", "").isdigit() or not parts.get("page", "1").isdigit():
            return Answer(status=400, body="Bad request", content_type="text/plain")
        page = int(parts.get("page", "1"))
        if page > DEEPEST:
            message = f"CustomerReviews RSS page depth is limited to {DEEPEST}"
            return Answer(status=400, body=message, content_type="text/plain")
        if parts["id"] != self.app_id:
            return Answer(body={"feed": _frame(path[1], self._world.now, [])}, content_type=SCRIPT)
        return Answer(body={"feed": self._feed(path[1], page)}, content_type=SCRIPT)

    def _search(self, request: Request) -> Answer:
        """Apps whose names hold all the words; the search also wants to know what to search, and where."""
        words = request.arg("term").casefold().split()
        if not words or request.arg("entity") != "software":
            return Answer(body={"resultCount": 0, "results": []}, content_type=SCRIPT)
        if not re.fullmatch("[a-zA-Z]{2}", request.arg("country", "US")):
            message = "Invalid value(s) for key(s): [country]"
            return Answer(status=400, body={"errorMessage": message}, content_type=SCRIPT)
        found = [
            {"wrapperType": "software", "kind": "software", "trackId": int(number), "trackName": name}
            for number, name in self.apps.items()
            if all(word in name.casefold() for word in words)
        ]
        return Answer(body={"resultCount": len(found), "results": found}, content_type=SCRIPT)

    def _feed(self, country: str, page: int) -> dict[str, Any]:
        reviews = [post for post in self._world.posts(self.name) if post.channel == country]
        last = min(DEEPEST, max(1, -(-len(reviews) // self._page_size)))
        numbers = {"self": page, "first": 1, "last": last, "previous": page - 1, "next": page + 1}
        links = [
            _link(
                rel, f"https://itunes.apple.com/{country}/rss/customerreviews/page={number}/id={self.app_id}"
            )
            for rel, number in numbers.items()
        ]
        frame = _frame(country, self._world.now, links)
        shown = reviews[(page - 1) * self._page_size : page * self._page_size]
        entries = [_entry(post, country) for post in shown]
        if not entries:
            return frame
        return {**frame, "entry": entries[0] if len(entries) == 1 else entries}


def _frame(country: str, now: datetime, links: list[Any]) -> dict[str, Any]:
    site = f"http://www.apple.com/{country}/itunes/"
    return {
        "author": {"name": _label("iTunes Store"), "uri": _label(site)},
        "updated": _label(_time(now)),
        "title": _label("iTunes Store: Customer Reviews"),
        "link": [_link("alternate", site), *links],
        "id": _label(f"https://itunes.apple.com/{country}/rss/customerreviews"),
    }


def _entry(post: Post, country: str) -> dict[str, Any]:
    site = f"https://itunes.apple.com/{country}"
    return {
        "author": {
            "uri": _label(f"{site}/reviews/id{_reader(post.author)}"),
            "name": _label(post.author),
            "label": "",
        },
        "updated": _label(_time(post.published_at)),
        "im:rating": _label(str(post.rating)),
        "im:version": _label("2.4.1"),
        "id": _label(str(post.id)),
        "title": _label(post.title or ""),
        "content": {"label": post.text, "attributes": {"type": "text"}},
        "link": _link("related", f"{site}/review?id={AppStore.app_id}&type=Purple%20Software"),
        "im:voteSum": _label(str(post.likes)),
        "im:contentType": {"attributes": {"term": "Application", "label": "Application"}},
        "im:voteCount": _label(str(post.likes + 1)),
    }


def _label(text: str) -> dict[str, str]:
    return {"label": text}


def _link(rel: str, href: str) -> dict[str, Any]:
    return {"attributes": {"rel": rel, "href": href}}


def _time(moment: datetime) -> str:
    return moment.astimezone(CUPERTINO).isoformat(timespec="seconds")


def _reader(name: str) -> int:
    """A number of the reader's own, the same in every run."""
    return int.from_bytes(name.encode()[:6], "big")
