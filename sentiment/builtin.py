"""The built-in model: a linear classifier and a small network over the same hashed features, added up.

Both are a file that comes with the program. Words come again and again, so what each adds is kept: most of a
text is then one look-up per word. Each text is read for itself, so that its score never depends on its
neighbours in a batch.
"""

import hashlib
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sentiment.base import ModelError
from sentiment.features import fingerprint, index, units, word_indices
from sentiment.language import UNKNOWN, guess, in_script
from sentiment.linear import Linear
from sentiment.network import Network
from storage.records import Score

MODEL = Path(__file__).parent / "data" / "model.npz"

_KEPT = 1 << 15
"""Words kept, the least used making room; about 50 MB."""
_SURE = 0.95
"""How sure of a language that the model does not read one must be to give no score."""
_FEW_LETTERS = 20
"""Shorter texts are too often taken for another language."""
_SCRIPTS = re.compile(
    "[A-Za-z\u00aa-\u024f\u1e00-\u1eff\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"
)
"""Latin and Arabic letters."""


class BuiltinScorer:
    """Reads German and English best; see ``docs/sentiment.md`` for how well."""

    def __init__(self, path: Path = MODEL) -> None:
        """Raises ``ModelError`` where the file is missing or was made for other features."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelError(f"cannot read the built-in model: {error}; make it with: make model") from error
        with np.load(path, allow_pickle=False) as file:
            held = {name: file[name] for name in file.files}
        if int(held["fingerprint"]) != fingerprint():
            raise ModelError("the built-in model was made for other features; make it anew: make model")
        self._linear = Linear(held["shared"], held["own"], held["own_languages"].tolist())
        self._network = Network(
            held["known"],
            held["vectors"],
            held["filters"],
            held["filter_bias"],
            held["out"],
            held["out_bias"],
        )
        self._rows = self._network.rows()
        self._scale, self._bias = float(held["scale"]), held["bias"]
        self._heat = dict(zip(held["languages"].tolist(), held["heat"].tolist(), strict=True))
        self.name = f"builtin:{hashlib.sha256(data).hexdigest()[:8]}"
        self.languages = frozenset(self._heat) - {UNKNOWN}
        self._word = lru_cache(maxsize=_KEPT)(self._word_vector)

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:
        """As ``Scorer.score``. Languages that are not in ``languages`` get None, ``und`` is tried."""
        found = [None] * len(texts) if langs is None else langs
        return [self._score(text, lang) for text, lang in zip(texts, found, strict=True)]

    def _score(self, text: str, stated: str | None) -> Score | None:
        language = self._language(text) if stated is None else stated
        if language not in self._heat or not in_script(text, _SCRIPTS):
            return None
        evidence = self._evidence(text, language)
        return None if evidence is None else softmax(*(evidence / self._heat[language]).tolist())

    def _language(self, text: str) -> str:
        language, confidence = guess(text)
        if language in self._heat:
            return language
        return language if confidence >= _SURE and len(text) >= _FEW_LETTERS else UNKNOWN

    def _evidence(self, text: str, language: str) -> npt.NDArray[np.float64] | None:
        """For the three classes, before the temperature; None where there is nothing to read."""
        words, pairs = units(text)
        if not words:
            return None
        own = self._linear.own(language)
        held = np.concatenate([self._word(word, own) for word in words]).reshape(len(words), -1)
        steps = held[:, :3].sum(axis=0) + self._linear.add([index(pair) for pair in pairs], own)
        linear = steps * (self._scale / math.sqrt(len(words))) + self._bias
        evidence: npt.NDArray[np.float64] = linear + self._network.read(held[:, 3:])
        return evidence

    def _word_vector(self, word: str, language: str) -> npt.NDArray[np.float32]:
        """The word's steps for the three classes, then its part in the network's filters."""
        numbers = word_indices(word)
        return np.concatenate(
            (self._linear.add(numbers, language), self._network.word(self._rows[numbers]))
        ).astype(np.float32)


def softmax(negative: float, neutral: float, positive: float) -> Score:
    """Probabilities from the three classes' evidence."""
    highest = max(negative, neutral, positive)
    raised = [math.exp(value - highest) for value in (negative, neutral, positive)]
    total = sum(raised)
    return Score(p_negative=raised[0] / total, p_neutral=raised[1] / total, p_positive=raised[2] / total)
