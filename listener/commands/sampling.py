"""Showing mentions at random and asking what they say: corrections that tell right from wrong."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from listener.commands.common import print_plain, usage_error

if TYPE_CHECKING:
    from listener.commands.finding import Within
    from storage.store import Store

_QUESTION = "[n]egative, neu[t]ral, [p]ositive, [s]kip, [q]uit"
_ANSWERS = {"n": "negative", "t": "neutral", "p": "positive"}


def ask(store: "Store", count: int, within: "Within", note: str | None) -> None:
    """Show mentions one by one and keep each answer at once."""
    from storage import corrections, reads
    from storage.records import Label

    rows = reads.unjudged(store, count, within.brand, **within.days)
    if not rows:
        usage_error("there is no scored mention without a correction; `listener score` scores what waits")
    done = 0
    for number, row in enumerate(rows, start=1):
        click.echo(f"\n{number} of {len(rows)}: {row['brand']}, {row['platform']}, {row['day']}")
        print_plain("\n".join(part for part in (row["title"], row["text"]) if part))
        answer = click.prompt(_QUESTION, type=click.Choice("ntpsq"), show_choices=False)
        if answer == "q":
            break
        if answer != "s":
            label = Label(_ANSWERS[answer])
            try:
                corrections.correct(store, [row["mention_id"]], label, note=note, now=datetime.now(UTC))
                done += 1
            except corrections.UnknownMentionError:
                click.echo("it was deleted meanwhile")
    click.echo(f"\n{done} judged; {corrections.count(store)} corrections in all")
