"""What readers do with a post: heavy-tailed counts, on each platform's own scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import TypedDict


class Counts(TypedDict):
    views: int
    likes: int
    shares: int
    comments: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """A platform's readers: who sees an ordinary post (median), and the shares of them that react."""

    views: float
    likes: float
    shares: float = 0.0
    comments: float = 0.0
    counts_views: bool = False


CROWDS: Mapping[str, Crowd] = {
    "x": Crowd(420, 0.014, 0.0025, 0.002, counts_views=True),
    "mastodon": Crowd(110, 0.03, 0.012, 0.004),
    "reddit": Crowd(700, 0.013),
    "hackernews": Crowd(900, 0.01),
    "appstore": Crowd(45, 0.02),
}
"""Comments on Reddit and Hacker News are those that stand in the world; elsewhere more answer than we see."""


def reactions(platform: str, followers: int, boost: float, rng: Random) -> Counts:
    """The counts of one post. An author's followers and a boost carry it further."""
    crowd = CROWDS[platform]
    reach = (1 + followers / 400) ** 0.5 * boost
    views = crowd.views * reach * rng.lognormvariate(0, 1.0)

    def some(share: float) -> int:
        return int(views * share * rng.lognormvariate(0, 0.6) + rng.random() * min(1, share * 100))

    return Counts(
        views=int(views) if crowd.counts_views else 0,
        likes=some(crowd.likes),
        shares=some(crowd.shares),
        comments=some(crowd.comments),
    )
