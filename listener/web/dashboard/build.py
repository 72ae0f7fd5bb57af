"""A dashboard's data from the rows of the views. Pure."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from listener import metrics
from listener.digest.clean import link, one_line
from listener.web.dashboard.data import (
    Coverage,
    Dashboard,
    Line,
    Quote,
    Reviews,
    Term,
)
from listener.web.dashboard.figures import figures
from listener.web.dashboard.moments import moments, step_of
from listener.web.dashboard.sums import total
from storage.dashboard import Reading, Record


def build(reading: Reading) -> Dashboard:
    """The dashboard of a reading."""
    window = reading.window
    days = {date.fromisoformat(row["day"]): row for row in reading.days}
    length = len(window.days)
    return Dashboard(
        brand=reading.brand["name"],
        timezone=reading.brand["timezone"],
        first=window.first,
        last=window.last,
        days=length,
        step=step_of(length),
        repeats=total(days, window, "copies") or 0,
        figures=figures(reading, days),
        coverage=_coverage(reading.coverage),
        moments=moments(reading, days, step_of(length)),
        voices=_voices(reading.voices),
        platforms=tuple(_line(row, row["platform"]) for row in reading.platforms),
        topics=tuple(_line(row, row["topic"]) for row in reading.topics),
        hours=_hours(reading.hours),
        reviews=_reviews(reading.reviews),
        languages=_languages(reading.languages, total(days, window, "mentions") or 0),
        rising=tuple(_term(row) for row in reading.rising),
        rising_day=date.fromisoformat(reading.rising[0]["day"]) if reading.rising else None,
        positive=_quotes(reading.quotes, "positive"),
        negative=_quotes(reading.quotes, "negative"),
        quoted_since=reading.quoted_since,
    )


def _coverage(rows: Sequence[Record]) -> tuple[Coverage, ...]:
    """One for all sources to which the same happened at the same time."""

    def what(row: Record) -> tuple[str, str, str]:
        return row["first_day"], row["event"], row["last_day"] or ""

    return tuple(
        Coverage(
            event=event,
            first=date.fromisoformat(first),
            last=date.fromisoformat(last) if last else None,
            sources=tuple(dict.fromkeys(one_line(row["source"], 60) for row in found)),
        )
        for (first, event, last), found in groupby(sorted(rows, key=what), what)
    )


def _line(row: Record, name: str, share: float | None = None) -> Line:
    labels = {key: row[key] for key in ("positive", "neutral", "negative")}
    return Line(
        name=one_line(name, 60),
        mentions=row["mentions"],
        net_sentiment=metrics.net_sentiment(row["positive"], row["negative"]),
        share=share,
        engagement=row.get("engagement"),
        reach=row.get("reach"),
        **labels,
    )


def _languages(rows: Sequence[Record], total: int) -> tuple[Line, ...]:
    return tuple(_line(row, row["lang"], metrics.ratio(row["mentions"], total)) for row in rows)


def _voices(rows: Sequence[Record]) -> tuple[Line, ...]:
    if len({row["voice"] for row in rows}) < 2:
        return ()
    heard = [row for row in rows if row["now"]]
    total = sum(row["mentions"] for row in heard)
    return tuple(
        Line(one_line(row["voice"], 60), row["mentions"], share=metrics.ratio(row["mentions"], total))
        for row in heard
    )


def _hours(rows: Sequence[Record]) -> tuple[tuple[int, ...], ...]:
    found = {(row["weekday"], row["hour"]): row["mentions"] for row in rows}
    return tuple(tuple(found.get((weekday, hour), 0) for hour in range(24)) for weekday in range(1, 8))


def _reviews(rows: Sequence[Record]) -> Reviews | None:
    row = next((row for row in rows if row["now"] and (row["reviews"] or row["answerable"])), None)
    if row is None:
        return None
    return Reviews(
        stars=tuple(row[f"stars_{star}"] for star in range(1, 6)),
        answerable=row["answerable"],
        answered=row["answered"],
        hours=metrics.ratio(row["hours"], row["hours_n"]) if row["hours_n"] else None,
    )


def _term(row: Record) -> Term:
    expected = metrics.ratio(row["total"] * row["baseline_documents"], row["baseline_total"])
    return Term(one_line(row["term"], 60), row["documents"], expected or 0)


def _quotes(rows: Sequence[Record], label: str) -> tuple[Quote, ...]:
    return tuple(
        Quote(
            platform=one_line(row["platform"], 60),
            day=date.fromisoformat(row["day"]),
            text=_text(row["title"], row["text"]),
            engagement=row["engagement"],
            link=link(row["url"]),
        )
        for row in rows
        if row["sentiment_label"] == label
    )


def _text(title: str | None, text: str) -> str:
    if not title or text.startswith(title):
        return one_line(text, 240)
    return one_line(f"{title}: {text}", 240)
