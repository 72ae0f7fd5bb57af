"""What mentions are compared by, which wait for it, and which repeats which."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.daily import mark_dirty
from storage.records import Kind
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

_RELATED = """
SELECT DISTINCT j.value ->> 1, k.mention_id FROM json_each(?) j CROSS JOIN {table} k
ON k.key = j.value ->> 0 AND k.copy = {copy} AND k.at >= {since} WHERE k.mention_id <> j.value ->> 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What two mentions are compared by."""

    id: int
    at: int
    """When it was published, in seconds."""
    platform: str
    platform_id: str
    parent_id: str | None
    kind: Kind
    url: str | None
    author_id: int | None
    title: str | None
    text: str
    rating: float | None
    brands: frozenset[int]
    """Those whose figures it counts for."""
    duplicate_of: int | None
    """Its own id: it repeats what retention has deleted, and is the eldest that is left."""


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
    brands = frozenset(map(int, row["brands"].split(","))) if row["brands"] else frozenset[int]()
    return Post(**{**dict(row), "kind": Kind(row["kind"]), "brands": brands})


def copies(store: Store, ids: Collection[int]) -> list[int]:
    """The mentions that repeat one of these."""
    found = store.rows(
        "SELECT m.id FROM json_each(?) j CROSS JOIN mentions m ON m.duplicate_of = j.value WHERE m.id <> j.value",
        [json.dumps(list(ids))],
    )
    return [row[0] for row in found]


def file(store: Store, keys: Sequence[Keys]) -> None:
    """File these mentions as originals under their keys, and no others; within the caller's transaction."""
    ids = json.dumps([one.mention_id for one in keys])
    for table in ("likeness_keys", "likeness_bands"):
        store.execute(f"DELETE FROM {table} WHERE mention_id IN (SELECT value FROM json_each(?))", [ids])  # noqa: S608
    _insert(store, "likeness_keys", ((key, one.at, one.mention_id) for one in keys for key in one.hashes))
    _insert(store, "likeness_bands", ((key, one.at, one.mention_id) for one in keys for key in one.bands))


def _insert(store: Store, table: str, rows: Iterable[tuple[int, int, int]]) -> None:
    """In the order of the keys, which is that of the table's pages."""
    store.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, 0, ?, ?)", sorted(rows))  # noqa: S608 - from above


def related(store: Store, keys: Sequence[Keys], *, copies: bool) -> Mapping[int, set[int]]:
    """For each the originals that share a key with it, or else the copies that do and are not older."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    since = "j.value ->> 2" if copies else "-9e18"
    for table, rows in (
        ("likeness_keys", [(key, one.mention_id, one.at) for one in keys for key in one.hashes]),
        ("likeness_bands", [(key, one.mention_id, one.at) for one in keys for key in one.bands]),
    ):
        statement = _RELATED.format(table=table, copy=int(copies), since=since)
        for one, other in store.rows(statement, [json.dumps(rows)]):
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


def flag(store: Store, copies: Collection[int], originals: Collection[int]) -> None:
    """Say in the files which of these mentions are copies, within the caller's transaction."""
    for ids, copy in ((copies, 1), (originals, 0)):
        for table in ("likeness_keys", "likeness_bands"):
            store.execute(
                f"UPDATE {table} SET copy = ? WHERE mention_id IN (SELECT value FROM json_each(?)) AND copy <> ?",  # noqa: S608 - from above
                [copy, json.dumps(list(ids)), copy],
            )


def forget_bands(store: Store, *, before: int, but: tuple[int, int] = (0, 0)) -> None:
    """Delete the bands of mentions published before, except within the seconds of ``but``."""
    with store.transaction():
        store.execute("DELETE FROM likeness_bands WHERE at < ? AND at NOT BETWEEN ? AND ?", [before, *but])
