"""A bakery with a configuration of its own, for the commands by which people judge what a model reads."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from listener.cli import main
from storage.store import Store
from tests.listener.bakery import Bakery, bakery

CONFIG = """
[[brands]]
name = "Sonnenkorn"
query = "sonnenkorn"
[[brands]]
name = "Mühle"
query = "mühle"
competitor = true
"""


class Desk:
    """A configuration and its database; ``say`` types a command."""

    def __init__(self, path: Path, place: Bakery) -> None:
        self.path = path
        self.place = place

    @property
    def store(self) -> Store:
        return self.place.store

    def say(self, command: str, *words: object, answers: str | None = None) -> Result:
        line = [command, "-c", str(self.path), *map(str, words)]
        return CliRunner().invoke(main, line, input=answers)

    def told(self, command: str, *words: object) -> Any:
        done = self.say(command, *words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def labels(self) -> dict[int, str]:
        rows = self.store.rows("SELECT mention_id, sentiment_label FROM mention_overview ORDER BY mention_id")
        return {row[0]: row[1] for row in rows}


@contextmanager
def desk(folder: Path, add: str = "") -> Iterator[Desk]:
    path = folder / "config.toml"
    path.write_text(CONFIG + add, "utf-8")
    with bakery(folder) as place:
        yield Desk(path, place)
