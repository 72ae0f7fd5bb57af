"""What the demo's story is made of: brands, rhythm, events, and how often anything is said where."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from listener.sandbox.content.phrases import Brand

SONNENKORN = Brand("Sonnenkorn", "sonnenkorn")
KRUSTENHOF = Brand("Krustenhof", "krustenhof")
BROTBOTE = Brand("Brotbote", "brotbote", bakery=False)

Weights = Mapping[str, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Something happened: more posts, counted by days before today."""

    brand: Brand
    theme: str
    extra: Mapping[int, int]
    platforms: Weights
    boost: float


WAVES = (
    Wave(
        brand=SONNENKORN,
        theme="recall",
        extra={9: 58, 8: 20, 7: 9, 6: 4},
        platforms={"x": 0.5, "reddit": 0.27, "mastodon": 0.23},
        boost=6,
    ),
    Wave(
        brand=SONNENKORN,
        theme="award",
        extra={28: 11, 27: 9, 26: 7, 25: 5},
        platforms={"x": 0.4, "mastodon": 0.35, "reddit": 0.25},
        boost=2,
    ),
    Wave(
        brand=BROTBOTE,
        theme="outage",
        extra={17: 22, 16: 9, 15: 3},
        platforms={"appstore": 0.7, "x": 0.2, "mastodon": 0.1},
        boost=2,
    ),
)

DAILY = 9.0
"""Posts about all brands on an ordinary day."""
DAILY_HOMONYMS = 1.1
WEEK = (0.85, 0.85, 0.9, 0.95, 1.05, 1.5, 1.35)
"""Monday to Sunday."""
HOURS = (2, 1, 1, 1, 2, 5, 12, 18, 20, 16, 14, 13, 15, 12, 10, 10, 12, 15, 17, 16, 14, 12, 8, 4)

BRANDS: Mapping[Brand, float] = {SONNENKORN: 0.48, BROTBOTE: 0.3, KRUSTENHOF: 0.22}
BAKERY: Weights = {"x": 0.38, "reddit": 0.33, "mastodon": 0.29}
APP: Weights = {"appstore": 0.44, "hackernews": 0.38, "x": 0.08, "mastodon": 0.06, "reddit": 0.04}
HOMONYMS: Weights = {"x": 0.45, "reddit": 0.35, "mastodon": 0.2}

TONES: Mapping[str, Weights] = {
    "bakery": {
        "praise": 26,
        "recommend": 12,
        "complaint": 18,
        "warning": 6,
        "question": 16,
        "notice": 17,
        "irony": 5,
    },
    "app": {"praise": 20, "recommend": 12, "complaint": 25, "warning": 8, "question": 20, "notice": 15},
    "hackernews": {
        "praise": 20,
        "recommend": 9,
        "complaint": 17,
        "warning": 5,
        "question": 19,
        "notice": 24,
        "irony": 4,
    },
    "review": {"praise": 32, "recommend": 20, "mixed": 14, "complaint": 21, "warning": 13},
    "recall": {"complaint": 42, "warning": 28, "question": 12, "notice": 11, "irony": 7},
    "award": {"praise": 40, "recommend": 45, "question": 5, "notice": 10},
    "outage": {"complaint": 52, "warning": 34, "question": 9, "notice": 5},
    "homonym": {"notice": 1},
}

_OTHERS: Weights = {"fr": 0.035, "it": 0.035, "tr": 0.035, "uk": 0.035}
LANGUAGES: Mapping[str, Weights] = {
    "x": {"de": 0.6, "en": 0.26, **_OTHERS},
    "mastodon": {"de": 0.78, "en": 0.16, **_OTHERS},
    "reddit": {"de": 0.66, "en": 0.34},
    "hackernews": {"en": 1},
    "appstore/de": {"de": 0.88, **_OTHERS},
    "appstore/at": {"de": 1},
    "appstore/gb": {"en": 1},
}
STORES: Weights = {"de": 0.6, "at": 0.2, "gb": 0.2}
SUBREDDITS: Mapping[str, Weights] = {
    "de": {"rautenfurt": 0.7, "brotzeitrunde": 0.3},
    "en": {"rautenfurt": 0.55, "sourdoughtalk": 0.45},
}

STAGED = (
    # What the last complete day's digest has to show: brand, platform, theme, tone, boost, loud.
    (SONNENKORN, "x", "open_day", "question", 3, False),
    (SONNENKORN, "x", "open_day", "complaint", 8, False),
    (SONNENKORN, "x", "bakery", "warning", 10, True),
    (SONNENKORN, "x", "open_day", "recommend", 6, False),
    (SONNENKORN, "x", "bakery", "praise", 9, False),
    (SONNENKORN, "mastodon", "open_day", "praise", 12, False),
    (SONNENKORN, "mastodon", "open_day", "notice", 2, False),
    (SONNENKORN, "reddit", "bakery", "recommend", 7, False),
    (SONNENKORN, "reddit", "bakery", "complaint", 6, False),
    (KRUSTENHOF, "x", "bakery", "question", 2, False),
    (KRUSTENHOF, "x", "bakery", "warning", 8, True),
    (KRUSTENHOF, "x", "bakery", "complaint", 5, False),
    (KRUSTENHOF, "x", "bakery", "notice", 1, False),
    (KRUSTENHOF, "mastodon", "bakery", "recommend", 7, False),
    (KRUSTENHOF, "mastodon", "bakery", "praise", 8, False),
    (KRUSTENHOF, "reddit", "bakery", "praise", 6, False),
    (KRUSTENHOF, "reddit", "bakery", "complaint", 6, False),
    (BROTBOTE, "appstore", "review", "recommend", 6, False),
    (BROTBOTE, "appstore", "review", "praise", 4, False),
    (BROTBOTE, "appstore", "review", "complaint", 6, False),
    (BROTBOTE, "appstore", "review", "warning", 8, False),
    (BROTBOTE, "x", "app", "warning", 9, True),
    (BROTBOTE, "x", "app", "question", 3, False),
    (BROTBOTE, "mastodon", "app", "recommend", 9, False),
    (BROTBOTE, "mastodon", "app", "complaint", 7, False),
    (BROTBOTE, "reddit", "app", "praise", 6, False),
)


def pick(weights: Mapping[T, float], rng: Random) -> T:
    """One key, as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]
