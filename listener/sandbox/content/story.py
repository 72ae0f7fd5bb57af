"""Who says what, where and when: the story of the demo's sixty days as a plan of slots to be written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from listener.sandbox.content.mix import (
    APP,
    BAKERY,
    BRANDS,
    BROTBOTE,
    DAILY,
    DAILY_HOMONYMS,
    HOMONYMS,
    HOURS,
    LANGUAGES,
    SONNENKORN,
    STAGED,
    STORES,
    SUBREDDITS,
    TONES,
    WAVES,
    WEEK,
    pick,
)
from listener.sandbox.content.phrases import Brand, Phrasebook

ZONE = ZoneInfo("Europe/Berlin")


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


def _theme(brand: Brand, platform: str) -> str:
    if brand is not BROTBOTE:
        return "bakery"
    return {"appstore": "review", "hackernews": "hackernews"}.get(platform, "app")
