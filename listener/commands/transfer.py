"""Mentions in and out: files that other tools exported."""

import re
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.commands.common import (
    config_option,
    examples,
    failed,
    json_option,
    opened,
    print_json,
    print_table,
    progress,
    read_config,
    usage_error,
)

if TYPE_CHECKING:
    from listener.config import Config
    from listener.importing.importer import Imported, Plan

SHOWN = 10


@click.command(
    "import",
    epilog=examples(
        "listener import reviews.csv --platform amazon --brand Sonnenkorn --dry-run",
        "listener import reviews.csv --platform amazon --brand Sonnenkorn --map text=Rezension --scale 0-10",
        "listener import export.jsonl --platform brand24",
        "listener import survey.parquet --platform survey --kind review --brand Sonnenkorn",
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@config_option
@json_option
@click.option("--platform", default="import", show_default=True, help="Where the mentions come from.")
@click.option("--brand", help="All rows are about this brand; without it, its query must match.")
@click.option(
    "--map", "told", multiple=True, metavar="FIELD=COLUMN", help="Which column holds a field (repeatable)."
)
@click.option("--scale", default="1-5", show_default=True, help="The worst and the best rating there can be.")
@click.option(
    "--kind", type=click.Choice(["post", "comment", "review", "article"]), help="What the rows are."
)
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl", "parquet"]), help="If the suffix does not say."
)
@click.option("--delimiter", help="Of a CSV file, if it is not recognised.")
@click.option("--dry-run", is_flag=True, help="Show ten mapped rows; store nothing.")
def import_(
    file: Path,
    config_path: Path,
    as_json: bool,
    platform: str,
    brand: str | None,
    told: tuple[str, ...],
    scale: str,
    kind: str | None,
    form: Any,
    delimiter: str | None,
    dry_run: bool,
) -> None:
    """Import mentions from a CSV, JSONL or Parquet file.

    Columns are recognised by their names, in English and German; --map says what they do not. Fields: id, text,
    title, author, author_id, url, published_at, rating, lang, kind, thread_id, likes, shares, comments, views,
    followers. Rows that cannot be read are kept with their line number; importing a file twice adds nothing.
    """
    from connectors.mapping import Mapper
    from listener.importing.columns import MappingError
    from listener.importing.importer import Plan
    from listener.importing.rows import FileError
    from storage.records import Kind

    config = read_config(config_path)
    if brand is not None and brand not in config.queries:
        usage_error(f"there is no brand {brand!r}; there are: {', '.join(config.queries)}")
    if not re.fullmatch(r"[\w.-]+", platform):
        usage_error(f"--platform {platform!r}: write a short name of letters, digits, dots and hyphens")
    if delimiter is not None and len(delimiter) != 1:
        usage_error(f"--delimiter {delimiter!r}: it must be one character")
    mapper = Mapper(
        platform=platform,
        origin=platform,
        scale=_scale(scale),
        zone=config.zone(brand or ""),
    )
    pairs = dict(_pair(one) for one in told)
    plan = Plan(
        path=file,
        mapper=mapper,
        told=pairs,
        brand=brand,
        kind=Kind(kind) if kind else None,
        form=form,
        delimiter=delimiter,
    )
    try:
        if dry_run:
            _show(plan, as_json)
        else:
            _run(config, plan, as_json)
    except (FileError, MappingError) as error:
        usage_error(f"{file}: {error}")


def _show(plan: "Plan", as_json: bool) -> None:
    """The first rows as they would be stored."""
    from dataclasses import asdict

    from listener.importing.importer import sample
    from storage.records import Mention

    fields, rows = sample(plan, SHOWN)
    if as_json:
        print_json({"columns": dict(fields), "rows": [asdict(one) for one in rows]})
        return
    print_table(["field", "column"], list(fields.items()), title="columns")
    mentions = [one for one in rows if isinstance(one, Mention)]
    print_table(
        ["published", "author", "stars", "title", "text", "id"],
        [
            [
                one.published_at.isoformat(" ", "minutes"),
                one.author and one.author.handle,
                one.rating,
                one.title,
                one.text[:80],
                one.platform_id[:24],
            ]
            for one in mentions
        ],
        title=f"the first {len(rows)} rows, nothing is stored",
    )
    problems = [one.reason for one in rows if not isinstance(one, Mention)]
    if problems:
        failed(*problems)


def _run(config: "Config", plan: "Plan", as_json: bool) -> None:
    """Store the file, with a progress bar; exit code 1 where rows could not be read."""
    from listener.importing.importer import Imported, import_file
    from listener.stages.poll import sync

    shown = 0
    done = Imported()
    problems: list[str] = []
    with opened(config) as store, progress() as bar:
        sync(store, config, datetime.now(UTC))
        task = bar.add_task(plan.path.name, total=1.0)
        for done in import_file(
            store, config, plan, progress=lambda share: bar.update(task, completed=share)
        ):
            problems += [one.reason for one in done.rejects[: SHOWN - len(problems)]]
            shown += len(done.rejects)
    _report(done, shown, as_json)
    if shown:
        more = [f"... and {shown - len(problems)} more"] if shown > len(problems) else []
        failed(*problems, *more)


def _report(done: "Imported", rejected: int, as_json: bool) -> None:
    counts = {
        "rows": done.rows,
        "new": done.stored.new,
        "updated": done.stored.updated,
        "about_no_brand": done.unmatched,
        "rejected": rejected,
    }
    if as_json:
        print_json(counts)
        return
    known = done.rows - done.stored.new - done.unmatched - rejected
    click.echo(
        f"{done.rows} rows: {done.stored.new} new mentions, {known} known already, {done.unmatched} about no brand,"
        f" {rejected} that could not be read"
    )
    if done.stored.new:
        click.echo("next: `listener score` and `listener aggregate`, or the daemon does it")


def _pair(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not equals:
        usage_error(f"--map {text}: write it as FIELD=COLUMN, like text=Rezension")
    return field.strip(), column.strip()


def _scale(text: str) -> tuple[float, float]:
    try:
        worst, best = map(float, text.split("-"))
    except ValueError:
        usage_error(f"--scale {text}: write it as WORST-BEST, like 0-10")
    if not (isfinite(worst) and isfinite(best) and worst < best):
        usage_error(f"--scale {text}: the best must be more than the worst")
    return worst, best


COMMANDS = (import_,)
