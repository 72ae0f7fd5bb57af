"""Tuning: what is fitted, and how honestly its gain is told."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.evaluation import measure
from sentiment.prior import Prior
from sentiment.tuning import Gain, cross_validate, fit, of_prior
from storage.records import Label, Score, Tuning

NEGATIVE, NEUTRAL, POSITIVE = Label
NO_CHANGE = Tuning(exponent=1.0, factors=(1.0, 1.0, 1.0))
Pair = tuple[Label, Score]


def score(negative: float, neutral: float, positive: float) -> Score:
    total = negative + neutral + positive
    return Score(p_negative=negative / total, p_neutral=neutral / total, p_positive=positive / total)


def stream(count: int, hidden: Tuning, seed: int = 1) -> list[Pair]:
    """Scores whose true probabilities are what ``hidden`` makes of them, and labels drawn by those."""
    chance, pairs = np.random.default_rng(seed), []
    for row in chance.dirichlet([0.8, 0.8, 0.8], size=count) + 1e-9:
        one = score(*map(float, row))
        true = hidden.apply(one)
        drawn = chance.choice(3, p=[true.p_negative, true.p_neutral, true.p_positive])
        pairs.append((list(Label)[drawn], one))
    return pairs


@given(
    st.lists(st.floats(0.001, 1), min_size=3, max_size=3),
    st.floats(0.1, 3),
    st.lists(st.floats(0.1, 9), min_size=3, max_size=3),
)
def test_a_tuned_score_is_a_score(values: list[float], exponent: float, factors: list[float]) -> None:
    tuned = Tuning(exponent=exponent, factors=(factors[0], factors[1], factors[2])).apply(score(*values))
    assert math.isclose(tuned.p_negative + tuned.p_neutral + tuned.p_positive, 1)
    assert NO_CHANGE.apply(score(*values)).value == pytest.approx(score(*values).value)


@pytest.mark.parametrize(
    ("exponent", "factors"), [(0.0, (1.0, 1.0, 1.0)), (1.0, (1.0, -1.0, 1.0)), (math.nan, (1.0, 1.0, 1.0))]
)
def test_a_tuning_of_impossible_numbers_is_refused(
    exponent: float, factors: tuple[float, float, float]
) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        Tuning(exponent=exponent, factors=factors)


def test_the_temperature_of_an_overconfident_model_is_found() -> None:
    assert fit(stream(4000, Tuning(exponent=0.5, factors=(1, 1, 1)))).exponent == pytest.approx(0.5, abs=0.06)


def test_a_class_that_comes_more_often_than_the_model_thinks_is_read_more_readily() -> None:
    fitted = fit(stream(1000, Tuning(exponent=1.0, factors=(1.0, 6.0, 1.0))))
    negative, neutral, positive = fitted.factors
    assert neutral > 1.5 * max(negative, positive)


def test_few_labels_move_little() -> None:
    one = (NEUTRAL, score(0.2, 0.3, 0.5))
    few, many = (fit([one] * count).apply(one[1]).p_neutral for count in (2, 200))
    assert 0.3 < few < 0.7
    assert many > 0.9


def test_fitting_does_not_depend_on_the_order() -> None:
    pairs = stream(300, Tuning(exponent=0.7, factors=(1.0, 3.0, 1.0)))
    turned = fit(pairs[::-1])
    assert turned.exponent == pytest.approx(fit(pairs).exponent)
    assert turned.factors == pytest.approx(fit(pairs).factors)


def test_labels_that_contradict_the_model_leave_a_tuning_that_can_be_applied() -> None:
    opposite = [(NEGATIVE if one.value > 0 else POSITIVE, one) for _, one in stream(400, NO_CHANGE)]
    assert 0 < fit(opposite).exponent < 0.1


def test_zero_probabilities_and_one_single_label_are_borne() -> None:
    tuned = fit([(NEUTRAL, score(0, 0, 1))] * 300).apply(score(1, 1, 1))
    assert tuned.label is NEUTRAL


def test_a_gain_is_measured_on_labels_that_were_not_fitted() -> None:
    gain = cross_validate(stream(600, Tuning(exponent=0.3, factors=(1.0, 4.0, 1.0))))
    assert gain.is_certain
    assert gain.after.accuracy > gain.before.accuracy + 2 * gain.error.accuracy
    assert 0 < gain.error.accuracy < 0.05


def test_noise_is_no_gain() -> None:
    certain = [cross_validate(stream(200, NO_CHANGE, seed)).is_certain for seed in range(4)]
    assert not any(certain)


def test_what_costs_as_much_as_it_brings_is_no_gain() -> None:
    gain = cross_validate(stream(600, Tuning(exponent=0.3, factors=(1.0, 4.0, 1.0))))
    assert not Gain(gain.after, gain.before, gain.error).is_certain


def test_the_same_labels_give_the_same_figures() -> None:
    pairs = stream(200, Tuning(exponent=0.5, factors=(1.0, 2.0, 1.0)))
    assert cross_validate(pairs) == cross_validate(pairs)


def test_what_is_measured_in_a_fold_was_not_fitted_in_it() -> None:
    """Each fold is one text, and none of the others is positive: only its own label could have told."""
    odd = (POSITIVE, score(0.3, 0.4, 0.3))
    pairs = [(NEUTRAL, score(0.3, 0.4, 0.3)), (NEGATIVE, score(0.4, 0.3, 0.3))] * 2 + [odd]
    told = cross_validate(pairs, folds=len(pairs))
    alone = fit(pairs[:-1]).apply(odd[1])
    assert alone.label is not POSITIVE
    assert told.after == measure(
        [
            (label, fit([*pairs[:number], *pairs[number + 1 :]]).apply(one))
            for number, (label, one) in enumerate(pairs)
        ]
    )


def test_too_few_for_the_folds_is_an_error() -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        cross_validate(stream(9, NO_CHANGE))


def test_a_streams_prior_as_a_tuning_does_what_the_prior_does() -> None:
    prior, chance = Prior((0.1, 0.7, 0.2)), random.Random(3)
    for _ in range(20):
        one = score(chance.random(), chance.random(), chance.random())
        assert of_prior(prior).apply(one).value == pytest.approx(prior.apply(one).value)
