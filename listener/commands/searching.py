"""Finding stored mentions by a boolean query."""

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.commands.common import (
    clean,
    config_option,
    examples,
    json_option,
    opened,
    print_json,
    progress,
    read_config,
    usage_error,
)
from listener.commands.finding import Within, found, parsed, within_options

if TYPE_CHECKING:
    from listener.query import Node


@click.command(
    epilog=examples(
        "listener search 'brezel AND (teuer OR preis*)'",
        "listener search rückruf --brand Sonnenkorn --since 2026-11-01 --sentiment negative",
        "listener search '\"Bäckerei Sonnenkorn\" NOT #werbung' --platform mastodon --csv --limit 1000 > found.csv",
    )
)
@config_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, with all columns of mention_overview.")
@within_options
@click.option("--platform", help="Only mentions of this platform.")
@click.option("--sentiment", type=click.Choice(["negative", "neutral", "positive"]), help="Only these.")
@click.option("--lang", help="Only mentions in this language (de, en).")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="So many mentions.")
@click.option("--scan", is_flag=True, help="Read every mention instead of the index: slow, misses nothing.")
@click.argument("words")
def search(
    config_path: Path,
    as_json: bool,
    as_csv: bool,
    brand: str | None,
    since: datetime | None,
    until: datetime | None,
    platform: str | None,
    sentiment: str | None,
    lang: str | None,
    limit: int,
    scan: bool,
    words: str,
) -> None:
    """Find stored mentions by a boolean query.

    The same language as a brand's query (docs/queries.md): umlauts and accents match both spellings. The newest come
    first; of words that stand in more than 1,000 mentions, those stored last. The full-text index misses words that
    are cut by invisible characters, are written in styled letters, or stick to Chinese, Japanese, Korean or Thai
    characters; --scan finds them. JSON and CSV have a row for each mention and brand.
    """
    if as_json and as_csv:
        usage_error("--json and --csv exclude each other")
    config = read_config(config_path)
    within = Within(brand, since, until)
    narrower = {"platform": platform, "sentiment": sentiment, "lang": lang}
    with opened(config, new=False) as store, progress() as bar:
        bar.add_task("searching", total=None)
        rows = found(config, store, words, within, everything=scan, **narrower)
        mentions = [list(same) for _, same in islice(groupby(rows, itemgetter("mention_id")), limit)]
    if as_json:
        print_json([row for same in mentions for row in same])
    elif as_csv:
        _print_csv([row for same in mentions for row in same])
    else:
        node = parsed(words)
        for same in mentions:
            _show(node, same)
    if not mentions:
        click.echo("no mention found" + _wider(words, bool(within) or any(narrower.values())), err=True)


def _print_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    from listener.exporting.text import write_csv

    if rows:
        write_csv(sys.stdout, list(rows[0]), (tuple(row.values()) for row in rows))


def _show(node: "Node", same: Sequence[Mapping[str, Any]]) -> None:
    """A mention: when, where, who, what is read in it; the passage with the words; its address."""
    from rich.console import Console
    from rich.text import Text

    from listener.query.passages import passage

    row = same[0]
    facts = (
        row["published_at"][:16].replace("T", " "),
        row["platform"],
        row["author"],
        " + ".join(one["brand"] for one in same),
        row["sentiment_label"],
        f"mention {row['mention_id']}",
    )
    part = passage(node, clean(f"{row['title'] or ''} {row['text']}"))
    text = Text(part.text)
    for first, last in part.spans:
        text.stylize("bold reverse", first, last)
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(clean(" · ".join(str(one) for one in facts if one is not None)), style="dim"))
    console.print(text)
    if row["url"]:
        console.print(Text(clean(row["url"]), style="underline"))
    console.print()


def _wider(words: str, is_narrow: bool) -> str:
    """What would find more."""
    hints = (
        ("without --brand, --since and the like", is_narrow),
        ("OR instead of AND", " OR " not in words and len(words.split()) > 1),
        ("a larger distance than in NEAR", "NEAR/" in words),
        ("word* for longer words, too", "*" not in words),
    )
    wider = [hint for hint, applies in hints if applies]
    return f"; wider would be: {', '.join(wider)}" if wider else ""


COMMANDS = (search,)
