"""The linear half: a support vector machine over hashed features, some languages with copies of their own."""

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from sentiment.features import BITS, own_index, units, word_indices
from sentiment.training.examples import Examples

SEED = 0
C = 0.006
OWN = ("ar", "es", "fr", "it", "pt")
"""Languages with weights of their own: those of little data. German and English lose by it."""
_FEWEST = 2
"""Texts that a feature must be in."""
_RARITY = 5.0
"""Features weigh by the logarithm of how rare they are, divided by this."""
_HIGHEST = 0.99999
"""The share of weights that fits into 8 bits; the few beyond are cut."""

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Weights:
    """Tables of shape (2**BITS, 3) in steps of ``scale``, and the bias of the three classes."""

    shared: Bytes
    own: Bytes
    scale: float
    bias: Floats


def fit(rows: Examples) -> Weights:
    """scikit-learn and scipy are needed only here."""
    from scipy.sparse import diags  # type: ignore[import-untyped]  # noqa: PLC0415 - absent at run time
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # noqa: PLC0415 - as scipy

    counts = matrix(rows.texts, rows.languages)
    texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(texts_with >= min(_FEWEST, texts_with.max()))
    rarity = np.log(len(rows.texts) / (1 + texts_with[kept])).clip(1) / _RARITY
    machine = LinearSVC(C=C, random_state=SEED)
    machine.fit((counts[:, kept] @ diags(rarity)).tocsr(), rows.gold, sample_weight=rows.weights)
    weights = np.zeros((counts.shape[1], 3))
    weights[kept] = machine.coef_.T * rarity[:, None]
    steps, scale = rounded(weights)
    return Weights(steps[: 1 << BITS], steps[1 << BITS :], scale, machine.intercept_)


def matrix(texts: Sequence[str], languages: Sequence[str]) -> Any:
    """A sparse row per text: counts of features, divided by the square root of the number of words. The second
    half of the columns are the copies of the text's language.
    """
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - as above

    columns, counts, ends = array("i"), array("f"), array("q", [0])
    kept = cache(word_indices)
    for text, language in zip(texts, languages, strict=True):
        words, pairs = units(text)
        row = Counter(chain(chain.from_iterable(map(kept, words)), pairs))
        for numbers in _copies(row, language):
            columns.extend(numbers)
            counts.extend(count / math.sqrt(len(words)) for count in row.values())
        ends.append(len(columns))
    held = csr_matrix((counts, columns, ends), shape=(len(texts), 2 << BITS), dtype=np.float64)
    held.sum_duplicates()
    return held


def rounded(weights: Floats) -> tuple[Bytes, float]:
    """Weights as 8-bit numbers and what one step is worth."""
    sizes = np.abs(weights[weights != 0])
    step = float(np.quantile(sizes, _HIGHEST)) / 127
    return np.rint(weights / step).clip(-127, 127).astype(np.int8), step


def _copies(row: Counter[int], language: str) -> Iterator[list[int]]:
    yield list(row)
    if language in OWN:
        yield [(1 << BITS) + own_index(number, language) for number in row]
