"""Topics and what mentions say about them: the configured topics, the queue of the topics stage, its readings."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import tries
from storage.daily import forget_topics, mark_dirty
from storage.records import Label, Score, weights
from storage.store import Row, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic as configured; its mentions are looked for in all brands' and shown in those of ``brands``."""

    name: str
    query: str
    brands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model says of a piece of text; no label where it has nothing to say."""

    label: Label | None
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """What a mention says about a topic: the excerpt with the topic's words, and the model's opinion of it."""

    topic: str
    term: str
    excerpt: str
    opinion: Opinion


@dataclass(frozen=True, slots=True)
class Unread:
    """A mention that waits to be searched for topics."""

    id: int
    title: str | None
    text: str
    lang: str | None
    ticket: int
    whole: Opinion | None
    """Of the whole text, where the same model has read it."""
    known: Mapping[str, Opinion]
    """By excerpt: what the same model said when the mention was last read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was found in one mention; ``ticket`` is that of the text that was read."""

    mention_id: int
    ticket: int
    aspects: Sequence[Aspect]


def sync(store: Store, topics: Sequence[Topic], model: str) -> int:
    """Make the tables say what the configuration says; returns how many mentions wait.

    A new topic or a changed query finds all mentions in the queue again, another model those that it has not
    read. A topic that is gone takes its readings along.
    """
    if _stands(store, topics, model):
        return int(store.value("SELECT count(*) FROM topic_queue"))
    with store.transaction():
        before, wanted = _queries(store), {topic.name: topic.query for topic in topics}
        gone = before.keys() - wanted
        store.executemany("DELETE FROM topics WHERE name = ?", ((name,) for name in gone))
        forget_topics(store, gone)
        store.executemany(
            "INSERT INTO topics (name, query) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET query = excluded.query",
            wanted.items() - before.items(),
        )
        store.execute("DELETE FROM topic_brands")
        store.executemany(
            "INSERT INTO topic_brands SELECT t.id, b.id FROM topics t, brands b WHERE t.name = ? AND b.name = ?",
            _pairs(topics),
        )
        if not wanted:
            store.execute("DELETE FROM topic_queue")
            store.execute("DELETE FROM topic_failures")
        elif wanted.items() - before.items():
            store.execute(
                "INSERT INTO topic_queue (mention_id) SELECT id FROM mentions WHERE true"
                " ON CONFLICT (mention_id) DO UPDATE SET ticket = ticket + 1, tries = 0, error = NULL"
            )
            store.execute("DELETE FROM topic_failures")
        _use_model(store, model)
        return int(store.value("SELECT count(*) FROM topic_queue"))


def _stands(store: Store, topics: Sequence[Topic], model: str) -> bool:
    """Whether the tables say all this already; most rounds of the daemon need no write lock."""
    brands = {row["name"] for row in store.rows("SELECT name FROM brands")}
    shown = store.rows(
        "SELECT t.name, b.name FROM topic_brands JOIN topics t ON t.id = topic_id JOIN brands b ON b.id = brand_id"
    )
    return (
        _queries(store) == {topic.name: topic.query for topic in topics}
        and {tuple(row) for row in shown} == {pair for pair in _pairs(topics) if pair[1] in brands}
        and (store.meta("topics model") == model or not topics)
    )


def _queries(store: Store) -> dict[str, str]:
    return {row["name"]: row["query"] for row in store.rows("SELECT name, query FROM topics")}


def _pairs(topics: Iterable[Topic]) -> set[tuple[str, str]]:
    return {(topic.name, brand) for topic in topics for brand in topic.brands}


def _use_model(store: Store, model: str) -> None:
    before = store.meta("topics model")
    if before is None or weights(before) != weights(model):  # other phrase rules are for what comes
        store.execute(
            "INSERT OR IGNORE INTO topic_queue (mention_id) SELECT mention_id FROM aspects WHERE model <> ?",
            [model],
        )
        tries.TOPICS.retry(store)
    if before != model:
        store.set_meta("topics model", model)


def begin(store: Store, model: str, limit: int, now: datetime) -> list[Unread]:
    """What to search next, the last stored first; noted as begun, so that a crash is known of afterwards."""
    ids = tries.TOPICS.begin(store, limit, now)
    found = store.rows(
        "SELECT q.mention_id, m.title, m.text, m.lang, q.ticket, s.p_negative, s.p_neutral, s.p_positive"
        " FROM json_each(?) d CROSS JOIN topic_queue q ON q.mention_id = d.value"
        " CROSS JOIN mentions m ON m.id = q.mention_id"
        " LEFT JOIN sentiment_scores s ON s.mention_id = q.mention_id AND s.model = ? ORDER BY d.key",
        [json.dumps(ids), model],
    )
    return [
        Unread(
            row["mention_id"],
            row["title"],
            row["text"],
            row["lang"],
            row["ticket"],
            _read_whole(row),
            _known(store, model, row["mention_id"]),
        )
        for row in found
    ]


def failed(store: Store, batch: Sequence[Unread], error: str) -> None:
    """Note why the model could not read what these say about topics."""
    tries.TOPICS.failed(store, [one.id for one in batch], error)


def _read_whole(row: Row) -> Opinion | None:
    """What the model said of all of it, as it said it: a tuning is for whole mentions."""
    if row["p_neutral"] is None:
        return None
    score = Score(p_negative=row["p_negative"], p_neutral=row["p_neutral"], p_positive=row["p_positive"])
    return Opinion(score.label, score.value)


def _known(store: Store, model: str, mention_id: int) -> dict[str, Opinion]:
    rows = store.rows(
        "SELECT excerpt, label, score FROM aspects WHERE mention_id = ? AND model = ?", [mention_id, model]
    )
    return {row["excerpt"]: _opinion(row) for row in rows}


def _opinion(row: Row) -> Opinion:
    return Opinion(row["label"] and Label(row["label"]), row["score"])


def add(store: Store, model: str, readings: Iterable[Reading]) -> None:
    """Store a batch of readings in the place of earlier ones and take it off the queue.

    A reading of words that were edited meanwhile is dropped; the mention waits with its new ones. The days of
    mentions that speak, or spoke, of a topic are computed anew.
    """
    changed = []
    with store.transaction():
        for one in readings:
            if not store.execute(
                "DELETE FROM topic_queue WHERE mention_id = ? AND ticket = ?", [one.mention_id, one.ticket]
            ):
                continue
            store.execute("DELETE FROM topic_failures WHERE mention_id = ?", [one.mention_id])
            if store.execute("DELETE FROM aspects WHERE mention_id = ?", [one.mention_id]) or one.aspects:
                changed.append(one.mention_id)
            store.executemany(
                "INSERT INTO aspects SELECT ?, id, ?, ?, ?, ?, ? FROM topics WHERE name = ?",
                (
                    (
                        one.mention_id,
                        aspect.term,
                        aspect.excerpt,
                        model,
                        aspect.opinion.label,
                        aspect.opinion.score,
                        aspect.topic,
                    )
                    for aspect in one.aspects
                ),
            )
        mark_dirty(store, changed)
