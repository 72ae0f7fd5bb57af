"""The built-in model: a linear classifier and a small network over the same hashed features, added up.

Both are a file that comes with the program. Words come again and again, so what each adds is kept: most of a
text is then one look-up per word. A text's score never depends on the texts that it is read with.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sentiment.base import ModelError
from sentiment.features import fingerprint, units, word_indices
from sentiment.language import UNKNOWN, guess, in_script
from sentiment.linear import Linear
from sentiment.network import Network
from storage.records import Score

MODEL = Path(__file__).parent / "data" / "model.npz"

_KEPT = 1 << 15
"""Words kept, until they are forgotten together; about 40 MB."""
_BATCH = 4096
"""Words read together."""
_DIGITS = 9
"""Of the evidence; the rest would hang on how many texts were read together."""
_SURE = 0.95
"""How sure of a language that the model does not read one must be to give no score."""
_FEW_LETTERS = 20
"""Shorter texts are too often taken for another language."""
_FOREIGN = re.compile(
    r"(?![A-Za-z\u00aa-\u024f\u1e00-\u1eff\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff])[^\W\d_]"
)
"""Letters that are neither Latin nor Arabic."""


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
        self._linear = Linear(held["shared"], held["own"], frozenset(held["own_languages"].tolist()))
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
        self._places: dict[str, dict[str, int]] = {}
        self._used = 0
        self._table = self._room(_KEPT)

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:
        """As ``Scorer.score``. Languages that are not in ``languages`` get None, ``und`` is tried."""
        found = [None] * len(texts) if langs is None else langs
        scores: list[Score | None] = [None] * len(texts)
        for batch in _batches(self._readings(texts, found)):
            for reading, evidence in zip(batch, self._evidence(batch).tolist(), strict=True):
                heat = self._heat[reading.language]
                scores[reading.place] = softmax(*(value / heat for value in evidence))
        return scores

    def _readings(self, texts: Sequence[str], langs: Sequence[str | None]) -> "Iterator[_Reading]":
        """The texts that can be read, cut into words."""
        for place, (text, stated) in enumerate(zip(texts, langs, strict=True)):
            language = self._language(text) if stated is None else stated
            if language in self._heat and in_script(text, _FOREIGN):
                words, pairs = units(text)
                if words:
                    yield _Reading(place, language, self._linear.copies(language), words, pairs)

    def _language(self, text: str) -> str:
        language, confidence = guess(text)
        if language in self._heat:
            return language
        return language if confidence >= _SURE and len(text) >= _FEW_LETTERS else UNKNOWN

    def _evidence(self, batch: "list[_Reading]") -> npt.NDArray[np.float64]:
        """For the three classes, (texts, 3), before the temperature."""
        self._learn(batch)
        rows = [row for one in batch for row in map(self._places[one.own].__getitem__, one.words)]
        lengths = np.array([len(one.words) for one in batch])
        starts = np.cumsum(lengths) - lengths
        held = self._table[rows]
        steps = np.add.reduceat(held[:, :3], starts, axis=0, dtype=np.float64)
        for own in {one.own for one in batch}:
            of_own = [place for place, one in enumerate(batch) if one.own == own]
            steps[of_own] += self._linear.sums(*_flat([batch[place].pairs for place in of_own]), own)
        linear = steps * (self._scale / np.sqrt(lengths))[:, None] + self._bias
        evidence: npt.NDArray[np.float64] = linear + self._network.read(held[:, 3:], starts)
        return evidence.round(_DIGITS)

    def _learn(self, batch: "list[_Reading]") -> None:
        """Work out what the batch's new words add, and keep it."""
        if self._used + sum(len(one.words) for one in batch) > len(self._table):
            self._places, self._used = {}, 0
            self._table = self._room(max(_KEPT, sum(len(one.words) for one in batch)))
        for own in {one.own for one in batch}:
            places = self._places.setdefault(own, {})
            said = dict.fromkeys(word for one in batch if one.own == own for word in one.words)
            if new := [word for word in said if word not in places]:
                numbers, starts = _flat(map(word_indices, new))
                added = slice(self._used, self._used + len(new))
                self._table[added, :3] = self._linear.sums(numbers, starts, own)
                self._table[added, 3:] = self._network.words(self._rows[numbers], starts)
                places.update(zip(new, range(added.start, added.stop), strict=True))
                self._used = added.stop

    def _room(self, words: int) -> npt.NDArray[np.float32]:
        """A table for so many words: a row each of steps for the classes and parts in the filters."""
        return np.empty((words, 3 + self._network.filters.shape[1]), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as words and pairs, its place among the texts, its language and whose weights it reads by."""

    place: int
    language: str
    own: str
    words: list[str]
    pairs: list[int]


def _batches(readings: Iterable[_Reading]) -> Iterator[list[_Reading]]:
    """Of about as many words each."""
    batch: list[_Reading] = []
    words = 0
    for reading in readings:
        batch.append(reading)
        words += len(reading.words)
        if words >= _BATCH:
            yield batch
            batch, words = [], 0
    if batch:
        yield batch


def _flat(groups: Iterable[Iterable[int]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Groups of numbers as one row of them, and where each group begins."""
    held = [list(group) for group in groups]
    lengths = np.array([len(group) for group in held])
    return np.fromiter(chain.from_iterable(held), dtype=np.int64), np.cumsum(lengths) - lengths


def softmax(negative: float, neutral: float, positive: float) -> Score:
    """Probabilities from the three classes' evidence."""
    highest = max(negative, neutral, positive)
    raised = [math.exp(value - highest) for value in (negative, neutral, positive)]
    total = sum(raised)
    return Score(p_negative=raised[0] / total, p_neutral=raised[1] / total, p_positive=raised[2] / total)
