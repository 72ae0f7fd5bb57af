"""Texts per second of the built-in model and of VADER, in turns in one process on one core, as CPU time.

Usage: python -m benchmarks.sentiment_speed [FOLDER]   (labelled texts; needs vaderSentiment)
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sentiment import corpus
from sentiment.builtin import BuiltinScorer
from sentiment.language import detect
from sentiment.training.__main__ import FOLDER

SETS = {
    "tweeteval": "tweets",
    "sb10k": "German tweets",
    "en_alexa": "reviews",
    "de_filmstarts": "German reviews",
}
ROUNDS = 2
WARM = {"tweeteval": 2000, "sb10k": 2000}
"""Other texts read before, by set: a running program knows the words of a language, not the texts to come."""


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    if not folder.is_dir():
        print("the built-in model is measured on labelled texts, which are not here; name their folder")
        return
    sets = corpus.dev_sets(folder)
    train = corpus.train_sets(folder)
    before = [text for name, most in WARM.items() for text, _ in train[name][:most]]
    vader = SentimentIntensityAnalyzer().polarity_scores
    print(
        "| texts | VADER/s | built-in/s | ratio | ratio when it must find the language |\n|---|---|---|---|---|"
    )
    for name, what in SETS.items():
        texts = [text for text, _ in sets[name]]
        langs = [detect(text) for text in texts]
        rounds = [_round(texts, langs, vader, before) for _ in range(ROUNDS)]
        old, new, looking = (statistics.median(times) for times in zip(*rounds, strict=True))
        print(
            f"| {what} ({name}) | {len(texts) / old:,.0f} | {len(texts) / new:,.0f} "
            f"| {old / new:.2f} | {old / looking:.2f} |"
        )


def _round(
    texts: Sequence[str], langs: Sequence[str], vader: Callable[[str], object], before: Sequence[str]
) -> tuple[float, float, float]:
    """Seconds of VADER and of a built-in model that has not seen the texts, with and without the languages."""
    told, asked = BuiltinScorer(), BuiltinScorer()
    told.score(before)
    asked.score(before)
    return (
        _seconds(lambda: [vader(text) for text in texts]),
        _seconds(lambda: told.score(texts, langs)),
        _seconds(lambda: asked.score(texts)),
    )


def _seconds(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


if __name__ == "__main__":
    main()
