"""What mentions are compared by, which wait for it, and which repeats which."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from storage.daily import mark_dirty
from storage.store import Row, Store

_POST = """
SELECT m.id, unixepoch(m.published_at) AS at, m.platform, m.platform_id, m.parent_id, m.kind, m.url, m.author_id,
  m.title, m.text, m.rating, m.duplicate_of,
  (SELECT group_concat(mb.brand_id) FROM mention_brands mb WHERE mb.mention_id = m.id AND mb.own = 0) AS brands
FROM {ids} CROSS JOIN mentions m ON m.id = {id}"""

_PENDING = _POST.format(
    ids="(SELECT mention_id FROM duplicate_queue ORDER BY mention_id LIMIT ?) q", id="q.mention_id"
)
_THESE = _POST.format(ids="json_each(?) j", id="j.value")

_WANTED = "CREATE TEMP TABLE IF NOT EXISTS wanted (key INTEGER, at INTEGER, mention_id INTEGER, band INTEGER)"

_TABLES = {"likeness_keys": 0, "likeness_bands": 1}
"""And what ``wanted.band`` says of their keys."""

_RELATED = " UNION ".join(
    f"SELECT w.mention_id, k.mention_id FROM wanted w CROSS JOIN {table} k ON k.key = w.key AND {{condition}}"  # noqa: S608
    f" WHERE w.band = {band} AND k.mention_id <> w.mention_id"
    for table, band in _TABLES.items()
)
_ORIGINALS = _RELATED.format(condition="k.copy = 0")
_COPIES = _RELATED.format(condition="k.copy = 1 AND k.at >= w.at")
_WITH_COPIES = " UNION ".join(
    f"SELECT w.mention_id FROM wanted w WHERE w.band = {band} AND EXISTS (SELECT 1 FROM {table} k"  # noqa: S608 - from above
    " WHERE k.key = w.key AND k.copy = 1 AND k.at >= w.at AND k.mention_id <> w.mention_id)"
    for table, band in _TABLES.items()
)


class Post(NamedTuple):
    """What two mentions are compared by, in the order of the query's columns."""

    id: int
    at: int
    """When it was published, in seconds."""
    platform: str
    platform_id: str
    parent_id: str | None
    kind: str
    url: str | None
    author_id: int | None
    title: str | None
    text: str
    rating: float | None
    duplicate_of: int | None
    """Its own id: it repeats what retention has deleted, and is the eldest that is left."""
    brands: frozenset[int]
    """Those whose figures it counts for."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Under what a mention is filed."""

    mention_id: int
    at: int
    hashes: Sequence[int]
    """64 bits, signed; for ever."""
    bands: Sequence[int]
    """Of the MinHash; as long as the mention is recent."""


def waiting(store: Store) -> int:
    return int(store.value("SELECT count(*) FROM duplicate_queue"))


def count(store: Store) -> int:
    """How many mentions repeat another one."""
    return int(store.value("SELECT count(*) FROM mentions WHERE duplicate_of IS NOT NULL"))


def use_rules(store: Store, version: str) -> None:
    """Have everything compared anew where it was compared by other rules; keys of two versions never mix."""
    before = store.meta("likeness")
    if before == version:
        return
    with store.transaction():
        if before is not None:
            _compare_anew(store)
        store.set_meta("likeness", version)


def compare_anew(store: Store) -> None:
    """Let every mention wait."""
    with store.transaction():
        _compare_anew(store)


def _compare_anew(store: Store) -> None:
    store.execute("DELETE FROM likeness_keys")
    store.execute("DELETE FROM likeness_bands")
    store.execute("INSERT OR IGNORE INTO duplicate_queue (mention_id) SELECT id FROM mentions")


def pending(store: Store, limit: int) -> list[Post]:
    """What waits, the first stored first."""
    return [_post(row) for row in store.rows(_PENDING, [limit])]


def get(store: Store, ids: Collection[int]) -> list[Post]:
    return [_post(row) for row in store.rows(_THESE, [json.dumps(list(ids))])]


def _post(row: Row) -> Post:
    *values, brands = row
    return Post._make([*values, frozenset(map(int, brands.split(",")) if brands else ())])


def copies(store: Store, ids: Collection[int]) -> list[int]:
    """The mentions that repeat one of these."""
    found = store.rows(
        "SELECT m.id FROM json_each(?) j CROSS JOIN mentions m ON m.duplicate_of = j.value WHERE m.id <> j.value",
        [json.dumps(list(ids))],
    )
    return [row[0] for row in found]


Sharing = Mapping[int, set[int]]
"""By mention: others that share a key with it."""


def file(store: Store, keys: Sequence[Keys]) -> Sharing:
    """File these mentions as originals under their keys, within the caller's transaction; returns the originals there.

    Bands of former words stay until they expire: who meets there is compared by what the mentions say now.
    """
    ids = json.dumps([one.mention_id for one in keys])
    store.execute("DELETE FROM likeness_keys WHERE mention_id IN (SELECT value FROM json_each(?))", [ids])
    _want(store, keys)
    _insert(store, 0)
    return _pairs(store, _ORIGINALS)


def refile(store: Store, keys: Sequence[Keys], *, copies: bool) -> None:
    """File these mentions as copies instead, or as originals again, within the caller's transaction."""
    _want(store, keys)
    for table, band in _TABLES.items():
        store.execute(
            f"DELETE FROM {table} WHERE (key, copy, at, mention_id) IN"  # noqa: S608 - from above
            " (SELECT key, ?, at, mention_id FROM wanted WHERE band = ?)",
            [int(not copies), band],
        )
    _insert(store, int(copies))


def originals(store: Store, keys: Sequence[Keys]) -> Sharing:
    """The originals that are filed under these keys."""
    _want(store, keys)
    return _pairs(store, _ORIGINALS)


def later_copies(store: Store, keys: Sequence[Keys]) -> Sharing:
    """The copies under these keys that are not older than whose keys they are."""
    _want(store, keys)
    return _pairs(store, _COPIES)


def with_later_copies(store: Store, keys: Sequence[Keys]) -> set[int]:
    """Those of these mentions that have any."""
    _want(store, keys)
    return {row[0] for row in store.rows(_WITH_COPIES)}


def _want(store: Store, keys: Sequence[Keys]) -> None:
    """Put the keys into the temporary table ``wanted``."""
    store.execute(_WANTED)
    store.execute("DELETE FROM wanted")
    rows = [(key, one.at, one.mention_id, 0) for one in keys for key in one.hashes]
    rows += [(key, one.at, one.mention_id, 1) for one in keys for key in one.bands]
    store.executemany("INSERT INTO wanted VALUES (?, ?, ?, ?)", sorted(rows))  # as they stand in the tables


def _insert(store: Store, copy: int) -> None:
    for table, band in _TABLES.items():
        store.execute(
            f"INSERT OR IGNORE INTO {table} SELECT key, ?, at, mention_id FROM wanted WHERE band = ?",  # noqa: S608 - from above
            [copy, band],
        )


def _pairs(store: Store, statement: str) -> Sharing:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in store.rows(statement):
        found[one].add(other)
    return found


def settle(store: Store, done: Collection[int], roots: Mapping[int, int | None]) -> None:
    """Take what is done off the queue and write what repeats what, within the caller's transaction.

    Args:
        roots: by mention, the original that it now repeats; None: it is one itself. All were something else before.
    """
    ids = json.dumps(list(done))
    store.execute("DELETE FROM duplicate_queue WHERE mention_id IN (SELECT value FROM json_each(?))", [ids])
    if not roots:
        return
    changed = json.dumps(list(roots.items()))
    before = store.rows(
        "SELECT duplicate_of FROM json_each(?) j CROSS JOIN mentions m ON m.id = j.value ->> 0", [changed]
    )
    mark_dirty(store, {*roots, *filter(None, roots.values()), *(row[0] for row in before if row[0])})
    store.execute(
        "UPDATE mentions SET duplicate_of = j.value ->> 1 FROM json_each(?) j WHERE mentions.id = j.value ->> 0",
        [changed],
    )


def forget_bands(store: Store, *, before: int, but: tuple[int, int] = (0, 0)) -> None:
    """Delete the bands of mentions published before, except within the seconds of ``but``."""
    with store.transaction():
        store.execute("DELETE FROM likeness_bands WHERE at < ? AND at NOT BETWEEN ? AND ?", [before, *but])
