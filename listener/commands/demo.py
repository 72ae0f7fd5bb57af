"""The demo: everything for real, on platforms of our own."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.commands.common import examples, failed, opened, print_table, progress, read_config, usage_error

if TYPE_CHECKING:
    from listener.config import Config
    from listener.workers import Outcome
    from storage.records import Language


@click.command(epilog=examples("listener demo", "listener demo --out /tmp/listener-demo --language en"))
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the database and the digests go; those of an earlier demo are replaced.",
)
@click.option(
    "--language", type=click.Choice(["de", "en"]), default="de", show_default=True, help="Of the digest."
)
def demo(folder: Path, language: "Language") -> None:
    """Run everything on made-up platforms, no key needed.

    No network either: a sandbox on the loopback interface plays seven platforms with 60 days of posts about a
    bakery, its app and a competitor. The real connectors poll it over HTTP, and every stage runs.
    """
    from listener.sandbox.demo import SECRETS, demo_sandbox, write_config

    now = datetime.now(UTC)
    _make_room(folder)
    os.environ.update(SECRETS)
    with demo_sandbox(now) as sandbox:
        path = write_config(folder, sandbox, language)
        config = read_config(path)
        click.echo(
            "1. A sandbox plays seven platforms on the loopback interface; the real connectors poll it:\n"
        )
        outcomes = _poll(config)
    _score_and_aggregate(config)
    click.echo("4. The digests of yesterday:\n")
    written = _digests(config, language)
    _what_next(config, written, path)
    if problems := [f"{one.source}: {one.error}" for one in outcomes if one.is_failure]:
        failed(*problems)


def _make_room(folder: Path) -> None:
    """Make the folder, or remove what an earlier demo left in it; a folder of anything else is refused."""
    mark = folder / ".listener-demo"
    if folder.exists() and any(folder.iterdir()):
        if not mark.exists():
            usage_error(f"{folder} holds other things than a demo; name an empty or a new folder with --out")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _poll(config: "Config") -> list["Outcome"]:
    from listener.stages.poll import poll

    with progress() as bar:
        task = bar.add_task("polling", total=len(config.sources))
        outcomes = poll(config, done=lambda outcome: bar.advance(task))
    print_table(
        ["source", "state", "requests", "mentions", "unreadable"],
        [[one.source, one.status, one.pages, one.result.new, one.result.rejected] for one in outcomes],
    )
    click.echo()
    return outcomes


def _score_and_aggregate(config: "Config") -> None:
    from listener.stages.aggregate import aggregate
    from listener.stages.group import group
    from listener.stages.score import load_scorer, score
    from listener.stages.topics import topics

    with opened(config) as store, progress() as bar:
        group(store, now=datetime.now(UTC))
        task = bar.add_task("scoring", total=None)
        scorer = load_scorer(config)
        count = score(
            store, scorer, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
        topics(store, config, scorer)
        click.echo(f"2. {count} mentions scored with {scorer.name}: sentiment, language, stance, topics.")
        click.echo(f"3. {aggregate(store)} days of a brand aggregated.")


def _digests(config: "Config", language: "Language") -> list[Path]:
    """Write every brand's digest, print the first one; returns the HTML files."""
    from listener.digest import files, text, trends
    from listener.digest.build import build
    from listener.stages.compose import yesterday

    written = []
    with opened(config) as store:
        for brand in config.digest_brands:
            day = yesterday(config, brand)
            trends.update(store, brand, day)
            data = build(store, brand, day, top_n=config.file.digest.top_n)
            written += [
                path for path in files.write(config.digest_folder, data, language) if path.suffix == ".html"
            ]
            if len(written) == 1:
                click.echo(text.render_text(data, language))
    return written


def _what_next(config: "Config", written: list[Path], path: Path) -> None:
    click.echo(f"Database      {config.database}")
    for one in written:
        click.echo(f"HTML digest   {one}")
    question = "SELECT brand, day, mentions, net_sentiment FROM daily_brand_metrics LIMIT 9"
    click.echo("\nTry next (after `source .venv/bin/activate`):")
    for line in (
        f"listener serve -c {path} --open",
        f"listener status -c {path}",
        f"listener digest -c {path} --brand Krustenhof --language en",
        f'listener query -c {path} "{question}"',
        "listener init                  # your own brand",
    ):
        click.echo(f"  {line}")


COMMANDS = (demo,)
