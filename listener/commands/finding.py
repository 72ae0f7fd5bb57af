"""Stored mentions that a person names: by a boolean query, a brand and days, by id or by address."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from listener.commands.common import usage_error

if TYPE_CHECKING:
    from listener.config import Config
    from listener.query import Node
    from storage.store import Store

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Within:
    """Where to look: a brand, and its days from the first to the last, both included; None: all."""

    brand: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def days(self) -> dict[str, str | None]:
        """As the store is asked."""
        bounds = {"first": self.since, "last": self.until}
        return {name: None if one is None else one.date().isoformat() for name, one in bounds.items()}

    def __bool__(self) -> bool:
        return any((self.brand, self.since, self.until))


def within_options(command: Command) -> Command:
    """Add --brand, --since and --until."""
    day = click.DateTime(["%Y-%m-%d"])
    options = (
        click.option("--brand", help="Only mentions of this brand."),
        click.option("--since", type=day, metavar="DAY", help="Only from this day on (2026-11-22)."),
        click.option("--until", type=day, metavar="DAY", help="Only up to this day."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def found(
    config: "Config",
    store: "Store",
    words: str,
    within: Within,
    *,
    everything: bool = False,
    **narrower: str | None,
) -> Iterator[dict[str, Any]]:
    """Rows of ``mention_overview`` that a boolean query matches, the newest first.

    Exits with code 2 where the query is wrong or there is no such brand.

    Args:
        everything: read every mention instead of asking the full-text index.
        narrower: fields of ``storage.search.Within`` besides those of ``within``.
    """
    from listener.query import Matcher, expression
    from storage import search

    check_brand(config, within.brand)
    node = parsed(words)
    exact = Matcher({"": node})
    indexed = None if everything else expression(node)
    if indexed is None:
        click.echo("every mention is read, the newest first" + _why(within, everything=everything), err=True)
    candidates = search.search(store, indexed, search.Within(brand=within.brand, **within.days, **narrower))
    return (row for row in candidates if exact.match(row["title"], row["text"]))


def _why(within: Within, *, everything: bool) -> str:
    reason = "" if everything else ": the index does not know the words of this script"
    return reason + ("" if within.since else "; --brand and --since make it faster")


def parsed(words: str) -> "Node":
    """The query's syntax tree; exits with code 2 where it cannot be read."""
    from listener.query import QueryError, parse

    try:
        return parse(words)
    except QueryError as error:
        usage_error(str(error))


def check_brand(config: "Config", brand: str | None) -> None:
    """Exit with code 2 where there is no such brand."""
    names = [one.name for one in config.file.brands]
    if brand is not None and brand not in names:
        usage_error(f"there is no brand {brand!r}; there are: {', '.join(names)}")


def named(store: "Store", names: Sequence[str]) -> list[int]:
    """The ids of mentions named by id or address; exits with code 2 where one is neither."""
    from storage import corrections

    ids: dict[int, None] = {}
    for name in names:
        if name.isdecimal() and len(name) < 19:
            ids[int(name)] = None
        elif at := corrections.ids_of_url(store, name):
            ids.update(dict.fromkeys(at))
        else:
            usage_error(
                f"{name!r} is neither a mention_id nor the address of a stored mention; `listener search` shows ids"
            )
    return list(ids)


def short(value: object, most: int = 160) -> object:
    """Long texts cut to a line or two of a table."""
    return f"{value[:most]}…" if isinstance(value, str) and len(value) > most else value
