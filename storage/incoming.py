"""A page's mentions held against what is known of them, so that only what is new or has changed is written.

The comparison is three queries and plain Python. New mentions get their ids here and go through a temporary table,
since full-text search writes its index once per statement, however many rows the statement has.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from storage import content, exclusions
from storage.content import ANSWER, AUTHOR, COUNTS, RATING, STATE, WORDS
from storage.records import Exclusion, Match, Mention
from storage.store import Row, Store, stamp

Key = tuple[str, str]
"""platform and platform_id."""
_About = Mapping[int, tuple[int, str | None]]
"""The brands of a mention, each with the source that keeps the match, and why it is not counted."""

# What may be different when a mention is seen again: the first columns of this, in the order of content.told.
_KNOWN = """
SELECT m.title, m.text, m.rating, m.author_followers, m.likes, m.shares, m.comments, m.views,
  a.platform_id, a.handle, a.name, a.url, a.followers, m.answered, m.answered_at,
  m.id, m.unmatched_at, m.seen_at < :yesterday OR m.check_at <= :now AS due, m.platform_id AS key
FROM json_each(:keys) k CROSS JOIN mentions m ON m.platform = :platform AND m.platform_id = k.value
LEFT JOIN authors a ON a.id = m.author_id"""
_TOLD, _HERE = slice(15), slice(15, 18)

_BURIED = """
SELECT t.platform_id AS key FROM json_each(:keys) k
CROSS JOIN tombstones t ON t.platform = :platform AND t.platform_id = k.value"""

_ABOUT = """
SELECT mb.mention_id, mb.brand_id, mb.source_id, mb.excluded_as FROM json_each(?) k
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

# What was read in the former words is forgotten, the language that was guessed from them, too.
_REWORD = """
UPDATE mentions SET title = ?, text = ?, lang = ?, edited_at = coalesce(?, edited_at), stance = NULL,
  stance_evidence = NULL, text_key = NULL WHERE id = ?"""

# A count that the platform leaves out this time keeps its last known value.
_RECOUNT = """
UPDATE mentions SET rating = coalesce(?, rating), author_followers = coalesce(?, author_followers),
  likes = coalesce(?, likes), shares = coalesce(?, shares), comments = coalesce(?, comments),
  views = coalesce(?, views), counted_at = ? WHERE id = ?"""

_NAME = """
UPDATE mentions SET author_id = (SELECT a.id FROM authors a WHERE (a.platform, a.platform_id) = (?, ?)) WHERE id = ?"""

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
    named: list[tuple[Any, ...]] = field(default_factory=list)
    """Known, but not from whom."""
    listed: dict[Key, dict[int, Exclusion | None]] = field(default_factory=dict)
    """Authors under whose new name other brands count them than before, or fewer."""
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
        rows = store.rows("SELECT id, name, timezone, active FROM brands")
        self._brands = {row["name"]: (row["id"], ZoneInfo(row["timezone"])) for row in rows}
        self._active = {row["name"]: row["id"] for row in rows if row["active"]}
        self._asked = {self._brands[name][0] for name in brands if name in self._brands}
        self._changes = _Changes()

    def add(self, page: Iterable[Matched]) -> tuple[int, int]:
        """Write what is new or has changed; returns how many mentions are the one and the other."""
        given = {(one.mention.platform, content.storable(one.mention.platform_id)): one for one in page}
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

    def _about(self, known: Iterable[Row]) -> Mapping[int, _About]:
        """The brands of known mentions."""
        about: defaultdict[int, dict[int, tuple[int, str | None]]] = defaultdict(dict)
        ids = [row["id"] for row in known]
        for mention, brand, source, excluded in self._store.rows(_ABOUT, [json.dumps(ids)]) if ids else ():
            about[mention][brand] = source, excluded
        return about

    def _compare(self, one: Matched, known: Row, about: _About) -> None:
        """Note what is different about a known mention."""
        told, (number, unmatched_at, due) = content.told(one.mention), known[_HERE]
        touched = self._rematch(one, number, about)
        if touched:
            self._changes.unlike.append(number)
        if touched or bool(about) is bool(unmatched_at):
            self._changes.moved.append(number)
        if told != known[_TOLD] and (told := content.stored(told)) != known[_TOLD]:
            touched |= self._differ(one, told, known)
            touched |= self._describe(one, told, known, about)
        if touched:
            self._changes.touched.append(number)
        if due:  # within a day nothing is written for a post that only stands there still
            self._changes.seen.append((self._when["now"], one.check_at and stamp(one.check_at), number))

    def _differ(self, one: Matched, told: tuple[Any, ...], known: Row) -> bool:
        """Note which of the columns are different; whether the figures show it."""
        number, changes = known["id"], self._changes
        words = told[WORDS] != known[WORDS]
        counts = content.is_news(told[COUNTS], known[COUNTS])
        state = content.is_news(told[STATE], known[STATE])
        answer = content.answer(told[ANSWER], known[ANSWER])
        if answer != known[ANSWER]:
            changes.answered.append((*answer, number))
        if words:
            edited_at = one.mention.edited_at and stamp(one.mention.edited_at)
            lang = one.mention.lang and content.storable(one.mention.lang)
            changes.reworded.append((*told[WORDS], lang, edited_at, number))
            changes.new_words.append(number)
        if words or content.is_news(told[RATING], known[RATING]):
            changes.unlike.append(number)
        if counts or state:
            changes.recounted.append((*told[STATE], *told[COUNTS], self._when["now"], number))
        if counts:
            changes.new_counts.append(number)
        return words or counts or state or answer != known[ANSWER]

    def _describe(self, one: Matched, told: tuple[Any, ...], known: Row, about: _About) -> bool:
        """Note the author's new name; whether the figures show it."""
        author, number = told[AUTHOR], known["id"]
        if author[0] is None or not content.is_news(author, known[AUTHOR]):
            return False
        platform, changes = one.mention.platform, self._changes
        changes.authors[(platform, *author)] = None
        reasons = {brand: one.own.get(name) for name, brand in self._active.items()}
        if any(reasons.get(brand, excluded) != excluded for brand, (_, excluded) in about.items()):
            changes.listed[platform, author[0]] = reasons
        is_new = known[AUTHOR][0] is None
        if is_new:
            changes.named.append((platform, author[0], number))
            changes.unlike.append(number)
        return is_new

    def _rematch(self, one: Matched, number: int, about: _About) -> bool:
        """Note which brands a known mention is about now and was not, or is no more; whether there are any."""
        wanted = {self._brands[match.brand][0] for match in one.matches}
        if wanted == about.keys():
            return False
        lost = [b for b, (source, _) in about.items() if b in self._asked - wanted and source == self._source]
        self._changes.unmatched += [(number, brand) for brand in lost]
        gained = wanted - about.keys()
        self._match(one, number, gained)
        return bool(gained or lost)

    def _take_in(self, unknown: Iterable[Matched]) -> None:
        """Give new mentions their ids, in the order of their publication."""
        last = self._store.value("SELECT max(id) FROM mentions") or 0
        changes = self._changes
        for number, one in enumerate(sorted(unknown, key=_age), last + 1):
            told = content.stored(content.told(one.mention))
            changes.new_ids.append(number)
            changes.new.append((number, *content.new_row(one.mention, one.check_at), *told[:9]))
            if told[8] is not None:
                changes.authors[(one.mention.platform, *told[AUTHOR])] = None
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
        store.executemany(_NAME, changes.named)
        store.executemany(_SEE, changes.seen)
        store.executemany(_MATCH, changes.matched)
        self._list()
        self._each(_SNAPSHOT, changes.new_ids + changes.new_counts)
        self._each(_MARK_DIRTY, changes.new_ids + changes.touched)  # also the days of brands lost just now
        store.executemany(_UNMATCH, changes.unmatched)
        self._each(_NOTE_UNMATCHED, changes.moved)
        self._queue()

    def _list(self) -> None:
        """What is stored of authors whose new name is on a list, or is no more, counts accordingly."""
        for (platform, platform_id), reasons in self._changes.listed.items():
            author = self._store.value(
                "SELECT id FROM authors WHERE platform = ? AND platform_id = ?", [platform, platform_id]
            )
            exclusions.apply(self._store, author, reasons)

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
