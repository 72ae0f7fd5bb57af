"""Fitting a model's probabilities to what people said of them: vector scaling with one exponent.

    log p'(class) = exponent * log p(class) + log factor(class) - normaliser

The exponent is a temperature (C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017), the factors
shift the thresholds as another prior would. The four numbers maximise the likelihood of people's labels, with
normal distributions of deviation 1 around "no change" (exponent 1, log factors 0) as their prior, so that few
labels move little. The problem is convex.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from sentiment.evaluation import Measures, Pairs, measure
from sentiment.prior import Prior
from storage.records import Label, Score, Tuning

FEWEST = 200
"""Labels that a tuning needs."""
FOLDS = 10
_BALANCE = 0.5
"""Between 0 (every text counts the same, and rare labels are given up for accuracy) and 1 (every label counts the
same). Half-way keeps most of the accuracy and of the macro-recall, see ``docs/sentiment.md``.
"""
_RESAMPLES = 200
_JUDGED = ("macro_f1", "accuracy", "calibration_error")
_POINT = 0.01
_LEAST_EXPONENT = 0.05
"""Labels that contradict the model would turn its probabilities over; it is then as good as ignored."""
_FLOOR = 1e-6
_STEPS = 50
_SETTLED = 1e-9

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gain:
    """What a tuning changes on texts that it was not fitted on."""

    before: Measures
    after: Measures
    error: Measures
    """Standard error of each difference, by a paired bootstrap."""

    @property
    def is_certain(self) -> bool:
        """Whether accuracy, macro-F1 or calibration got better by more than two standard errors, and none of them
        worse by more than one (or a point). Macro-F1 is what falls where accuracy is bought by giving up a label.
        """
        differences = [(self._rise(name), getattr(self.error, name)) for name in _JUDGED]
        better = any(rise > 2 * error for rise, error in differences)
        return better and all(rise >= -max(error, _POINT) for rise, error in differences)

    def _rise(self, name: str) -> float:
        """By how much a measure got better."""
        difference: float = getattr(self.after, name) - getattr(self.before, name)
        return -difference if name == "calibration_error" else difference


def fit(pairs: Pairs) -> Tuning:
    """The tuning that makes people's labels most probable (maximum a posteriori)."""
    logs = np.log(np.maximum([_values(score) for _, score in pairs], _FLOOR))
    gold = np.array([[label is one for one in Label] for label, _ in pairs], dtype=np.float64)
    weight = _weights(gold)
    numbers = unchanged = np.array([1.0, 0.0, 0.0, 0.0])
    for _ in range(_STEPS):
        read = _softmax(numbers[0] * logs + numbers[1:])
        step = np.linalg.solve(
            _curvature(logs, read, weight) + np.eye(4),
            _slope(logs, weight * (read - gold)) + numbers - unchanged,
        )
        numbers = numbers - step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < _SETTLED:
            break
    negative, neutral, positive = map(float, np.exp(numbers[1:]))
    return Tuning(exponent=max(float(numbers[0]), _LEAST_EXPONENT), factors=(negative, neutral, positive))


def of_prior(prior: Prior) -> Tuning:
    """What a stream's prior does to a score, as a tuning."""
    negative, neutral, positive = (
        share / was for share, was in zip(prior.shares, prior.assumed, strict=True)
    )
    return Tuning(exponent=1.0, factors=(negative, neutral, positive))


def cross_validate(pairs: Pairs, *, folds: int = FOLDS, seed: int = 0) -> Gain:
    """How good the scores are, and how good they become where each is tuned by the labels of other folds.

    Raises ``ValueError`` where there are fewer pairs than folds.
    """
    if len(pairs) < folds:
        raise ValueError(f"{len(pairs)} pairs cannot be split into {folds}")
    after: list[tuple[Label, Score]] = [(label, score) for label, score in pairs]
    for fold in _folds(pairs, folds, random.Random(seed)):  # noqa: S311 - for a split, not for a secret
        held = set(fold)
        tuning = fit([pair for number, pair in enumerate(pairs) if number not in held])
        for number in fold:
            after[number] = (pairs[number][0], tuning.apply(pairs[number][1]))
    return Gain(measure(pairs), measure(after), _error(pairs, after, random.Random(seed)))  # noqa: S311 - see above


def _folds(pairs: Pairs, folds: int, chance: random.Random) -> list[list[int]]:
    """Each with its share of every label."""
    by_label: dict[Label, list[int]] = defaultdict(list)
    for number, (label, _) in enumerate(pairs):
        by_label[label].append(number)
    for numbers in by_label.values():
        chance.shuffle(numbers)
    dealt = [number for numbers in by_label.values() for number in numbers]
    return [dealt[start::folds] for start in range(folds)]


def _error(before: Pairs, after: Pairs, chance: random.Random) -> Measures:
    differences = []
    for _ in range(_RESAMPLES):
        drawn = chance.choices(range(len(before)), k=len(before))
        one, other = measure([before[n] for n in drawn]), measure([after[n] for n in drawn])
        differences.append([getattr(other, name) - getattr(one, name) for name in _NAMES])
    return Measures(**dict(zip(_NAMES, map(float, np.std(differences, axis=0)), strict=True)))


_NAMES = tuple(one.name for one in fields(Measures))


def _values(score: Score) -> tuple[float, float, float]:
    return score.p_negative, score.p_neutral, score.p_positive


def _softmax(evidence: Floats) -> Floats:
    raised = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _slope(logs: Floats, residual: Floats) -> Floats:
    """Of the negative log-likelihood, by the exponent and the three log factors."""
    return np.concatenate(([(residual * logs).sum()], residual.sum(axis=0)))


def _weights(gold: Floats) -> Floats:
    """How much each text counts, shape (n, 1), 1 on average."""
    each = (gold @ np.maximum(gold.sum(axis=0), 1.0) ** -_BALANCE).reshape(-1, 1)
    mean: Floats = each / each.mean()
    return mean


def _curvature(logs: Floats, read: Floats, weight: Floats) -> Floats:
    """Second derivatives of the negative log-likelihood, shape (4, 4)."""
    apart = logs - (read * logs).sum(axis=1, keepdims=True)
    whole = np.empty((4, 4))
    whole[0, 0] = (weight * read * apart**2).sum()
    whole[0, 1:] = whole[1:, 0] = (weight * read * apart).sum(axis=0)
    whole[1:, 1:] = np.diag((weight * read).sum(axis=0)) - (weight * read).T @ read
    return whole
