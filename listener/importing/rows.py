"""Rows of CSV, JSONL and Parquet files, one by one, however large the file is."""

import csv
import io
import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any, Literal

Format = Literal["csv", "jsonl", "parquet"]
SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
LONGEST_FIELD = 10 * 1024 * 1024
SAMPLE = 64 * 1024
"""Characters by which a CSV file's separator is recognised."""


class FileError(Exception):
    """The file cannot be read at all; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file, or why there is none on this line."""

    line: int
    """The line it ends on, the first being 1; in a Parquet file the row's number."""
    record: Any
    problem: str | None = None
    done: float = 0.0
    """The share of the file that was read up to here."""


def read(
    path: Path, form: Format | None = None, *, delimiter: str | None = None
) -> Generator[Row, None, None]:
    """The rows of a file.

    Args:
        form: None: by the file's suffix.
        delimiter: of a CSV file; None: recognised by its first lines.

    Raises:
        FileError: it is missing, of no known format, or its beginning makes no sense.
    """
    form = form or SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise FileError(f"{path.name}: what is in it? Say --format csv, jsonl or parquet")
    try:
        if form == "parquet":
            yield from _parquet(path)
            return
        with (
            path.open("rb") as raw,
            io.TextIOWrapper(raw, encoding=_encoding(path), errors="replace", newline="") as text,
        ):
            size = path.stat().st_size or 1

            def done() -> float:
                return min(1.0, raw.tell() / size)

            yield from _csv(text, delimiter, done) if form == "csv" else _jsonl(text, done)
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}") from None


def _encoding(path: Path) -> str:
    """UTF-8 or UTF-16 by its mark, UTF-8 where all of it is, else what Windows writes in Europe."""
    with path.open("rb") as file:
        if file.read(2) in {b"\xff\xfe", b"\xfe\xff"}:
            return "utf-16"
    try:
        with path.open(encoding="utf-8") as text:
            while text.read(SAMPLE):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _csv(text: io.TextIOWrapper, delimiter: str | None, done: Callable[[], float]) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    sample = text.read(SAMPLE)
    rest = chain(io.StringIO(sample + text.readline(), newline=""), text)
    delimiter = delimiter or _delimiter(sample)
    # strict: a quotation mark that is never closed must not swallow the rest of the file in silence
    rows = csv.reader(
        _without_nulls(rest),
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL,
        strict=True,
    )
    header: list[str] = []
    while True:
        try:
            values = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(rows.line_num, None, f"no CSV: {error}", done())
            continue
        if not any(value.strip() for value in values):
            continue
        if not header:
            header = [name.strip() for name in values]
        elif len(values) > len(header):
            yield Row(rows.line_num, values, f"{len(values)} values for {len(header)} columns", done())
        else:
            record = dict(zip_longest(header, values))
            yield Row(rows.line_num, record, None, done())


def _without_nulls(lines: Iterator[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _delimiter(sample: str) -> str:
    """What stands most often in the first line; a German Excel writes semicolons."""
    first = next((line for line in sample.splitlines() if line.strip()), "")
    return max(",;\t|", key=first.count)


def _jsonl(text: io.TextIOWrapper, done: Callable[[], float]) -> Iterator[Row]:
    """One object a line; a file that is one array is read as a whole."""
    lines = enumerate(text, start=1)
    head = list(islice(lines, 1))
    if head and head[0][1].lstrip().startswith("["):
        try:
            records = json.loads(head[0][1] + text.read())
        except (ValueError, RecursionError) as error:
            raise FileError(f"this is no JSON: {error}") from None
        yield from (Row(number, record, None, 1.0) for number, record in enumerate(records, start=1))
        return
    for number, line in chain(head, lines):
        if not line.strip():
            continue
        try:
            yield Row(number, json.loads(line), None, done())
        except (ValueError, RecursionError) as error:
            yield Row(number, line.strip(), f"no JSON: {error}", done())


def _parquet(path: Path) -> Iterator[Row]:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra of 150 MB that only these files need
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415 - see above
    except ImportError:
        raise FileError('Parquet files need pyarrow: pip install "social-listening-bot[parquet]"') from None
    try:
        file = ParquetFile(path)
        total, number = file.metadata.num_rows, 0
        for batch in file.iter_batches(batch_size=1000):
            for record in batch.to_pylist():
                number += 1
                yield Row(number, record, None, number / total)
    except pa.ArrowException as error:
        raise FileError(f"{path.name} is no readable Parquet file: {error}") from None
