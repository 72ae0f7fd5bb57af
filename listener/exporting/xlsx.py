"""Rows as a workbook for Excel and the like."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from listener.exporting.cells import is_formula

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

SHEET_ROWS = 1_048_575
"""That a sheet can have below its header; the rest goes to further sheets."""
LONGEST = 32_767
"""Characters that a cell can hold."""
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_xlsx(
    path: Path, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, most: int = SHEET_ROWS
) -> int:
    """Write a workbook; returns how many texts were cut because no cell can hold them.

    Texts stay texts: none is calculated, whatever it begins with.

    Args:
        most: rows of one sheet.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - loads slowly, and only this format needs it

    waiting = iter(rows)
    cut = 0
    with Workbook(str(path), _OPTIONS) as book:
        quoted = book.add_format({"quote_prefix": True})  # what typing an apostrophe first does
        head = book.add_format({"bold": True})
        for number, sheet_rows in enumerate(_sheets(waiting, most), start=1):
            title = name[:25] if number == 1 else f"{name[:25]} {number}"
            cut += _write_sheet(book, title, columns, sheet_rows, (head, quoted))
    return cut


def _sheets(rows: Iterator[Sequence[Any]], most: int) -> Iterator[Iterator[Sequence[Any]]]:
    """The rows in portions, the first of them even where there is no row; each is to be used up in its turn."""
    yield islice(rows, most)
    for first in rows:
        yield _with(first, islice(rows, most - 1))


def _with(first: Sequence[Any], others: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield first
    yield from others


def _write_sheet(
    book: "Workbook",
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    formats: "tuple[Format, Format]",
) -> int:
    head, quoted = formats
    cut = 0
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, columns, head)
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, bytes):
                sheet.write_string(line, place, value.hex())
            elif isinstance(value, str):
                cut += len(value) > LONGEST
                sheet.write_string(line, place, value[:LONGEST], quoted if is_formula(value) else None)
            elif value is not None:
                sheet.write_number(line, place, value)
    return cut
