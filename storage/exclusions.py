"""Whose mentions are kept but counted nowhere: applies the configured lists to what is stored already."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from storage.records import Exclusion
from storage.store import Store

Listed = Callable[[str, str, str | None], Mapping[str, Exclusion]]
"""Platform, handle (or name) and address of an author to the brands that do not count them, and why."""

BATCH = 5000
"""Mentions of a transaction: no other writer waits for long."""

ALL = -1
"""As SQLite's LIMIT writes it."""

_OF_OWN = """
SELECT DISTINCT m.author_id FROM json_each(:brands) b
CROSS JOIN mention_brands mb ON mb.brand_id = b.value AND mb.own = 1
CROSS JOIN mentions m ON m.id = mb.mention_id
WHERE m.author_id IS NOT NULL"""

_LAST_OF_BATCH = """
SELECT max(id) FROM (SELECT id FROM mentions WHERE author_id = :author AND id > :after ORDER BY id LIMIT :batch)"""

# :reasons has every configured brand's id, with null where the author counts
_CHANGED = """
FROM mentions m
CROSS JOIN mention_brands mb ON mb.mention_id = m.id
CROSS JOIN json_each(:reasons) r ON CAST(r.key AS INTEGER) = mb.brand_id
WHERE m.author_id = :author AND m.id > :after AND m.id <= :last AND mb.excluded_as IS NOT r.value"""

_MARK_DIRTY = f"INSERT OR IGNORE INTO dirty_days SELECT mb.brand_id, mb.day, m.platform {_CHANGED}"

# Whose own a post is decides whether another one can repeat it.
_COMPARE_ANEW = f"""
INSERT INTO duplicate_queue (mention_id) SELECT DISTINCT mb.mention_id {_CHANGED}
ON CONFLICT (mention_id) DO UPDATE SET ticket = ticket + 1"""

_UPDATE = f"""
UPDATE mention_brands SET excluded_as = changed.reason, own = changed.reason IS NOT NULL
FROM (SELECT mb.mention_id, mb.brand_id, r.value AS reason {_CHANGED}) changed
WHERE mention_brands.mention_id = changed.mention_id AND mention_brands.brand_id = changed.brand_id"""  # noqa: S608 - from above


def sync(store: Store, listed: Listed, *, brands: Sequence[str], fingerprint: str) -> None:
    """Have the stored mentions of authors who were put on a list, or taken off one, (not) counted from now on.

    Their days are computed anew. A sync that is cut off begins again the next time. What retention
    has deleted stays in the figures as it was counted.

    Args:
        brands: the configured ones; mentions of others stay as they are.
        fingerprint: of the lists; nothing is done where it is that of the last sync.
    """
    if store.meta("exclusions") == fingerprint:
        return
    ids = _brand_ids(store, brands)
    wanted = _wanted(store, listed)
    marked = {row[0] for row in store.rows(_OF_OWN, {"brands": json.dumps(list(ids.values()))})}
    for author in sorted(wanted.keys() | marked):
        found = wanted.get(author, {})
        reasons = {number: found.get(name) for name, number in ids.items()}
        last: int | None = 0
        while last is not None:
            with store.transaction():
                last = apply(store, author, reasons, after=last, batch=BATCH)
    with store.transaction():
        store.set_meta("exclusions", fingerprint)


def apply(
    store: Store, author: int, reasons: Mapping[int, Exclusion | None], *, after: int = 0, batch: int = ALL
) -> int | None:
    """Bring an author's next mentions in line, within the caller's transaction.

    Args:
        reasons: by brand, why it does not count the author; None: it does.
        after: the mention that was the last one of the batch before.
        batch: so many mentions at most.

    Returns: the last one of this batch; None: there are no more.
    """
    values: dict[str, Any] = {
        "author": author,
        "reasons": json.dumps(reasons),
        "after": after,
        "batch": batch,
    }
    values["last"] = store.value(_LAST_OF_BATCH, values)
    if values["last"] is not None:
        for statement in (_MARK_DIRTY, _COMPARE_ANEW, _UPDATE):
            store.execute(statement, values)
    last: int | None = values["last"]
    return last


def _brand_ids(store: Store, names: Sequence[str]) -> dict[str, int]:
    found = store.rows(
        "SELECT name, id FROM brands WHERE name IN (SELECT value FROM json_each(?))",
        [json.dumps(list(names))],
    )
    return {row["name"]: row["id"] for row in found}


def _wanted(store: Store, listed: Listed) -> dict[int, Mapping[str, Exclusion]]:
    """The authors that a list names, with the brands that do not count them.

    All authors are looked at: how names are compared is for ``listed`` to say.
    """
    authors = store.each("SELECT id, platform, coalesce(handle, name) AS author, url FROM authors")
    found = (
        (one["id"], listed(one["platform"], one["author"], one["url"]))
        for one in authors
        if one["author"] is not None
    )
    return {author: brands for author, brands in found if brands}
