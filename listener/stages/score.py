"""Score: give every waiting mention its language, sentiment and stance, the newest first."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from listener.config import Config
from sentiment import language, stance
from sentiment.base import Scorer, load
from storage import scores
from storage.scores import Reading, Unscored
from storage.store import Store

BATCH = 256
"""Mentions a transaction; what a kill can cost is one batch's work, never a score."""


def load_scorer(config: Config) -> Scorer:
    """The configured model; raises ``ModelError`` where it cannot be loaded."""
    section = config.file.sentiment
    return load(
        config.model,
        labels=section.labels,
        languages=section.languages,
        placeholders=section.placeholders,
        batch_tokens=section.batch_tokens,
        device=section.device,
        threads=section.threads,
    )


def score(
    store: Store,
    scorer: Scorer,
    *,
    stop: threading.Event | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Work the queue off; returns how many mentions were read.

    Args:
        stop: when set, the batch in hand is finished.
        progress: called with (done, total) after every batch.
    """
    total = scores.use_model(store, scorer.name)
    done = 0
    while total and (batch := scores.pending(store, BATCH)):
        scores.add(store, scorer.name, read(scorer, batch), datetime.now(UTC))
        done += len(batch)
        progress(done, max(total, done))
        if stop is not None and stop.is_set():
            break
    return done


def read(scorer: Scorer, batch: Sequence[Unscored]) -> list[Reading]:
    """What the texts say: the title and the text are read together."""
    texts = ["\n".join(part for part in (one.title, one.text) if part) for one in batch]
    langs = [language.detect(text, one.lang) for one, text in zip(batch, texts, strict=True)]
    return [
        Reading(one.id, lang, found, stance.read(text, one.rating), ticket=one.ticket)
        for one, text, lang, found in zip(batch, texts, langs, scorer.score(texts, langs), strict=True)
    ]
