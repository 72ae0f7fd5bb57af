"""What a source is told to look for, and how what it finds is stored: the configuration applied."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectors.base import Allowance, Page, Watch, quotas_of
from connectors.meter import Meter, metered
from listener.config import Config, SourceConfig
from listener.config.sections import BudgetSection
from listener.exclusion import Excluded
from listener.query import Matcher, hashtags, render
from storage import ledger, pages
from storage.pages import Matched, PageResult
from storage.records import Match, Mention, Spent
from storage.store import Store


def watch(config: Config, source: SourceConfig, allowance: Allowance, now: datetime | None = None) -> Watch:
    """The watch of one poll."""
    now = now or datetime.now(UTC)
    syntax = source.connector.syntax
    nodes = [config.queries[brand] for brand in source.brands] if source.match == "query" else []
    return Watch(
        since=now - source.section.backfill,
        now=now,
        queries=render(nodes, syntax) if syntax and nodes else (),
        tags=hashtags(nodes),
        allowance=allowance,
    )


class Filing:
    """Stores what a source's connector brings: matched, counted, paid for, a page at a time."""

    def __init__(self, store: Store, config: Config, source: SourceConfig, source_id: int) -> None:
        self._store = store
        self._source = source
        self._id = source_id
        self._matched = matching(config, source)
        self._meter = Meter(Allowance())

    @contextmanager
    def metered(self, allowance: Allowance) -> Iterator[None]:
        """Count the connector's requests inside; what no page has paid for is noted at the end."""
        with metered(allowance) as self._meter:
            try:
                yield
            finally:
                self.spend(self._cost())

    def add(self, page: Page) -> PageResult:
        """Store a page, all of it or nothing, with its cursor; its cost is noted even where it cannot be stored."""
        spent = page.spent + self._cost()
        try:
            return pages.add_page(
                self._store,
                self._id,
                map(self._matched, page.mentions),
                brands=self._source.brands,
                now=datetime.now(UTC),
                rejects=page.rejects,
                cursor=page.cursor,
                gone=page.gone,
                spent=spent,
            )
        except Exception:
            self.spend(spent)
            raise

    def spend(self, spent: Spent) -> None:
        """Note a cost that goes with no page."""
        if spent:
            ledger.spend(self._store, self._source.connector.name, spent, datetime.now(UTC))

    def _cost(self) -> Spent:
        """What the connector's requests since the last page count for in the ledger."""
        calls, micro_usd, quotas = self._meter.take()
        days = quota_days(self._source)
        return Spent(
            calls=calls,
            micro_usd=micro_usd,
            quotas={(name, days[name]): count for name, count in quotas.items()},
        )


def allowance(store: Store, config: Config, source: SourceConfig) -> Allowance:
    """What the month's budget and today's quotas have left for a source's connector."""
    now, name = datetime.now(UTC), source.connector.name
    used = ledger.used(store, name, now)
    budget = config.file.budget.get(name, BudgetSection())
    quotas = ledger.quotas_used(store, name, quota_days(source))
    limits = quotas_of(source.connector)
    return Allowance(
        calls=None if budget.calls is None else max(0, budget.calls - used.calls),
        micro_usd=None if budget.usd is None else max(0, round(budget.usd * 1_000_000) - used.micro_usd),
        quotas={quota: max(0, limits[quota].limit - count) for quota, count in quotas.items()},
    )


def quota_days(source: SourceConfig) -> dict[str, str]:
    """The day (2026-11-22) that it is now for each of the platform's daily quotas."""
    return {
        name: datetime.now(ZoneInfo(quota.zone)).date().isoformat()
        for name, quota in quotas_of(source.connector).items()
    }


def next_check(source: SourceConfig, published_at: datetime, now: datetime) -> datetime | None:
    """When a mention's counts are to be read again; None: no more."""
    later = [published_at + age for age in source.ages if published_at + age > now]
    if later:
        return min(later)
    return None if source.recheck is None else now + source.recheck


def matching(config: Config, source: SourceConfig) -> Callable[[Mention], Matched]:
    """How a source's mentions find their brands: by the brands' queries, or all belong to the listing's one."""
    excluded = Excluded(config)
    now = datetime.now(UTC)

    def matched(mention: Mention) -> Matched:
        return Matched(
            mention,
            find(mention),
            own=excluded.of(mention.platform, mention.author),
            check_at=next_check(source, mention.published_at, now),
        )

    if source.match == "all":
        listed = [Match(brand=source.brands[0], term=f"listed at {source.name}")]

        def find(mention: Mention) -> list[Match]:  # noqa: ARG001 - whatever it says, it is about the brand
            return listed
    else:
        matcher = Matcher({brand: config.queries[brand] for brand in source.brands})

        def find(mention: Mention) -> list[Match]:
            return matcher.match(mention.title, mention.text)

    return matched
