"""Looking: how the sources are, what the connectors see, what the queries match."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
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
)

if TYPE_CHECKING:
    from listener.config import Config
    from storage.store import Store


@click.command(epilog=examples("listener status", "listener status --json"))
@config_option
@json_option
def status(config_path: Path, as_json: bool) -> None:
    """Show how the sources are and what waits.

    Also what was spent this month and how much there is of each brand.
    """
    config = read_config(config_path)
    from storage import reads

    now = datetime.now(UTC)
    with opened(config) as store:
        data: dict[str, list[reads.Record]] = {
            "sources": reads.source_health(store),
            "totals": [reads.totals(store)],
            "sentiment": [_sentiment(store)],
            "brands": reads.brand_totals(store),
            "usage": [_with_budget(one, config) for one in reads.usage(store, now.strftime("%Y-%m"))],
            "quotas": reads.quotas(store, (now - timedelta(days=1)).date().isoformat()),
            "unsent": reads.unsent_letters(store),
            "not scored": reads.score_failures(store),
        }
    if as_json:
        print_json(data)
        return
    shown = {**data, "sources": [_source_line(one, now) for one in data["sources"]]}
    for title, records in shown.items():
        if records:
            print_table(list(records[0]), [list(one.values()) for one in records], title=title)
            click.echo()


def _sentiment(store: "Store") -> dict[str, Any]:
    """Whose scores count, and what is made of them."""
    from storage import corrections, tunings

    model = store.meta("model")
    tuned = tunings.in_force(store, model) if model else None
    return {
        "model": model,
        "tuned to": tuned and f"{tuned.basis}, {tuned.created_at[:10]}",
        "tunings of other models": ", ".join(tunings.of_other_models(store, model or "")) or None,
        "corrections": corrections.count(store),
    }


def _with_budget(used: Mapping[str, Any], config: "Config") -> dict[str, Any]:
    """A connector's month, beside what it may spend."""
    budget = config.file.budget.get(used["connector"])
    return {
        "connector": used["connector"],
        "calls": used["calls"],
        "of": budget.calls if budget else None,
        "usd": used["micro_usd"] / 1_000_000,
        "of usd": budget.usd if budget else None,
    }


def _source_line(health: Mapping[str, Any], now: datetime) -> dict[str, object]:
    """A source's health, short enough for a terminal."""
    return {
        "source": health["source"],
        "state": health["state"],
        "last success": _distance(health["last_ok_at"], now),
        "last new": _distance(health["last_new_at"], now),
        "next poll": None if health["state"] == "paused" else _distance(health["next_poll_at"], now),
        "unreadable": health["rejects"],
        "last error": health["last_error"],
    }


def _distance(stamp: str | None, now: datetime) -> str:
    """How far from now: "5 min ago", "in 3 h"."""
    if stamp is None:
        return "never"
    seconds = (datetime.fromisoformat(stamp) - now).total_seconds()
    size = abs(seconds)
    words = next(
        f"{size / unit:.0f} {name}"
        for unit, name in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
        if size >= unit or unit == 1
    )
    return f"in {words}" if seconds > 0 else f"{words} ago"


@click.command(epilog=examples("listener connectors", "listener connectors --json"))
@json_option
def connectors(as_json: bool) -> None:
    """List the connectors: what they see, need, cost."""
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


@click.command(
    epilog=examples(
        "listener match 'Die Brezeln von Sonnenkorn sind die besten'",
        "listener match                # what is sent to each source",
    )
)
@config_option
@click.argument("text", required=False)
def match(config_path: Path, text: str | None) -> None:
    """Show which brands a text is about, and why.

    Without a text, shows the searches that are sent to each source.
    """
    config = read_config(config_path)
    from connectors.base import Allowance
    from listener import watching
    from listener.query import Matcher, hashtags

    if text is not None:
        found = Matcher(config.queries).match(text)
        for one in found:
            click.echo(f"{one.brand}: {one.term}")
        if not found:
            click.echo("no brand's query matches")
        return
    for source in config.sources:
        searches = watching.watch(config, source, Allowance()).queries
        click.echo(f"{source.name}: {' | '.join(searches) or 'no search; whatever is listed there is read'}")
    tags = " ".join(f"#{tag}" for tag in hashtags(list(config.queries.values())))
    click.echo(f"where only hashtags can be listed (Mastodon without a token): {tags}")


COMMANDS = (status, connectors, match)
