"""What stands on the sandbox's platforms: posts in the words of no platform in particular.

Each file of ``platforms/`` shows these posts the way its platform would. A world may change while it is
served: posts are added, edited and deleted, as on the real ones.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from storage.records import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One entry on one platform. Counts are what its readers did; a platform shows those it knows."""

    id: int
    """Unique in the world and growing with ``published_at`` in a generated one; platforms derive theirs."""
    platform: str
    kind: Kind
    published_at: datetime
    author: str
    text: str
    title: str | None = None
    lang: str = "en"
    followers: int = 0
    likes: int = 0
    shares: int = 0
    comments: int = 0
    views: int = 0
    rating: int | None = None
    channel: str = ""
    """Where it stands: a subreddit, a feed, a country's store; empty where a platform has no such places."""
    tags: tuple[str, ...] = ()
    """Hashtags without '#'; they also stand in the text."""
    parent: int | None = None
    """id of the post this answers."""
    link: str | None = None
    """The page a story points to."""
    edited_at: datetime | None = None
    answered_at: datetime | None = None
    """When the business answered it, where it has."""


class World:
    """The posts of all platforms at a moment that the tests can choose."""

    def __init__(self, posts: Iterable[Post], now: datetime) -> None:
        self.now = now
        self._lock = threading.Lock()
        self._posts = {post.id: post for post in posts}
        self._sorted: dict[str, list[Post]] = {}

    def posts(self, platform: str) -> list[Post]:
        """What stands there now, newest first; equal times by falling id."""
        with self._lock:
            if platform not in self._sorted:
                found = [post for post in self._posts.values() if post.platform == platform]
                found.sort(key=lambda post: (post.published_at, post.id), reverse=True)
                self._sorted[platform] = found
            return list(self._sorted[platform])

    def get(self, post_id: int) -> Post | None:
        with self._lock:
            return self._posts.get(post_id)

    def add(self, *posts: Post) -> None:
        with self._lock:
            self._posts.update({post.id: post for post in posts})
            self._sorted.clear()

    def edit(self, post_id: int, **changes: Any) -> None:
        with self._lock:
            self._posts[post_id] = replace(self._posts[post_id], **changes)
            self._sorted.clear()

    def delete(self, post_id: int) -> None:
        with self._lock:
            del self._posts[post_id]
            self._sorted.clear()
