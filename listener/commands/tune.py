"""Adapting the model's probabilities to the brand: from corrections, or from the stream without any."""

from dataclasses import asdict
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
from listener.commands.proposals import Proposal, of_corrections, of_stream

if TYPE_CHECKING:
    from storage.store import Store

_MEASURES = {
    "macro_recall": "macro-recall",
    "macro_f1": "macro-F1",
    "accuracy": "accuracy",
    "calibration_error": "calibration error",
}


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
        proposal = of_stream(store) if prior else of_corrections(store, config)
        if as_json:
            print_json(_told(proposal))
        else:
            _show(proposal)
        if not proposal.is_gain:
            click.echo("No certain gain, so nothing is changed; more corrections may show one.", err=True)
        elif yes or (not as_json and click.confirm("Accept this tuning?")):
            _accept(store, proposal, quiet=as_json)


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
