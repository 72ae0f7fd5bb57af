"""A stream's class shares, found without a label, and what they do to its scores."""

import random

import pytest

from sentiment.prior import BALANCED, Prior, Shares, estimate
from storage.records import Label, Score

TRUE: Shares = (0.15, 0.8, 0.05)


def test_bayes_rule_on_one_score() -> None:
    corrected = Prior(shares=(0.25, 0.5, 0.25)).apply(Score(p_negative=0.5, p_neutral=0.4, p_positive=0.1))

    assert corrected.p_negative == pytest.approx(0.5 / 1.4)
    assert corrected.p_neutral == pytest.approx(0.8 / 1.4)
    assert corrected.p_positive == pytest.approx(0.1 / 1.4)


def test_the_assumed_shares_leave_a_score_as_it_is() -> None:
    score = Score(p_negative=0.5, p_neutral=0.4, p_positive=0.1)
    corrected = Prior(shares=(0.2, 0.7, 0.1), assumed=(0.2, 0.7, 0.1)).apply(score)

    assert corrected.value == pytest.approx(score.value)


def test_the_shares_of_a_long_stream_are_found() -> None:
    _, scores = _stream(8000)

    assert estimate(scores).shares == pytest.approx(TRUE, abs=0.03)


def test_other_assumed_shares_give_the_same_answer() -> None:
    _, scores = _stream(8000)
    assumed = (0.5, 0.25, 0.25)
    shifted = [Prior(shares=assumed).apply(score) for score in scores]

    assert estimate(shifted, assumed=assumed, imagined=1).shares == pytest.approx(TRUE, abs=0.03)


def test_corrected_scores_are_right_more_often() -> None:
    gold, scores = _stream(2000)
    prior = estimate(scores)
    before = sum(score.label is label for label, score in zip(gold, scores, strict=True))
    after = sum(prior.apply(score).label is label for label, score in zip(gold, scores, strict=True))

    assert after > before + 20


def test_few_texts_move_little_and_none_nothing() -> None:
    _, scores = _stream(8000)
    moved = [estimate(scores[:count]).shares[1] - 1 / 3 for count in (0, 10, 100, 8000)]

    assert moved[0] == 0
    assert moved == sorted(moved)
    assert moved[1] < 0.05
    assert estimate([]) == Prior(BALANCED)


def test_fewer_imagined_texts_trust_the_stream_more() -> None:
    _, scores = _stream(100)

    assert estimate(scores, imagined=10).shares[1] > estimate(scores, imagined=1000).shares[1]


def _stream(count: int) -> tuple[list[Label], list[Score]]:
    """Gold labels of the true shares and what a calibrated, balanced model says: each text shows one of three
    signs, which names its class in 11 of 15 texts and either other in 2 of 15.
    """
    draw = random.Random(0)
    gold = draw.choices(list(Label), weights=TRUE, k=count)
    signs = [label if draw.random() < 0.6 else draw.choice(list(Label)) for label in gold]
    return gold, [
        Score(**{f"p_{label}": (11 if label is sign else 2) / 15 for label in Label}) for sign in signs
    ]
