"""A Discourse forum: GET /posts.json, the latest posts of all topics by falling id."""

import threading
from bisect import bisect_right
from datetime import UTC, datetime
from html import escape
from typing import Any

from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind

WRONG = "wrong"
"""An API key that is refused; any other is good."""
ROBOTS = (
    "User-agent: *\n"
    "Disallow: /admin/\nDisallow: /auth/\nDisallow: /email/\nDisallow: /search\nDisallow: /session\n"
    "Disallow: /*?*api_key*\nDisallow: /badges\nDisallow: /my\nDisallow: /g\n"
)
AVATAR = "/letter_avatar_proxy/v4/letter/a/ce73a5/{size}.png"


class Discourse:
    """Numbers the posts as they arrive, as a forum does, whatever date they bear."""

    name = "discourse"
    page_size = 50

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._numbers: dict[int, int] = {}
        self._posts: list[Post] = []
        self._listing: list[tuple[int, Post]] = []

    def answer(self, request: Request) -> Answer:
        told = {name.lower(): value for name, value in request.headers.items()}
        if request.path == "/robots.txt":
            return Answer(body=ROBOTS, content_type="text/plain; charset=utf-8")
        if told.get("api-key") == WRONG:
            return _refused("invalid_access", "You are not permitted to view the requested resource.")
        if request.path == "/posts.json":
            return Answer(body={"latest_posts": self._latest(request.arg("before"))})
        return NOT_FOUND

    def _latest(self, before: str) -> list[dict[str, Any]]:
        """As on the real one, what is no positive number counts as not given."""
        limit = int(before) if before.isdigit() else 0
        posts = self._arrived()
        start = bisect_right(posts, -limit, key=lambda pair: -pair[0]) if limit else 0
        return [self._post(number, post) for number, post in posts[start : start + self.page_size]]

    def _arrived(self) -> list[tuple[int, Post]]:
        """The posts under their numbers, the last one first."""
        posts = self._world.posts(self.name)
        with self._lock:
            if posts != self._posts:
                fresh = [post for post in posts if post.id not in self._numbers]
                for post in sorted(
                    fresh, key=lambda post: (min(post.published_at, self._world.now), post.id)
                ):
                    self._numbers[post.id] = 11 + 3 * len(self._numbers)
                numbered = {self._numbers[post.id]: post for post in posts}
                self._posts, self._listing = posts, sorted(numbered.items(), key=lambda pair: -pair[0])
            return self._listing

    def _post(self, number: int, post: Post) -> dict[str, Any]:
        first = post.kind is Kind.POST
        title = post.title or post.text[:40]
        return {
            "id": number,
            "name": post.author.title(),
            "username": post.author,
            "avatar_template": AVATAR,
            "created_at": _iso(post.published_at),
            "cooked": "".join(f"<p>{escape(part)}</p>\n" for part in post.text.split("\n\n")),
            "post_number": 1 if first else 2 + number % 7,
            "post_type": 1,
            "posts_count": 9,
            "updated_at": _iso(post.edited_at or post.published_at),
            "reply_count": post.comments,
            "reply_to_post_number": None,
            "quote_count": 0,
            "incoming_link_count": 0,
            "reads": post.views,
            "readers_count": max(0, post.views - 1),
            "score": 0.2,
            "yours": False,
            "topic_id": 7 + (post.parent or post.id),
            "topic_slug": "topic",
            "topic_title": title,
            "topic_html_title": escape(title),
            "category_id": 4,
            "display_username": post.author.title(),
            "primary_group_name": None,
            "flair_name": None,
            "flair_url": None,
            "flair_bg_color": None,
            "flair_color": None,
            "flair_group_id": None,
            "badges_granted": [],
            "version": 2 if post.edited_at else 1,
            "can_edit": False,
            "can_delete": False,
            "can_recover": False,
            "can_see_hidden_post": False,
            "can_wiki": False,
            "user_title": None,
            "bookmarked": False,
            "raw": post.text,
            "actions_summary": [{"id": 2, "count": post.likes}] if post.likes else [],
            "moderator": False,
            "admin": False,
            "staff": False,
            "user_id": sum(post.author.encode()),
            "hidden": False,
            "trust_level": 1,
            "deleted_at": None,
            "user_deleted": False,
            "edit_reason": None,
            "can_view_edit_history": True,
            "wiki": False,
            "excerpt": escape(post.text[:100]),
            "truncated": len(post.text) > 100,
            "reviewable_id": None,
            "reviewable_score_count": 0,
            "reviewable_score_pending_count": 0,
            "post_url": f"/t/topic/{7 + (post.parent or post.id)}/1",
        }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _refused(kind: str, message: str) -> Answer:
    return Answer(status=403, body={"errors": [message], "error_type": kind})
