"""The people: a few post often, most seldom, and a handful have many followers."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, cycle
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
LOUD = 6
"""How many of them have many followers."""


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
        self._loud = {place: cycle(people[-LOUD:]) for place, people in self._people.items()}

    def anyone(self, place: str) -> Author:
        return self.rng.choices(self._people[place], cum_weights=self._zipf[place])[0]

    def loud(self, place: str) -> Author:
        """One of the few with many followers, each in turn."""
        return next(self._loud[place])

    def _crowd(self, place: str, size: int) -> list[Author]:
        """The most talkative first, the loud ones last: they say little."""
        stems = CODERS if place == "hackernews" else STEMS
        handles = self.rng.sample([stem + ending for stem in stems for ending in ENDINGS], size)
        if place not in {"x", "mastodon"}:
            return [Author(handle, 0) for handle in handles]  # nobody is followed there
        crowd = [Author(handle, int(self.rng.lognormvariate(5.2, 1.6))) for handle in handles[LOUD:]]
        return crowd + [Author(handle, self.rng.randint(12_000, 60_000)) for handle in handles[:LOUD]]
