"""Group: find for every waiting mention the original that it repeats.

A mention repeats the eldest original before it that it is like; what repeats nothing is an original. That depends on
what there is, not on the order in which it came: whatever a change makes of a mention, those after it are looked at
again.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush, nsmallest
from itertools import count

from listener.likeness import VERSION, WINDOW, Likeness, keys_of, repeats
from storage import duplicates
from storage.duplicates import Keys, Sharing
from storage.store import Store

BATCH = 500
"""Mentions in one transaction."""
HOLD = 10.0
"""Seconds after which a transaction is given up and begun again with fewer mentions: other writers wait for it."""
MOST = 200
"""Originals that a mention is compared with, the eldest of those under its keys."""
FORGET_EVERY = 100
"""Batches after which the bands of other days are deleted."""


def group(
    store: Store,
    *,
    now: datetime,
    stop: threading.Event | None = None,
    longest: float | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Work the queue off; returns how many mentions were compared.

    Args:
        stop: when set, the batch in hand is finished.
        longest: seconds, after which the rest is left for the next time.
        progress: called with (done, total) after every batch.
    """
    duplicates.use_rules(store, VERSION)
    deadline = None if longest is None else time.monotonic() + longest
    total, done, recent = duplicates.waiting(store), 0, int(now.timestamp()) - 2 * WINDOW
    size = BATCH
    for number in count(1):
        try:
            batch = _group_batch(store, size)
        except _TooLongError:
            size = max(1, size // 10)
            continue
        size, done = min(BATCH, 2 * size), done + len(batch)
        if not batch or (stop is not None and stop.is_set()):
            break
        progress(done, max(total, done))
        if number % FORGET_EVERY == 0:
            duplicates.forget_bands(store, before=recent, but=(min(batch) - WINDOW, max(batch) + WINDOW))
        if deadline is not None and time.monotonic() > deadline:
            break
    if done >= BATCH or store.is_due("forget bands", every=timedelta(days=1), now=now):
        duplicates.forget_bands(store, before=recent)
        store.done("forget bands", now)
    return done


def _group_batch(store: Store, size: int) -> list[int]:
    """Group the next mentions; returns when they were published. Raises ``_TooLongError`` and changes nothing."""
    with store.transaction():
        batch = [Likeness(post) for post in duplicates.pending(store, size)]
        if batch:
            until = time.monotonic() + HOLD if len(batch) > 1 else None
            _Wave(store, batch).run(until)
    return [one.post.at for one in batch]


class _TooLongError(Exception):
    """A batch keeps other writers waiting."""


class _Wave:
    """What a batch changes, from the eldest mention to the latest: each is decided on when all before it are.

    Of thousands of copies of one text only the original looks at all the others; a copy looks at originals.
    """

    def __init__(self, store: Store, batch: Sequence[Likeness]) -> None:
        self._store = store
        self._batch = {one.post.id for one in batch}
        self._known = {one.post.id: one for one in batch}
        self._roots = {one.post.id: one.post.duplicate_of for one in batch}
        self._queue: list[tuple[int, int]] = []
        self._queued: set[int] = set()
        self._originals: dict[int, set[int]] = {}
        """By mention: originals that share a key with it, older or later."""
        self._copies: dict[int, set[int]] = {}
        """By mention: later copies that share a key with it."""
        self._offered: dict[int, set[int]] = {}
        """By mention: what has become an original in this wave, and is like it."""

    def run(self, until: float | None) -> None:
        """Decide on all that the batch concerns, and write it; raises ``_TooLongError`` after the time given."""
        keys = keys_of([*self._known.values()])
        self._note(self._originals, self._batch, duplicates.file(self._store, keys))
        self._look_ahead(keys)
        self._push(self._batch)
        self._push(duplicates.copies(self._store, self._batch))
        while self._queue:
            if until is not None and time.monotonic() > until:
                raise _TooLongError
            _, mention = heappop(self._queue)
            self._decide(mention)
        self._write()

    def _look_ahead(self, keys: Sequence[Keys]) -> None:
        """Note the later copies of those that are originals for sure, and of whom there are none."""
        first = [one for one in keys if not self._older(one.mention_id)]
        self._note(
            self._copies, (one.mention_id for one in first), duplicates.later_copies(self._store, first)
        )
        rest = {one.mention_id for one in keys} - self._copies.keys()
        met = duplicates.with_later_copies(self._store, [one for one in keys if one.mention_id in rest])
        self._copies |= {mention: set() for mention in rest - met}

    def _note(self, where: dict[int, set[int]], mentions: Iterable[int], found: Sharing) -> None:
        """Load and note what shares a key with these."""
        self._load({other for others in found.values() for other in others})
        there = self._known.keys()  # a band may outlive its mention
        for mention in mentions:
            where[mention] = found.get(mention, set()) & there

    def _load(self, mentions: Collection[int]) -> None:
        for post in duplicates.get(self._store, set(mentions) - self._known.keys()):
            self._known[post.id] = Likeness(post)
            self._roots[post.id] = post.duplicate_of

    def _push(self, mentions: Collection[int]) -> None:
        new = set(mentions) - self._queued
        self._load(new)
        self._queued |= new
        for mention in new:
            heappush(self._queue, self._age(mention))

    def _age(self, mention: int) -> tuple[int, int]:
        return self._known[mention].post.at, mention

    def _older(self, mention: int) -> list[tuple[int, int]]:
        """The originals before a mention that are, or were, under its keys, the eldest first."""
        around = self._originals[mention] | self._offered.get(mention, set())
        return nsmallest(MOST, (age for one in around if (age := self._age(one)) < self._age(mention)))

    def _decide(self, mention: int) -> None:
        before = self._roots[mention]
        root = None if mention in self._batch else self._soon_found(mention, before)
        if root is None:
            root = self._eldest(mention, before)
        self._roots[mention] = root
        was_original, is_original = before in (None, mention), root in (None, mention)
        if is_original and (mention in self._batch or not was_original):
            self._offer(mention)
        elif was_original and not is_original and mention not in self._batch:
            self._push(duplicates.copies(self._store, [mention]))

    def _soon_found(self, mention: int, before: int | None) -> int | None:
        """The eldest original that a mention repeats, where it is the one that it repeated, or one that was offered.

        None where it may be another: what was its original repeats an elder one now, or says something else.
        """
        candidates = self._offered.get(mention, set())
        if before not in (None, mention):
            self._load([before])
            candidates = candidates | {before}
        for age, one in sorted(self._age(one) for one in candidates):
            if before not in (None, mention) and (age, one) > self._age(before):
                return None
            if self._repeats(mention, one):
                return one
        return None

    def _eldest(self, mention: int, before: int | None) -> int | None:
        """The eldest original that a mention repeats, among all that share a key with it."""
        if mention not in self._originals:
            keys = keys_of([self._known[mention]])
            self._note(self._originals, [mention], duplicates.originals(self._store, keys))
        for _, one in self._older(mention):
            if self._repeats(mention, one):
                return one
        return mention if before == mention else None

    def _repeats(self, mention: int, original: int) -> bool:
        return self._roots[original] in (None, original) and repeats(
            self._known[mention], self._known[original]
        )

    def _offer(self, original: int) -> None:
        """Have looked at again what is later and repeats what is an original now."""
        if original not in self._copies:
            keys = keys_of([self._known[original]])
            self._note(self._copies, [original], duplicates.later_copies(self._store, keys))
        for one in self._originals[original] | self._copies[original]:
            if self._age(one) > self._age(original) and repeats(self._known[one], self._known[original]):
                self._offered.setdefault(one, set()).add(original)
                self._push([one])

    def _write(self) -> None:
        changed = {
            one: self._roots[one]
            for one in self._queued
            if self._roots[one] != self._known[one].post.duplicate_of
        }
        duplicates.settle(self._store, self._batch, changed)
        copies = {one for one in self._batch | changed.keys() if self._roots[one] not in (None, one)}
        duplicates.refile(self._store, self._keys_of(copies), copies=True)
        duplicates.refile(self._store, self._keys_of(changed.keys() - copies - self._batch), copies=False)

    def _keys_of(self, mentions: Collection[int]) -> list[Keys]:
        return keys_of([self._known[one] for one in mentions])
