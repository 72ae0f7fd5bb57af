"""What people say against a model's reading: correcting mentions, taking it back, seeing what was corrected."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.commands.common import (
    config_option,
    examples,
    json_option,
    opened,
    print_json,
    print_table,
    read_config,
    usage_error,
)
from listener.commands.finding import Within, check_brand, found, named, short, within_options
from listener.commands.sampling import ask

if TYPE_CHECKING:
    from listener.config import Config
    from storage.store import Store

LABELS = ("negative", "neutral", "positive")
SHOWN = 10
_WIDTH = 60
"""Characters of a text in a table."""


@click.command(
    epilog=examples(
        'listener correct 4711 --sentiment negative --note "irony"',
        "listener correct https://social.example/@anna/1 --sentiment positive",
        "listener correct --query '\"War Zone\" update' --brand Acme --since 2026-11-01 --sentiment neutral",
        "listener correct --sample 50               # shows mentions at random and asks",
        "listener correct 4711 --undo",
    )
)
@config_option
@click.argument("mentions", nargs=-1, metavar="[MENTION]...")
@click.option("--sentiment", type=click.Choice(LABELS, case_sensitive=False), help="What it really is.")
@click.option("--note", help="Why; kept with the correction.")
@click.option("--query", "words", help="All mentions that match this boolean query, instead of naming them.")
@click.option("--sample", type=click.IntRange(1), help="So many mentions at random, one by one, instead.")
@within_options
@click.option("--undo", is_flag=True, help="Take corrections back: the model's reading counts again.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before many are changed by a query.")
def correct(
    config_path: Path,
    mentions: tuple[str, ...],
    sentiment: str | None,
    note: str | None,
    words: str | None,
    sample: int | None,
    brand: str | None,
    since: datetime | None,
    until: datetime | None,
    undo: bool,
    yes: bool,
) -> None:
    """Say what a mention's sentiment really is.

    A MENTION is a mention_id, as `listener search` and the view mention_overview show it, or the address of the
    mention. A person's word wins over every model, also when mentions are scored again; the figures of the days it
    touches are computed anew. By --query, mentions that are corrected already are left as they are. With --sample
    also say where the model is right (it is not shown): `listener tune` and `listener evaluate` need both.
    """
    within = Within(brand, since, until)
    if [bool(mentions), words is not None, sample is not None].count(True) != 1:
        usage_error("name mentions, or give a --query or a --sample; `listener search` shows ids")
    if mentions and within:
        usage_error("--brand, --since and --until go with --query and --sample")
    if sample is not None and (undo or sentiment):
        usage_error(
            "--sample asks for the sentiment of each mention; --sentiment and --undo do not go with it"
        )
    if sample is None and undo == bool(sentiment):
        usage_error("give either --sentiment or --undo")
    config = read_config(config_path)
    check_brand(config, brand)
    with opened(config, new=False) as store:
        if sample is not None:
            ask(store, sample, within, note)
            return
        ids = named(store, mentions) if mentions else _queried(config, store, str(words), within, undo=undo)
        if words and ids and not yes:
            click.confirm(f"{'take back' if undo else f'make {sentiment}'}: {_mentions(ids)}?", abort=True)
        if undo:
            _undo(store, ids)
        else:
            _correct(store, ids, str(sentiment), note)


def _queried(config: "Config", store: "Store", words: str, within: Within, *, undo: bool) -> list[int]:
    """What the query means: to be corrected those that are not yet, to be taken back those that are. Shows the
    first of them.
    """
    from storage import corrections

    rows = {row["mention_id"]: row for row in found(config, store, words, within)}
    already = corrections.corrected(store, rows)
    ids = [one for one in rows if (one in already) == undo]
    if rows and not undo and already:
        click.echo(f"{_mentions(already)} corrected before: left as they are")
    if ids:
        _show([rows[one] for one in ids[:SHOWN]], "day", "platform", "sentiment_label")
    if len(ids) > SHOWN:
        click.echo(f"... and {len(ids) - SHOWN} more")
    return ids


def _correct(store: "Store", ids: Sequence[int], sentiment: str, note: str | None) -> None:
    from storage import corrections
    from storage.records import Label

    try:
        corrections.correct(store, ids, Label(sentiment), note=note, now=datetime.now(UTC))
    except corrections.UnknownMentionError as error:
        usage_error(f"{error}; nothing was corrected. `listener search` shows ids")
    click.echo(
        f"{_mentions(ids)} corrected to {sentiment}; the figures follow: `listener aggregate`, or the daemon"
    )


def _undo(store: "Store", ids: Sequence[int]) -> None:
    from storage import corrections

    count = corrections.undo(store, ids)
    rest = len(ids) - count
    taken = "1 correction" if count == 1 else f"{count} corrections"
    click.echo(f"{taken} taken back" + (f"; {rest} had none" if rest else ""))


def _mentions(ids: "Sequence[int] | set[int]") -> str:
    return "1 mention" if len(ids) == 1 else f"{len(ids)} mentions"


@click.command(epilog=examples("listener corrections", "listener corrections --brand Sonnenkorn --json"))
@config_option
@json_option
@click.option("--brand", help="Only mentions of this brand.")
def corrections(config_path: Path, as_json: bool, brand: str | None) -> None:
    """List the corrections, the newest first.

    Each stands beside what the model last read.
    """
    config = read_config(config_path)
    from storage import corrections as kept

    check_brand(config, brand)
    with opened(config, new=False) as store:
        rows: list[dict[str, Any]] = kept.listed(store, brand)
    if as_json:
        print_json(rows)
        return
    if rows:
        _show(rows, "model_label", "label", "note")
    agreed = sum(row["label"] == row["model_label"] for row in rows)
    click.echo(f"{len(rows)} corrections; in {agreed} the model says the same")


def _show(rows: Sequence[Mapping[str, Any]], *columns: str) -> None:
    """Mentions as a table: id, these columns, the beginning of the text."""
    texts = [" ".join(f"{row['title'] or ''} {row['text']}".split()) for row in rows]
    print_table(
        ("mention_id", *columns, "text"),
        [
            (row["mention_id"], *(row[column] for column in columns), short(text, _WIDTH))
            for row, text in zip(rows, texts, strict=True)
        ],
    )


COMMANDS = (correct, corrections)
