"""A dashboard's data as the phrases of its page."""

from listener.digest.formats import DOT
from listener.digest.tables import platform
from listener.web.dashboard.data import Coverage, Dashboard, Figure, Measure, Moment, Quote, Reviews
from listener.web.dashboard.texts import Words

__all__ = [
    "about", "amount", "answers", "basis", "change", "coverage", "direction", "hour_peak", "hour_rows",
    "platform", "quoted", "trend_header", "trend_rows", "volume_header", "volume_rows",
]  # fmt: skip

COUNTS = frozenset({Measure.MENTIONS, Measure.ENGAGEMENT, Measure.REACH})
SIGNED = frozenset({Measure.NET_SENTIMENT, Measure.ADVOCACY})
TENFOLD = 10
"""A change from which on a share of the earlier count says nothing."""
REVIEWED = frozenset({Measure.STARS, Measure.RESPONSE_RATE})


def amount(figure: Figure, t: Words) -> str:
    """The figure itself."""
    if figure.measure in COUNTS:
        return t.number(figure.change.now)
    if figure.measure == Measure.STARS:
        return t.number(figure.change.now, 2)
    return t.percent(figure.change.now, signed=figure.measure in SIGNED)


def change(figure: Figure, t: Words) -> str:
    """Counts change by a share (by a number where that says more), rates by points, stars by stars.

    Empty where the figure is not known.
    """
    against = figure.change
    if against.now is None:
        return ""
    if against.absolute is None:
        return t("no_comparison")
    if figure.measure == Measure.STARS:
        return t.number(against.absolute, 2, signed=True)
    if figure.measure not in COUNTS:
        return t.points(against.absolute)
    if against.relative is None or abs(against.relative) >= TENFOLD:
        return t.number(against.absolute, signed=True)
    return t.percent(against.relative, 0, signed=True)


def direction(figure: Figure) -> str:
    """``up``, ``down`` or ``level``; ``none`` where there is no comparison."""
    by = figure.change.absolute
    return "none" if by is None else "up" if by > 0 else "down" if by < 0 else "level"


def basis(figure: Figure, data: Dashboard, t: Words) -> str:
    """What a figure rests on."""
    if figure.measure == Measure.MENTIONS:
        return t.count("repeats", data.repeats) if data.repeats else ""
    if figure.n is None or figure.change.now is None:
        return ""
    if figure.low is not None:
        return t(
            "interval", low=t.percent(figure.low, 0, signed=True), high=t.percent(figure.high, 0, signed=True)
        )
    if figure.measure in REVIEWED:
        return t.count("reviews", figure.n)
    return t("basis", n=t.number(figure.n))


def coverage(one: Coverage, t: Words) -> str:
    """A sentence on what happened to some sources."""
    first = t.full_date(one.first)
    if one.last is None:
        span = t("span.open", first=first)
    elif one.last == one.first:
        span = t("span.day", first=first)
    else:
        span = t("span.days", first=first, last=t.full_date(one.last))
    return t(f"event.{one.event}", first=first, span=span, sources=", ".join(one.sources))


def when(moment: Moment, t: Words) -> str:
    """A bar's day, or its first and last."""
    if moment.first == moment.last:
        return t.full_date(moment.first)
    return t("range", first=t.full_date(moment.first), last=t.full_date(moment.last))


def about(moment: Moment, t: Words) -> str:
    """What a bar says under the pointer."""
    parts = [
        f"{t(part)} {t.number(getattr(moment, part))}"
        for part in ("positive", "neutral", "negative", "unscored")
        if getattr(moment, part)
    ]
    total = t.unknown if moment.mentions is None else t.count("mentions", moment.mentions)
    silent = [t("silent", sources=", ".join(moment.silent))] if moment.silent else []
    return f"{when(moment, t)}: {total}{DOT if parts or silent else ''}{DOT.join([*parts, *silent])}"


def hour_peak(data: Dashboard, t: Words) -> str:
    """The heat map in a sentence."""
    count, weekday, hour = max(
        (count, -weekday, -hour)
        for weekday, hours in enumerate(data.hours)
        for hour, count in enumerate(hours)
    )
    names = t("weekdays.long").split()
    return t("hours_alt", weekday=names[-weekday], hour=str(-hour), highest=t.number(count))


def answers(reviews: Reviews, t: Words) -> str:
    """How many reviews were answered, and how soon."""
    if not reviews.answerable or reviews.answered is None:
        return t("no_answers")
    hours = t.unknown if reviews.hours is None else t("hours_unit", n=t.number(reviews.hours))
    return t(
        "answered",
        answered=t.number(reviews.answered),
        answerable=t.number(reviews.answerable),
        rate=t.percent(reviews.answered / reviews.answerable, 0),
        hours=hours,
    )


def quoted(quote: Quote, t: Words) -> str:
    """Where and when, and how much it moved."""
    return DOT.join(
        (platform(quote.platform), t.full_date(quote.day), t.count("interactions", quote.engagement))
    )


def volume_header(t: Words) -> list[str]:
    return [t("day"), t("mentions"), t("positive"), t("neutral"), t("negative"), t("unscored"), t("mean")]


def volume_rows(data: Dashboard, t: Words) -> list[list[str]]:
    """The latest first."""
    return [
        [
            when(one, t),
            *(
                t.number(getattr(one, key))
                for key in ("mentions", "positive", "neutral", "negative", "unscored")
            ),
            t.number(one.mean, 1),
        ]
        for one in reversed(data.moments)
    ]


def trend_header(t: Words) -> list[str]:
    return [t("day"), t("net_7"), t("advocacy_28"), t("band"), "n"]


def trend_rows(data: Dashboard, t: Words) -> list[list[str]]:
    """The latest first."""
    return [
        [
            t.full_date(one.last),
            t.percent(one.net_sentiment, signed=True),
            t.percent(one.advocacy.value, signed=True),
            t(
                "range",
                first=t.percent(one.advocacy.low, 0, signed=True),
                last=t.percent(one.advocacy.high, 0, signed=True),
            )
            if one.advocacy.n
            else t.unknown,
            t.number(one.advocacy.n),
        ]
        for one in reversed(data.moments)
    ]


def hour_rows(data: Dashboard, t: Words) -> list[list[str]]:
    return [
        [name, *map(t.number, hours)] for name, hours in zip(t("weekdays").split(), data.hours, strict=True)
    ]
