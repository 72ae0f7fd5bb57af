"""The built-in model: a linear classifier over hashed features, as a file that comes with the program.

A text's evidence is the sum of its features' weights, divided by the square root of its number of words.
Words come again and again, so what each adds is kept: most of a text is then one look-up per word. Weights
are whole numbers of 8 bits, so that sums are exact.
"""

import hashlib
import math
from array import array
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from sentiment.base import ModelError
from sentiment.features import fingerprint, index, units, word_indices
from storage.records import Score

MODEL = Path(__file__).parent / "data" / "model.npz"

_KEPT = 1 << 16
"""Words kept, the least used making room; about 20 MB."""


class BuiltinScorer:
    """Reads German and English best; see ``docs/sentiment.md`` for how well."""

    def __init__(self, path: Path = MODEL) -> None:
        """Raises ``ModelError`` where the file is missing or was made for other features."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelError(f"cannot read the built-in model: {error}; make it with: make model") from error
        with np.load(path, allow_pickle=False) as held:
            if int(held["fingerprint"]) != fingerprint():
                raise ModelError("the built-in model was made for other features; make it anew: make model")
            self._columns = [array("b", column.tobytes()) for column in held["weights"].T]
            self._scale = float(held["scale"])
            self._bias = tuple(float(value) for value in held["bias"])
        self.name = f"builtin:{hashlib.sha256(data).hexdigest()[:8]}"
        self._word = lru_cache(maxsize=_KEPT)(self._word_vector)

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:  # noqa: ARG002 - not yet
        """As ``Scorer.score``."""
        return [self._read(*units(text)) for text in texts]

    def _word_vector(self, word: str) -> tuple[int, ...]:
        found = word_indices(word)
        return tuple(sum(map(column.__getitem__, found)) for column in self._columns)

    def _read(self, words: list[str], pairs: list[str]) -> Score | None:
        if not words:
            return None
        scale = self._scale / math.sqrt(len(words))
        of_words = zip(*map(self._word, words), strict=True)
        of_pairs = [index(pair) for pair in pairs]
        return softmax(
            *(
                (sum(one) + sum(map(column.__getitem__, of_pairs))) * scale + bias
                for one, column, bias in zip(of_words, self._columns, self._bias, strict=True)
            )
        )


def softmax(negative: float, neutral: float, positive: float) -> Score:
    """Probabilities from the three classes' evidence."""
    highest = max(negative, neutral, positive)
    raised = [math.exp(value - highest) for value in (negative, neutral, positive)]
    total = sum(raised)
    return Score(p_negative=raised[0] / total, p_neutral=raised[1] / total, p_positive=raised[2] / total)
