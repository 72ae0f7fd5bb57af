"""Writing what was looked up into the configuration file; its comments and order stay as they are."""

import shutil
import tomllib
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
    text = path.read_bytes().decode("utf-8")  # with the line ends as they are
    document = tomlkit.parse(text)
    for table in document.get("sources", []):
        if (table.get("name") or table.get("connector")) == source:
            for key, value in values.items():
                table[key] = _with_comment(value, table.get(key))
            changed = tomlkit.dumps(document)
            tomllib.loads(changed)
            _write(path.resolve(), changed.encode("utf-8"))
            return
    raise LookupError(f"{path} has no source {source!r}")


def _with_comment(value: Any, before: Any) -> Item:
    """The value, with the comment that stood there, else with what it was looked up for."""
    item: Item = tomlkit.item(list(value) if isinstance(value, tuple) else value)
    if before is not None:
        told = ", ".join(map(str, before)) if isinstance(before, list) else str(before)
        comment = before.trivia.comment.lstrip("# ") if isinstance(before, Item) else ""
        words = " ".join(f"{told} {comment}".split())
        item.comment("".join(one for one in words if one.isprintable()))
    return item


def _write(path: Path, content: bytes) -> None:
    """Replace the file whole; where nothing may take its place (a file mounted into a container), write into it."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content)
        shutil.copymode(path, beside)
        beside.replace(path)
    except OSError:
        path.write_bytes(content)
    finally:
        beside.unlink(missing_ok=True)
