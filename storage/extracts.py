"""Large parts of a view, row by row, in the order of brands and days."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from storage.browsing import Browser, QuestionError
from storage.catalog import VIEWS

Kind = Literal["INTEGER", "REAL", "TEXT"]
_KINDS: dict[str, Kind] = {"integer": "INTEGER", "real": "REAL", "text": "TEXT"}
_TEXTS = frozenset(
    {"author", "coverage_note", "first_day", "label", "last_at", "last_day"}
    | {"month", "period", "state", "until", "week"}
)
_RATIOS = re.compile(
    r"(?:^|_)(?:rate|rating|share|sentiment|advocacy|coverage|amplification|conversation|applause|reviews|hours|mean|change"
    r"|previous)(?:_|$)"
)
"""In the names of computed columns that are no whole numbers; their counts end with _n."""
_ORDER = ("day", "mention_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What to read; None and (): all there is.

    Raises ``QuestionError`` on reading where the view has no column to choose by.
    """

    view: str = "mention_overview"
    brand: str | None = None
    first: str | None = None
    """The brand's first day (2026-11-22); ``last`` the last one, included."""
    last: str | None = None
    platforms: Sequence[str] = ()

    @property
    def chosen_by(self) -> dict[str, bool]:
        """The columns by which rows are chosen."""
        return {
            "brand": self.brand is not None,
            "day": self.first is not None or self.last is not None,
            "platform": bool(self.platforms),
        }


def columns(browser: Browser, extract: Extract) -> tuple[str, ...]:
    """The view's columns; ``QuestionError`` where there is no such view or it cannot be cut so."""
    views = browser.views()
    if extract.view not in views:
        raise QuestionError(f"there is no view {extract.view}; there are: {', '.join(views)}")
    found = views[extract.view]
    if missing := [name for name, used in extract.chosen_by.items() if used and name not in found]:
        raise QuestionError(f"{extract.view} has no column {missing[0]} to choose by")
    return found


def rows(browser: Browser, extract: Extract, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """These columns of the extract, brand by brand, each by day and mention.

    One brand at a time: then an index gives the order, and nothing is sorted however long it is.
    """
    listed = ", ".join(map(_quoted, names))
    has = columns(browser, extract)
    order = [name for name in _ORDER if name in has] if "brand" in has else []
    ending = f" ORDER BY {', '.join(order)}" if order else ""
    for brand in _brands(browser, extract) if "brand" in has else (None,):
        condition, values = _where(extract, brand)
        sql = f"SELECT {listed} FROM {_quoted(extract.view)}{condition}{ending}"  # noqa: S608 - names of the schema
        yield from browser.ask(sql, values).rows


def kinds(browser: Browser, extract: Extract, names: Sequence[str]) -> dict[str, Kind]:
    """What each column holds, whatever the rows: as the schema says, of our views' computed columns as their names say.

    Of other views' computed columns it is the first known value's; unknown: text.
    """
    declared = dict(browser.ask("SELECT name, upper(type) FROM pragma_table_info(?)", [extract.view]).rows)
    return {
        name: declared[name]
        if declared[name] in _KINDS.values()
        else kind_of(name)
        if extract.view in VIEWS
        else _first_kind(browser, extract, name)
        for name in names
    }


def kind_of(computed: str) -> Kind:
    """What a computed column of a documented view holds."""
    if computed in _TEXTS:
        return "TEXT"
    return "REAL" if _RATIOS.search(computed) and not computed.endswith("_n") else "INTEGER"


def total(browser: Browser, extract: Extract) -> int | None:
    """About how many rows there are, where that is known without reading them."""
    if extract.view != "mention_overview" or extract.platforms:
        return None
    answer = browser.ask(
        "SELECT count(*) FROM brands b CROSS JOIN mention_brands mb ON mb.brand_id = b.id"
        " WHERE (:brand IS NULL OR b.name = :brand) AND mb.day BETWEEN coalesce(:first, '') AND coalesce(:last, '9')",
        {"brand": extract.brand, "first": extract.first, "last": extract.last},
    )
    (found,) = next(answer.rows)
    return int(found)


def _brands(browser: Browser, extract: Extract) -> list[str]:
    if extract.brand is not None:
        return [extract.brand]
    return [name for (name,) in browser.ask("SELECT name FROM brands ORDER BY name").rows]


def _where(extract: Extract, brand: str | None) -> tuple[str, list[Any]]:
    """The condition, and the values of its placeholders. Only what is asked for: an index serves it then."""
    marks = ", ".join("?" * len(extract.platforms))
    conditions: list[tuple[str, list[Any]]] = [
        ("brand = ?", [] if brand is None else [brand]),
        ("day >= ?", [] if extract.first is None else [extract.first]),
        ("day <= ?", [] if extract.last is None else [extract.last]),
        (f"platform IN ({marks})", list(extract.platforms)),
    ]
    used = [(text, values) for text, values in conditions if values]
    condition = " AND ".join(text for text, _ in used)
    return (f" WHERE {condition}" if used else ""), [value for _, values in used for value in values]


def _first_kind(browser: Browser, extract: Extract, name: str) -> Kind:
    for brand in _brands(browser, extract) if "brand" in columns(browser, extract) else (None,):
        condition, values = _where(extract, brand)
        column = _quoted(name)
        known = f"{condition} {'AND' if condition else 'WHERE'} {column} IS NOT NULL LIMIT 1"
        sql = f"SELECT typeof({column}) FROM {_quoted(extract.view)}{known}"  # noqa: S608 - names of the schema
        for (found,) in browser.ask(sql, values).rows:
            return _KINDS.get(found, "TEXT")
    return "TEXT"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
