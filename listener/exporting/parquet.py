"""Rows as Parquet, in one file or as the partitions of a lake."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 50_000
"""Rows that are in memory at a time."""

Rows = Iterable[Sequence[Any]]


class MissingLibraryError(Exception):
    """The optional library for this format is not installed; the message says how to."""


class UnfitError(Exception):
    """A value does not fit the column that the values before it made; the message names the column."""


def write_parquet(path: Path, kinds: Mapping[str, str], rows: Rows) -> None:
    """Write one file, compressed (zstd).

    Args:
        kinds: the columns and what they hold: INTEGER, REAL or TEXT.

    Raises:
        MissingLibraryError: there is no pyarrow.
    """
    _write(path, _schema(kinds), rows)


def write_partitions(folder: Path, kinds: Mapping[str, str], rows: Rows) -> int:
    """Write ``brand=Sonnenkorn/month=2026-11/part-0.parquet`` and so on, as Hive names partitions; returns how many.

    ``brand`` is in the folders' names only, the ``day`` that makes the month stays.

    Args:
        kinds: as of ``write_parquet``, with ``brand`` and ``day``.
        rows: in the order of brands and days.

    Raises:
        MissingLibraryError: there is no pyarrow.
    """
    names = list(kinds)
    brand, day = names.index("brand"), names.index("day")
    schema = _schema({name: kind for name, kind in kinds.items() if name != "brand"})
    count = 0
    for (value, month), part in groupby(rows, key=lambda row: (row[brand], row[day][:7])):
        count += 1
        place = folder / f"brand={quote(value, safe=' ')}" / f"month={month}"
        place.mkdir(parents=True, exist_ok=True)
        _write(place / "part-0.parquet", schema, ([*row[:brand], *row[brand + 1 :]] for row in part))
    return count


def _schema(kinds: Mapping[str, str]) -> "pa.Schema":
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra of 150 MB that only these files need
    except ImportError:
        raise MissingLibraryError(
            'Parquet files need pyarrow: pip install "social-listening-bot[parquet]"'
        ) from None
    types = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string()}
    return pa.schema([(name, types[kind]) for name, kind in kinds.items()])


def _write(path: Path, schema: "pa.Schema", rows: Rows) -> None:
    import pyarrow as pa  # noqa: PLC0415 - see _schema
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415 - see _schema

    with ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _groups(iter(rows)):
            columns = zip(zip(*group, strict=True), schema, strict=True)
            arrays = [_array(values, field) for values, field in columns]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _array(values: Sequence[Any], field: "pa.Field") -> "pa.Array":
    """The values as the column holds them; what does not fit is an error, never cut."""
    import pyarrow as pa  # noqa: PLC0415 - see _schema

    try:
        return pa.array(values).cast(field.type)
    except pa.ArrowException as error:
        raise UnfitError(
            f"column {field.name} began with {field.type} and goes on otherwise: {error};"
            " write CAST(... AS REAL) or CAST(... AS TEXT) in the view"
        ) from error


def _groups(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    while group := list(islice(rows, ROW_GROUP)):
        yield group
