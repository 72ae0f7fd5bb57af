"""Score: give every waiting mention its language, sentiment and stance, the newest first.

A text that says what another one said is not read again.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b

from listener.config import Config
from sentiment import language, stance
from sentiment.base import Scorer, load
from sentiment.rules import PhraseRules, Reworded
from storage import scores, tunings
from storage.scores import Reading, Unscored
from storage.store import Store

BATCH = 256
"""Mentions a transaction; what a kill can cost is one batch's work, never a score."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SHARED = re.compile(r"^rt @[\w.@-]+: ")
"""How a post begins that repeats another one."""


def load_scorer(config: Config) -> Scorer:
    """The configured model behind the phrase rules; raises ``ModelError`` where it cannot be loaded."""
    section = config.file.sentiment
    scorer = load(
        config.model,
        labels=section.labels,
        languages=section.languages,
        placeholders=section.placeholders,
        batch_tokens=section.batch_tokens,
        device=section.device,
        threads=section.threads,
    )
    return Reworded(scorer, PhraseRules(section.rules)) if section.rules else scorer


def score(
    store: Store,
    scorer: Scorer,
    *,
    stop: threading.Event | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Work the queue off; returns how many mentions were read.

    What the model raises is raised here, too; the texts in hand then wait to be read in smaller batches, and
    one that fails alone is put aside.

    Args:
        stop: when set, the batch in hand is finished.
        progress: called with (done, total) after every batch.
    """
    tunings.carry_out(store)
    total = scores.use_model(store, scorer.name)
    done = 0
    while total and (batch := scores.begin(store, BATCH, datetime.now(UTC))):
        try:
            readings = read(store, scorer, batch)
        except Exception as error:
            scores.failed(store, batch, f"{type(error).__name__}: {error}")
            raise
        scores.add(store, scorer.name, readings, datetime.now(UTC))
        done += len(batch)
        progress(done, max(total, done))
        if stop is not None and stop.is_set():
            break
    return done


def read(store: Store, scorer: Scorer, batch: Sequence[Unscored]) -> list[Reading]:
    """What the texts say: the title and the text are read together, and of several that say the same one."""
    texts = ["\n".join(part for part in (one.title, one.text) if part) for one in batch]
    langs = [language.detect(text, one.lang) for one, text in zip(batch, texts, strict=True)]
    keys = [key_of(text, lang) for text, lang in zip(texts, langs, strict=True)]
    said = scores.known(store, scorer.name, {key for key in keys if key})
    unread = {key or place: place for place, key in reversed([*enumerate(keys)]) if key not in said}
    found = scorer.score([texts[one] for one in unread.values()], [langs[one] for one in unread.values()])
    opinions = dict(said) | dict(zip(unread, found, strict=True))
    return [
        Reading(
            one.id, lang, opinions[key or place], stance.read(text, one.rating), ticket=one.ticket, key=key
        )
        for place, (one, text, lang, key) in enumerate(zip(batch, texts, langs, keys, strict=True))
    ]


def key_of(text: str, lang: str) -> str | None:
    """The same for texts that say the same in one language, None where nothing is said.

    Neither case nor spaces nor the addresses in a text change what is said, nor does repeating another's post
    (``RT @who:``). Everything else does: a text with one word more is another text.
    """
    words = " ".join(_ADDRESS.sub(" ", unicodedata.normalize("NFKC", text)).casefold().split())
    said = _SHARED.sub("", words)
    return blake2b(f"{lang}\n{said}".encode(), digest_size=16).hexdigest() if said else None
