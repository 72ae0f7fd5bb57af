"""Pretrained sentiment models: which there are, fetching one, making one smaller and faster."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.commands.common import (
    config_option,
    examples,
    failed,
    json_option,
    print_json,
    print_table,
    read_config,
    usage_error,
)

if TYPE_CHECKING:
    from listener.config.sections import SentimentSection
    from sentiment.hub import Local

_ENOUGH = 0.98
"""Agreement below which an exported model deserves a look before it is used."""


@click.group(
    epilog=examples(
        "listener models list",
        "listener models pull                        the recommended model, about 1.1 GB",
        "listener models export --out models/small   an eighth of the time, a quarter of the size",
    )
)
def models() -> None:
    """See, fetch and shrink pretrained sentiment models.

    The built-in model needs none of this. docs/sentiment.md says what a pretrained one costs and brings.
    """


@models.command("list", epilog=examples("listener models list", "listener models list --json"))
@config_option
@json_option
def list_(config_path: Path, as_json: bool) -> None:
    """Show the models on this machine.

    Those of the Hugging Face hub are found in its cache, whichever program fetched them.
    """
    from sentiment import hub

    used, _ = _configured(config_path)
    rows: list[dict[str, object]] = [{"model": "builtin", "megabytes": None, "folder": None}]
    rows += [_row(one) for one in hub.pulled()]
    known = [str(row["model"]) for row in rows]
    if not any(_means(used, name) for name in known):
        rows.append({"model": used, "megabytes": None, "folder": None})
    data = [{"used": _means(used, str(row["model"])), **row} for row in rows]
    if as_json:
        print_json(data)
        return
    columns = ("used", "model", "MB", "folder")
    print_table(
        columns,
        [("*" if one["used"] else "", one["model"], one["megabytes"], one["folder"]) for one in data],
    )
    if not any(_means(f"transformers:{hub.RECOMMENDED}", name) for name in known):
        click.echo(f"\nrecommended, not here yet: {hub.RECOMMENDED}; fetch it with: listener models pull")


def _row(one: "Local") -> dict[str, object]:
    return {
        "model": f"transformers:{one.pinned}",
        "megabytes": round(one.bytes / 1e6),
        "folder": str(one.folder),
    }


def _means(spec: str, pinned: str) -> bool:
    """Whether a configured model, pinned or not, can be this one."""
    name, _, revision = spec.partition("@")
    return name == pinned.partition("@")[0] and pinned.partition("@")[2].startswith(revision)


@models.command(
    epilog=examples(
        "listener models pull",
        "listener models pull nlptown/bert-base-multilingual-uncased-sentiment",
        "listener models pull owner/name@8f2c1e0d...   a certain revision: a commit, tag or branch",
    )
)
@click.argument("name", metavar="[NAME[@REVISION]]", required=False)
def pull(name: str | None) -> None:
    """Fetch a model from the Hugging Face hub.

    Without NAME it is the recommended one. It goes into the hub's cache, shared with other programs; HF_HOME
    names another place. A download that was cut off goes on where it stopped. Later nothing asks the network.
    """
    from sentiment import hub
    from sentiment.base import ModelError

    _quiet_unless_terminal()
    try:
        one = hub.pull(name or hub.RECOMMENDED)
    except ModelError as error:
        failed(str(error))
    click.echo(f"{one.name}: {one.bytes / 1e6:,.0f} MB in {one.folder}")
    click.echo(f'\nTo use it:\n\n[sentiment]\nmodel = "transformers:{one.pinned}"')
    click.echo("\nIt is several times faster exported: listener models export --help")


def _quiet_unless_terminal() -> None:
    """The hub's own progress bars are for people."""
    import sys

    if not sys.stderr.isatty():
        from huggingface_hub.utils.tqdm import disable_progress_bars

        disable_progress_bars()


@models.command(
    epilog=examples(
        "listener models export --out models/small",
        "listener models export --model owner/name --out models/other",
    )
)
@config_option
@click.option(
    "--model",
    "name",
    help="A model that was pulled, or a folder. Default: the configured or recommended one.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write; a new one.")
def export(config_path: Path, name: str | None, out: Path) -> None:
    """Write a model as an int8 ONNX model, smaller and faster.

    It runs on processors, without torch. Afterwards both forms read sample sentences in many languages; how often
    they agree is printed. Needs pip install 'social-listening-bot[export]', and for the recommended model
    about 5 GB of memory and two minutes.
    """
    from sentiment import exporting, hub
    from sentiment.base import ModelError
    from sentiment.transformers_model import TransformersScorer

    spec, section = _configured(config_path)
    configured = spec if spec.startswith("transformers:") else hub.RECOMMENDED
    model = (name or configured).removeprefix("transformers:")
    try:
        scorer = TransformersScorer(model, labels=section.labels or None, placeholders=section.placeholders)
        facts = exporting.export(scorer, out)
    except ModelError as error:
        usage_error(str(error))
    size = sum(path.stat().st_size for path in out.iterdir())
    click.echo(f"{out}: {size / 1e6:,.1f} MB, made from {facts.source}")
    click.echo(f"the same label on {facts.agreement:.0%} of the sample sentences")
    if facts.agreement < _ENOUGH:
        click.echo("that is little: compare both with `listener evaluate` before you use it", err=True)
    click.echo(f'\nTo use it:\n\n[sentiment]\nmodel = "onnx:{out.resolve()}"')


def _configured(path: Path) -> "tuple[str, SentimentSection]":
    """The model in use and its table; the defaults where there is no configuration yet."""
    from listener.config.sections import SentimentSection

    if not path.exists():
        return SentimentSection().model, SentimentSection()
    config = read_config(path)
    return config.model, config.file.sentiment


COMMANDS = (models,)
