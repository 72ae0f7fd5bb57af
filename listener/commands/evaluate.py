"""How well the model agrees with people: on files of labelled texts, or on the corrections."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
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
    read_config,
    usage_error,
)
from listener.commands.measuring import Judged, corrections_of, read, scorer_of

if TYPE_CHECKING:
    from listener.config import Config
    from sentiment.examples import Example
    from storage.tunings import InForce

CORRECTIONS = "corrections"
FEW = 10
"""Languages with fewer texts in a set are summed up as "other"."""
_NAMED = 5
"""Lines of a file that are named when they cannot be read."""
_SURE = 1.96
"""Standard errors to either side within which 95 % lie."""


@click.command(
    epilog=examples(
        "listener evaluate                          # on your corrections",
        "listener evaluate my-labels.tsv --json",
        "listener evaluate --model transformers:cardiffnlp/twitter-xlm-roberta-base-sentiment a.tsv b.tsv.gz",
    )
)
@config_option
@json_option
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--model", help="Another model than the configured one, written as in [sentiment] model.")
def evaluate(config_path: Path, as_json: bool, files: tuple[Path, ...], model: str | None) -> None:
    """Measure how well the model agrees with people.

    Each line of a FILE is a text, a tab and its label (negative, neutral or positive); after one more tab its
    language may follow. A name in .gz is decompressed. Without a FILE, the corrections are what people say. Phrase
    rules and the tuning in force apply, as they do to mentions. Files can be measured without a configuration.
    """
    config = None if files and not config_path.exists() else read_config(config_path)
    sets = {str(path): _examples(path) for path in files} if files else _corrections(config)
    scorer = scorer_of(config, model)
    tuned = _tuning(config, scorer.name)
    parts = [
        one
        for name, held in sets.items()
        for one in _measured(name, read(scorer, held, tuned.tuning if tuned else None, what=name))
    ]
    report = {
        "model": scorer.name,
        "tuning": tuned and {"id": tuned.id, "basis": tuned.basis, "created_at": tuned.created_at},
        "sets": parts,
    }
    if as_json:
        print_json(report)
    else:
        _show(report)


def _examples(path: Path) -> "list[Example]":
    """A file's texts; names the lines that cannot be read on stderr."""
    from sentiment.examples import ExamplesError
    from sentiment.examples import read as read_file

    try:
        held = read_file(path)
    except ExamplesError as error:
        usage_error(f"{path}: {error}")
    for number, reason in held.bad[:_NAMED]:
        click.echo(f"{path}, line {number}: {reason}; left out", err=True)
    if len(held.bad) > _NAMED:
        click.echo(f"{path}: {len(held.bad)} lines left out in all", err=True)
    return held.good


def _corrections(config: "Config | None") -> "dict[str, list[Example]]":
    if config is None:  # read_config has already said that there is none
        return {}
    with opened(config) as store:
        held = corrections_of(store)
    if not held:
        usage_error(
            "there are no corrections to measure with: `listener correct` makes them;"
            " or name a file of labelled texts"
        )
    return {CORRECTIONS: held}


def _tuning(config: "Config | None", model: str) -> "InForce | None":
    from storage import tunings

    if config is None or not config.database.exists():
        return None
    with opened(config) as store:
        return tunings.in_force(store, model)


def _measured(name: str, judged: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    """The figures of a set as a whole, then of each language where there are several."""
    common = Counter(one.lang for one in judged)
    by_lang: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_lang[one.lang if common[one.lang] >= FEW else "other"].append(one)
    only = len(by_lang) == 1 and "other" not in by_lang
    yield _figures(name, next(iter(by_lang)) if only else "all", judged)
    if len(by_lang) > 1:
        for lang in sorted(by_lang, key=lambda one: (one == "other", -len(by_lang[one]))):
            yield _figures(name, lang, by_lang[lang])


def _figures(name: str, lang: str, judged: Sequence[Judged]) -> dict[str, Any]:
    from sentiment.evaluation import confusion, macro_recall_error, measure

    pairs = [(one.example.label, one.score) for one in judged if one.score is not None]
    found: dict[str, Any] = {"set": name, "language": lang, "texts": len(judged)}
    found["unread"] = len(judged) - len(pairs)
    if pairs:
        found |= asdict(measure(pairs))
        found["macro_recall_interval"] = _SURE * macro_recall_error(pairs)
        found["confusion"] = confusion(pairs)
    return found


def _show(report: Mapping[str, Any]) -> None:
    tuning = report["tuning"]
    said = f", tuned to the {tuning['basis']} on {tuning['created_at'][:10]}" if tuning else ""
    click.echo(f"{report['model']}{said}")
    for name, group in groupby(report["sets"], key=lambda one: one["set"]):
        parts = list(group)
        click.echo(f"\n{name}\n")
        print_table(_MEASURED, [_line(one) for one in parts])
        click.echo()
        rows = [
            (one["language"], gold, *read_as.values())
            for one in parts
            for gold, read_as in one.get("confusion", {}).items()
            if any(read_as.values())
        ]
        print_table(("language", "people say", "read as negative", "neutral", "positive"), rows)


_MEASURED = ("language", "texts", "unread", "macro-recall", "± 95 %", "macro-F1", "accuracy", "calibration")


def _line(one: Mapping[str, Any]) -> tuple[Any, ...]:
    keys = ("macro_recall", "macro_recall_interval", "macro_f1", "accuracy", "calibration_error")
    figures = (f"{one[key]:.3f}" if key in one else None for key in keys)
    return (one["language"], one["texts"], one["unread"], *figures)


COMMANDS = (evaluate,)
