"""The demo's world: a bakery, its ordering app and its competitor in a town that does not exist.

Everything here is made up: brands, town, people, sentences. A recall nine days ago made a crisis, a
newspaper's pretzel test four weeks ago a wave of recommendations, and the app was down for a day in between.
Yesterday has something of everything, so that its digest has something to show.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from listener.sandbox.content.authors import Authors
from listener.sandbox.content.news import articles
from listener.sandbox.content.oddities import edited, oddities
from listener.sandbox.content.phrases import Phrasebook
from listener.sandbox.content.reviews import reviews
from listener.sandbox.content.story import Plan
from listener.sandbox.content.writing import Writer
from listener.sandbox.world import Post, World


def demo_world(now: datetime, *, days: int = 60, seed: int = 7) -> World:
    """The posts of the last ``days`` days up to ``now`` (aware); the same arguments give the same posts."""
    now = now.astimezone(UTC)
    rng = Random(seed)  # noqa: S311 - reproducible sample content, not a secret
    phrases = Phrasebook(rng)
    authors = Authors(rng)
    writer = Writer(rng, phrases, authors)
    posts = [writer.write(slot) for slot in Plan(now, days, rng, phrases).slots()]
    posts = edited(posts, now, rng, phrases)
    posts += articles(now, days, rng)
    posts += oddities(now, days, rng, authors)
    posts += reviews(now, days, rng, phrases, authors)
    return World(_numbered(_with_comments(posts)), now)


def _with_comments(posts: Iterable[Post]) -> list[Post]:
    """Every post counts at least the answers below it that stand in the world."""
    found = list(posts)
    parents = {post.id: post.parent for post in found if post.id}
    below: Counter[int] = Counter()
    for post in found:
        above = post.parent
        while above is not None:
            below[above] += 1
            above = parents[above]
    return [replace(post, comments=post.comments + below[post.id]) for post in found]


def _numbered(posts: Iterable[Post]) -> list[Post]:
    """In order of time, numbered from 1. Only posts that have a number already can be parents."""
    ordered = sorted(posts, key=lambda post: (post.published_at, post.id))
    numbers = {post.id: number for number, post in enumerate(ordered, 1) if post.id}
    return [
        replace(post, id=number, parent=numbers[post.parent] if post.parent else None)
        for number, post in enumerate(ordered, 1)
    ]
