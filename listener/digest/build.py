"""Building a digest's data from the database: first all reads, at one moment; then only pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from listener import metrics
from listener.digest.answers import worth_answering
from listener.digest.data import (
    Advocacy,
    Answer,
    DigestData,
    MentionLine,
    Notes,
    Platform,
    RisingTerm,
    SourceLine,
    Topic,
    Trouble,
    Voice,
    Volume,
)
from listener.digest.figures import History, figures
from listener.digest.trends import example
from storage import reads
from storage.reads import Record
from storage.records import Label, Stance
from storage.store import Store, moment, stamp

DAYS = 28
"""How far the chart and the longer comparisons look back, the day itself included: whole weeks."""

TOPICS = 5
"""The most mentioned so many are shown."""

SILENCE = timedelta(days=7)
"""A source that brings nothing new for so long is reported."""


def build(store: Store, brand: str, day: date, *, top_n: int = 5) -> DigestData:
    """The digest of a brand's local day; the same database gives the same digest.

    Args:
        top_n: how many of the most engaged positive and negative mentions; twice as many worth an answer.

    Raises ``LookupError`` where the database has no such brand.
    """
    first = (day - timedelta(days=DAYS - 1)).isoformat()
    last = day.isoformat()
    with store.snapshot():
        panel = reads.panel(store, brand)
        if not panel:
            raise LookupError(f"there is no brand {brand!r} in the database")
        start, end = _bounds(day, ZoneInfo(panel[0]["timezone"]))
        history = _history(
            brand, panel, reads.brand_days(store, brand, first, last), reads.voices(store, brand, first, last)
        )
        platforms = reads.platform_days(store, brand, last, last)
        mentions = reads.mentions_of_day(store, brand, last)
        sources = reads.source_health(store)
        topics = reads.topic_days(store, brand, first, last)
        terms = reads.rising_terms(store, brand, last)
        notes = reads.gaps(store, brand, first, last, start=stamp(start), end=stamp(end))
    window = [day - timedelta(days=back) for back in reversed(range(DAYS))]
    originals = [row for row in mentions if row["duplicate_of"] is None]
    answers = worth_answering(originals)
    return DigestData(
        brand=brand,
        day=day,
        timezone=panel[0]["timezone"],
        metrics_version=metrics.VERSION,
        figures=figures(history, day),
        volume=tuple(_volume(history, one) for one in window),
        platforms=tuple(_platform(row) for row in platforms),
        advocacy=_advocacy(history, [day]),
        advocacy_28_days=_advocacy(history, window),
        voices=_voices(history, day, window),
        positive=_most_engaged(originals, Label.POSITIVE, top_n),
        negative=_most_engaged(originals, Label.NEGATIVE, top_n),
        answers=tuple(Answer(mention=_mention(row), reasons=why) for row, why in answers[: 2 * top_n]),
        answers_total=len(answers),
        sources=tuple(line for row in sources if (line := _source(row, start, end))),
        sources_total=len(sources),
        notes=Notes(**notes),
        topics=_topics(topics, history, day),
        rising=_rising(terms, mentions),
    )


def _bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Where a local day begins and ends; 23 to 25 hours."""
    midnights = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
    start, end = (one.astimezone(UTC) for one in midnights)
    return start, end


def _history(
    brand: str, panel: Sequence[Record], days: Iterable[Record], voices: Iterable[Record]
) -> History:
    heard: dict[date, dict[str, int]] = {}
    for row in voices:
        heard.setdefault(date.fromisoformat(row["day"]), {})[row["voice"]] = row["mentions"]
    return History(
        brand=brand,
        days={date.fromisoformat(row["day"]): row for row in days},
        voices=heard,
        first_days={row["voice"]: row["first_day"] and date.fromisoformat(row["first_day"]) for row in panel},
    )


def _volume(history: History, day: date) -> Volume:
    row = history.days.get(day)
    if row is None:
        nothing = 0 if history.covers(day) else None
        return Volume(
            day=day, positive=nothing, neutral=nothing, negative=nothing, unscored=nothing, net_sentiment=None
        )
    labels = {str(label): row[label] for label in Label}
    return Volume(
        day=day,
        unscored=row["mentions"] - sum(labels.values()),
        net_sentiment=metrics.net_sentiment(row["positive"], row["negative"]),
        **labels,
    )


def _platform(row: Record) -> Platform:
    return Platform(
        name=row["platform"],
        rate_by_views=row["engagement_rate_by_views"],
        rate_by_followers=row["engagement_rate_by_followers"],
        **{key: row[key] for key in ("mentions", "likes", "shares", "comments", "views", "net_sentiment")},
    )


def _advocacy(history: History, days: Sequence[date]) -> Advocacy:
    rows = [history.days[day] for day in days if day in history.days]
    sums = {key: sum(row[key] for row in rows) for key in ("promoting", "detracting", "indifferent")}
    measured = metrics.advocacy(sums["promoting"], sums["detracting"])
    return Advocacy(
        days=sum(map(history.covers, days)),
        value=measured.value,
        low=measured.low,
        high=measured.high,
        **sums,
    )


def _voices(history: History, day: date, window: Sequence[date]) -> tuple[Voice, ...]:
    """The brand first, then its competitors, the most mentioned first; empty without competitors."""
    if not history.competitors:
        return ()
    today = history.voices.get(day, {})
    sums = {
        name: sum(history.voices.get(one, {}).get(name, 0) for one in window) for name in history.first_days
    }
    rest = sorted(history.competitors, key=lambda name: (-today.get(name, 0), -sums[name], name))
    return tuple(
        Voice(
            name=name,
            own=name == history.brand,
            mentions=today.get(name, 0),
            share=metrics.ratio(today.get(name, 0), sum(today.values())),
            mentions_28_days=sums[name],
            share_28_days=metrics.ratio(sums[name], sum(sums.values())),
        )
        for name in (history.brand, *rest)
    )


def _topics(rows: Sequence[Record], history: History, day: date) -> tuple[Topic, ...]:
    """The topics of the day, at most ``TOPICS``, with their 28 days."""
    by_name: dict[str, dict[date, Record]] = {}
    for row in rows:
        by_name.setdefault(row["topic"], {})[date.fromisoformat(row["day"])] = row
    spoken = [(name, days) for name, days in by_name.items() if day in days]
    spoken.sort(key=lambda one: (-one[1][day]["mentions"], one[0]))
    week = [day - timedelta(days=back) for back in range(1, 8)]
    covered = all(map(history.covers, week))
    return tuple(
        Topic(
            name=name,
            week_before=sum(days[one]["mentions"] for one in week if one in days) / 7 if covered else None,
            mentions_28_days=sum(row["mentions"] for row in days.values()),
            negative_share_28_days=metrics.ratio(
                sum(row["negative"] for row in days.values()),
                sum(row[label] for row in days.values() for label in Label),
            ),
            **{key: days[day][key] for key in ("mentions", *Label)},
        )
        for name, days in spoken[:TOPICS]
    )


def _rising(terms: Iterable[Record], mentions: Iterable[Record]) -> tuple[RisingTerm, ...]:
    shown = {row["mention_id"]: row for row in mentions}
    return tuple(
        RisingTerm(
            term=one["term"],
            documents=one["documents"],
            expected=one["total"] * one["baseline_documents"] / one["baseline_total"],
            examples=(_mention({**row, "title": None, "text": example(one["term"], row)}),),
        )
        for one in terms
        if (row := shown.get(one["mention_id"]))
    )


_CONTRARY = {Label.POSITIVE: Stance.DETRACTING, Label.NEGATIVE: Stance.PROMOTING}


def _most_engaged(rows: Iterable[Record], label: Label, limit: int) -> tuple[MentionLine, ...]:
    """The first rows with this label. Who recommends in so many words is no negative voice, whatever the model
    says, and who warns no positive one.
    """
    fitting = (
        row for row in rows if row["sentiment_label"] == label and row["stance"] != _CONTRARY.get(label)
    )
    return tuple(map(_mention, islice(fitting, limit)))


def _mention(row: Mapping[str, Any]) -> MentionLine:
    same = ("platform", "kind", "url", "author", "title", "rating", "stance")
    counts = ("likes", "shares", "comments", "views", "engagement")
    return MentionLine(
        published_at=moment(row["published_at"]),
        followers=row["author_followers"],
        excerpt=row["text"],
        sentiment=row["sentiment_label"],
        **{key: row[key] for key in (*same, *counts)},
    )


def _source(row: Record, start: datetime, end: datetime) -> SourceLine | None:
    """A source that needs a look; None for one that is well."""
    trouble = _trouble(row, start, end)
    if trouble is None:
        return None
    return SourceLine(
        name=row["source"],
        connector=row["connector"],
        trouble=trouble,
        last_ok_at=_moment(row["last_ok_at"]),
        last_new_at=_moment(row["last_new_at"]),
        error=row["last_error"],
    )


def _trouble(row: Record, start: datetime, end: datetime) -> Trouble | None:
    last_ok, last_new = _moment(row["last_ok_at"]), _moment(row["last_new_at"])
    if row["state"] in {Trouble.PAUSED, Trouble.FAILING}:
        return Trouble(row["state"])
    if last_ok is None or last_ok < start:
        return Trouble.UNPOLLED
    if last_new is None or last_new < end - SILENCE:
        return Trouble.SILENT
    return None


def _moment(text: Any) -> datetime | None:
    return None if text is None else moment(text)
