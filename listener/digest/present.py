"""A digest's data as the phrases and table rows that the text and the HTML share."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from listener import metrics
from listener.digest.answers import REACH
from listener.digest.clean import link, one_line
from listener.digest.data import (
    Advocacy,
    Answer,
    DigestData,
    Figure,
    Measure,
    MentionLine,
    SourceLine,
    Trouble,
)
from listener.digest.figures import COUNTS
from listener.digest.formats import NBSP
from listener.digest.texts import Texts

Rows = list[tuple[str, ...]]

DOT = f"{NBSP}· "
"""Between phrases; a line never begins with it."""

PLATFORMS = {"appstore": "App Store", "hackernews": "Hacker News", "rss": "RSS", "x": "X"}
"""How those platforms write their names that a capital alone does not make right."""

NUMBERS = ("likes", "shares", "comments", "views")


@dataclass(frozen=True, slots=True)
class Block:
    """A mention as phrases; ``link`` is an address that may be followed, ``address`` one that may only be read."""

    reasons: str
    platform: str
    author: str
    about: str
    text: str
    counts: str
    link: str | None
    address: str | None


def brand(data: DigestData) -> str:
    return one_line(data.brand, 60)


def platform(name: str) -> str:
    return PLATFORMS.get(name, name[:1].upper() + name[1:])


def summary(data: DigestData, t: Texts) -> list[str]:
    """What the day comes to, in a few phrases."""
    if data.is_empty:
        phrases = [t("no_mentions")]
    else:
        mentions = data.figure(Measure.MENTIONS)
        phrases = [t.count("mentions", int(mentions.value or 0))]
        if mentions.day_before is not None:
            phrases[0] += f" ({t('against_day_before', change=change(mentions, mentions.day_before, t))})"
    if data.answers_total:
        phrases.append(t.count("to_answer", data.answers_total))
    if data.sources:
        phrases.append(t.count("sources_in_trouble", len(data.sources)))
    return phrases


def subject(data: DigestData, t: Texts) -> str:
    """Brand, date and headline on one line."""
    return f"{brand(data)}, {t.full_date(data.day)}: {DOT.join(summary(data, t))}"


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


def platform_header(t: Texts) -> tuple[str, ...]:
    rates = ("rate_by_views", "rate_by_followers", "net_sentiment")
    return (t("platform"), t("mentions"), *map(t, NUMBERS), *(t(f"{rate}.short") for rate in rates))


def platform_rows(data: DigestData, t: Texts) -> Rows:
    return [
        (
            platform(one.name),
            t.number(one.mentions),
            *(t.number(getattr(one, key)) for key in NUMBERS),
            t.percent(one.rate_by_views),
            t.percent(one.rate_by_followers),
            t.percent(one.net_sentiment, 0, signed=True),
        )
        for one in data.platforms
    ]


def platform_columns(t: Texts) -> tuple[str, ...]:
    """The header of ``platform_lines``: the counts stand below the name, so that it fits a phone."""
    header = platform_header(t)
    return (*header[:2], *header[-3:])


def platform_lines(data: DigestData, t: Texts) -> list[tuple[tuple[str, ...], str]]:
    labels = platform_header(t)[2:-3]
    return [
        (
            (*row[:2], *row[-3:]),
            DOT.join(f"{label}{NBSP}{count}" for label, count in zip(labels, row[2:-3], strict=True)),
        )
        for row in platform_rows(data, t)
    ]


def advocacy_header(t: Texts) -> tuple[str, ...]:
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


def voice_header(t: Texts) -> tuple[str, ...]:
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


def detailed(rows: Rows) -> list[tuple[tuple[str, ...], str]]:
    """Rows whose last cell is the small print of the others."""
    return [(row[:-1], row[-1]) for row in rows]


def plain(rows: Rows) -> list[tuple[tuple[str, ...], str]]:
    """Rows without small print."""
    return [(row, "") for row in rows]


def answer_block(answer: Answer, data: DigestData, t: Texts) -> Block:
    return block(answer.mention, data, t, reasons=", ".join(map(t, answer.reasons)))


def block(mention: MentionLine, data: DigestData, t: Texts, reasons: str = "") -> Block:
    time = t.time(mention.published_at, ZoneInfo(data.timezone))
    reach = None if mention.followers is None else t("followers", n=t.number(mention.followers))
    title = mention.title if mention.title and not mention.excerpt.startswith(mention.title) else None
    target = link(mention.url)
    return Block(
        reasons=reasons,
        platform=platform(mention.platform),
        author=mention.author or t("anonymous"),
        about=DOT.join(filter(None, (reach, time))),
        text=t("quoted", text=": ".join(filter(None, (title, mention.excerpt)))),
        counts=DOT.join(_counts(mention, t)),
        link=target,
        address=None if target else mention.url,
    )


def _counts(mention: MentionLine, t: Texts) -> Iterator[str]:
    if mention.rating is not None:
        yield t("rating", n=t.number(mention.rating, 0 if mention.rating.is_integer() else 1))
    if mention.engagement is None and mention.views is None:
        yield t("no_counts", unknown=t.unknown)
    for key in NUMBERS:
        count = getattr(mention, key)
        if count is not None:
            yield t.count(key, count)
    if mention.sentiment is None:
        yield t("unscored")
    else:
        yield t(mention.sentiment)


def source_line(source: SourceLine, data: DigestData, t: Texts) -> tuple[str, str, str]:
    """(what is wrong, since when, the error line or nothing)."""
    key, seen = (
        ("last_new", source.last_new_at)
        if source.trouble == Trouble.SILENT
        else ("last_ok", source.last_ok_at)
    )
    when = t("never") if seen is None else t.moment(seen, ZoneInfo(data.timezone))
    return t(source.trouble), t(key, when=when), source.error or ""


def sources_well(data: DigestData, t: Texts) -> str:
    return t.count("sources_well", data.sources_total) if data.sources_total else t("no_sources")


def notes(data: DigestData, t: Texts) -> list[str]:
    """A sentence for each thing that is missing from the figures."""
    return [t.count(f"note.{key}", n) for key, n in data.notes if n]


def glossary(data: DigestData, t: Texts) -> Rows:
    """(label, explanation) of every figure shown."""
    measures = [(t(figure.measure), t(f"explain.{figure.measure}")) for figure in data.figures]
    return [
        *measures,
        ("n", t("explain.basis", unknown=t.unknown)),
        (t("answers"), t("explain.answers", reach=t.number(REACH))),
    ]


def footer(data: DigestData, t: Texts) -> str:
    return t("footer", version=str(data.metrics_version), timezone=data.timezone)
