"""Who says what, where and when: the story of the demo's sixty days as a plan of slots to be written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from listener.sandbox.content.phrases import Brand, Phrasebook

ZONE = ZoneInfo("Europe/Berlin")
SONNENKORN = Brand("Sonnenkorn", "sonnenkorn")
KRUSTENHOF = Brand("Krustenhof", "krustenhof")
BROTBOTE = Brand("Brotbote", "brotbote", bakery=False)

Weights = Mapping[str, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One post to be written."""

    at: datetime
    brand: Brand | None
    theme: str
    tone: str
    platform: str
    channel: str
    lang: str
    boost: float = 1.0
    """How much further it reaches than an ordinary post."""
    loud: bool = False
    """By somebody with many followers."""
    staged: bool = False
    """Opens a conversation, in the words of the phrasebook as they stand there."""
    own: bool = False
    """By the brand itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Something happened: more posts, counted by days before today."""

    brand: Brand
    theme: str
    extra: Mapping[int, int]
    platforms: Weights
    boost: float


RECALL = Wave(
    brand=SONNENKORN,
    theme="recall",
    extra={9: 48, 8: 20, 7: 9, 6: 4},
    platforms={"x": 0.5, "reddit": 0.27, "mastodon": 0.23},
    boost=6,
)
WAVES = (
    RECALL,
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

DAILY = 9.2
"""Posts about all brands on an ordinary day."""
DAILY_HOMONYMS = 1.1
WEEK = (0.85, 0.85, 0.9, 0.95, 1.05, 1.5, 1.35)
"""Monday to Sunday."""
HOURS = (2, 1, 1, 1, 2, 5, 12, 18, 20, 16, 14, 13, 15, 12, 10, 10, 12, 15, 17, 16, 14, 12, 8, 4)

BRANDS: Mapping[Brand, float] = {SONNENKORN: 0.48, BROTBOTE: 0.3, KRUSTENHOF: 0.22}
BAKERY: Weights = {"x": 0.38, "reddit": 0.33, "mastodon": 0.29}
APP: Weights = {"appstore": 0.5, "hackernews": 0.28, "x": 0.1, "mastodon": 0.07, "reddit": 0.05}
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


class Plan:
    """Draws the slots of ``days`` local days, the last of them today up to ``now``."""

    def __init__(self, now: datetime, days: int, rng: Random, phrases: Phrasebook) -> None:
        self.now = now
        self.days = days
        self.rng = rng
        self.phrases = phrases

    def slots(self) -> list[Slot]:
        """In order of time."""
        today = self.now.astimezone(ZONE).date()
        found: list[Slot] = []
        for ago in range(self.days):
            day = today - timedelta(days=ago)
            found += self._everyday(day, DAILY / 3 if ago == 1 else DAILY)  # beside what is staged
            found += self._waves(day, ago)
            found += self._own(day, ago)
            if ago == 1:
                found += self._staged(day)
        return sorted((slot for slot in found if slot.at <= self.now), key=lambda slot: slot.at)

    def _everyday(self, day: date, mean: float) -> Iterator[Slot]:
        for _ in range(self._count(mean, day)):
            brand = pick(BRANDS, self.rng)
            platform = pick(APP if brand is BROTBOTE else BAKERY, self.rng)
            yield self._slot(day, brand, platform, _theme(brand, platform))
        for _ in range(self._count(DAILY_HOMONYMS, day)):
            yield self._slot(day, None, pick(HOMONYMS, self.rng), "homonym")

    def _waves(self, day: date, ago: int) -> Iterator[Slot]:
        for wave in WAVES:
            for _ in range(wave.extra.get(ago, 0)):
                platform = pick(wave.platforms, self.rng)
                yield self._slot(day, wave.brand, platform, wave.theme, boost=wave.boost)

    def _staged(self, day: date) -> Iterator[Slot]:
        for brand, platform, theme, tone, boost, loud in STAGED:
            yield self._slot(day, brand, platform, theme, tone=tone, boost=boost, loud=loud, staged=True)

    def _own(self, day: date, ago: int) -> Iterator[Slot]:
        """Every brand speaks once or twice a week itself, and Sonnenkorn when it must."""
        for brand in BRANDS:
            if self.rng.random() < 0.2:
                theme = "app" if brand is BROTBOTE else "own"
                yield self._slot(
                    day, brand, self.rng.choice(("x", "mastodon")), theme, tone="notice", own=True
                )
        if ago in {8, 9}:
            for platform in ("x", "mastodon"):
                yield self._slot(day, SONNENKORN, platform, "own", tone="recall", boost=8, own=True)

    def _slot(
        self,
        day: date,
        brand: Brand | None,
        platform: str,
        theme: str,
        *,
        tone: str | None = None,
        boost: float = 1.0,
        loud: bool = False,
        staged: bool = False,
        own: bool = False,
    ) -> Slot:
        tone = tone or pick(TONES[theme], self.rng)
        store = pick(STORES, self.rng) if platform == "appstore" else ""
        lang = self._language(f"{platform}/{store}" if store else platform, theme, tone, staged=staged)
        channel = pick(SUBREDDITS[lang], self.rng) if platform == "reddit" else store
        return Slot(
            at=self._moment(day),
            brand=brand,
            theme=theme,
            tone=tone,
            platform=platform,
            channel=channel,
            lang=lang,
            boost=boost,
            loud=loud,
            staged=staged,
            own=own,
        )

    def _language(self, place: str, theme: str, tone: str, *, staged: bool) -> str:
        """One that is spoken there and has words for it."""
        spoken = {
            lang: weight
            for lang, weight in LANGUAGES[place].items()
            if self.phrases.has(lang, theme, tone) and (lang in {"de", "en"} or not staged)
        }
        return pick(spoken, self.rng)

    def _moment(self, day: date) -> datetime:
        hour = self.rng.choices(range(24), HOURS)[0]
        clock = time(hour, self.rng.randrange(60), self.rng.randrange(60), tzinfo=ZONE)
        return datetime.combine(day, clock).astimezone(UTC)

    def _count(self, mean: float, day: date) -> int:
        return int(mean * WEEK[day.weekday()] * self.rng.lognormvariate(0, 0.12) + self.rng.random())


def pick(weights: Mapping[T, float], rng: Random) -> T:
    """One key, as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]


def _theme(brand: Brand, platform: str) -> str:
    if brand is not BROTBOTE:
        return "bakery"
    return {"appstore": "review", "hackernews": "hackernews"}.get(platform, "app")
