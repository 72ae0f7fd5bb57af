"""A brand's trend in the terminal."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click

from listener.commands.common import (
    config_option,
    examples,
    json_option,
    opened,
    print_json,
    print_plain,
    print_table,
    read_config,
    usage_error,
)

LAST = {"day": 14, "week": 8, "month": 6}
"""How many rows are shown where nobody says."""
BAR = 20
"""Width of the longest bar; there are bars where the terminal is wide enough."""
WIDE = 100


@click.command(
    epilog=examples(
        "listener trend",
        "listener trend Sonnenkorn --period week",
        "listener trend Sonnenkorn --period month --last 12 --json",
    )
)
@config_option
@json_option
@click.option(
    "--period", type=click.Choice(list(LAST)), default="day", show_default=True, help="What a row is."
)
@click.option(
    "--last", type=click.IntRange(1, 10_000), help="How many rows.  [default: 14 days, 8 weeks or 6 months]"
)
@click.argument("brand", required=False)
def trend(config_path: Path, as_json: bool, period: str, last: int | None, brand: str | None) -> None:
    """Show how mentions develop, for BRAND or for every brand.

    A day is compared with the same weekday a week before, a week with the one before, a month with the one before per
    day; the means of the last 7 and 28 days are per day. Below stands what changed in what is listened to: sources
    added, removed, paused or failing. An exclamation mark says that a comparison is touched by that.
    """
    config = read_config(config_path)
    names = [one.name for one in config.file.brands]
    if brand is not None and brand not in names:
        usage_error(f"there is no brand {brand!r}; there are: {', '.join(names)}")
    from storage import reads

    with opened(config, new=False) as store:
        found = {
            name: reads.trend(store, name, period, last or LAST[period])
            for name in ([brand] if brand else names)
        }
    if as_json:
        print_json([row for rows in found.values() for row in rows])
        return
    for name, rows in found.items():
        if rows:
            _print(name, rows)
        else:
            click.echo(f"{name}: no mentions were counted yet; run `listener poll` and `listener aggregate`")


def _print(brand: str, rows: Sequence[Mapping[str, Any]]) -> None:
    lines = [_line(row) for row in rows]
    if _can_draw() and get_terminal_size().columns >= WIDE:
        most = max(row["mentions"] for row in rows) or 1
        for line, row in zip(lines, rows, strict=True):
            line[""] = "█" * round(BAR * row["mentions"] / most)
    print_table(list(lines[0]), [list(line.values()) for line in lines], title=brand)
    if not rows[-1]["complete"]:
        click.echo(f"{rows[-1]['label']} is not over yet")
    notes = (note for row in rows for note in (row["coverage_note"] or "").split("; ") if note)
    for note in dict.fromkeys(notes):
        print_plain(f"! {note}")
    click.echo()


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the table; the exclamation mark says that it is not quite comparable, see the notes below."""
    return {
        row["period"]: row["label"] + (" !" if row["coverage_note"] else ""),
        "mentions": row["mentions"],
        "before": _mean(row["previous"]),
        "change": _change(row["change"]),
        "7 days": _mean(row["mean_7_days"]),
        "28 days": _mean(row["mean_28_days"]),
        "sentiment": _rounded(row["net_sentiment"], 2),
        "advocacy": _rounded(row["advocacy"], 2),
    }


def _mean(value: float | None) -> str | None:
    """Of counts: one decimal place says enough."""
    return None if value is None else f"{value:,.1f}"


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _change(change: float | None) -> str | None:
    """With an arrow where the terminal has one, and always with a sign."""
    if change is None:
        return None
    arrows = ("↘ ", "→ ", "↗ ") if _can_draw() else ("", "", "")
    return f"{arrows[(change > 0) - (change < 0) + 1]}{change:+.0%}"


def _can_draw() -> bool:
    """Whether the output's encoding has blocks and arrows."""
    try:
        "█↗".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


COMMANDS = (trend,)
