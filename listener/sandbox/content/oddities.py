"""What real platforms hold besides honest posts: copies, edits, and texts that break careless programs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from listener.sandbox.content.authors import Author, Authors
from listener.sandbox.content.phrases import Phrasebook, read
from listener.sandbox.content.voice import hashtags
from listener.sandbox.world import Post
from storage.records import Kind

EDITABLE = {"reddit", "mastodon", "appstore", "hackernews"}
TROUBLE = Author("anon_77", 0)
KINDS = {"appstore": Kind.REVIEW, "rss": Kind.ARTICLE}


def edited(posts: Sequence[Post], now: datetime, rng: Random, phrases: Phrasebook) -> list[Post]:
    """The same posts, a few of them changed by their authors later on."""
    deadline = now - timedelta(days=2)
    old = [post.id for post in posts if _can_change(post) and post.published_at < deadline]
    chosen = set(rng.sample(old, min(14, len(old))))
    return [_edit(post, rng, phrases) if post.id in chosen else post for post in posts]


def oddities(now: datetime, days: int, rng: Random, authors: Authors) -> Iterator[Post]:
    """The posts of ``oddities.toml`` that fall into the story's days, and those that fall out of all time."""
    content = read("oddities.toml")
    for entry in content["copied"]:
        if entry["days_ago"] < days - 1:
            for _ in range(entry["times"]):
                later = timedelta(minutes=rng.randint(0, 400))
                yield _post(entry, _moment(entry, now) + later, authors.anyone(entry["platform"]))
    for entry in content["hostile"]:
        if entry.get("days_ago", 0) < days - 1:
            yield _post(entry, _moment(entry, now), TROUBLE)


def _can_change(post: Post) -> bool:
    return post.platform in EDITABLE and bool(post.text) and post.lang in {"de", "en"}


def _edit(post: Post, rng: Random, phrases: Phrasebook) -> Post:
    note = phrases.card(post.lang, "edits", "notice")
    later = timedelta(minutes=rng.randint(4, 1500))
    return replace(post, text=f"{post.text}\n\n{note}", edited_at=post.published_at + later)


def _moment(entry: Mapping[str, Any], now: datetime) -> datetime:
    moment: datetime = entry["at"] if "at" in entry else now - timedelta(days=entry["days_ago"])
    return moment.replace(microsecond=0)


def _post(entry: Mapping[str, Any], moment: datetime, author: Author) -> Post:
    platform, text = entry["platform"], entry["text"] * entry.get("repeat", 1)
    return Post(
        id=0,
        platform=platform,
        kind=KINDS.get(platform, Kind.POST),
        published_at=moment,
        author=author.handle,
        followers=author.followers,
        title=re.split("[.!?]", text)[0][:60] if platform in {"reddit", "appstore", "rss"} else None,
        text=text,
        lang="de",
        channel=entry.get("channel", ""),
        rating=entry.get("stars"),
        tags=hashtags(text) if platform in {"mastodon", "x"} else (),
    )
