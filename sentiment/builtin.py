"""The built-in model: a linear classifier over hashed features, as a file that comes with the program.

A text's evidence is the sum of its units' vectors, divided by the square root of their number. Words come
again and again, so their vectors are kept; most of a text is then one look-up per unit. Weights are whole
numbers of 8 bits, so that sums are exact and a text scores the same on every machine.
"""

import hashlib
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sentiment.base import ModelError
from sentiment.features import fingerprint, indices, units
from storage.records import Score

MODEL = Path(__file__).parent / "data" / "model.npz"

_KEPT = 1 << 16
"""Vectors kept, the least used making room; about 20 MB."""

Vector = tuple[int, int, int]


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
            self._weights: npt.NDArray[np.int8] = held["weights"]
            self._scale = float(held["scale"])
            self._bias = tuple(float(value) for value in held["bias"])
        self.name = f"builtin:{hashlib.sha256(data).hexdigest()[:8]}"
        self._vector = lru_cache(maxsize=_KEPT)(self._sum)

    def score(self, texts: Sequence[str]) -> list[Score | None]:
        """As ``Scorer.score``."""
        return [self._read(units(text)) for text in texts]

    def _sum(self, unit: str) -> Vector:
        negative, neutral, positive = self._weights[indices(unit)].sum(axis=0, dtype=np.int64).tolist()
        return negative, neutral, positive

    def _read(self, found: list[str]) -> Score | None:
        if not found:
            return None
        scale = self._scale / math.sqrt(len(found))
        columns = zip(*map(self._vector, found), strict=True)
        logits = [sum(column) * scale + bias for column, bias in zip(columns, self._bias, strict=True)]
        return softmax(*logits)


def softmax(negative: float, neutral: float, positive: float) -> Score:
    """Probabilities from the three classes' evidence."""
    highest = max(negative, neutral, positive)
    raised = [math.exp(value - highest) for value in (negative, neutral, positive)]
    total = sum(raised)
    return Score(p_negative=raised[0] / total, p_neutral=raised[1] / total, p_positive=raised[2] / total)
