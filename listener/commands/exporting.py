"""Views as files for other programs."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.commands.common import config_option, examples, progress, read_config, usage_error
from listener.commands.finding import Within, check_brand, within_options

if TYPE_CHECKING:
    from storage.browsing import Browser
    from storage.extracts import Extract

FORMATS = ("csv", "jsonl", "xlsx", "parquet")
ENDINGS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx", ".parquet": "parquet"}
IDS = ("brand", "day", "platform", "platform_id")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: a path, or None for stdout."""

    path: Path | None
    form: str
    partitioned: bool = False
    force: bool = False


@click.command(
    epilog=examples(
        "listener export --brand Sonnenkorn --since 2026-11-01 --until 2026-11-30 --out november.xlsx",
        "listener export --view daily_brand_metrics --out days.csv",
        "listener export --partition --out lake         lake/brand=Sonnenkorn/month=2026-11/part-0.parquet",
        "listener export --platform x --ids-only --out ids.csv",
        "listener export --format jsonl --out - | gzip > mentions.jsonl.gz",
    )
)
@config_option
@within_options
@click.option("--view", default="mention_overview", show_default=True, help="Another view.")
@click.option("--platform", "platforms", multiple=True, help="Only this platform (repeatable).")
@click.option("--format", "form", type=click.Choice(FORMATS), help="If the file's ending does not say.")
@click.option("--out", "-o", help="The file, or - for stdout (CSV and JSONL); without it a name is made.")
@click.option("--partition", is_flag=True, help="Parquet by brand and month into the folder --out.")
@click.option(
    "--ids-only", is_flag=True, help=f"Only {', '.join(IDS)}: for terms that let no more be passed on."
)
@click.option(
    "--no-authors",
    is_flag=True,
    help="Leave out authors, and addresses and platforms' ids of posts, which often name them.",
)
@click.option("--force", is_flag=True, help="Replace what is there.")
def export(
    config_path: Path,
    brand: str | None,
    since: datetime | None,
    until: datetime | None,
    view: str,
    platforms: tuple[str, ...],
    form: str | None,
    out: str | None,
    partition: bool,
    ids_only: bool,
    no_authors: bool,
    force: bool,
) -> None:
    """Export mentions, or any other view, to CSV, JSONL, XLSX or Parquet.

    Rows are read and written one by one, however many there are; a file is there whole or not at all. Texts that a
    spreadsheet would take for formulas stay texts: in CSV behind an apostrophe. Own accounts' mentions and repeats are
    in it, with their columns own_account and duplicate_of. With --no-authors texts may still name people.
    """
    config = read_config(config_path)
    check_brand(config, brand)
    from listener.exporting.files import TakenError
    from listener.exporting.parquet import MissingLibraryError, UnfitError
    from storage.browsing import browsing
    from storage.extracts import Extract, columns
    from storage.store import StoreError

    within = Within(brand, since, until)
    extract = Extract(view=view, brand=brand, **within.days, platforms=platforms)
    target = _target(out, form, _stem(view, within), partition, force)
    try:
        with browsing(config.database) as browser, browser.snapshot():
            names = _names(columns(browser, extract), ids_only, no_authors)
            _export(browser, extract, names, target)
    except (StoreError, TakenError, MissingLibraryError, UnfitError) as error:
        usage_error(str(error))
    except BrokenPipeError:
        raise  # who reads has enough
    except OSError as error:
        usage_error(f"cannot write {target.path}: {error.strerror or error}")


def _target(out: str | None, form: str | None, stem: str, partition: bool, force: bool) -> Target:
    if partition:
        if form not in (None, "parquet") or out in (None, "-"):
            usage_error("--partition writes Parquet into a folder: name it with --out")
        return Target(Path(str(out)), "parquet", partitioned=True, force=force)
    if out == "-":
        if form not in (None, "csv", "jsonl"):
            usage_error(f"{form} cannot be written to stdout; name a file with --out")
        return Target(None, form or "csv")
    path = Path(out or f"{stem}.{form or 'csv'}")
    ending = ENDINGS.get(path.suffix.lower())
    if form is None and ending is None:
        usage_error(f"{path}: what is it to be? Say --format {', '.join(FORMATS)}")
    return Target(path, form or str(ending), force=force)


def _stem(view: str, within: Within) -> str:
    """A file's name that says what is in it: mentions-sonnenkorn-2026-11-01-2026-11-30."""
    from listener.digest.files import slug

    days = [day for day in within.days.values() if day]
    name = "mentions" if view == "mention_overview" else view
    return "-".join([name, *([slug(within.brand)] if within.brand else []), *days])


def _names(has: Sequence[str], ids_only: bool, no_authors: bool) -> tuple[str, ...]:
    """The columns to export."""
    if ids_only:
        if no_authors:
            usage_error(
                "--ids-only and --no-authors exclude each other: ids name the authors on some platforms"
            )
        if missing := [name for name in IDS if name not in has]:
            usage_error(f"--ids-only is for mention_overview; this view has no {missing[0]}")
        return IDS
    return tuple(name for name in has if not (no_authors and _is_of_author(name)))


def _is_of_author(name: str) -> bool:
    """Addresses and the platforms' ids of posts hold the author's on some platforms."""
    return name in ("author", "url", "mention_url", "platform_id") or name.startswith("author_")


def _export(browser: "Browser", extract: "Extract", names: Sequence[str], target: Target) -> None:
    from storage import extracts

    seen: Counter[str] = Counter()
    with progress(rate=True) as bar:
        task = bar.add_task("exporting", total=extracts.total(browser, extract))
        rows = _counted(extracts.rows(browser, extract, names), names, seen)
        tracked = bar.track(rows, task_id=task)
        note = _write(browser, extract, names, target, tracked)
    count = seen.total()
    click.echo(f"{count} rows written to {target.path or 'stdout'}{note}", err=target.path is None)
    if "text" in names:
        _warn(seen)


def _counted(
    rows: Iterable[tuple[Any, ...]], names: Sequence[str], seen: Counter[str]
) -> Iterator[tuple[Any, ...]]:
    """The rows; counts them by platform as they pass."""
    place = names.index("platform") if "platform" in names else None
    for row in rows:
        seen["" if place is None else row[place]] += 1
        yield row


def _write(
    browser: "Browser",
    extract: "Extract",
    names: Sequence[str],
    target: Target,
    rows: Iterable[tuple[Any, ...]],
) -> str:
    """Write the rows; returns what else is to be said."""
    from listener.exporting import parquet, text, xlsx
    from listener.exporting.files import whole_file, whole_folder
    from storage.extracts import kinds

    if target.path is None:
        write = text.write_csv if target.form == "csv" else text.write_jsonl
        write(sys.stdout, names, rows)
        return ""
    if target.partitioned:
        if missing := [name for name in ("brand", "day") if name not in names]:
            usage_error(f"--partition needs the columns brand and day; {extract.view} has no {missing[0]}")
        with whole_folder(target.path, force=target.force) as folder:
            count = parquet.write_partitions(folder, kinds(browser, extract, names), rows)
        return f" in {count} files"
    with whole_file(target.path, force=target.force) as draft:
        if target.form == "parquet":
            parquet.write_parquet(draft, kinds(browser, extract, names), rows)
        elif target.form == "xlsx":
            cut = xlsx.write_xlsx(draft, extract.view, names, rows)
            return (
                f"; {cut} texts were cut to {xlsx.LONGEST} characters, the most a cell holds" if cut else ""
            )
        else:
            with draft.open("w", encoding="utf-8", newline="") as file:
                write = text.write_csv if target.form == "csv" else text.write_jsonl
                write(file, names, rows)
    return ""


def _warn(seen: Counter[str]) -> None:
    """Say where a platform's terms do not let whole posts be passed on freely."""
    from listener import registry

    for platform in sorted(seen.keys() & set(registry.names())):
        about = registry.load(platform).about
        if about.passing_on:
            click.echo(f"{platform}, {seen[platform]} posts: {about.passing_on} ({about.terms})", err=True)


COMMANDS = (export,)
