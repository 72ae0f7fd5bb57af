"""The database's versions, one file each, applied in order and never changed after a release.

The views are no part of a version: ``views.sql`` replaces them whenever its text has changed.
"""

from contextlib import closing
from functools import cache
from importlib.resources import files

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("listener")


def _run(db: Database, name: str) -> None:
    """Execute a file's statements one by one (``executescript`` would commit in between)."""
    for statement in statements(files(__package__).joinpath(f"{name}.sql").read_text("utf-8")):
        db.execute(statement)


def statements(script: str) -> list[str]:
    """The statements of an SQL file, which are separated by a line that holds only a semicolon."""
    return [part.strip() for part in script.split("\n;\n") if part.strip()]


@cache
def known() -> frozenset[str]:
    """The names of all migrations."""
    with closing(Database(memory=True)) as empty:
        return frozenset(one.name for one in migrations.pending(empty))


@migrations()
def v0001_initial(db: Database) -> None:
    _run(db, "v0001_initial")


@migrations()
def v0002_upkeep(db: Database) -> None:
    _run(db, "v0002_upkeep")


@migrations()
def v0003_scoring(db: Database) -> None:
    _run(db, "v0003_scoring")


@migrations()
def v0004_corrections(db: Database) -> None:
    _run(db, "v0004_corrections")


@migrations()
def v0005_topics(db: Database) -> None:
    _run(db, "v0005_topics")


@migrations()
def v0006_figures(db: Database) -> None:
    _run(db, "v0006_figures")


@migrations()
def v0008_figures2(db: Database) -> None:
    _run(db, "v0008_figures2")


@migrations()
def v0009_duplicates(db: Database) -> None:
    _run(db, "v0009_duplicates")


@migrations()
def v0010_excluded(db: Database) -> None:
    _run(db, "v0010_excluded")


@migrations()
def v0011_coverage(db: Database) -> None:
    _run(db, "v0011_coverage")


@migrations()
def v0012_topic_tries(db: Database) -> None:
    _run(db, "v0012_topic_tries")


@migrations()
def v0013_reading(db: Database) -> None:
    _run(db, "v0013_reading")
