"""What a source is told to look for, and how its mentions are matched: the configuration applied."""

from collections.abc import Callable
from datetime import datetime

from connectors.base import Allowance, Watch
from listener.config import Config, SourceConfig
from listener.query import Matcher, hashtags, render
from storage.pages import Matched
from storage.records import Match, Mention


def watch(config: Config, source: SourceConfig, *, now: datetime, used: tuple[int, int] = (0, 0)) -> Watch:
    """The watch of one poll.

    Args:
        used: calls and micro-dollars that its connector has spent this month.
    """
    syntax = source.connector.syntax
    nodes = [config.queries[brand] for brand in source.brands] if source.match == "query" else []
    return Watch(
        since=now - source.section.backfill,
        now=now,
        queries=render(nodes, syntax) if syntax and nodes else (),
        tags=hashtags(nodes),
        allowance=_allowance(config, source, used),
    )


def matching(config: Config, source: SourceConfig) -> Callable[[Mention], Matched]:
    """How a source's mentions find their brands: by the brands' queries, or all belong to the listing's one."""
    own = {
        brand.name: {account.casefold().lstrip("@") for account in brand.own_accounts}
        for brand in config.file.brands
        if brand.own_accounts
    }

    def matched(mention: Mention) -> Matched:
        matches = find(mention)
        handle = ((mention.author and mention.author.handle) or "").casefold().lstrip("@")
        return Matched(mention, matches, own=frozenset(brand for brand in own if handle in own[brand]))

    if source.match == "all":
        listed = [Match(brand=source.brands[0], term=f"listed at {source.name}")]

        def find(mention: Mention) -> list[Match]:  # noqa: ARG001 - whatever it says, it is about the brand
            return listed
    else:
        matcher = Matcher({brand: config.queries[brand] for brand in source.brands})

        def find(mention: Mention) -> list[Match]:
            return matcher.match(mention.title, mention.text)

    return matched


def _allowance(config: Config, source: SourceConfig, used: tuple[int, int]) -> Allowance:
    budget = config.file.budget.get(source.connector.name)
    if budget is None:
        return Allowance()
    calls, micro_usd = used
    return Allowance(
        calls=None if budget.calls is None else max(0, budget.calls - calls),
        micro_usd=None if budget.usd is None else max(0, round(budget.usd * 1_000_000) - micro_usd),
    )
