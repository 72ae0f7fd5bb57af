"""The digest's chart as PNG bytes. Import it late: matplotlib takes its time."""

from collections.abc import Sequence
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from listener import metrics
from listener.digest.data import Volume
from listener.digest.texts import Texts
from storage.records import Language

WIDTH, HEIGHT = 600, 260
"""Pixels as shown; the picture has twice as many, for sharp screens."""

# Told apart with every colour vision (Okabe and Ito's palette), and by lightness in print.
COLOURS = {"positive": "#0072b2", "neutral": "#c9ced6", "negative": "#d55e00", "unscored": "#eceef1"}
INK, FAINT = "#1f2933", "#8a94a0"


def volume_chart(volume: Sequence[Volume], language: Language) -> bytes:
    """Mentions per day stacked by sentiment, with net sentiment as a line; the same data, the same bytes."""
    t = Texts(language)
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=200, layout="constrained")
    bars = figure.add_subplot()
    line = bars.twinx()
    _stack(bars, volume, t)
    _net(line, volume, t)
    _dates(bars, volume, t)
    for axes in (bars, line):
        axes.tick_params(labelsize=8, colors=INK, length=0)
        axes.spines[:].set_visible(False)
    handles = [*bars.get_legend_handles_labels()[0], *line.get_legend_handles_labels()[0]]
    figure.legend(
        handles=handles, loc="outside upper left", ncols=len(handles), fontsize=8, frameon=False,
        labelcolor=INK, handlelength=1.1, columnspacing=1.4,
    )  # fmt: skip
    png = BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def _stack(axes: Axes, volume: Sequence[Volume], t: Texts) -> None:
    below = [0] * len(volume)
    for key, colour in COLOURS.items():
        heights = [getattr(day, key) or 0 for day in volume]
        if key == "unscored" and not any(heights):
            continue
        edge = FAINT if key == "unscored" else "none"
        axes.bar(range(len(volume)), heights, 0.78, below, color=colour, edgecolor=edge, lw=0.4, label=t(key))
        below = [low + height for low, height in zip(below, heights, strict=True)]
    uncovered = sum(day.positive is None for day in volume)
    if uncovered:
        axes.axvspan(-0.5, uncovered - 0.5, color="#f4f5f7", lw=0)
        axes.text((uncovered - 1) / 2, max(*below, 1) / 2, t("not_covered"), ha="center", size=7, color=FAINT)
    axes.set_ylim(0, max(*below, 1) * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: t.number(value))
    axes.grid(axis="y", color="#e4e7eb", lw=0.6)
    axes.set_axisbelow(True)
    axes.set_ylabel(t("mentions"), size=8, color=INK)


def _net(axes: Axes, volume: Sequence[Volume], t: Texts) -> None:
    """Of the seven days that end with each, since a day with two mentions would leap from end to end.

    The line breaks where it is unknown; a lone day is still a dot.
    """
    weeks = [volume[max(0, end - 7) : end] for end in range(1, len(volume) + 1)]
    net = [
        metrics.net_sentiment(sum(day.positive or 0 for day in week), sum(day.negative or 0 for day in week))
        for week in weeks
    ]
    shown = [float("nan") if one is None else 100 * one for one in net]
    axes.plot(range(len(volume)), shown, color=INK, lw=1.1, marker="o", ms=2.2, label=t("net_sentiment.week"))
    axes.set_ylim(-108, 108)
    axes.set_yticks([-100, -50, 0, 50, 100])
    axes.yaxis.set_major_formatter(lambda value, _: t.percent(value / 100, 0, signed=value != 0))


def _dates(axes: Axes, volume: Sequence[Volume], t: Texts) -> None:
    """A label every week, counted back from the last day."""
    ticks = range((len(volume) - 1) % 7, len(volume), 7)
    axes.set_xticks(ticks, [t.short_date(volume[tick].day) for tick in ticks])
    axes.set_xlim(-0.6, len(volume) - 0.4)
