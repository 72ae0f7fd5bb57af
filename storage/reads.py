"""Reading: rows of the public views for the digest, the status page and the command line, as plain dicts."""

from collections.abc import Sequence
from typing import Any

from storage.store import Store

Record = dict[str, Any]


def brand_days(store: Store, brand: str, first: str, last: str) -> list[Record]:
    """A brand's rows of ``daily_brand_metrics`` from ``first`` to ``last``, in order; days without
    mentions have no row.
    """
    return _records(
        store,
        "SELECT * FROM daily_brand_metrics WHERE brand = ? AND day BETWEEN ? AND ? ORDER BY day",
        [brand, first, last],
    )


def platform_days(store: Store, brand: str, first: str, last: str) -> list[Record]:
    """A brand's rows of ``engagement_by_platform``."""
    return _records(
        store,
        "SELECT * FROM engagement_by_platform WHERE brand = ? AND day BETWEEN ? AND ? ORDER BY day, platform",
        [brand, first, last],
    )


def trend(store: Store, brand: str, period: str, last: int) -> list[Record]:
    """The last so many rows of ``brand_trend`` for a period (day, week, month), the oldest first."""
    first = store.value(
        "SELECT CASE :period WHEN 'day' THEN date(max(h.day), (1 - :last) || ' days')"
        " WHEN 'week' THEN date(max(h.day), '-6 days', 'weekday 1', (7 - 7 * :last) || ' days')"
        " ELSE date(max(h.day), 'start of month', (1 - :last) || ' months') END"
        " FROM brands b JOIN brand_days h ON h.brand_id = b.id WHERE b.name = :brand",
        {"brand": brand, "period": period, "last": last},
    )
    return _records(
        store,
        "SELECT * FROM brand_trend WHERE brand = ? AND period = ? AND starts >= ? ORDER BY starts",
        [brand, period, first],
    )


def voices(store: Store, brand: str, first: str, last: str) -> list[Record]:
    """A brand's rows of ``share_of_voice``: its own and its competitors' mentions of each day."""
    return _records(
        store,
        "SELECT * FROM share_of_voice WHERE brand = ? AND day BETWEEN ? AND ? ORDER BY day, voice",
        [brand, first, last],
    )


def mentions_of_day(store: Store, brand: str, day: str) -> list[Record]:
    """The brand's mentions of a day that count (own accounts' do not), the most engaged first.

    Rows of ``mention_overview``; equal engagement by id, so that the order is always the same.
    """
    return _records(
        store,
        "SELECT * FROM mention_overview WHERE brand = ? AND day = ? AND own_account = 0"
        " ORDER BY coalesce(engagement, 0) DESC, platform, platform_id",
        [brand, day],
    )


def unjudged(
    store: Store, limit: int, brand: str | None = None, *, first: str | None = None, last: str | None = None
) -> list[Record]:
    """So many rows of ``mention_overview`` at random, scored by a model and not by a person; each mention once."""
    return _records(
        store,
        "SELECT * FROM mention_overview WHERE sentiment_model <> 'human' AND own_account = 0"
        " AND (:brand IS NULL OR brand = :brand)"
        " AND day >= coalesce(:first, day) AND day <= coalesce(:last, day)"
        " GROUP BY mention_id ORDER BY random() LIMIT :limit",
        {"limit": limit, "brand": brand, "first": first, "last": last},
    )


def source_health(store: Store) -> list[Record]:
    """Every configured source's row of ``source_health``."""
    return _records(store, "SELECT * FROM source_health WHERE state <> 'off' ORDER BY source")


def panel(store: Store, brand: str) -> list[Record]:
    """A brand and then its configured competitors: ``voice``, ``timezone``, ``first_day`` (the first with a
    mention, None: none yet). Empty where there is no such brand.
    """
    return _records(
        store,
        "SELECT b.name AS voice, b.timezone,"
        " (SELECT min(d.day) FROM daily_metrics d WHERE d.brand_id = b.id) AS first_day"
        " FROM brands b JOIN brands own ON own.name = ?"
        " WHERE b.id = own.id OR (b.competitor = 1 AND b.active = 1 AND own.competitor = 0)"
        " ORDER BY b.id <> own.id, b.name",
        [brand],
    )


def topic_days(store: Store, brand: str, first: str, last: str) -> list[Record]:
    """A brand's rows of ``topic_sentiment``; topics without a mention on a day have no row."""
    return _records(
        store,
        "SELECT * FROM topic_sentiment WHERE brand = ? AND day BETWEEN ? AND ? ORDER BY day, topic",
        [brand, first, last],
    )


def topic_totals(store: Store, brand: str, first: str, last: str) -> list[Record]:
    """Each of a brand's topics over some days, the most mentioned first; those never mentioned are there, too."""
    return _records(
        store,
        "SELECT b.name AS brand, t.name AS topic, coalesce(sum(s.mentions), 0) AS mentions,"
        " coalesce(sum(s.negative), 0) AS negative, coalesce(sum(s.neutral), 0) AS neutral,"
        " coalesce(sum(s.positive), 0) AS positive"
        " FROM brands b JOIN topic_brands tb ON tb.brand_id = b.id JOIN topics t ON t.id = tb.topic_id"
        " LEFT JOIN (SELECT * FROM topic_sentiment WHERE brand = :brand AND day BETWEEN :first AND :last) s"
        "  ON s.topic = t.name"
        " WHERE b.name = :brand GROUP BY t.id ORDER BY mentions DESC, t.name",
        {"brand": brand, "first": first, "last": last},
    )


def rising_terms(store: Store, brand: str, day: str) -> list[Record]:
    """A day's rows of ``rising_terms``, the surest first."""
    return _records(
        store, "SELECT * FROM rising_terms WHERE brand = ? AND day = ? ORDER BY rank", [brand, day]
    )


def brand(store: Store, name: str) -> Record | None:
    """A brand's row of ``brands``."""
    row = store.row("SELECT * FROM brands WHERE name = ?", [name])
    return None if row is None else dict(row)


def gaps(store: Store, brand: str, first: str, last: str, *, start: str, end: str) -> Record:
    """What is missing from a brand's figures.

    ``unscored``: mentions of the day ``last`` in the model's queue; ``outdated_days``: days from ``first`` to
    ``last`` to be computed anew; ``rejects``: of all sources, first seen between the times ``start`` and ``end``.
    """
    return _records(
        store,
        "SELECT"
        " (SELECT count(*) FROM score_queue q JOIN mention_brands mb USING (mention_id)"
        "  JOIN mentions m ON m.id = q.mention_id WHERE mb.brand_id = b.id AND mb.day = :last AND mb.own = 0"
        "  AND m.hidden_at IS NULL) AS unscored,"
        " (SELECT count(DISTINCT day) FROM dirty_days d"
        "  WHERE d.brand_id = b.id AND d.day BETWEEN :first AND :last) AS outdated_days,"
        " (SELECT count(*) FROM rejects WHERE first_seen_at >= :start AND first_seen_at < :end) AS rejects"
        " FROM brands b WHERE b.name = :brand",
        {"brand": brand, "first": first, "last": last, "start": start, "end": end},
    )[0]


def platform_ids(store: Store, platform: str) -> list[str]:
    """The platform's ids of all its mentions."""
    found = store.rows("SELECT platform_id FROM mentions WHERE platform = ? ORDER BY id", [platform])
    return [row["platform_id"] for row in found]


def usage(store: Store, month: str) -> list[Record]:
    """What each connector spent in a month (2026-11)."""
    return _records(
        store, "SELECT connector, calls, micro_usd FROM usage WHERE month = ? ORDER BY connector", [month]
    )


def quotas(store: Store, since: str) -> list[Record]:
    """Uses of platforms' daily quotas since a day (2026-11-22)."""
    return _records(
        store,
        "SELECT connector, quota, day, used FROM quotas WHERE day >= ? ORDER BY connector, quota, day",
        [since],
    )


def totals(store: Store) -> Record:
    """How much there is, and how much waits."""
    return _records(
        store,
        "SELECT (SELECT count(*) FROM mentions) AS mentions,"
        " (SELECT count(*) FROM authors) AS authors,"
        " (SELECT count(*) FROM score_queue) AS waiting_for_score,"
        " (SELECT count(*) FROM (SELECT mention_id FROM score_failures UNION SELECT mention_id FROM topic_failures))"
        " AS put_aside,"
        " (SELECT count(*) FROM dirty_days) AS dirty_days,"
        " (SELECT count(*) FROM outbox WHERE sent_at IS NULL) AS unsent_letters,"
        " (SELECT count(*) FROM rejects) AS rejects",
    )[0]


def unsent_letters(store: Store) -> list[Record]:
    """What waits in the outbox, and why."""
    return _records(
        store,
        "SELECT recipient, attempts, next_try_at, last_error FROM outbox WHERE sent_at IS NULL ORDER BY id",
    )


def score_failures(store: Store) -> list[Record]:
    """The mentions that the model fails at, and why; the latest first."""
    return _records(
        store,
        "SELECT f.mention_id, m.platform, m.url, f.failed_at, f.reason"
        " FROM (SELECT * FROM score_failures UNION ALL SELECT * FROM topic_failures) f"
        " JOIN mentions m ON m.id = f.mention_id ORDER BY f.failed_at DESC, f.mention_id LIMIT 20",
    )


def brand_totals(store: Store) -> list[Record]:
    """Mentions per brand and platform, own accounts' left out."""
    return _records(
        store,
        "SELECT brand, platform, sum(mentions) AS mentions, min(day) AS first_day, max(day) AS last_day"
        " FROM engagement_by_platform GROUP BY brand, platform ORDER BY brand, platform",
    )


def _records(store: Store, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Record]:
    return [dict(row) for row in store.rows(sql, values)]
