"""What is said about: the configured topics, and the terms that rise."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from listener.config import Config


@click.command(
    epilog=examples(
        "listener topics",
        "listener topics --brand Sonnenkorn --days 7",
        "listener topics --until 2026-11-21 --json",
    )
)
@config_option
@json_option
@click.option("--brand", help="One brand; without it all.")
@click.option("--days", default=28, show_default=True, type=click.IntRange(1), help="How many days.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day; without it yesterday.")
def topics(config_path: Path, as_json: bool, brand: str | None, days: int, until: datetime | None) -> None:
    """Show how the topics of [[topics]] are spoken of.

    Counted are mentions that speak of the topic; positive and negative is what they say about the topic, not what they
    say as a whole.
    """
    config = read_config(config_path)
    names = _brands(config, brand)
    if not config.file.topics:
        usage_error(
            "no topic is configured; add one:\n"
            '[[topics]]\nname = "Lieferung"\nkeywords = ["Lieferung", "liefer*", "delivery"]'
        )
    from listener import metrics
    from listener.stages.compose import yesterday
    from storage.reads import topic_totals

    rows = []
    with opened(config, new=False) as store:
        for name in names:
            last = until.date() if until else yesterday(config, name)
            rows += topic_totals(store, name, str(last - timedelta(days=days - 1)), str(last))
    for row in rows:
        row["net_sentiment"] = metrics.net_sentiment(row["positive"], row["negative"])
    if as_json:
        print_json(rows)
    elif rows:
        print_table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        click.echo("nothing was searched for topics yet; run `listener score`")


@click.command(
    epilog=examples(
        "listener rising",
        "listener rising --brand Sonnenkorn --date 2026-11-13",
        "listener rising --json",
    )
)
@config_option
@json_option
@click.option("--brand", help="One brand; without it all that get a digest.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Which day; without it yesterday.")
def rising(config_path: Path, as_json: bool, brand: str | None, day: datetime | None) -> None:
    """Show the terms that rose on a day.

    That are words and pairs of words which more authors used than in the 28 days before; docs/metrics.md says how that
    is computed. They are kept in the view rising_terms.
    """
    config = read_config(config_path)
    names = _brands(config, brand) if brand else list(config.digest_brands)
    from listener.digest import trends
    from listener.stages.compose import yesterday
    from storage.reads import rising_terms

    rows = []
    with opened(config, new=False) as store:
        for name in names:
            wanted = day.date() if day else yesterday(config, name)
            try:
                trends.update(store, name, wanted)
            except LookupError as error:
                usage_error(f"{error}; run `listener poll` first")
            rows += rising_terms(store, name, str(wanted))
    if as_json:
        print_json(rows)
    elif rows:
        columns = ("brand", "day", "term", "documents", "total", "baseline_documents", "baseline_total", "z")
        heads = ("brand", "day", "term", "authors", "of", "before", "of", "z")
        print_table(heads, [[row[column] for column in columns] for row in rows])
    else:
        click.echo("no term rose")


def _brands(config: "Config", brand: str | None) -> list[str]:
    names = [one.name for one in config.file.brands]
    if brand is not None and brand not in names:
        usage_error(f"there is no brand {brand!r}; there are: {', '.join(names)}")
    return names if brand is None else [brand]


COMMANDS = (topics, rising)
