"""The geometry of the charts over time. Pure: moments in, places in percent of the chart's width and height out.

The page stretches the shapes to its width and sets the labels beside them, so that those stay readable on a phone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import floor, log10

from listener.web.dashboard.data import Moment

PARTS = ("positive", "neutral", "negative", "unscored")
LABELS = 6
"""Dates below a chart, at most: so many fit on a phone."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a value or a moment (by its index) stands."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of a bar, or a whole column where no ``part`` is named."""

    x: float
    y: float
    width: float
    height: float
    part: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """Bars over time, a line over them, and hatched columns where something is missing."""

    bars: tuple[tuple[Box, ...], ...]
    line: tuple[str, ...]
    gaps: tuple[Box, ...]
    ticks: tuple[Tick, ...]
    dates: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Two lines between -1 and 1, one with a band around it."""

    net_sentiment: tuple[str, ...]
    advocacy: tuple[str, ...]
    band: tuple[str, ...]
    gaps: tuple[Box, ...]
    ticks: tuple[Tick, ...]
    dates: tuple[Tick, ...]


def stack(moments: Sequence[Moment]) -> Stack:
    """Mentions by sentiment, and their 7-day mean where a bar is a day."""
    highest = max((one.mentions or 0 for one in moments), default=0)
    daily = all(one.first == one.last for one in moments)
    top = max(highest, *((one.mean or 0) for one in moments if daily), 1) * 1.05
    values = _round_values(top)
    means = [100 - 100 * one.mean / top if daily and one.mean is not None else None for one in moments]
    return Stack(
        bars=tuple(tuple(_pieces(one, index, len(moments), top)) for index, one in enumerate(moments)),
        line=_lines(means),
        gaps=_gaps(moments),
        ticks=tuple(Tick(100 - 100 * value / top, value) for value in values),
        dates=_dates(len(moments)),
    )


def trend(moments: Sequence[Moment]) -> Trend:
    """Net sentiment and advocacy; a line breaks where its figure is unknown."""

    def places(value: Callable[[Moment], float | None]) -> list[float | None]:
        return [None if (found := value(one)) is None else 50 - 50 * found for one in moments]

    return Trend(
        net_sentiment=_lines(places(lambda one: one.net_sentiment)),
        advocacy=_lines(places(lambda one: one.advocacy.value)),
        band=_bands(places(lambda one: one.advocacy.low), places(lambda one: one.advocacy.high)),
        gaps=_gaps(moments),
        ticks=tuple(Tick(50 - 50 * value, value) for value in (-1, -0.5, 0, 0.5, 1)),
        dates=_dates(len(moments)),
    )


def _pieces(one: Moment, index: int, length: int, top: float) -> Iterator[Box]:
    width = 100 / length
    below = 0.0
    for part in PARTS:
        height = 100 * (getattr(one, part) or 0) / top
        if height:
            below += height
            yield Box(index * width + 0.1 * width, 100 - below, 0.8 * width, height, part)


def _gaps(moments: Sequence[Moment]) -> tuple[Box, ...]:
    """Neighbours as one, so that the hatching has no seams."""
    width = 100 / max(len(moments), 1)
    missing = groupby(
        range(len(moments)), lambda at: moments[at].positive is None or bool(moments[at].silent)
    )
    runs = [list(indices) for gap, indices in missing if gap]
    return tuple(Box(run[0] * width, 0, len(run) * width, 100) for run in runs)


def _known(places: Sequence[float | None]) -> Iterator[list[Point]]:
    """The runs of known places as points in the middle of their columns."""
    width = 100 / max(len(places), 1)
    for unknown, run in groupby(enumerate(places), lambda one: one[1] is None):
        if not unknown:
            yield [((index + 0.5) * width, y) for index, y in run if y is not None]


def _lines(places: Sequence[float | None]) -> tuple[str, ...]:
    """Polylines; a single place is a short dash."""
    width = 100 / max(len(places), 1)
    return tuple(
        _joined(
            run
            if len(run) > 1
            else [(run[0][0] - 0.3 * width, run[0][1]), (run[0][0] + 0.3 * width, run[0][1])]
        )
        for run in _known(places)
    )


def _bands(low: Sequence[float | None], high: Sequence[float | None]) -> tuple[str, ...]:
    """Polygons; both ends are known at the same moments."""
    return tuple(
        _joined([*upper, *reversed(lower)]) for lower, upper in zip(_known(low), _known(high), strict=True)
    )


def _joined(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _dates(length: int) -> tuple[Tick, ...]:
    """Evenly spaced, counted back from the last; each in the middle of its column."""
    every = max(1, -(-length // LABELS))
    return tuple(Tick((at + 0.5) * 100 / length, at) for at in range((length - 1) % every, length, every))


def _round_values(top: float) -> list[int]:
    """Two to five whole, round numbers from 0 to ``top``."""
    rough = max(top / 4, 1)
    unit = 10 ** floor(log10(rough))
    every = next(int(unit * factor) for factor in (1, 2, 5, 10) if unit * factor >= rough)
    return list(range(0, int(top) + 1, every))
