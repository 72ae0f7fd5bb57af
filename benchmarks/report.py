"""All figures about the database in one run, written to ``results.md`` beside this file.

Run: python -m benchmarks.report [--rows N | --quick] [--to FILE]
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.filling import made
from benchmarks.measuring import fresh, machine, printed

RESULTS = Path(__file__).parent / "results.md"
QUICK = 100_000
TWO_DAYS, ALL_DAYS, DIGEST, GROWTH, VIEW, SEARCH = 150, 2.5, 1.0, 2.0, 0.1, 0.2
"""What is aimed at: times faster, times faster, seconds, times slower, seconds, seconds."""

INTRODUCTION = """\
{machine} {rows:,} made-up mentions (`benchmarks/generator.py`). Written by `make bench`
(`python -m benchmarks.report --rows {rows}`).

Times are of the clock. CPU is what the process itself computed, which other work on the machine stretches less. Every
figure is of a process of its own, every question to a view, search and digest of a connection of its own: SQLite's
cache is cold, the operating system has of the file what it had."""

SIZES = "{each:,.0f} bytes a mention, {total:,.2f} GB in all. What has less than a thousandth is left out."

Found = dict[str, Any]


@click.command()
@click.option("--rows", default=5_000_000, show_default=True, help="Mentions in the large file.")
@click.option("--quick", is_flag=True, help=f"Only {QUICK:,} mentions, to try it out.")
@click.option("--to", "target", default=RESULTS, show_default=False, type=click.Path(path_type=Path))
def main(*, rows: int, quick: bool, target: Path) -> None:
    """Measure everything and write results.md; half an hour for 5 million mentions, and 8 GB of disk."""
    rows = QUICK if quick else rows
    parts = ["# How fast the figures are", INTRODUCTION.format(machine=machine(), rows=rows)]
    for section in sections(rows):
        parts += section
        target.write_text("\n\n".join(parts) + "\n", "utf-8")
    click.echo(f"written to {target}", err=True)


def sections(rows: int) -> Iterator[list[str]]:
    """Markdown, one section after the other, as it is measured."""
    file, small = made(rows), made(rows // 10)
    yield aggregation(file)
    fresh("aggregation", "all", small)
    yield digests(fresh("digests", file), fresh("digests", small), rows)
    yield views(fresh("views", file))
    yield searching(fresh("searching", file))
    yield sizes(fresh("sizes", file))
    for title, known in (
        ("an empty database", 0),
        (f"{rows // 50:,} mentions", rows // 50),
        (f"{rows:,}", rows),
    ):
        yield [
            f"## Ingest into {title}",
            _block(printed("ingest", "--known", known, "--rounds", 1 if known else 3)),
        ]
    yield ["## Matching", _block(printed("matching"))]


def aggregation(file: Path) -> list[str]:
    every, two, plain = (fresh("aggregation", what, file) for what in ("all", "two", "plain"))
    of = {"plain SQL": {**plain, "days": every["days"]}, "aggregator": every, "aggregator, two days": two}
    lines = [
        [what, f"{found['days']:,}", _time(found["seconds"]), _time(found["cpu"]), _mb(found["peak"])]
        for what, found in of.items()
    ]
    whole, part = plain["seconds"] / every["seconds"], plain["seconds"] / two["seconds"]
    return [
        "## Aggregation",
        _targets(
            (
                "plain SQL / two dirty days of all brands",
                f"at least {TWO_DAYS}",
                f"{part:,.0f}",
                part >= TWO_DAYS,
            ),
            ("plain SQL / all days", f"at least {ALL_DAYS}", f"{whole:.1f}", whole >= ALL_DAYS),
        ),
        _table(["", "days of a brand", "time", "CPU", "peak memory"], lines),
    ]


def digests(large: Found, small: Found, rows: int) -> list[str]:
    growth = large["p50"] / small["p50"]
    lines = [
        [f"{count:,}", f"{found['mentions']:,.0f}", *(_time(found[key]) for key in ("p50", "p95", "cpu"))]
        for count, found in ((rows, large), (rows // 10, small))
    ]
    return [
        "## A digest's data",
        _targets(
            ("one brand and day", f"under {DIGEST:.0f} s", _time(large["p95"]), large["p95"] < DIGEST),
            (
                "median / median from a tenth of the mentions",
                f"at most {GROWTH:.0f}",
                f"{growth:.2f}",
                growth <= GROWTH,
            ),
        ),
        _table(["mentions in all", "of the day", "median", "95 %", "median CPU"], lines),
    ]


def views(found: Sequence[Found]) -> list[str]:
    slow = [one for one in found if one["p95"] > VIEW]
    lines = [
        [
            f"`{one['view']}`{_order(one)}",
            f"{one['rows']:,.0f}",
            *(_time(one[key]) for key in ("p50", "p95", "cpu")),
        ]
        for one in found
    ]
    return [
        "## Views, one brand and 30 days",
        _targets(
            (
                "95 % of the questions to each view",
                f"under {_time(VIEW)}",
                f"{len(found) - len(slow)} of {len(found)} questions",
                not slow,
            )
        ),
        _table(["view", "rows", "median", "95 %", "median CPU"], lines),
        *(f"`{one['sql']}`\n\n{_plan(one)}" for one in slow),
    ]


def searching(found: Sequence[Found]) -> list[str]:
    worst = max(one["p95"] for one in found)
    lines = [
        [
            one["what"],
            ", ".join(f"`{word}`" for word in one["words"]),
            f"{one['hits']:,.0f}",
            *(_time(one[key]) for key in ("p50", "p95", "cpu")),
        ]
        for one in found
    ]
    return [
        "## Full-text search, the newest 20",
        _targets(("all questions", f"under {_time(SEARCH)}", _time(worst), worst < SEARCH)),
        _table(["", "asked for", "mean hits", "median", "95 %", "median CPU"], lines),
    ]


def sizes(found: Found) -> list[str]:
    mentions = found["mentions"]
    lines = [
        [
            f"`{name}`",
            kind if of is None else f"{kind} of `{of}`",
            f"{size / 1e6:,.1f} MB",
            f"{size / mentions:,.1f}",
        ]
        for name, kind, of, size in found["parts"]
        if size >= 0.001 * found["bytes"]
    ]
    return [
        "## Size of the database",
        SIZES.format(each=found["bytes"] / mentions, total=found["bytes"] / 1e9),
        _table(["part", "", "size", "bytes a mention"], lines),
    ]


def _targets(*lines: tuple[str, str, str, bool]) -> str:
    told = [[what, aim, got, "met" if met else "**missed**"] for what, aim, got, met in lines]
    return _table(["target", "", "measured", ""], told)


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _order(one: Found) -> str:
    """By what a view was asked to sort, where it was."""
    _, _, order = one["sql"].partition(" ORDER BY ")
    return f", {order}" if order else ""


def _plan(one: Found) -> str:
    return _block("\n".join(one["plan"]))


def _block(text: str) -> str:
    return f"```\n{text.strip()}\n```"


def _time(seconds: float) -> str:
    return (
        f"{seconds:,.1f} s"
        if seconds >= 10
        else f"{seconds:.2f} s"
        if seconds >= 1
        else f"{seconds * 1000:.1f} ms"
    )


def _mb(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


if __name__ == "__main__":
    main()
