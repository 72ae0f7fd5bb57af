"""Questions to the database in SQL."""

import sys
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener.commands.common import (
    config_option,
    examples,
    json_option,
    print_json,
    print_table,
    read_config,
    usage_error,
)

if TYPE_CHECKING:
    from storage.browsing import Answer, Browser

SHOWN = 100


@click.command(
    epilog=examples(
        'listener query "SELECT brand, day, net_sentiment FROM daily_brand_metrics ORDER BY day DESC LIMIT 7"',
        'listener query --param brand=Acme "SELECT * FROM daily_brand_metrics WHERE brand = :brand" --csv > acme.csv',
        "listener query --file report.sql --json",
        "echo 'SELECT * FROM source_health' | listener query -",
        "listener query --list         what there is to ask",
    )
)
@config_option
@json_option
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option("--file", "-f", type=click.File(encoding="utf-8"), help="Read the SQL from this file.")
@click.option(
    "--param", "params", multiple=True, metavar="NAME=VALUE", help="The value of :NAME (repeatable)."
)
@click.option(
    "--limit", default=SHOWN, show_default=True, type=click.IntRange(0), help="Rows of a table; 0: all."
)
@click.option("--list", "listing", is_flag=True, help="List the views.")
@click.argument("sql", required=False)
def query(
    config_path: Path,
    as_json: bool,
    as_jsonl: bool,
    as_csv: bool,
    file: Any,
    params: tuple[str, ...],
    limit: int,
    listing: bool,
    sql: str | None,
) -> None:
    """Ask the database a question in SQL; "-" reads it from stdin.

    The connection is read-only; without a question the views are listed, and docs/schema.md describes their columns.
    CSV and JSON are written row by row, however many there are.
    """
    if [as_json, as_jsonl, as_csv].count(True) > 1:
        usage_error("--json, --jsonl and --csv exclude each other")
    if [file is not None, sql is not None, listing].count(True) > 1:
        usage_error("give either SQL, or --file, or --list")
    values = dict(_pair(one) for one in params)
    try:
        sql = _read(file, sql)
    except UnicodeError:
        usage_error("the question is not UTF-8")
    if sql is not None and not sql.strip():
        usage_error("the question is empty; `listener query --list` shows what there is to ask")
    config = read_config(config_path)
    from storage.browsing import browsing
    from storage.store import StoreError

    form = "json" if as_json else "jsonl" if as_jsonl else "csv" if as_csv else "table"
    try:
        with browsing(config.database) as browser:
            if sql is None:
                _list(browser, as_json)
            else:
                _print(browser.ask(sql, values), form, limit)
    except StoreError as error:
        usage_error(str(error))


def _read(file: Any, sql: str | None) -> str | None:
    """The question; raises ``UnicodeError``."""
    if file is not None:
        sql = file.read()
    elif sql == "-":
        sql = sys.stdin.read()
    if sql is not None:
        sql.encode()  # what is no UTF-8 on the command line comes as surrogates
    return sql


def _print(answer: "Answer", form: str, limit: int) -> None:
    if form == "table":
        _print_some(answer, limit)
        return
    from listener.exporting import text

    write = {"json": text.write_json, "jsonl": text.write_jsonl, "csv": text.write_csv}[form]
    write(sys.stdout, answer.columns, answer.rows)


def _print_some(answer: "Answer", limit: int) -> None:
    """The first rows as a table, each on a line; values are cut to the terminal, unknown ones are n/a."""
    rows = list(islice(answer.rows, limit or None))
    lines = [[" ".join(one.split()) if isinstance(one, str) else one for one in row] for row in rows]
    print_table(answer.columns, lines, unknown="n/a", cut=True)
    if limit and next(answer.rows, None) is not None:
        click.echo(f"... and more: these are the first {limit} rows; --limit 0 shows all", err=True)


def _list(browser: "Browser", as_json: bool) -> None:
    from storage.catalog import VIEWS

    views = browser.views()
    if as_json:
        print_json({name: {"about": VIEWS.get(name), "columns": columns} for name, columns in views.items()})
        return
    print_table(["view", "columns", "what"], [[name, len(views[name]), VIEWS.get(name)] for name in views])


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        usage_error(f"--param {text}: write it as NAME=VALUE, like brand=Acme")
    return name.lstrip(":"), _value(value)


def _value(text: str) -> int | float | str:
    """A number where the text is just that; 007 and 1e5 stay texts."""
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if str(number) == text and isfinite(number) and abs(number) < 2**63:
            return number
    return text


COMMANDS = (query,)
