"""News feeds: GET /{channel}.xml, RSS 2.0 with ETag and Last-Modified.

A post's ``channel`` is the feed it stands in.
"""

import hashlib
import re
from email.utils import format_datetime
from xml.sax.saxutils import escape

from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World

WINDOW = 50
"""Entries in a feed; older ones have left it."""


class Rss:
    """A publisher with as many feeds as there are channels."""

    name = "rss"

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, request: Request) -> Answer:
        path = re.fullmatch(r"/([\w-]+)\.xml", request.path)
        if path is None:
            return NOT_FOUND
        posts = [post for post in self._world.posts(self.name) if post.channel == path[1]][:WINDOW]
        body = _feed(path[1], posts)
        etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
        headers = {"ETag": etag}
        if posts:
            headers["Last-Modified"] = format_datetime(posts[0].published_at, usegmt=True)
        asked = {name.lower(): value for name, value in request.headers.items()}
        if asked.get("if-none-match") == etag:
            return Answer(status=304, body=b"", headers=headers)
        return Answer(body=body, headers=headers, content_type="application/rss+xml; charset=utf-8")


def _feed(channel: str, posts: list[Post]) -> str:
    lang = posts[0].lang if posts else "en"
    items = "".join(_item(post) for post in posts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(channel)}</title><link>https://{channel}.example/</link>"
        f"<description>{escape(channel)}</description><language>{lang}</language>{items}</channel></rss>\n"
    )


def _item(post: Post) -> str:
    link = post.link or f"https://{post.channel}.example/{post.id}"
    html = "".join(f"<p>{escape(part)}</p>" for part in post.text.split("\n\n"))
    return (
        f"<item><title>{escape(post.title or '')}</title><link>{escape(link)}</link>"
        f'<guid isPermaLink="false">{post.channel}-{post.id}</guid>'
        f"<pubDate>{format_datetime(post.published_at, usegmt=True)}</pubDate>"
        f"<dc:creator>{escape(post.author)}</dc:creator>"
        f"<description>{escape(html)}</description></item>"
    )
