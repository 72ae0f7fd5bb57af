"""Both halves fitted, added up, calibrated and written."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sentiment import corpus
from sentiment.builtin import BuiltinScorer
from sentiment.features import fingerprint
from sentiment.language import UNKNOWN
from sentiment.training import linear, network
from sentiment.training.examples import LANGUAGES, LEFT_OUT, examples
from storage.records import Label

SHARE = 2.0
"""The linear half's evidence counts this often against the network's."""

Floats = npt.NDArray[np.float64]


def train(folder: Path, out: Path) -> None:
    """Train on ``folder/train`` and our own texts, calibrate on the dev sets of the former, write the file."""
    rows = examples(corpus.train_sets(folder) | corpus.own_sets())
    one, other = linear.fit(rows), network.fit(rows)
    languages = sorted({*LANGUAGES.values(), UNKNOWN})
    held: dict[str, Any] = {
        "fingerprint": fingerprint(),
        "shared": one.shared,
        "own": one.own,
        "own_languages": np.array(linear.OWN),
        "scale": one.scale * SHARE,
        "bias": one.bias * SHARE,
        **dataclasses.asdict(other),
        "languages": np.array(languages),
    }
    np.savez_compressed(out, **held, heat=np.ones(len(languages)))
    held["heat"] = np.array([*temperatures(BuiltinScorer(out), languages, folder)])
    np.savez_compressed(out, **held)


def temperatures(scorer: BuiltinScorer, languages: list[str], folder: Path) -> list[float]:
    """What each language's evidence must be divided by for the most probable labels (Guo et al. 2017), each
    set counting the same. One number: the order of the classes stays. Unsure languages get that of all.
    """
    sets = {
        name: rows
        for name, rows in corpus.dev_sets(folder).items()
        if name in corpus.train_names(folder) and name not in LEFT_OUT
    }
    held = {name: _log_odds(scorer, rows, LANGUAGES.get(name, UNKNOWN)) for name, rows in sets.items()}
    found = []
    for language in languages:
        own = [held[name] for name in sets if LANGUAGES.get(name) == language]
        found.append(_temperature(own or list(held.values())))
    return found


def _temperature(sets: list[tuple[Floats, list[int]]]) -> float:
    tried = np.geomspace(0.2, 5, 200)
    losses = [np.mean([_log_loss(logits / heat, gold) for logits, gold in sets]) for heat in tried]
    return float(tried[int(np.argmin(losses))])


def _log_odds(scorer: BuiltinScorer, rows: list[corpus.Labelled], language: str) -> tuple[Floats, list[int]]:
    scores = scorer.score([text for text, _ in rows], [language] * len(rows))
    read = [(score, label) for score, (_, label) in zip(scores, rows, strict=True) if score]
    logits = np.log([[score.p_negative, score.p_neutral, score.p_positive] for score, _ in read])
    return logits, [list(Label).index(label) for _, label in read]


def _log_loss(logits: Floats, gold: list[int]) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-log_probabilities[np.arange(len(gold)), gold].mean())
