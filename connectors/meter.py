"""Counting requests as they leave: the ledger's source, and the guard that stops before a limit is crossed.

Whoever polls opens a meter; every ``Session`` of ``connectors.http`` counts on the one that is open in its
thread, redirects and failures included, so that no connector can forget a request.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from connectors.base import Allowance
from connectors.errors import RetryLater


class Meter:
    """Requests since it was opened. Raises ``RetryLater`` instead of counting one too many."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._used: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()
        self._paid = 0

    def count(self) -> None:
        """One more request is about to leave."""
        self._add("", self._allowance.calls, "the month's budget of calls is used up")

    def charge(self, quota: str) -> None:
        """One more use of a daily quota of the platform, beside the request that is counted anyway."""
        self._add(quota, self._allowance.quotas.get(quota), f"today's quota of {quota} calls is used up")

    def pay(self, micro_usd: int) -> None:
        """What a request has cost that no page tells of."""
        self._paid += micro_usd

    def take(self) -> tuple[int, int, Mapping[str, int]]:
        """(requests, millionths of a dollar, uses of each quota) since this was asked last."""
        fresh, paid = self._used - self._taken, self._paid
        self._taken, self._paid = self._used.copy(), 0
        return fresh.pop("", 0), paid, fresh

    def _add(self, name: str, limit: int | None, message: str) -> None:
        if limit is not None and self._used[name] >= limit:
            raise RetryLater(message)
        self._used[name] += 1


_OPEN: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered(allowance: Allowance) -> Iterator[Meter]:
    """Count the requests made inside; one that the allowance does not cover raises ``RetryLater``."""
    meter = Meter(allowance)
    before = _OPEN.set(meter)
    try:
        yield meter
    finally:
        _OPEN.reset(before)


def count() -> None:
    """Count a request; for connectors that speak over something else than a ``Session``."""
    if meter := _OPEN.get():
        meter.count()


def charge(quota: str) -> None:
    """Count a use of one of the connector's ``quotas``; call it before the request.

    Raises:
        RetryLater: today's quota is used up.
    """
    if meter := _OPEN.get():
        meter.charge(quota)


def pay(micro_usd: int) -> None:
    """Note what a request has cost, where there is no page to say so (``Page.spent``)."""
    if meter := _OPEN.get():
        meter.pay(micro_usd)
