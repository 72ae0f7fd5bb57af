"""The people: a few post often, most seldom, and a handful have many followers."""

from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nlargest
from itertools import accumulate
from operator import attrgetter
from random import Random

STEMS = (
    "lena", "tomk", "krumel", "frauholle", "nachteule", "jule", "backfee", "mehltau", "ritter_k", "ayse",
    "olek", "hannes", "sauerteig", "pendlerin", "uwe", "marie", "dinkeldora", "stadtkind", "fips", "kathi",
    "salzstange", "brummbaer", "mo", "wiebke", "giulia", "pietschi", "leopold", "radlerin", "kaffeetante",
    "nele",
)  # fmt: skip
CODERS = (
    "bytebaker", "tinkerpot", "nullpointa", "selfhoster", "grepwood", "coldboot", "yakshaver", "offbyone",
    "kernelpan", "diffhound", "segfaulty", "pipedream", "quietcron", "rackmouse", "leftjoin", "vimto",
)  # fmt: skip
ENDINGS = ("", "_", "77", "_rt", "92", "x", "_b", "04", "2go", "_m", "13", "_live")
PLACES: Mapping[str, int] = {"x": 150, "mastodon": 90, "reddit": 110, "appstore": 130, "hackernews": 40}
"""How many people post there."""
LOUD = 3
"""How many of them count as having many followers."""


@dataclass(frozen=True, slots=True)
class Author:
    handle: str
    followers: int


class Authors:
    """Who posts on each platform. A person's followers stay what they are."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._people = {place: self._crowd(place, size) for place, size in PLACES.items()}
        self._zipf = {
            place: list(accumulate(1 / rank**0.7 for rank in range(1, size + 1)))
            for place, size in PLACES.items()
        }

    def anyone(self, place: str) -> Author:
        return self.rng.choices(self._people[place], cum_weights=self._zipf[place])[0]

    def loud(self, place: str) -> Author:
        """One of the few with many followers."""
        return self.rng.choice(nlargest(LOUD, self._people[place], key=attrgetter("followers")))

    def _crowd(self, place: str, size: int) -> list[Author]:
        stems = CODERS if place == "hackernews" else STEMS
        handles = [stem + ending for stem in stems for ending in ENDINGS]
        return [Author(handle, self._followers(place)) for handle in self.rng.sample(handles, size)]

    def _followers(self, place: str) -> int:
        if place not in {"x", "mastodon"}:
            return 0  # the other platforms have none
        return int(self.rng.lognormvariate(5.2, 1.9))
