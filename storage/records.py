"""The words everyone speaks: what a row means.

Frozen values without I/O, standard library only. Connectors make them, the model scores them, the store
keeps them. ``None`` means that the platform does not say; it is never a zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

MOST = 10**12
"""More likes, views or followers than there can be; a larger count is a mistake or a joke."""

Language = Literal["de", "en"]
"""Of a digest."""


class Kind(StrEnum):
    """What sort of text a mention is."""

    POST = "post"
    COMMENT = "comment"
    REVIEW = "review"
    ARTICLE = "article"


class Label(StrEnum):
    """The three classes of sentiment."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Stance(StrEnum):
    """Whether the writer recommends the brand to others, warns against it, or does neither."""

    PROMOTING = "promoting"
    DETRACTING = "detracting"
    INDIFFERENT = "indifferent"


class Exclusion(StrEnum):
    """Why a mention is kept but counted nowhere, the strongest reason first."""

    OWN_ACCOUNT = "own account"
    EMPLOYEE = "employee"
    AUTHOR = "excluded author"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a mention, as the platform names them."""

    platform_id: str
    """Stable on its platform; the handle where the platform has nothing more stable."""
    handle: str | None = None
    name: str | None = None
    url: str | None = None
    followers: int | None = None

    def __post_init__(self) -> None:
        _check_texts(self, "platform_id", "handle", "name", "url")
        if not self.platform_id:
            raise ValueError("an author needs a platform_id")
        _check_count("followers", self.followers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """Counts at one moment. ``None``: the platform does not give this count.

    A count may be negative (a score of votes up and down). Raises ``ValueError`` where one is no count.
    """

    likes: int | None = None
    shares: int | None = None
    comments: int | None = None
    views: int | None = None

    def __post_init__(self) -> None:
        for name in ("likes", "shares", "comments", "views"):
            _check_count(name, getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One post, comment, review or article, identified by (platform, platform_id).

    Raises ``ValueError`` where an id or the text is missing or a time has no zone, so that a connector
    cannot make a half mention.
    """

    platform: str
    platform_id: str
    kind: Kind
    published_at: datetime
    text: str
    title: str | None = None
    url: str | None = None
    author: Author | None = None
    lang: str | None = None
    """Two-letter code as the platform states it; ``None`` where it does not."""
    rating: float | None = None
    """Stars, 1 to 5."""
    parent_id: str | None = None
    """platform_id of what this answers."""
    thread_id: str | None = None
    """platform_id of the conversation's first post."""
    edited_at: datetime | None = None
    answered: bool | None = None
    """Whether the business has answered in public; ``None`` where the platform does not show answers."""
    answered_at: datetime | None = None
    """When it first did, as far as the platform tells."""
    engagement: Engagement = field(default_factory=Engagement)

    def __post_init__(self) -> None:
        _check_texts(
            self, "platform", "platform_id", "text", "title", "url", "lang", "parent_id", "thread_id"
        )
        if not self.platform or not self.platform_id:
            raise ValueError("a mention needs a platform and a platform_id")
        if not (self.text or self.title):
            raise ValueError("a mention needs a text or a title")
        if self.rating is not None and not 1 <= self.rating <= 5:
            raise ValueError(f"rating {self.rating} is not within 1 to 5 stars")
        if not (self.answered is None or isinstance(self.answered, bool)):
            raise ValueError(f"answered is neither yes nor no: {self.answered!r}")
        if self.answered_at is not None and not self.answered:
            raise ValueError("answered_at is told, but no answer")
        for name in ("published_at", "edited_at", "answered_at"):
            moment = getattr(self, name)
            if moment is None and name != "published_at":
                continue
            if moment is None or moment.tzinfo is None:
                raise ValueError(f"{name} is missing or has no time zone")
            if not 1900 <= moment.year < 9999:  # further out, a change of time zone could leave the calendar
                raise ValueError(f"{name} is no date: {moment}")
            object.__setattr__(self, name, moment.astimezone(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """What could not be read as a mention, kept with the reason."""

    raw: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which brand a mention is about, and the words that say so."""

    brand: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A model's reading of one text: probabilities that sum to 1."""

    p_negative: float
    p_neutral: float
    p_positive: float

    @property
    def value(self) -> float:
        """Sentiment from -1 (negative) to 1 (positive): p_positive - p_negative."""
        return self.p_positive - self.p_negative

    @property
    def label(self) -> Label:
        """The most probable class; neutral wins a tie."""
        best = max(self.p_neutral, self.p_positive, self.p_negative)
        if self.p_neutral == best:
            return Label.NEUTRAL
        return Label.POSITIVE if self.p_positive == best else Label.NEGATIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """An adjustment of a model's probabilities to what it reads here.

    Raises ``ValueError`` where a number is not positive.
    """

    exponent: float
    """Each probability is raised to it: below 1 the model is less sure of itself, above 1 more."""
    factors: tuple[float, float, float]
    """Then they are multiplied by these (negative, neutral, positive), and made to sum to 1 again."""

    def __post_init__(self) -> None:
        if not (self.exponent > 0 and all(one > 0 for one in self.factors)):
            raise ValueError(f"a tuning's numbers must be positive: {self}")

    def apply(self, score: Score) -> Score:
        given = (score.p_negative, score.p_neutral, score.p_positive)
        raised = [factor * p**self.exponent for factor, p in zip(self.factors, given, strict=True)]
        total = sum(raised)
        return Score(p_negative=raised[0] / total, p_neutral=raised[1] / total, p_positive=raised[2] / total)


RULES = "+rules:"
"""Stands in a model's name between its weights and the version of the phrase rules, where there are any."""


def weights(model: str) -> str:
    """A model's name without its phrase rules."""
    return model.partition(RULES)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceReading:
    """A stance with the phrase (or the stars) that shows it; indifferent has no evidence."""

    stance: Stance
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is: ``metric`` is its column's name in the views.

    ``version`` is that of the figures with which it came into force; it holds until the next version that has
    another definition of the same metric.
    """

    metric: str
    version: int
    formula: str
    unit: str
    source: str | None = None
    """Where the formula comes from; None: ours, no source found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What fetching cost: requests, money in millionths of a US dollar, uses of daily quotas."""

    calls: int = 0
    micro_usd: int = 0
    quotas: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By name and day (2026-11-22) of the quota."""

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            calls=self.calls + other.calls,
            micro_usd=self.micro_usd + other.micro_usd,
            quotas={
                key: self.quotas.get(key, 0) + other.quotas.get(key, 0)
                for key in {*self.quotas, *other.quotas}
            },
        )

    def __bool__(self) -> bool:
        return bool(self.calls or self.micro_usd or self.quotas)


def _check_texts(record: object, *names: str) -> None:
    """Refuse what is neither text nor missing: the database would refuse the whole page for it."""
    for name in names:
        value = getattr(record, name)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} is no text: {value!r}")


def _check_count(name: str, count: object) -> None:
    """Refuse what is no whole number, or so large that sums over many mentions would not fit the database."""
    if count is not None and (type(count) is not int or abs(count) > MOST):
        raise ValueError(f"{name} is no count: {count!r}")
