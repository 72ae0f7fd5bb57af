"""Train the built-in model: ``python -m sentiment.training [folder of labelled texts]``.

A linear support vector machine over the features of ``sentiment.features``. Classes are balanced within each
set, since every set has its own idea of what is neutral. The same texts and seed give the same file, byte by
byte. Ends with a table of figures for every dev set.
"""

import argparse
import math
import time
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sentiment import corpus
from sentiment.base import Scorer
from sentiment.builtin import MODEL, BuiltinScorer
from sentiment.evaluation import Measures, measure
from sentiment.features import BITS, fingerprint, index, units, word_indices
from storage.records import Label

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "sentiment"
SEED = 0
C = 0.0075
MOST_WEIGHT = 4.0
"""No class of a set counts more than this many times."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights of shape (2**BITS, 3) and biases, before rounding; classes in the order of ``Label``."""

    weights: Floats
    bias: Floats


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sentiment.training", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help=f"default: {FOLDER}")
    parser.add_argument("--out", type=Path, default=MODEL, help="the model file")
    arguments = parser.parse_args()
    began = time.monotonic()
    train(arguments.folder, arguments.out)
    size, seconds = arguments.out.stat().st_size, time.monotonic() - began
    lines = [f"{arguments.out.name}: {size:,} bytes in {seconds:.0f} s"]
    lines += table(figures(BuiltinScorer(arguments.out), arguments.folder))
    print(*lines, sep="\n")  # noqa: T201 - the command's report


def train(folder: Path, out: Path) -> None:
    """Train on ``folder/train``, calibrate on its dev sets, write the model file."""
    sets = corpus.train_sets(folder)
    model = fit(sets)
    weights, scale = rounded(model.weights)
    heat = temperature(model, [rows for name, rows in corpus.dev_sets(folder).items() if name in sets])
    np.savez_compressed(
        out, weights=weights, scale=scale / heat, bias=model.bias / heat, fingerprint=fingerprint()
    )


def fit(sets: corpus.Sets) -> Linear:
    """The classifier; scikit-learn is needed only here."""
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # noqa: PLC0415 - a training dependency, absent at run time

    rows = [row for name in sets for row in sets[name]]
    machine = LinearSVC(C=C, random_state=SEED)
    machine.fit(
        matrix([text for text, _ in rows]),
        [list(Label).index(label) for _, label in rows],
        sample_weight=list(row_weights(sets)),
    )
    return Linear(weights=machine.coef_.T, bias=machine.intercept_)


def row_weights(sets: corpus.Sets) -> Iterator[float]:
    """What each row counts, so that classes count alike within its set."""
    for rows in sets.values():
        count = Counter(label for _, label in rows)
        share = {label: len(rows) / (len(Label) * count[label]) for label in count}
        yield from (min(share[label], MOST_WEIGHT) for _, label in rows)


def matrix(texts: Sequence[str]) -> Any:
    """A sparse row per text: counts of features, divided by the square root of the number of words."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # noqa: PLC0415 - as scikit-learn

    kept = cache(word_indices)
    columns, counts, ends = array("i"), array("f"), array("q", [0])
    for text in texts:
        words, pairs = units(text)
        row = Counter(chain(chain.from_iterable(map(kept, words)), map(index, pairs)))
        columns.extend(row)
        counts.extend(count / math.sqrt(len(words)) for count in row.values())
        ends.append(len(columns))
    return csr_matrix((counts, columns, ends), shape=(len(texts), 1 << BITS), dtype=np.float64)


def rounded(weights: Floats) -> tuple[npt.NDArray[np.int8], float]:
    """Weights as 8-bit numbers and what one step is worth."""
    step = float(np.abs(weights).max()) / 127
    return np.rint(weights / step).astype(np.int8), step


def temperature(model: Linear, sets: Sequence[Sequence[corpus.Labelled]]) -> float:
    """What evidence must be divided by for the most probable labels (Guo et al. 2017), each set counting
    the same. One number: the order of the classes stays.
    """
    held = [(_evidence(model, rows), [list(Label).index(label) for _, label in rows]) for rows in sets]
    tried = np.geomspace(0.02, 2, 200)
    losses = [np.mean([_log_loss(logits / heat, gold) for logits, gold in held]) for heat in tried]
    return float(tried[int(np.argmin(losses))])


def figures(scorer: Scorer, folder: Path) -> dict[str, tuple[int, Measures]]:
    """Size and measures of every dev set."""
    return {name: (len(rows), _measured(scorer, rows)) for name, rows in corpus.dev_sets(folder).items()}


def table(measured: Mapping[str, tuple[int, Measures]]) -> Iterator[str]:
    """The figures as lines of text."""
    yield f"{'dev set':20}{'texts':>7}{'recall':>8}{'F1':>7}{'accuracy':>10}{'calibration error':>19}"
    for name, (texts, one) in measured.items():
        yield (
            f"{name:20}{texts:7,}{one.macro_recall:8.3f}{one.macro_f1:7.3f}{one.accuracy:10.3f}"
            f"{one.calibration_error:19.3f}"
        )


def _measured(scorer: Scorer, rows: Sequence[corpus.Labelled]) -> Measures:
    scores = scorer.score([text for text, _ in rows])
    return measure([(label, score) for (_, label), score in zip(rows, scores, strict=True) if score])


def _evidence(model: Linear, rows: Sequence[corpus.Labelled]) -> Floats:
    evidence: Floats = matrix([text for text, _ in rows]) @ model.weights + model.bias
    return evidence


def _log_loss(logits: Floats, gold: Sequence[int]) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-log_probabilities[np.arange(len(gold)), gold].mean())


if __name__ == "__main__":
    main()
