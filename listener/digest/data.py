"""A digest's data: what every rendering is made of, and what is kept. Numbers and facts, no words.

Frozen; ``DigestData.model_validate_json(data.model_dump_json())`` equals ``data``. None means unknown.
Text from outside is clean by its type: one line, limited, without control characters.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from listener import metrics
from listener.digest.clean import LINK_LIMIT, one_line
from storage.records import Kind, Label, Stance

Name = Annotated[str, AfterValidator(lambda text: one_line(text, 60))]
Line = Annotated[str, AfterValidator(lambda text: one_line(text, 200))]
Excerpt = Annotated[str, AfterValidator(lambda text: one_line(text, 280))]
Address = Annotated[str, AfterValidator(lambda text: one_line(text, LINK_LIMIT + 1))]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Measure(StrEnum):
    """What a headline figure measures; ``listener.metrics`` defines each."""

    MENTIONS = "mentions"
    AUTHORS = "authors"
    ENGAGEMENT = "engagement"
    RATE_BY_VIEWS = "rate_by_views"
    RATE_BY_FOLLOWERS = "rate_by_followers"
    NET_SENTIMENT = "net_sentiment"
    ADVOCACY = "advocacy"
    STARS = "stars"
    SHARE_OF_VOICE = "share_of_voice"


class Figure(Part):
    """A figure of the day beside the day before and the mean of the 7 days before."""

    measure: Measure
    value: float | None
    day_before: float | None
    week_before: float | None
    n: int | None = None
    """How many mentions a rate rests on; None for counts."""
    total: int | None = None
    """Of how many mentions; None where the figure has no coverage to speak of."""
    low: float | None = None
    high: float | None = None


class Volume(Part):
    """One bar of the chart; the counts are None on days before the brand's first."""

    day: date
    positive: int | None
    neutral: int | None
    negative: int | None
    unscored: int | None
    net_sentiment: float | None


class Platform(Part):
    """A platform's day."""

    name: Name
    mentions: int
    likes: int | None
    shares: int | None
    comments: int | None
    views: int | None
    rate_by_views: float | None
    rate_by_followers: float | None
    net_sentiment: float | None


class Advocacy(Part):
    """Stances over some days, and the difference of their shares with its 95 % interval."""

    days: int
    """How many of the days the database covers."""
    promoting: int
    detracting: int
    indifferent: int
    value: float | None
    low: float | None
    high: float | None


class Voice(Part):
    """The brand or a competitor in the share of voice, on the day and over 28 days."""

    name: Name
    own: bool
    mentions: int
    share: float | None
    mentions_28_days: int
    share_28_days: float | None


class MentionLine(Part):
    """A mention as the digest shows it."""

    platform: Name
    kind: Kind
    published_at: datetime
    url: Address | None
    author: Name | None
    followers: int | None
    title: Line | None
    excerpt: Excerpt
    rating: float | None
    likes: int | None
    shares: int | None
    comments: int | None
    views: int | None
    engagement: int | None
    sentiment: Label | None
    stance: Stance | None


class Reason(StrEnum):
    """Why a mention is worth an answer, the most urgent first."""

    DETRACTOR_WITH_REACH = "detractor_with_reach"
    COMPLAINT = "complaint"
    QUESTION = "question"


class Answer(Part):
    """A mention worth an answer."""

    mention: MentionLine
    reasons: tuple[Reason, ...]


class Topic(Part):
    """A configured topic on the day, and over 28 days, by what is said of it (not of the brand as a whole)."""

    name: Name
    mentions: int
    week_before: float | None
    """Mentions a day, mean of the 7 days before."""
    positive: int
    neutral: int
    negative: int
    mentions_28_days: int
    negative_share_28_days: float | None

    def share(self, count: int) -> float | None:
        """A count of the day among its scored mentions."""
        return metrics.ratio(count, self.positive + self.neutral + self.negative)


class RisingTerm(Part):
    """A term that is more frequent than in the 28 days before."""

    term: Name
    documents: int
    """Authors who used it on the day."""
    expected: float
    """How many would have, had it been as frequent as before."""
    examples: tuple[MentionLine, ...]
    """One; none once it is deleted."""


class Trouble(StrEnum):
    """What is wrong with a source."""

    PAUSED = "paused"
    FAILING = "failing"
    UNPOLLED = "unpolled"
    SILENT = "silent"


class SourceLine(Part):
    """A source that needs a look."""

    name: Name
    connector: Name
    trouble: Trouble
    last_ok_at: datetime | None
    last_new_at: datetime | None
    error: Line | None


class Notes(Part):
    """What is missing from the figures."""

    unscored: int
    """Mentions of the day that wait for the model."""
    outdated_days: int
    """Days within the last 28 whose figures wait to be computed anew."""
    rejects: int
    """Answers of the platforms that could not be read, first seen on the day, all sources."""


class DigestData(Part):
    """One brand's day."""

    brand: str
    day: date
    timezone: str
    metrics_version: int
    figures: tuple[Figure, ...]
    volume: tuple[Volume, ...]
    platforms: tuple[Platform, ...]
    advocacy: Advocacy
    advocacy_28_days: Advocacy
    voices: tuple[Voice, ...]
    """Empty where no competitor is configured."""
    positive: tuple[MentionLine, ...]
    negative: tuple[MentionLine, ...]
    answers: tuple[Answer, ...]
    answers_total: int
    """Mentions worth an answer before the list was cut."""
    sources: tuple[SourceLine, ...]
    sources_total: int
    notes: Notes
    topics: tuple[Topic, ...] = ()
    """Those mentioned on the day, the most mentioned first."""
    rising: tuple[RisingTerm, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the brand had no mention on the day."""
        return not self.figure(Measure.MENTIONS).value

    def figure(self, measure: Measure) -> Figure:
        """The figure of a measure; ``KeyError`` where the digest has none (share of voice without competitors)."""
        return {one.measure: one for one in self.figures}[measure]
