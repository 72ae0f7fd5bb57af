"""Stored mentions that a person names: by a boolean query, a brand and days, by id or by address."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from listener.commands.common import usage_error

if TYPE_CHECKING:
    from listener.config import Config
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


def found(config: "Config", store: "Store", words: str, within: Within) -> Iterator[dict[str, Any]]:
    """Rows of ``mention_overview`` that a boolean query matches, the newest first.

    Exits with code 2 where the query is wrong or there is no such brand.
    """
    from listener.query import FTS, Matcher, QueryError, parse, render
    from storage import reads

    check_brand(config, within.brand)
    try:
        node = parse(words)
    except QueryError as error:
        usage_error(str(error))
    exact = Matcher({"": node})
    candidates = (
        row for text in render([node], FTS) for row in reads.search(store, text, within.brand, **within.days)
    )
    return (row for row in candidates if exact.match(row["title"], row["text"]))


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
