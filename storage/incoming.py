"""A page's mentions held against what is known of them, so that only what is new or has changed is written.

The comparison is three queries and plain Python. New mentions get their ids here and go through a temporary table,
since full-text search writes its index once per statement, however many rows the statement has.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from storage.records import Author, Exclusion, Match, Mention
from storage.store import Row, Store, stamp

Key = tuple[str, str]
"""platform and platform_id."""
_NOBODY = Author(platform_id="-")

# What may be different when a mention is seen again: the first columns of this, in the order of _told.
_KNOWN = """
SELECT m.title, m.text, m.rating, m.author_followers, m.likes, m.shares, m.comments, m.views,
  a.platform_id, a.handle, a.name, a.url, a.followers, m.answered, m.answered_at,
  m.id, m.unmatched_at, m.seen_at < :yesterday OR m.check_at <= :now AS due, m.platform_id AS key
FROM json_each(:keys) k CROSS JOIN mentions m ON m.platform = :platform AND m.platform_id = k.value
LEFT JOIN authors a ON a.id = m.author_id"""
_WORDS, _STATE, _COUNTS, _AUTHOR = slice(2), slice(2, 4), slice(4, 8), slice(8, 13)
_ANSWER, _TOLD, _HERE = slice(13, 15), slice(15), slice(15, 18)
_RATING = slice(2, 3)

_BURIED = """
SELECT t.platform_id AS key FROM json_each(:keys) k
CROSS JOIN tombstones t ON t.platform = :platform AND t.platform_id = k.value"""

_ABOUT = """
SELECT mb.mention_id, mb.brand_id, mb.source_id FROM json_each(?) k
CROSS JOIN mention_brands mb ON mb.mention_id = k.value"""

_AUTHORS = """
INSERT INTO authors (platform, platform_id, handle, name, url, followers) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (platform, platform_id) DO UPDATE SET
  handle = coalesce(excluded.handle, handle), name = coalesce(excluded.name, name),
  url = coalesce(excluded.url, url), followers = coalesce(excluded.followers, followers)"""

_INCOMING = """
CREATE TEMP TABLE IF NOT EXISTS incoming (
  id, platform, platform_id, kind, parent_id, thread_id, url, lang, published_at, edited_at, check_at, answered,
  answered_at, title, text, rating, author_followers, likes, shares, comments, views, author
)"""

_FILL = "INSERT INTO incoming VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

_INSERT = """
INSERT INTO mentions (
  id, platform, platform_id, kind, parent_id, thread_id, url, lang, published_at, edited_at, check_at, answered,
  answered_at, title, text, rating, author_followers, likes, shares, comments, views, author_id, fetched_at, counted_at,
  seen_at)
SELECT i.id, i.platform, i.platform_id, i.kind, i.parent_id, i.thread_id, i.url, i.lang, i.published_at, i.edited_at,
  i.check_at, i.answered, i.answered_at, i.title, i.text, i.rating, i.author_followers, i.likes,
  i.shares, i.comments, i.views, a.id, :now, :now, :now
FROM incoming i LEFT JOIN authors a ON (a.platform, a.platform_id) = (i.platform, i.author)"""

_REWORD = "UPDATE mentions SET title = ?, text = ?, edited_at = coalesce(?, edited_at) WHERE id = ?"

# A count that the platform leaves out this time keeps its last known value.
_RECOUNT = """
UPDATE mentions SET rating = coalesce(?, rating), author_followers = coalesce(?, author_followers),
  likes = coalesce(?, likes), shares = coalesce(?, shares), comments = coalesce(?, comments),
  views = coalesce(?, views), counted_at = ? WHERE id = ?"""

_SET_ANSWER = "UPDATE mentions SET answered = ?, answered_at = ? WHERE id = ?"

_SNAPSHOT = """
INSERT OR REPLACE INTO engagement_snapshots
SELECT m.id, :now, m.likes, m.shares, m.comments, m.views FROM json_each(:ids) k CROSS JOIN mentions m ON m.id = k.value
WHERE coalesce(m.likes, m.shares, m.comments, m.views) IS NOT NULL"""

_SEE = "UPDATE mentions SET seen_at = ?, check_at = ? WHERE id = ?"

# The first source to see a match keeps it.
_MATCH = """
INSERT INTO mention_brands (mention_id, brand_id, source_id, term, day, hour, own, excluded_as)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""

_UNMATCH = "DELETE FROM mention_brands WHERE mention_id = ? AND brand_id = ?"

_NOTE_UNMATCHED = """
UPDATE mentions SET unmatched_at = CASE
  WHEN EXISTS (SELECT 1 FROM mention_brands mb WHERE mb.mention_id = mentions.id) THEN NULL
  ELSE coalesce(unmatched_at, :now) END
WHERE id IN (SELECT value FROM json_each(:ids))"""

_MARK_DIRTY = """
INSERT OR IGNORE INTO dirty_days
SELECT mb.brand_id, mb.day, m.platform FROM json_each(:ids) k
CROSS JOIN mention_brands mb ON mb.mention_id = k.value CROSS JOIN mentions m ON m.id = k.value"""

_FORGET_READINGS = """
DELETE FROM sentiment_scores WHERE model <> 'human' AND mention_id IN (SELECT value FROM json_each(:ids))"""

_FORGET_ASPECTS = "DELETE FROM aspects WHERE mention_id IN (SELECT value FROM json_each(:ids))"

# Whose original retention has deleted says so by its own id; in other words it is a mention like any other.
_SPEAKS_FOR_ITSELF = """
UPDATE mentions SET duplicate_of = NULL WHERE id IN (SELECT value FROM json_each(:ids)) AND duplicate_of = id"""

_QUEUE = """
INSERT INTO {queue} (mention_id) SELECT value FROM json_each(:ids) WHERE true
ON CONFLICT (mention_id) DO UPDATE SET ticket = ticket + 1"""


@dataclass(frozen=True, slots=True)
class Matched:
    """A mention with the brands it is about; without one it is stored only if it was known before."""

    mention: Mention
    matches: Sequence[Match]
    own: Mapping[str, Exclusion] = field(default_factory=dict)
    """The brands that keep it but do not count it, and why."""
    check_at: datetime | None = None
    """When its counts are to be read again; None: no more."""


@dataclass(slots=True)
class _Changes:
    """What is to be written: rows in the order of their statements' placeholders, and ids of mentions."""

    authors: dict[tuple[Any, ...], None] = field(default_factory=dict)
    """Of new mentions, and those that are described otherwise; a set that keeps its order."""
    new: list[tuple[Any, ...]] = field(default_factory=list)
    reworded: list[tuple[Any, ...]] = field(default_factory=list)
    recounted: list[tuple[Any, ...]] = field(default_factory=list)
    answered: list[tuple[Any, ...]] = field(default_factory=list)
    seen: list[tuple[Any, ...]] = field(default_factory=list)
    matched: list[tuple[Any, ...]] = field(default_factory=list)
    unmatched: list[tuple[int, int]] = field(default_factory=list)
    new_ids: list[int] = field(default_factory=list)
    new_words: list[int] = field(default_factory=list)
    new_counts: list[int] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    """Known, and different in anything that the figures show."""
    moved: list[int] = field(default_factory=list)
    """Known, and perhaps about no brand any more, or about one again."""
    unlike: list[int] = field(default_factory=list)
    """Known, and to be compared with others anew: other words, stars or brands."""


class Incoming:
    """A page's mentions on their way into the database, within the caller's transaction."""

    def __init__(self, store: Store, source_id: int, brands: Sequence[str], now: datetime) -> None:
        self._store = store
        self._source = source_id
        self._when = {"now": stamp(now), "yesterday": stamp(now - timedelta(days=1))}
        rows = store.rows("SELECT id, name, timezone FROM brands")
        self._brands = {row["name"]: (row["id"], ZoneInfo(row["timezone"])) for row in rows}
        self._asked = {self._brands[name][0] for name in brands if name in self._brands}
        self._changes = _Changes()

    def add(self, page: Iterable[Matched]) -> tuple[int, int]:
        """Write what is new or has changed; returns how many mentions are the one and the other."""
        given = {(one.mention.platform, storable(one.mention.platform_id)): one for one in page}
        known = self._look_up(_KNOWN, given)
        about = self._about(known.values())
        for key, row in known.items():
            self._compare(given[key], row, about.get(row["id"], {}))
        unknown = [key for key, one in given.items() if one.matches and key not in known]
        if unknown:
            buried = self._look_up(_BURIED, unknown)
            self._take_in(given[key] for key in unknown if key not in buried)
        self._write()
        return len(self._changes.new), len(self._changes.touched)

    def _look_up(self, sql: str, keys: Iterable[Key]) -> dict[Key, Row]:
        ids: dict[str, list[str]] = {}
        for platform, platform_id in keys:
            ids.setdefault(platform, []).append(platform_id)
        return {
            (platform, row[-1]): row
            for platform, some in ids.items()
            for row in self._store.rows(sql, self._when | {"platform": platform, "keys": json.dumps(some)})
        }

    def _about(self, known: Iterable[Row]) -> dict[int, dict[int, int]]:
        """The brands of known mentions, each with the source that keeps the match."""
        about: dict[int, dict[int, int]] = {}
        ids = [row["id"] for row in known]
        for mention, brand, source in self._store.rows(_ABOUT, [json.dumps(ids)]) if ids else ():
            about.setdefault(mention, {})[brand] = source
        return about

    def _compare(self, one: Matched, known: Row, about: Mapping[int, int]) -> None:
        """Note what is different about a known mention."""
        told, (number, unmatched_at, due) = _told(one.mention), known[_HERE]
        touched = self._rematch(one, number, about)
        if touched:
            self._changes.unlike.append(number)
        if touched or bool(about) is bool(unmatched_at):
            self._changes.moved.append(number)
        if told != known[_TOLD] and (told := _stored(told)) != known[_TOLD]:
            touched |= self._differ(one, told, known)
        if touched:
            self._changes.touched.append(number)
        if due:  # within a day nothing is written for a post that only stands there still
            self._changes.seen.append((self._when["now"], one.check_at and stamp(one.check_at), number))

    def _differ(self, one: Matched, told: tuple[Any, ...], known: Row) -> bool:
        """Note which of the columns are different; whether the figures show it."""
        number, changes = known["id"], self._changes
        words = told[_WORDS] != known[_WORDS]
        counts = _news(told[_COUNTS], known[_COUNTS])
        state = _news(told[_STATE], known[_STATE])
        answer = _answer(told[_ANSWER], known[_ANSWER])
        if answer != known[_ANSWER]:
            changes.answered.append((*answer, number))
        if words:
            edited_at = one.mention.edited_at and stamp(one.mention.edited_at)
            changes.reworded.append((*told[_WORDS], edited_at, number))
            changes.new_words.append(number)
        if words or _news(told[_RATING], known[_RATING]):
            changes.unlike.append(number)
        if counts or state:
            changes.recounted.append((*told[_STATE], *told[_COUNTS], self._when["now"], number))
        if counts:
            changes.new_counts.append(number)
        if told[8] is not None and _news(told[_AUTHOR], known[_AUTHOR]):
            changes.authors[(one.mention.platform, *told[_AUTHOR])] = None
        return words or counts or state or answer != known[_ANSWER]

    def _rematch(self, one: Matched, number: int, about: Mapping[int, int]) -> bool:
        """Note which brands a known mention is about now and was not, or is no more; whether there are any."""
        wanted = {self._brands[match.brand][0] for match in one.matches}
        if wanted == about.keys():
            return False
        lost = [b for b, source in about.items() if b in self._asked - wanted and source == self._source]
        self._changes.unmatched += [(number, brand) for brand in lost]
        gained = wanted - about.keys()
        self._match(one, number, gained)
        return bool(gained or lost)

    def _take_in(self, unknown: Iterable[Matched]) -> None:
        """Give new mentions their ids, in the order of their publication."""
        last = self._store.value("SELECT max(id) FROM mentions") or 0
        changes = self._changes
        for number, one in enumerate(sorted(unknown, key=_age), last + 1):
            told = _stored(_told(one.mention))
            changes.new_ids.append(number)
            changes.new.append((number, *_stays(one), *told[:9]))
            if told[8] is not None:
                changes.authors[(one.mention.platform, *told[_AUTHOR])] = None
            self._match(one, number)

    def _match(self, one: Matched, number: int, only: AbstractSet[int] | None = None) -> None:
        """Note the brands that a mention is about, by the brands' local days."""
        for brand, term in {match.brand: match.term for match in one.matches}.items():
            brand_id, zone = self._brands[brand]
            if only is None or brand_id in only:
                local, reason = one.mention.published_at.astimezone(zone), one.own.get(brand)
                day = local.isoformat()[:10]
                self._changes.matched.append(
                    (number, brand_id, self._source, term, day, local.hour, reason is not None, reason)
                )

    def _write(self) -> None:
        changes, store = self._changes, self._store
        store.executemany(_AUTHORS, changes.authors)
        if changes.new:
            store.execute(_INCOMING)
            store.executemany(_FILL, changes.new)
            store.execute(_INSERT, self._when)
            store.execute("DELETE FROM incoming")
        store.executemany(_REWORD, changes.reworded)
        store.executemany(_RECOUNT, changes.recounted)
        store.executemany(_SET_ANSWER, changes.answered)
        store.executemany(_SEE, changes.seen)
        store.executemany(_MATCH, changes.matched)
        self._each(_SNAPSHOT, changes.new_ids + changes.new_counts)
        self._each(_MARK_DIRTY, changes.new_ids + changes.touched)  # also the days of brands lost just now
        store.executemany(_UNMATCH, changes.unmatched)
        self._each(_NOTE_UNMATCHED, changes.moved)
        self._queue()

    def _queue(self) -> None:
        """New and reworded texts wait to be read; what was read in the old words goes, except by people."""
        self._each(_FORGET_READINGS, self._changes.new_words)
        self._each(_FORGET_ASPECTS, self._changes.new_words)
        texts = self._changes.new_ids + self._changes.new_words
        self._each(_QUEUE.format(queue="score_queue"), texts)
        self._each(_SPEAKS_FOR_ITSELF, self._changes.unlike)
        self._each(_QUEUE.format(queue="duplicate_queue"), self._changes.new_ids + self._changes.unlike)
        if texts and self._store.value("SELECT EXISTS (SELECT 1 FROM topics)"):
            self._each(_QUEUE.format(queue="topic_queue"), texts)

    def _each(self, sql: str, ids: Sequence[int]) -> None:
        """Run a statement for all these mentions, if there are any."""
        if ids:
            self._store.execute(sql, {"ids": json.dumps(ids), "now": self._when["now"]})


def _age(one: Matched) -> tuple[datetime, str]:
    return one.mention.published_at, one.mention.platform_id


def _told(mention: Mention) -> tuple[Any, ...]:
    """What may be different when the mention is seen again, in the order of ``_KNOWN``; not ``_stored`` yet, since
    most is as it was.
    """
    author, counts = mention.author or _NOBODY, mention.engagement
    return (
        mention.title,
        mention.text,
        mention.rating,
        author.followers,
        counts.likes,
        counts.shares,
        counts.comments,
        counts.views,
        mention.author and author.platform_id,
        author.handle,
        author.name,
        author.url,
        author.followers,
        mention.answered,
        mention.answered_at and stamp(mention.answered_at),
    )


def _stays(one: Matched) -> tuple[Any, ...]:
    """What is written when the mention is new, in the order of ``incoming``."""
    mention = one.mention
    return (
        mention.platform,
        storable(mention.platform_id),
        str(mention.kind),
        mention.parent_id and storable(mention.parent_id),
        mention.thread_id and storable(mention.thread_id),
        mention.url and storable(mention.url),
        mention.lang and storable(mention.lang),
        stamp(mention.published_at),
        mention.edited_at and stamp(mention.edited_at),
        one.check_at and stamp(one.check_at),
        mention.answered,
        mention.answered_at and stamp(mention.answered_at),
    )


def _news(told: Iterable[Any], known: Iterable[Any]) -> bool:
    """Whether anything is told that is not what is known; nothing told is no news."""
    return any(new is not None and new != old for new, old in zip(told, known, strict=True))


def _answer(told: tuple[Any, Any], known: tuple[Any, Any]) -> tuple[Any, Any]:
    """Whether and when the business answered: the first answer counts, one that was withdrawn does not."""
    answered, answered_at = told
    if answered is None:
        return known
    return (1, known[1] or answered_at) if answered else (0, None)


def _stored(told: tuple[Any, ...]) -> tuple[Any, ...]:
    """As SQLite keeps it."""
    return tuple([storable(one) if type(one) is str else one for one in told])


def storable(text: str) -> str:
    """Without what SQLite cannot keep as text: null bytes and halves of surrogate pairs."""
    if text.isascii() and "\0" not in text:  # most are: ids, names, addresses
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode()
