"""A dashboard's data as a page; whatever came from outside is escaped, and linked only to http and https."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from listener.digest.formats import DOT
from listener.web.dashboard import charts, present
from listener.web.dashboard.data import Dashboard
from listener.web.dashboard.texts import Words
from storage.records import Language

PERIODS = (7, 28, 90, 365)
"""Days that can be chosen; others are fine in the address."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for, and what can be."""

    brands: Mapping[str, bool]
    """Whether each is a competitor."""
    brand: str | None
    days: int

    @property
    def periods(self) -> list[int]:
        return sorted({*PERIODS, self.days})


def render(data: Dashboard | None, choice: Choice, language: Language) -> str:
    """The page; one that says what to do where there is no data."""
    return _template().render(
        data=data, choice=choice, t=Words(language), present=present, charts=charts, dot=DOT
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("listener.web.dashboard", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja")
