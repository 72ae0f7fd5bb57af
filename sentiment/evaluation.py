"""How well scores agree with people: the measures of the field, computed from (gold label, score) pairs."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.records import Label, Score

Pairs = Sequence[tuple[Label, Score]]
Confusion = dict[Label, dict[Label, int]]
"""How often each gold label (outer key) was read as each label (inner key)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """All measures of one set; each is between 0 and 1."""

    macro_recall: float
    """Mean over the gold labels present of the share that was found: the TweetEval measure."""
    macro_f1: float
    accuracy: float
    calibration_error: float


def measure(pairs: Pairs) -> Measures:
    """Raises ``ValueError`` where there is nothing to measure."""
    if not pairs:
        raise ValueError("no pairs to measure")
    table = confusion(pairs)
    present = [label for label in Label if any(table[label].values())]
    return Measures(
        macro_recall=_mean(_recall(table, label) for label in present),
        macro_f1=_mean(_f1(table, label) for label in present),
        accuracy=sum(table[label][label] for label in Label) / len(pairs),
        calibration_error=calibration_error(pairs),
    )


def confusion(pairs: Pairs) -> Confusion:
    table = {gold: dict.fromkeys(Label, 0) for gold in Label}
    for gold, score in pairs:
        table[gold][score.label] += 1
    return table


def macro_recall_error(pairs: Pairs) -> float:
    """Standard error of the macro-recall: that of a mean of independent shares. Each share counts one text found
    and one not found more than there are, so that a handful of texts does not look certain.
    """
    rows = [row for row in confusion(pairs).items() if any(row[1].values())]
    variances = []
    for label, row in rows:
        n = sum(row.values()) + 2
        share = (row[label] + 1) / n
        variances.append(share * (1 - share) / n)
    return math.sqrt(sum(variances)) / len(rows)


def calibration_error(pairs: Pairs, bins: int = 10) -> float:
    """Expected calibration error (Guo et al. 2017): how far the probability of the label that was read lies
    from the share of texts where it was right, averaged over equal bins of probability.
    """
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for gold, score in pairs:
        sure = max(score.p_negative, score.p_neutral, score.p_positive)
        held[min(int(sure * bins), bins - 1)].append((sure, score.label is gold))
    gaps = (abs(sum(sure - right for sure, right in each)) for each in held)
    return sum(gaps) / len(pairs)


def _recall(table: Confusion, label: Label) -> float:
    return table[label][label] / sum(table[label].values())


def _f1(table: Confusion, label: Label) -> float:
    gold = sum(table[label].values())
    read = sum(row[label] for row in table.values())
    return 2 * table[label][label] / (gold + read)


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return sum(held) / len(held)
