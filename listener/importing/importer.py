"""Storing a file's rows as mentions: what cannot be read is kept with its line, what is known adds nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from connectors.base import parse_each
from connectors.mapping import Field, Mapper
from listener.config import Config
from listener.exclusion import Excluded
from listener.importing.columns import mapped
from listener.importing.rows import FileError, Format, Row, read
from listener.query import Matcher
from storage import pages, sources
from storage.pages import Matched, PageResult
from storage.records import Kind, Match, Mention, Reject
from storage.store import Store

T = TypeVar("T")
BATCH = 500
"""Rows stored in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be read, and how."""

    path: Path
    mapper: Mapper
    told: Mapping[str, str] = field(default_factory=dict)
    """Field to column, where the column's name does not say it."""
    brand: str | None = None
    """The brand that all rows are about; None: each row must match a brand's query."""
    kind: Kind | None = None
    """Of rows that do not say; None: reviews where there is a rating, else posts."""
    form: Format | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of the rows."""

    rows: int = 0
    stored: PageResult = field(default_factory=PageResult)
    unmatched: int = 0
    """About no brand, and not stored."""
    rejects: tuple[Reject, ...] = ()
    """Of the last batch."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose columns are known."""

    fields: Mapping[Field, str]
    rows: Iterator[Row]
    mapper: Mapper


@contextmanager
def opened(plan: Plan) -> Iterator[Opened]:
    """Begin to read.

    Raises:
        FileError: see ``listener.importing.rows``. MappingError: see ``listener.importing.columns``.
    """
    with closing(read(plan.path, plan.form, delimiter=plan.delimiter)) as rows:
        head = list(islice(rows, BATCH))
        if not head:
            raise FileError("there are no rows in it")
        columns = dict.fromkeys(
            name for row in head if isinstance(row.record, Mapping) for name in row.record
        )
        fields = mapped(columns, plan.told)
        kind = plan.kind or (Kind.REVIEW if "rating" in fields else Kind.POST)
        yield Opened(fields, chain(head, rows), replace(plan.mapper, fields=fields, kind=kind))


def parsed(rows: Iterable[Row], mapper: Mapper, now: datetime) -> tuple[list[Mention], list[Reject]]:
    """Mentions, and rejects whose reasons begin with their line."""
    mentions: list[Mention] = []
    rejects: list[Reject] = []
    for row in rows:
        if row.problem is None:
            good, bad = parse_each([row.record], lambda record: mapper.mention(record, now))
        else:
            good, bad = [], [Reject(raw=str(row.record), reason=row.problem)]
        mentions += good
        rejects += [replace(one, reason=f"line {row.line}: {one.reason}") for one in bad]
    return mentions, rejects


def import_file(
    store: Store,
    config: Config,
    plan: Plan,
    *,
    now: datetime | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Iterator[Imported]:
    """Store the file batch by batch; yields the sum so far after each.

    Args:
        progress: called with the share of the file that was read, 0 to 1.

    Raises:
        FileError, MappingError: before anything was stored, or where the file breaks off; what was
            yielded stays stored, and the next import goes over it without adding anything.
    """
    now = now or datetime.now(UTC)
    match, excluded, done = _matching(config, plan), Excluded(config), Imported()
    brands = [plan.brand] if plan.brand else list(config.queries)
    with opened(plan) as file:
        source = sources.add_import(store, f"import {plan.mapper.platform}", now)
        while batch := list(islice(file.rows, BATCH)):
            mentions, rejects = parsed(batch, file.mapper, now)
            found = [Matched(one, match(one), own=excluded.of(one.platform, one.author)) for one in mentions]
            stored = pages.add_page(store, source, found, brands=brands, now=now, rejects=rejects)
            done = Imported(
                rows=done.rows + len(batch),
                stored=done.stored + stored,
                unmatched=done.unmatched + sum(not one.matches for one in found),
                rejects=tuple(rejects),
            )
            progress(batch[-1].done)
            yield done


def _matching(config: Config, plan: Plan) -> Callable[[Mention], list[Match]]:
    if plan.brand is not None:
        about = [Match(brand=plan.brand, term=f"imported from {plan.path.name}")]
        return lambda mention: about
    matcher = Matcher(config.queries)
    return lambda mention: matcher.match(mention.title, mention.text)


def sample(plan: Plan, count: int, now: datetime | None = None) -> tuple[Mapping[Field, str], list[Any]]:
    """The column of each field, and the first rows as mentions or rejects; nothing is stored."""
    now = now or datetime.now(UTC)
    with opened(plan) as file:
        read_rows = [parsed([row], file.mapper, now) for row in islice(file.rows, count)]
    return file.fields, [one for mentions, rejects in read_rows for one in (*mentions, *rejects)]
