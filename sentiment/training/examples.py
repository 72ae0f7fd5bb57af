"""What is trained on: texts with label, language and weight."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sentiment import corpus
from sentiment.language import detect
from storage.records import Label

MOST_WEIGHT = 4.0
"""No class of a set counts more than this many times."""
LANGUAGES = {
    "sb10k": "de",
    "potts": "de",
    "tweeteval": "en",
    "goemotions": "en",
    "xlmt_arabic": "ar",
    "xlmt_english": "en",
    "xlmt_french": "fr",
    "xlmt_german": "de",
    "xlmt_italian": "it",
    "xlmt_portuguese": "pt",
    "xlmt_spanish": "es",
    "advocacy_de": "de",
    "advocacy_en": "en",
    "rail_de": "de",
    "service_de": "de",
    "service_en": "en",
    "service_es": "es",
    "service_fr": "fr",
    "service_it": "it",
    "service_pt": "pt",
}
"""What is known of a set; of others each text is looked at."""
COUNTS = {"tweeteval": 1.0, "goemotions": 1.0, "sb10k": 1.5, "potts": 1.5}
"""What a text counts; texts of the small sets, which are all others, count for more."""
SMALL = 2.0
LEFT_OUT = frozenset({"xlmt_hindi"})
"""Labels that no model can learn: within the training set .36 macro-recall is reached, guessing gives .33."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Parallel: texts, their languages, the place of their label in ``Label``, what each counts."""

    texts: list[str]
    languages: list[str]
    gold: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]


def examples(sets: corpus.Sets) -> Examples:
    """All sets as one, without those whose labels are noise or of one class."""
    used = {name: rows for name, rows in sets.items() if name not in LEFT_OUT and _classes(rows) > 1}
    rows = [(name, text, label) for name, held in used.items() for text, label in held]
    return Examples(
        texts=[text for _, text, _ in rows],
        languages=[detect(text, LANGUAGES.get(name)) for name, text, _ in rows],
        gold=np.array([list(Label).index(label) for _, _, label in rows], dtype=np.int64),
        weights=np.array(list(row_weights(used))),
    )


def row_weights(sets: corpus.Sets) -> Iterator[float]:
    """What each row counts, so that classes count alike within its set."""
    for name, rows in sets.items():
        count = Counter(label for _, label in rows)
        share = {label: len(rows) / (len(Label) * count[label]) for label in count}
        yield from (min(share[label], MOST_WEIGHT) * COUNTS.get(name, SMALL) for _, label in rows)


def _classes(rows: list[corpus.Labelled]) -> int:
    return len({label for _, label in rows})
