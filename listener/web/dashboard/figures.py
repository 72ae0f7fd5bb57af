"""The key figures of a period beside those of the one before it. Pure: rows of the views in."""

from collections.abc import Sequence

from listener import metrics
from listener.metrics import Change
from listener.web.dashboard.data import Figure, Measure
from listener.web.dashboard.sums import Days, advocacy, net_sentiment, total, totals
from storage.dashboard import Reading, Record, Window


def figures(reading: Reading, days: Days) -> tuple[Figure, ...]:
    """In the order in which they are shown; compared where the history holds all of the period before."""
    window, before = reading.window, reading.window.before
    comparable = reading.brand["first_day"] <= str(before.first)
    stances = advocacy(days, window)
    mentions = Change(
        total(days, window, "mentions") or 0, (total(days, before, "mentions") or 0) if comparable else None
    )
    scored = sum(totals(days, window, "positive", "negative"))

    def change(now: float | None, then: float | None) -> Change:
        return Change(now, then if comparable else None)

    def count(measure: Measure) -> Figure:
        return Figure(measure, change(total(days, window, measure), total(days, before, measure)))

    return (
        Figure(Measure.MENTIONS, mentions),
        Figure(Measure.NET_SENTIMENT, change(net_sentiment(days, window), net_sentiment(days, before)), n=scored),
        Figure(
            Measure.ADVOCACY, change(stances.value, advocacy(days, before).value),
            n=stances.n, low=stances.low, high=stances.high,
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
