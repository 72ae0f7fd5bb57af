"""Every labelled dev set read by VADER and by the built-in model, as a table in markdown.

Usage: python -m benchmarks.sentiment_table FOLDER   (labelled texts; needs vaderSentiment)
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sentiment import corpus
from sentiment.base import load
from sentiment.evaluation import measure
from storage.records import Label, Score

CERTAIN = 0.05
"""VADER's authors call a compound score beyond this positive or negative."""
HEAD = (
    "| set | texts | VADER recall | recall | F1 | accuracy | calibration error | no score |\n"
    + 8 * "|---"
    + "|"
)


def main() -> None:
    vader = SentimentIntensityAnalyzer().polarity_scores
    model = load("builtin")
    print(HEAD)
    for name, rows in corpus.dev_sets(Path(sys.argv[1])).items():
        scores = model.score([text for text, _ in rows])
        print(f"| {name} | {len(rows):,} | " + _line(rows, scores, vader) + " |")


def _line(
    rows: Sequence[corpus.Labelled], scores: Sequence[Score | None], vader: Callable[[str], dict[str, float]]
) -> str:
    """The figures of one set; texts without a score are counted apart, for VADER they stay in."""
    old = measure([(label, _vader(vader(text)["compound"])) for text, label in rows])
    read = [(label, score) for (_, label), score in zip(rows, scores, strict=True) if score]
    new = measure(read)
    figures = (old.macro_recall, new.macro_recall, new.macro_f1, new.accuracy, new.calibration_error)
    return " | ".join([*(f"{figure:.3f}" for figure in figures), str(len(rows) - len(read))])


def _vader(compound: float) -> Score:
    label = (
        Label.POSITIVE if compound >= CERTAIN else Label.NEGATIVE if compound <= -CERTAIN else Label.NEUTRAL
    )
    return Score(**{f"p_{each}": float(each is label) for each in Label})


if __name__ == "__main__":
    main()
