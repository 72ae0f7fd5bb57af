"""Rows as lines of text."""

import csv
import json
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from listener.exporting.cells import neutral

Rows = Iterable[Sequence[Any]]


def write_csv(file: TextIO, columns: Sequence[str], rows: Rows) -> None:
    """Comma-separated, with a header; unknown is empty, texts that look like formulas are neutralised."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(neutral, row) for row in rows)


def write_jsonl(file: TextIO, columns: Sequence[str], rows: Rows) -> None:
    """One object a line; unknown is null."""
    file.writelines(
        json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n" for row in rows
    )


def write_json(file: TextIO, columns: Sequence[str], rows: Rows) -> None:
    """One array of objects, written as the rows come."""
    before = "["
    for row in rows:
        file.write(f"{before}\n  {json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)}")
        before = ","
    file.write("[]\n" if before == "[" else "\n]\n")
