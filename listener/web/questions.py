"""The ten questions of an analyst: SQL files beside this one, which the web pages and docs/cookbook.md show. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what to know about its answer, and SQL with the parameters :brand, :from and :to."""

    name: str
    title: str
    description: str
    sql: str


@cache
def questions() -> Mapping[str, Question]:
    """By name, in their order."""
    folder = files("listener.web").joinpath("queries")
    found = [
        _read(file.name, file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".sql")
    ]
    return {one.name: one for one in (read for _, read in sorted(found, key=lambda pair: pair[0]))}


def _read(file: str, text: str) -> tuple[str, Question]:
    title, description, sql = text.split("\n", maxsplit=2)
    name = file.removesuffix(".sql").partition("-")[2]
    return file, Question(name, title.removeprefix("-- "), description.removeprefix("-- "), sql.strip())
