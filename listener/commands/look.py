"""Looking: what is there, how the sources are, questions to the database."""

from datetime import UTC, datetime
from pathlib import Path

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


@click.command(epilog=examples("listener status", "listener status --json"))
@config_option
@json_option
def status(config_path: Path, as_json: bool) -> None:
    """Show the sources' health, what waits, what was spent, how much there is."""
    config = read_config(config_path)
    from storage import reads

    with opened(config) as store:
        data: dict[str, list[reads.Record]] = {
            "sources": reads.source_health(store),
            "totals": [reads.totals(store)],
            "brands": reads.brand_totals(store),
            "usage": reads.usage(store, datetime.now(UTC).strftime("%Y-%m")),
            "unsent": reads.unsent_letters(store),
        }
    if as_json:
        print_json(data)
        return
    for title, records in data.items():
        if records:
            print_table(list(records[0]), [list(one.values()) for one in records], title=title)
            click.echo()


@click.command(
    epilog=examples(
        'listener query "SELECT brand, day, net_sentiment FROM daily_brand_metrics ORDER BY day DESC LIMIT 7"',
        'listener query --json "SELECT * FROM source_health"',
    )
)
@config_option
@json_option
@click.argument("sql")
def query(config_path: Path, as_json: bool, sql: str) -> None:
    """Ask the database a question in SQL; it cannot change anything."""
    config = read_config(config_path)
    from storage.reads import read_only
    from storage.store import StoreError

    try:
        columns, rows = read_only(config.database, sql)
    except StoreError as error:
        usage_error(str(error))
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)


@click.command(epilog=examples("listener connectors", "listener connectors --json"))
@json_option
def connectors(as_json: bool) -> None:
    """List the connectors: what each sees, needs and costs."""
    from listener import registry

    known = {name: registry.load(name) for name in registry.names()}
    if as_json:
        print_json(
            {
                name: {
                    "sees": one.about.sees,
                    "needs": one.about.needs,
                    "costs": one.about.costs,
                    "limits": one.about.limits,
                    "terms": one.about.terms,
                    "gives": sorted(one.gives),
                    "settings": sorted(one.Settings.model_fields),
                }
                for name, one in known.items()
            }
        )
    else:
        print_table(
            ["connector", "sees", "needs", "costs"],
            [[name, one.about.sees, one.about.needs, one.about.costs] for name, one in known.items()],
        )


COMMANDS = (status, query, connectors)
