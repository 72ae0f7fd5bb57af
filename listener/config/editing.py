"""Writing what was looked up into the configuration file; its comments and order stay as they are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Item


def set_keys(path: Path, source: str, values: Mapping[str, Any]) -> None:
    """Set keys of a source, with what stood there before as a comment behind each.

    Args:
        source: the source's name, or its connector's where it has no name of its own.

    Raises:
        OSError: the file cannot be written. LookupError: no source has this name.
    """
    document = tomlkit.parse(path.read_text("utf-8"))
    for table in document.get("sources", []):
        if (table.get("name") or table.get("connector")) == source:
            for key, value in values.items():
                before = table.get(key)
                table[key] = _with_comment(value, before)
            _replace(path, tomlkit.dumps(document))
            return
    raise LookupError(f"{path} has no source {source!r}")


def _with_comment(value: Any, before: Any) -> Item:
    item: Item = tomlkit.item(list(value) if isinstance(value, tuple) else value)
    if before is not None:
        told = ", ".join(map(str, before)) if isinstance(before, list) else str(before)
        item.comment(" ".join(told.split()))
    return item


def _replace(path: Path, text: str) -> None:
    """Write the whole file or nothing of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, "utf-8")
    beside.chmod(path.stat().st_mode)
    beside.replace(path.resolve())
