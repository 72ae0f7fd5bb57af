"""Rows as lines of text."""

import csv
import json
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count
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
    return json.dumps(dict(zip(_keys(tuple(columns)), map(_plain, row), strict=True)), ensure_ascii=False)


@cache
def _keys(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns' names; of several with one name the later ones get a number: name, name_2."""
    keys: dict[str, None] = {}
    for name in columns:
        numbered = (name if number == 1 else f"{name}_{number}" for number in count(1))
        keys[next(one for one in numbered if one not in keys)] = None
    return tuple(keys)


def _plain(value: Any) -> Any:
    """What JSON knows: bytes as hexadecimal digits, no infinity."""
    if isinstance(value, bytes):
        return value.hex()
    return None if isinstance(value, float) and not isfinite(value) else value
