"""A dashboard's data from the rows of the views. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from listener import metrics
from listener.digest.clean import link, one_line
from listener.metrics import Change
from listener.web.dashboard.data import (
    Coverage,
    Dashboard,
    Figure,
    Line,
    Measure,
    Moment,
    Quote,
    Reviews,
    Term,
)
from storage.dashboard import LONGEST, Reading, Record, Window

Days = Mapping[date, Record]


def build(reading: Reading) -> Dashboard:
    """The dashboard of a reading."""
    window = reading.window
    days = {date.fromisoformat(row["day"]): row for row in reading.days}
    length = (window.last - window.first).days + 1
    return Dashboard(
        brand=reading.brand["name"],
        timezone=reading.brand["timezone"],
        first=window.first,
        last=window.last,
        days=length,
        step=_step(length),
        repeats=_sum(days, window, "copies") or 0,
        figures=_figures(reading, days),
        coverage=_coverage(reading.coverage),
        moments=_moments(reading, days, _step(length)),
        voices=_voices(reading.voices),
        platforms=tuple(_line(row, row["platform"]) for row in reading.platforms),
        topics=tuple(_line(row, row["topic"]) for row in reading.topics),
        hours=_hours(reading.hours),
        reviews=_reviews(reading.reviews),
        languages=_languages(reading.languages, _sum(days, window, "mentions") or 0),
        rising=tuple(_term(row) for row in reading.rising),
        rising_day=date.fromisoformat(reading.rising[0]["day"]) if reading.rising else None,
        positive=_quotes(reading.quotes, "positive"),
        negative=_quotes(reading.quotes, "negative"),
        quoted_since=reading.quoted_since,
    )


def _step(days: int) -> int:
    """Bars that can be told apart, of whole weeks."""
    return 1 if days <= 92 else 7 if days <= 730 else 28


def _window(last: date, length: int) -> Window:
    return Window(last - timedelta(days=length - 1), last)


def _sum(days: Days, window: Window, key: str) -> int | None:
    """Over the days that know it; None where none does."""
    known = [
        row[key] for day, row in days.items() if window.first <= day <= window.last and row[key] is not None
    ]
    return sum(known) if known else None


def _sums(days: Days, window: Window, *keys: str) -> tuple[int, ...]:
    return tuple(_sum(days, window, key) or 0 for key in keys)


def _advocacy(days: Days, window: Window) -> metrics.Advocacy:
    return metrics.advocacy(*_sums(days, window, "promoting", "detracting"))


def _net(days: Days, window: Window) -> float | None:
    return metrics.net_sentiment(*_sums(days, window, "positive", "negative"))


def _figures(reading: Reading, days: Days) -> tuple[Figure, ...]:
    window, before = reading.window, reading.window.before
    comparable = reading.brand["first_day"] <= str(before.first)
    advocacy, earlier = _advocacy(days, window), _advocacy(days, before)
    mentions = Change(
        _sum(days, window, "mentions") or 0, (_sum(days, before, "mentions") or 0) if comparable else None
    )
    scored = sum(_sums(days, window, "positive", "negative"))

    def change(now: float | None, then: float | None) -> Change:
        return Change(now, then if comparable else None)

    def count(measure: Measure) -> Figure:
        return Figure(measure, change(_sum(days, window, measure), _sum(days, before, measure)))

    return (
        Figure(Measure.MENTIONS, mentions),
        Figure(Measure.NET_SENTIMENT, change(_net(days, window), _net(days, before)), n=scored),
        Figure(
            Measure.ADVOCACY, change(advocacy.value, earlier.value),
            n=advocacy.n, low=advocacy.low, high=advocacy.high,
        ),
        count(Measure.ENGAGEMENT),
        Figure(Measure.SHARE_OF_VOICE, _share_of_voice(reading.voices, before)),
        count(Measure.REACH),
        *_review_figures(reading.reviews, change_known=comparable),
    )  # fmt: skip


def _share_of_voice(rows: Sequence[Record], before: Window) -> Change:
    """Compared only where all voices were heard in the period before: a new competitor shifts every share."""
    if len({row["voice"] for row in rows}) < 2:
        return Change(None, None)
    comparable = all(row["first_day"] <= str(before.first) for row in rows)
    return Change(_own_share(rows, now=1), _own_share(rows, now=0) if comparable else None)


def _own_share(rows: Sequence[Record], now: int) -> float | None:
    heard = [row for row in rows if row["now"] == now]
    own = sum(row["mentions"] for row in heard if row["own_brand"])
    return metrics.share_of_voice(own, sum(row["mentions"] for row in heard) - own)


def _review_figures(rows: Sequence[Record], *, change_known: bool) -> tuple[Figure, Figure]:
    now, then = ({row["now"]: row for row in rows}.get(one, {}) for one in (1, 0))
    earlier: Record = then if change_known else {}
    return (
        Figure(Measure.STARS, Change(_stars(now), _stars(earlier)), n=now.get("reviews") or 0),
        Figure(
            Measure.RESPONSE_RATE, Change(_response(now), _response(earlier)), n=now.get("answerable") or 0
        ),
    )


def _stars(row: Record) -> float | None:
    return metrics.ratio(row["stars"], row["reviews"]) if row.get("reviews") else None


def _response(row: Record) -> float | None:
    return metrics.response_rate(row["answered"], row["answerable"]) if row.get("answerable") else None


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


def _moments(reading: Reading, days: Days, step: int) -> tuple[Moment, ...]:
    """Counted back from the last day, so that the last one is whole."""
    first_day = date.fromisoformat(reading.brand["first_day"])
    counts = {day: row["mentions"] for day, row in days.items()}
    silent: defaultdict[date, list[str]] = defaultdict(list)
    for row in reading.uncovered:
        silent[date.fromisoformat(row["day"])].append(one_line(row["source"], 60))
    length = (reading.window.last - reading.window.first).days + 1
    ends = [reading.window.last - timedelta(days=back) for back in range(0, length, step)]
    return tuple(
        _moment(
            days,
            Window(max(reading.window.first, end - timedelta(days=step - 1)), end),
            first_day,
            counts,
            silent,
        )
        for end in reversed(ends)
    )


def _moment(
    days: Days,
    window: Window,
    first_day: date,
    counts: Mapping[date, int],
    silent: Mapping[date, Sequence[str]],
) -> Moment:
    known = first_day <= window.last
    mentions, positive, neutral, negative = _sums(days, window, "mentions", "positive", "neutral", "negative")
    within = [window.first + timedelta(days=one) for one in range((window.last - window.first).days + 1)]
    return Moment(
        first=window.first,
        last=window.last,
        positive=positive if known else None,
        neutral=neutral if known else None,
        negative=negative if known else None,
        unscored=mentions - positive - neutral - negative if known else None,
        mean=metrics.moving_mean(counts, window.last, 7, first_day),
        net_sentiment=_net(days, _window(window.last, 7)),
        advocacy=_advocacy(days, _window(window.last, LONGEST)),
        silent=tuple(dict.fromkeys(source for day in within for source in silent.get(day, ()))),
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
