"""Rows as lines of text."""

import csv
import json
from collections.abc import Iterable, Sequence
from math import isfinite
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
    file.writelines(_object(columns, row) + "\n" for row in rows)


def write_json(file: TextIO, columns: Sequence[str], rows: Rows) -> None:
    """One array of objects, written as the rows come."""
    before = "["
    for row in rows:
        file.write(f"{before}\n  {_object(columns, row)}")
        before = ","
    file.write("[]\n" if before == "[" else "\n]\n")


def _object(columns: Sequence[str], row: Sequence[Any]) -> str:
    return json.dumps(dict(zip(columns, map(_plain, row), strict=True)), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """What JSON knows: bytes as hexadecimal digits, no infinity."""
    if isinstance(value, bytes):
        return value.hex()
    return None if isinstance(value, float) and not isfinite(value) else value
