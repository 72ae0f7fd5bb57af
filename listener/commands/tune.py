"""Adapting the model's probabilities to the brand: from corrections, or from the stream without any."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.commands.common import (
    config_option,
    examples,
    json_option,
    opened,
    print_json,
    print_table,
    progress,
    read_config,
    usage_error,
)
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
_MEASURES = {
    "macro_recall": "macro-recall",
    "macro_f1": "macro-F1",
    "accuracy": "accuracy",
    "calibration_error": "calibration error",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tuning that may be accepted."""

    model: str
    tuning: "Tuning"
    basis: str
    report: dict[str, Any]
    """The figures that speak for it or against it."""
    is_gain: bool = True


@click.command(
    epilog=examples(
        "listener tune            # from 200 corrections on: shows the gain, asks",
        "listener tune --prior    # without corrections: adapts to how often each label comes",
        "listener tune --undo",
    )
)
@config_option
@json_option
@click.option(
    "--prior", is_flag=True, help="Estimate the stream's shares of the labels from its scores alone."
)
@click.option("--undo", is_flag=True, help="Take the tuning in force back.")
@click.option("--yes", "-y", is_flag=True, help="Accept a gain without asking.")
def tune(config_path: Path, as_json: bool, prior: bool, undo: bool, yes: bool) -> None:
    """Adapt the model's probabilities to your brand.

    Fits how sure the model is and how readily it says negative, neutral and positive to your corrections, and shows
    by ten-fold cross-validation what that gains before it is accepted. New mentions are read that way from then on;
    what was scored before is adapted at once, without running the model again. With --json nothing is asked: only
    --yes accepts.
    """
    if undo and (prior or yes or as_json):
        usage_error("--undo stands alone")
    config = read_config(config_path)
    with opened(config) as store:
        if undo:
            _undo(store)
            return
        proposal = _of_stream(store) if prior else _of_corrections(store, config)
        if as_json:
            print_json(_told(proposal))
        else:
            _show(proposal)
        if not proposal.is_gain:
            click.echo("No certain gain, so nothing is changed; more corrections may show one.", err=True)
        elif yes or (not as_json and click.confirm("Accept this tuning?")):
            _accept(store, proposal, quiet=as_json)


def _of_corrections(store: "Store", config: "Config") -> Proposal:
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


def _of_stream(store: "Store") -> Proposal:
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


def _told(proposal: Proposal) -> dict[str, Any]:
    return {
        "model": proposal.model,
        "basis": proposal.basis,
        "tuning": asdict(proposal.tuning),
        **proposal.report,
        "certain_gain": proposal.is_gain if proposal.basis == "corrections" else None,
    }


def _show(proposal: Proposal) -> None:
    report = proposal.report
    if proposal.basis == "stream":
        click.echo(f"{proposal.model} on {report['texts']} mentions:\n")
        rows = [
            (label, *(f"{100 * report[key][label] / report['texts']:.1f} %" for key in ("before", "after")))
            for label in report["before"]
        ]
        print_table(("label", "before", "after"), rows)
        click.echo(
            "\nWhether that is better only corrections can tell: `listener evaluate` before and after."
        )
        return
    given = ", ".join(f"{count} {label}" for label, count in report["labels"].items())
    click.echo(
        f"{proposal.model} on {report['texts']} corrections ({given}); it agrees with {report['agreeing']}."
    )
    click.echo("By ten-fold cross-validation, with the standard error of the change:\n")
    print_table(("measure", "before", "after", "change"), [_row(report, key) for key in _MEASURES])
    click.echo("\nIf mostly mistakes were corrected, the true gain is smaller: judge random mentions, too.")


def _row(report: dict[str, Any], key: str) -> tuple[str, str, str, str]:
    before, after, error = (report[name][key] for name in ("before", "after", "standard_error"))
    return _MEASURES[key], f"{before:.3f}", f"{after:.3f}", f"{after - before:+.3f} ± {error:.3f}"


def _accept(store: "Store", proposal: Proposal, *, quiet: bool) -> None:
    from storage import tunings

    now = datetime.now(UTC)
    tunings.accept(
        store, proposal.model, proposal.tuning, basis=proposal.basis, report=proposal.report, now=now
    )
    count = _carry_out(store)
    if not quiet:
        click.echo(
            f"Accepted. {count} scores adapted; `listener aggregate` renews the figures of their days."
        )


def _undo(store: "Store") -> None:
    from storage import tunings

    if not tunings.withdraw(store, store.meta("model") or ""):
        usage_error("no tuning of the model in use is in force")
    click.echo(f"Taken back: {_carry_out(store)} scores are again as the model gave them.")


def _carry_out(store: "Store") -> int:
    from storage import tunings

    with progress() as bar:
        task = bar.add_task("adapting scores", total=None)
        return tunings.carry_out(
            store, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )


COMMANDS = (tune,)
