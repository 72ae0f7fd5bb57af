"""What the commands share: the --config and --json options, opening, failing, tables."""

import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from rich.progress import Progress

    from listener.config import Config
    from storage.store import Store

Command = TypeVar("Command", bound=Callable[..., Any])

EXIT_FAILED = 1
EXIT_USAGE = 2


def config_option(command: Command) -> Command:
    """Add --config."""
    return click.option(
        "--config",
        "-c",
        "config_path",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("config.toml"),
        show_default=True,
        envvar="LISTENER_CONFIG",
        help="The configuration file.",
    )(command)


def json_option(command: Command) -> Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print data as JSON.")(command)


def examples(*lines: str) -> str:
    """An epilog that shows how a command is used."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def read_config(path: Path, *, every_source: bool = False, daemon: bool = False) -> "Config":
    """The checked configuration; exits with code 2 where it cannot be used.

    Sets up logging: a daemon logs what it does; a command says it itself, and logs bugs only.
    """
    from listener import config, log

    try:
        loaded = config.load(path, every_source=every_source)
    except config.ConfigError as error:
        usage_error(f"{path}:", *error.problems)
    log.set_up(loaded.secrets(), level=logging.INFO if daemon else logging.ERROR)
    return loaded


@contextmanager
def opened(config: "Config", *, new: bool = True) -> Iterator["Store"]:
    """The database; exits with code 2 where it cannot be used.

    Args:
        new: make it where there is none; else say so.
    """
    from storage.store import Store, StoreError, check_exists

    try:
        if not new:
            check_exists(config.database)
        store = Store(config.database)
    except StoreError as error:
        usage_error(str(error))
    with store:
        yield store


def usage_error(*lines: str) -> NoReturn:
    """Say what is wrong with what was asked, exit code 2."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(EXIT_USAGE)


def failed(*lines: str) -> NoReturn:
    """Name what failed although the rest was done, exit code 1."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(EXIT_FAILED)


def print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    title: str | None = None,
    unknown: str = "-",
    cut: bool = False,
) -> None:
    """A table in the terminal; unknown values are shown as a dash, text from outside as plain text.

    Args:
        cut: one line a row, what is too long for the terminal ends in "…".
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numeric = all(isinstance(row[index], int | float | None) for row in rows) and bool(rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(
            *(
                Text(unknown, "dim")
                if value is None
                else Text(_plain(value), no_wrap=cut, overflow="ellipsis" if cut else None)
                for value in row
            )
        )
    Console().print(table)


def print_plain(text: str) -> None:
    """Text from outside, without the control characters that a terminal would obey."""
    click.echo(clean(text))


def clean(text: str) -> str:
    """Without the control characters that a terminal would obey."""
    return "".join(one if one.isprintable() or one == "\n" else "\ufffd" for one in text)


def progress(*, rate: bool = False) -> "Progress":
    """A progress bar on stderr; silent where that is no terminal.

    Args:
        rate: also show how many a second.
    """
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, ProgressColumn, Task
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    return Progress(
        *Progress.get_default_columns(),
        *((MofNCompleteColumn(), Rate()) if rate else ()),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )


def _plain(value: Any) -> str:
    """Numbers with few digits; text without control characters, which a terminal would obey."""
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1 else f"{value:,.2f}"
    return clean(str(value))
