"""A digest's data as the tables that the text and the HTML share: headers and rows of formatted cells.

The last cell of some tables is prose, the small print of its row; its header is empty.
"""

from listener import metrics
from listener.digest.data import Advocacy, DigestData, Figure, Measure
from listener.digest.figures import COUNTS
from listener.digest.formats import DOT, NBSP
from listener.digest.texts import Texts

Row = tuple[str, ...]
Rows = list[Row]

COUNTED = ("likes", "shares", "comments", "views")

PLATFORMS = {
    "appstore": "App Store",
    "github": "GitHub",
    "google_business": "Google Business",
    "google_play": "Google Play",
    "hackernews": "Hacker News",
    "rss": "RSS",
    "stackexchange": "Stack Exchange",
    "x": "X",
    "youtube": "YouTube",
}
"""How those platforms write their names that a capital alone does not make right."""


def platform(name: str) -> str:
    return PLATFORMS.get(name, name[:1].upper() + name[1:])


def figure_header(t: Texts) -> Row:
    return ("", t("value"), t("day_before"), t("week_before"), "")


def figure_rows(data: DigestData, t: Texts) -> Rows:
    """(label, value, change against the day before, against the 7 days before, basis)."""
    return [
        (
            t(figure.measure),
            amount(figure.measure, figure.value, t),
            change(figure, figure.day_before, t),
            change(figure, figure.week_before, t),
            basis(figure, t),
        )
        for figure in data.figures
    ]


def amount(measure: Measure, value: float | None, t: Texts) -> str:
    if measure in COUNTS:
        return t.number(value)
    if measure == Measure.STARS:
        return t.number(value, 1)
    return t.percent(value, signed=measure in {Measure.NET_SENTIMENT, Measure.ADVOCACY})


def change(figure: Figure, before: float | None, t: Texts) -> str:
    """Counts change by a share (by a number where there was nothing), rates by points, stars by stars."""
    against = metrics.Change(figure.value, before)
    if figure.measure == Measure.STARS:
        return t.number(against.absolute, 1, signed=True)
    if figure.measure not in COUNTS:
        return t.points(against.absolute)
    if against.relative is None:
        return t.number(against.absolute, signed=True)
    return t.percent(against.relative, 0, signed=True)


def basis(figure: Figure, t: Texts) -> str:
    """How many mentions a rate rests on, and its interval; empty for counts."""
    if figure.n is None:
        return ""
    if figure.measure in {Measure.RATE_BY_VIEWS, Measure.RATE_BY_FOLLOWERS} and figure.total:
        covered = metrics.Mean(figure.value, figure.n, figure.total).coverage
        text = t(
            "basis_of", n=t.number(figure.n), total=t.number(figure.total), coverage=t.percent(covered, 0)
        )
    else:
        text = t("basis", n=t.number(figure.n))
    return f"{text}; {interval(figure, t)}" if figure.low is not None else text


def interval(bounds: Figure | Advocacy, t: Texts) -> str:
    if bounds.low is None:
        return t.unknown
    low, high = (t.percent(bound, 0, signed=True) for bound in (bounds.low, bounds.high))
    return t("interval", low=low, high=high)


def platform_header(t: Texts) -> Row:
    rates = ("rate_by_views", "rate_by_followers", "net_sentiment")
    return (t("platform"), t("mentions"), *map(t, COUNTED), *(t(f"{rate}.short") for rate in rates))


def platform_rows(data: DigestData, t: Texts) -> Rows:
    return [
        (
            platform(one.name),
            t.number(one.mentions),
            *(t.number(getattr(one, key)) for key in COUNTED),
            t.percent(one.rate_by_views),
            t.percent(one.rate_by_followers),
            t.percent(one.net_sentiment, 0, signed=True),
        )
        for one in data.platforms
    ]


def platform_columns(t: Texts) -> Row:
    """The header of ``platform_lines``: the counts stand below the name, so that it fits a phone."""
    header = platform_header(t)
    return (*header[:2], *header[-3:])


def platform_lines(data: DigestData, t: Texts) -> list[tuple[Row, str]]:
    labels = platform_header(t)[2:-3]
    return [
        (
            (*row[:2], *row[-3:]),
            DOT.join(f"{label}{NBSP}{count}" for label, count in zip(labels, row[2:-3], strict=True)),
        )
        for row in platform_rows(data, t)
    ]


def advocacy_header(t: Texts) -> Row:
    return ("", t("advocacy"), t("promoting"), t("detracting"), t("indifferent"), "")


def advocacy_rows(data: DigestData, t: Texts) -> Rows:
    covered = t("days_covered", n=t.number(data.advocacy_28_days.days))
    spans = ((t("day"), data.advocacy), (covered, data.advocacy_28_days))
    return [
        (
            label,
            t.percent(one.value, signed=True),
            *(t.number(n) for n in (one.promoting, one.detracting, one.indifferent)),
            "" if one.low is None else interval(one, t),
        )
        for label, one in spans
    ]


def voice_header(t: Texts) -> Row:
    return (t("brand"), t("mentions"), t("share"), t("days_28"), t("share_28_days"))


def voice_rows(data: DigestData, t: Texts) -> Rows:
    return [
        (
            one.name,
            t.number(one.mentions),
            t.percent(one.share),
            t.number(one.mentions_28_days),
            t.percent(one.share_28_days),
        )
        for one in data.voices
    ]


def topic_header(t: Texts) -> Row:
    return (t("topic"), t("mentions"), t("mean_7_days"), t("negative"), t("positive"), "")


def topic_rows(data: DigestData, t: Texts) -> Rows:
    """(name, mentions, mean of the 7 days before, negative and positive share, negative share of 28 days)."""
    return [
        (
            one.name,
            t.number(one.mentions),
            t.number(one.week_before, 1),
            t.percent(one.share(one.negative), 0),
            t.percent(one.share(one.positive), 0),
            t("topic_28_days", share=t.percent(one.negative_share_28_days, 0)),
        )
        for one in data.topics
    ]


def detailed(rows: Rows) -> list[tuple[Row, str]]:
    """Rows whose last cell is the small print of the others."""
    return [(row[:-1], row[-1]) for row in rows]


def plain(rows: Rows) -> list[tuple[Row, str]]:
    """Rows without small print."""
    return [(row, "") for row in rows]
