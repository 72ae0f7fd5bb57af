"""A dashboard's data: numbers and facts, no words. Frozen; None means unknown, never zero."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from listener.metrics import Advocacy, Change


class Measure(StrEnum):
    """What a key figure measures; ``listener.metrics`` defines each."""

    MENTIONS = "mentions"
    NET_SENTIMENT = "net_sentiment"
    ADVOCACY = "advocacy"
    ENGAGEMENT = "engagement"
    SHARE_OF_VOICE = "share_of_voice"
    REACH = "reach"
    STARS = "stars"
    RESPONSE_RATE = "response_rate"


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure of the period beside that of the one before."""

    measure: Measure
    change: Change
    n: int | None = None
    """How many mentions a rate rests on; None for counts."""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One bar of the charts over time: a day, or a few where the period is long.

    The counts are None where it ends before the brand's history begins.
    """

    first: date
    last: date
    positive: int | None
    neutral: int | None
    negative: int | None
    unscored: int | None
    mean: float | None
    """Mentions a day of the 7 days that end with it."""
    net_sentiment: float | None
    """Of the 7 days that end with it."""
    advocacy: Advocacy
    """Of the 28 days that end with it."""
    silent: tuple[str, ...]
    """Sources that did not answer on one of the days."""

    @property
    def mentions(self) -> int | None:
        if self.positive is None:
            return None
        return self.positive + (self.neutral or 0) + (self.negative or 0) + (self.unscored or 0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What happened to the same sources on the same days; ``last`` None: it goes on."""

    event: str
    first: date
    last: date | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A platform, topic, language or voice with its mentions, by sentiment where that is known."""

    name: str
    mentions: int
    positive: int = 0
    neutral: int = 0
    negative: int = 0
    net_sentiment: float | None = None
    share: float | None = None
    engagement: int | None = None
    reach: int | None = None


@dataclass(frozen=True, slots=True)
class Reviews:
    """The period's reviews: how many with 1 to 5 stars, and the answers (None: the platforms show none)."""

    stars: tuple[int, ...]
    answerable: int | None
    answered: int | None
    hours: float | None
    """Mean from a review to its answer."""


@dataclass(frozen=True, slots=True)
class Term:
    """A rising term: by how many authors, and by how many it was to be expected."""

    term: str
    documents: int
    expected: float


@dataclass(frozen=True, slots=True)
class Quote:
    """A mention, without its author; text of one line and a limited length."""

    platform: str
    day: date
    text: str
    engagement: int
    link: str | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One brand's period."""

    brand: str
    timezone: str
    first: date
    last: date
    days: int
    step: int
    """Days that a bar of the charts over time stands for."""
    repeats: int
    """Mentions of the period that repeat another one; they are in no other figure."""
    figures: tuple[Figure, ...]
    coverage: tuple[Coverage, ...]
    moments: tuple[Moment, ...]
    voices: tuple[Line, ...]
    """The brand first; empty where it has no competitors."""
    platforms: tuple[Line, ...]
    topics: tuple[Line, ...]
    hours: tuple[tuple[int, ...], ...]
    """Mentions of Monday to Sunday, each 0 to 23 hours."""
    reviews: Reviews | None
    languages: tuple[Line, ...]
    rising: tuple[Term, ...]
    rising_day: date | None
    positive: tuple[Quote, ...]
    negative: tuple[Quote, ...]
    quoted_since: date
