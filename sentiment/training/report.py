"""How well a model reads the dev sets."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sentiment import corpus
from sentiment.base import Scorer
from sentiment.evaluation import Measures, measure
from sentiment.training.examples import LEFT_OUT


def figures(scorer: Scorer, folder: Path) -> dict[str, tuple[int, Measures]]:
    """Size and measures of every dev set whose labels are worth measuring on. No language is told."""
    sets = {name: rows for name, rows in corpus.dev_sets(folder).items() if name not in LEFT_OUT}
    return {name: (len(rows), _measured(scorer, rows)) for name, rows in sets.items()}


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
