"""The measures, on tables small enough to reckon by hand."""

import math

import pytest

from sentiment.evaluation import calibration_error, confusion, macro_recall_error, measure
from storage.records import Label, Score

NEGATIVE, NEUTRAL, POSITIVE = Label


def _score(label: Label, sure: float = 0.8) -> Score:
    rest = (1 - sure) / 2
    p = {one: sure if one is label else rest for one in Label}
    return Score(p_negative=p[NEGATIVE], p_neutral=p[NEUTRAL], p_positive=p[POSITIVE])


PAIRS = [
    (NEGATIVE, _score(NEGATIVE)),
    (NEGATIVE, _score(NEUTRAL)),
    (NEUTRAL, _score(NEUTRAL)),
    (POSITIVE, _score(POSITIVE)),
    (POSITIVE, _score(POSITIVE)),
    (POSITIVE, _score(NEGATIVE)),
    (POSITIVE, _score(NEUTRAL)),
]


def test_confusion_counts_gold_by_read() -> None:
    table = confusion(PAIRS)

    assert table[POSITIVE] == {NEGATIVE: 1, NEUTRAL: 1, POSITIVE: 2}
    assert sum(count for row in table.values() for count in row.values()) == len(PAIRS)


def test_measures() -> None:
    measures = measure(PAIRS)

    assert measures.macro_recall == pytest.approx((1 / 2 + 1 + 1 / 2) / 3)
    assert measures.macro_f1 == pytest.approx((2 / 4 + 2 / 4 + 4 / 6) / 3)
    assert measures.accuracy == pytest.approx(4 / 7)
    assert measures.calibration_error == pytest.approx(0.8 - 4 / 7)


def test_a_label_that_no_one_gave_does_not_count() -> None:
    assert measure([(POSITIVE, _score(POSITIVE)), (NEGATIVE, _score(NEUTRAL))]).macro_recall == 0.5


def test_calibration_error_weighs_bins_by_their_texts() -> None:
    right, wrong = (POSITIVE, _score(POSITIVE, 0.95)), (NEGATIVE, _score(POSITIVE, 0.55))

    assert calibration_error([right, right, right, wrong]) == pytest.approx((3 * 0.05 + 0.55) / 4)


def test_nothing_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        measure([])


def test_the_error_of_the_macro_recall_shrinks_with_the_root_of_the_texts() -> None:
    few, many = macro_recall_error(PAIRS * 10), macro_recall_error(PAIRS * 1000)

    assert few == pytest.approx(10 * many, rel=0.15)
    assert few == pytest.approx(math.sqrt(0.25 / 22 + (11 / 12) * (1 / 12) / 12 + 0.25 / 42) / 3)


def test_a_few_texts_that_are_all_right_are_not_certain() -> None:
    assert macro_recall_error([(POSITIVE, _score(POSITIVE))] * 3) > 0.1
