"""Compose: build the digests that are due and record them with their letters, once per brand and day."""

from datetime import UTC, date, datetime, timedelta

import structlog

from listener.config import WEEKDAYS, Config
from listener.digest import files, mail
from listener.digest.build import build
from listener.digest.data import DigestData
from storage import digests, sources
from storage.store import Store

log = structlog.get_logger()


def compose(store: Store, config: Config, *, now: datetime | None = None) -> int:
    """Record every digest that is due and not there yet; returns how many.

    A digest tells of the last whole day in the brand's time zone, from ``send_at`` of the next one on. So
    a daemon that was down at that time catches up when it is back. Before any source has answered for the
    first time there is nothing to tell.
    """
    now = now or datetime.now(UTC)
    if not sources.any_succeeded(store):
        return 0
    return sum(
        record(store, config, brand, day, now=now)
        for brand in config.digest_brands
        if (day := due_day(config, brand, now)) is not None
    )


def due_day(config: Config, brand: str, now: datetime) -> date | None:
    """The day whose digest should be there by now; None before ``send_at`` and on days without one."""
    local = now.astimezone(config.zone(brand))
    section = config.file.digest
    if local.time() < section.send_at or WEEKDAYS[local.weekday()] not in section.weekdays:
        return None
    return yesterday(config, brand, now)


def yesterday(config: Config, brand: str, now: datetime | None = None) -> date:
    """The last whole day in the brand's time zone."""
    return (now or datetime.now(UTC)).astimezone(config.zone(brand)).date() - timedelta(days=1)


def record(store: Store, config: Config, brand: str, day: date, *, now: datetime, send: bool = True) -> bool:
    """Build one digest, write its files and record it with its letters.

    Returns False where that day's digest is recorded already; nothing changes then.
    """
    if digests.find(store, brand, day.isoformat()) is not None:
        return False
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
