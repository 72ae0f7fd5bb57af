"""Writes docs/cookbook.md: its questions with answers from a made-up database (``python -m tests.cookbook``)."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from benchmarks.filling import fill
from benchmarks.generator import brand_names, rows
from listener.stages.aggregate import aggregate
from listener.web.questions import Question, questions
from storage.store import Store

PAGE = Path(__file__).parents[1] / "docs" / "cookbook.md"
MARKS = ("<!-- questions -->\n", "<!-- /questions -->")
BRANDS = 4
LAST = date(2026, 10, 31)
ASKED = {"brand": brand_names(BRANDS)[0], "from": "2026-10-01", "to": str(LAST)}
ROWS = 5
WIDTH = 44


def made(folder: Path) -> Path:
    """The same database every time: 90 days of a brand, another and two competitors."""
    path = folder / "listener.db"
    fill(path, rows(8000, seed=1, brands=BRANDS, days=90, end=LAST), brands=BRANDS)
    with Store(path) as store:
        aggregate(store)
    return path


def renewed(text: str, store: Store) -> str:
    """The page with the questions, answers and query plans of now."""
    before, rest = text.split(MARKS[0])
    sections = "\n\n".join(_section(store, one) for one in questions().values())
    return f"{before}{MARKS[0]}{sections}\n{MARKS[1]}{rest.split(MARKS[1])[1]}"


def without_plans(text: str) -> str:
    """Query plans are worded otherwise by every version of SQLite."""
    return re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)


def plan(store: Store, question: Question) -> list[str]:
    """What SQLite says that it does for a question."""
    return [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {question.sql}", ASKED)]


def _section(store: Store, question: Question) -> str:
    found = store.rows(question.sql, ASKED)
    more = f"\n({len(found)} rows, the first {ROWS})" if len(found) > ROWS else ""
    return "\n".join(
        (
            f"### {question.title}",
            "",
            question.description,
            "",
            "```sql",
            question.sql,
            "```",
            "",
            *_table(list(found[0].keys()) if found else [], [tuple(row) for row in found[:ROWS]]),
            *([more] if more else []),
            "",
            "<details><summary>Query plan</summary>",
            "",
            *(f"    {step}" for step in plan(store, question)),
            "",
            "</details>",
        )
    )


def _table(names: Sequence[str], found: Sequence[tuple[object, ...]]) -> Iterator[str]:
    cells = [list(names), *([_shown(value) for value in row] for row in found)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    numbers = [all(isinstance(row[at], int | float | None) for row in found) for at in range(len(names))]
    for row in cells:
        padded = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numbers, strict=True)
        )
        yield "    " + "  ".join(padded).rstrip()


def _shown(value: object) -> str:
    text = "-" if value is None else " ".join(str(value).split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, Store(made(Path(folder))) as opened:
        PAGE.write_text(renewed(PAGE.read_text("utf-8"), opened), "utf-8")
