"""The class shares of a stream, learnt from its scores without a label, and scores corrected by them.

A balanced model takes each class for equally frequent. A brand's stream is not balanced: of the posts on rail
travel in GermEval 2017 seven in ten are neutral. Where only the shares of the classes differ from those the model
takes for granted, Bayes' rule corrects its probabilities:

    p'(class | text)  is proportional to  p(class | text) * share(class) / assumed(class)

and the shares are those that the corrected probabilities themselves add up to, found by expectation
maximisation: M. Saerens, P. Latinne, C. Decaestecker, "Adjusting the outputs of a classifier to new a priori
probabilities: a simple procedure", Neural Computation 14(1), 2002. Texts of the assumed shares are added to
the stream in thought, so that few texts move little (a Dirichlet prior).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storage.records import Score

IMAGINED = 100.0
"""Texts of the assumed shares that are added in thought: a stream of as many moves half the way."""

_STEPS = 200
_SETTLED = 1e-6

Shares = tuple[float, float, float]
"""Of negative, neutral, positive; they add up to 1."""

BALANCED: Shares = (1 / 3, 1 / 3, 1 / 3)


@dataclass(frozen=True, slots=True)
class Prior:
    """What share of a stream each class has, against what the model takes for granted."""

    shares: Shares
    assumed: Shares = BALANCED

    def apply(self, score: Score) -> Score:
        """The score, had the model known the shares. With the assumed shares it stays as it is."""
        held = zip(_values(score), self.shares, self.assumed, strict=True)
        negative, neutral, positive = (value * share / was for value, share, was in held)
        total = negative + neutral + positive
        return Score(p_negative=negative / total, p_neutral=neutral / total, p_positive=positive / total)


def estimate(scores: Sequence[Score], *, assumed: Shares = BALANCED, imagined: float = IMAGINED) -> Prior:
    """The prior of the stream that the scores are from; of no scores, the assumed shares.

    Args:
        scores: calibrated probabilities of the stream's texts; several hundred give a stable answer.
        assumed: the shares that the model was trained and calibrated with, each above 0.
        imagined: texts of the assumed shares added in thought, above 0.
    """
    held = np.array([_values(score) for score in scores]).reshape(-1, 3)
    was = np.array(assumed)
    shares = was
    for _ in range(_STEPS):
        weighted = held * (shares / was)
        found = (weighted / weighted.sum(axis=1, keepdims=True)).sum(axis=0) + imagined * was
        before, shares = shares, found / found.sum()
        if np.abs(shares - before).max() < _SETTLED:
            break
    negative, neutral, positive = map(float, shares)
    return Prior((negative, neutral, positive), assumed)


def _values(score: Score) -> Shares:
    return score.p_negative, score.p_neutral, score.p_positive
