"""``listener.scoring_child`` with a model to be killed at: small batches, and words that it cannot bear.

    POISON="words" LOITER=0.05 python -m tests.scoring_child CONFIG

A text with the word ``segfault`` ends the process; every batch takes ``LOITER`` seconds more.
"""

import os
import time
from collections.abc import Sequence

from listener import scoring_child
from listener.config import Config
from listener.stages import score, topics
from sentiment.base import Scorer
from storage.records import Score

score.BATCH = 20
topics.BATCH = 20
real = scoring_child.load_scorer


class Fragile:
    """The configured model, with a flaw."""

    def __init__(self, sound: Scorer) -> None:
        self.sound, self.name = sound, sound.name

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:
        time.sleep(float(os.environ.get("LOITER", "0")))
        if any("segfault" in text for text in texts):
            os.abort()
        if any("zerodivision" in text for text in texts):
            raise ZeroDivisionError("oops")
        return self.sound.score(texts, langs)


def fragile(config: Config) -> Scorer:
    return Fragile(real(config))


scoring_child.load_scorer = fragile
scoring_child.main()
