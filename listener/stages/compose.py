"""Compose: build the digests that are due and record them with their letters, once per brand and day."""

from datetime import UTC, date, datetime, timedelta

import structlog

from listener.config import WEEKDAYS, Config
from listener.digest import files, mail, trends
from listener.digest.build import build
from listener.digest.data import DigestData
from storage import digests, sources
from storage.store import Store

CATCH_UP = 7
"""Days that a daemon makes up for after it was away."""

log = structlog.get_logger()


def compose(
    store: Store, config: Config, *, now: datetime | None = None, patience: timedelta = timedelta()
) -> int:
    """Record every digest that is due and not there yet; returns how many.

    A digest tells of a whole day in the brand's time zone, from ``send_at`` of the next one on. A daemon that
    was away makes up for the days since the last digest, a week at most. Before any source has answered for
    the first time there is nothing to tell.

    Args:
        patience: how long digests wait until the mentions of their day are scored; after that they go out, and
            say how many are not.
    """
    now = now or datetime.now(UTC)
    _rewrite(store, config)
    if not sources.any_succeeded(store):
        return 0
    due = [
        (brand, day)
        for brand in config.digest_brands
        for day in due_days(config, brand, now, digests.last_day(store, brand))
    ]
    waiting = {(brand, day) for brand, day in due if digests.is_incomplete(store, brand, day.isoformat())}
    if not digests.may_wait(store, waiting=bool(waiting), patience=patience, now=now):
        waiting = set()
    return sum(
        record(store, config, brand, day, now=now) for brand, day in due if (brand, day) not in waiting
    )


def _rewrite(store: Store, config: Config) -> None:
    """Write the files of digests anew that showed what was deleted meanwhile, where they are still there."""
    for digest in digests.redacted(store):
        data = DigestData.model_validate(digest.data)
        if files.exists(config.digest_folder, data):
            files.write(config.digest_folder, data, digest.language)
        digests.rewritten(store, digest.id)


def due_days(config: Config, brand: str, now: datetime, last: str | None) -> list[date]:
    """The days whose digest should be there by now, the oldest first.

    Args:
        last: the latest day that has one; None: there was none ever, so only the latest day is due.
    """
    section = config.file.digest
    local = now.astimezone(config.zone(brand))
    latest = local.date() - timedelta(days=1 if local.time() >= section.send_at else 2)
    missed = (latest - date.fromisoformat(last)).days if last else 1
    days = [latest - timedelta(days=back) for back in reversed(range(min(missed, CATCH_UP)))]
    return [day for day in days if WEEKDAYS[(day + timedelta(days=1)).weekday()] in section.weekdays]


def yesterday(config: Config, brand: str, now: datetime | None = None) -> date:
    """The last whole day in the brand's time zone."""
    return (now or datetime.now(UTC)).astimezone(config.zone(brand)).date() - timedelta(days=1)


def record(store: Store, config: Config, brand: str, day: date, *, now: datetime, send: bool = True) -> bool:
    """Build one digest, write its files and record it with its letters.

    Returns False where that day's digest is recorded already; nothing changes then.
    """
    if digests.find(store, brand, day.isoformat()) is not None:
        return False
    trends.update(store, brand, day)
    data = build(store, brand, day, top_n=config.file.digest.top_n)
    language = config.file.listener.language
    files.write(config.digest_folder, data, language)
    added = digests.add(
        store,
        brand=brand,
        day=day.isoformat(),
        language=language,
        data=data.model_dump(mode="json"),
        letters=_letters(store, config, data) if send else {},
        now=now,
    )
    log.info("digest", brand=brand, day=day.isoformat(), folder=str(config.digest_folder))
    return added


def _letters(store: Store, config: Config, data: DigestData) -> dict[str, str]:
    """Who gets the digest, under which Message-ID; nobody for an empty day unless the config wants it."""
    if data.is_empty and not config.file.digest.send_if_empty:
        return {}
    instance = store.instance
    return {
        to: mail.message_id(instance, data.brand, data.day.isoformat(), to)
        for to in config.file.digest.recipients
    }
