"""Tunings that may be accepted, and what speaks for them: from corrections, or from the stream without any."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from listener.commands.common import usage_error
from listener.commands.measuring import corrections_of, read, scorer_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from listener.config import Config
    from storage.records import Label, Tuning
    from storage.store import Store

FEWEST_SCORES = 1000
"""Scored mentions from which a stream's prior is estimated."""
LEAST_AGREEMENT = 1 / 3
"""Where the model is right less often than by guessing, only its mistakes were corrected."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tuning that may be accepted."""

    model: str
    tuning: "Tuning"
    basis: str
    report: dict[str, Any]
    """The figures that speak for it or against it."""
    is_gain: bool = True


def of_corrections(store: "Store", config: "Config") -> Proposal:
    from sentiment import tuning

    held = corrections_of(store)
    if len(held) < tuning.FEWEST:
        usage_error(
            f"there are {len(held)} corrections, {tuning.FEWEST - len(held)} too few: `listener correct --sample 50`"
            " shows mentions to judge. `listener tune --prior` needs none"
        )
    scorer = scorer_of(config)
    judged = read(scorer, held, what="corrections")
    pairs = [(one.example.label, one.score) for one in judged if one.score is not None]
    agreeing = sum(label is score.label for label, score in pairs)
    if len(pairs) < tuning.FEWEST:
        usage_error(f"{scorer.name} can read only {len(pairs)} of the {len(held)} corrected mentions")
    if agreeing < LEAST_AGREEMENT * len(pairs):
        usage_error(
            f"the model agrees with only {agreeing} of {len(pairs)} corrections: they are its mistakes, not a sample of"
            " what it reads. Judge random mentions, too: `listener correct --sample 50`"
        )
    gain = tuning.cross_validate(pairs)
    report = {
        "texts": len(pairs),
        "agreeing": agreeing,
        "labels": _counts(label for label, _ in pairs),
        "before": asdict(gain.before),
        "after": asdict(gain.after),
        "standard_error": asdict(gain.error),
    }
    return Proposal(scorer.name, tuning.fit(pairs), "corrections", report, gain.is_certain)


def of_stream(store: "Store") -> Proposal:
    from sentiment import prior, tuning
    from storage import tunings

    model = store.meta("model")
    scores = tunings.probabilities(store, model) if model else []
    if model is None or len(scores) < FEWEST_SCORES:
        usage_error(
            f"there are {len(scores)} mentions scored by the model in use; at least {FEWEST_SCORES} show a stream's"
            " prior. `listener poll` and `listener score` bring more"
        )
    fitted = tuning.of_prior(prior.estimate(scores))
    report = {
        "texts": len(scores),
        "before": _counts(one.label for one in scores),
        "after": _counts(fitted.apply(one).label for one in scores),
    }
    return Proposal(model, fitted, "stream", report)


def _counts(labels: "Iterable[Label]") -> dict[str, int]:
    from storage.records import Label

    counted = Counter(labels)
    return {str(label): counted[label] for label in Label}
