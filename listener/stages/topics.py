"""Topics: find the configured topics in every waiting mention and score what it says about each."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from listener.aspects import Finder, Passage
from listener.config import Config
from sentiment import language
from sentiment.base import Scorer
from storage import topics as queue
from storage.store import Store
from storage.topics import Aspect, Opinion, Reading, Topic, Unread

BATCH = 256
"""Mentions in one transaction."""


def topics(
    store: Store,
    config: Config,
    scorer: Scorer,
    *,
    stop: threading.Event | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Work the queue off; returns how many mentions were searched. It follows the score stage.

    A changed topic is looked for in all mentions; what the model has read before is not read again. What the
    model raises is raised here, too; the texts in hand then wait to be read in smaller batches, and one that
    fails alone is put aside.

    Args:
        stop: when set, the batch in hand is finished.
        progress: called with (done, total) after every batch.
    """
    total, done = queue.sync(store, _configured(config), scorer.name), 0
    if not total:
        return 0
    finder = Finder(config.topics)
    while batch := queue.begin(store, scorer.name, BATCH, datetime.now(UTC)):
        try:
            readings = read(finder, scorer, batch)
        except Exception as error:
            queue.failed(store, batch, f"{type(error).__name__}: {error}")
            raise
        queue.add(store, scorer.name, readings)
        done += len(batch)
        progress(done, max(total, done))
        if stop is not None and stop.is_set():
            break
    return done


def _configured(config: Config) -> list[Topic]:
    brands = tuple(brand.name for brand in config.file.brands)
    return [
        Topic(name=topic.name, query=topic.text, brands=topic.brands or brands)
        for topic in config.file.topics
    ]


def read(finder: Finder, scorer: Scorer, batch: Sequence[Unread]) -> list[Reading]:
    """What the mentions say about the topics, each different excerpt scored once."""
    found = [(one, passage) for one in batch for passage in finder.find(one.title, one.text)]
    opinions = {(one.id, passage.excerpt): _known(one, passage) for one, passage in found}
    unknown = {key: one for one, passage in found if opinions[key := (one.id, passage.excerpt)] is None}
    texts = [excerpt for _, excerpt in unknown]
    langs = [language.detect(one.text, one.lang) for one in unknown.values()]
    for key, score in zip(unknown, scorer.score(texts, langs) if texts else (), strict=True):
        opinions[key] = Opinion(score.label, score.value) if score else Opinion(None, None)
    aspects: dict[int, list[Aspect]] = {one.id: [] for one in batch}
    for one, passage in found:
        opinion = opinions[one.id, passage.excerpt] or Opinion(None, None)
        aspects[one.id].append(
            Aspect(topic=passage.topic, term=passage.term, excerpt=passage.excerpt, opinion=opinion)
        )
    return [Reading(one.id, one.ticket, aspects[one.id]) for one in batch]


def _known(mention: Unread, passage: Passage) -> Opinion | None:
    """What the model has said of these words already, be it of the whole mention."""
    return mention.known.get(passage.excerpt) or (mention.whole if passage.is_whole else None)
