"""Texts that people labelled, from a file to measure with: a text, a tab, its label; perhaps a tab, its language."""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sentiment.labels import label_of
from storage.records import Label


class ExamplesError(Exception):
    """A file cannot be measured with; the message says why."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what a person says of it; ``lang`` is None where the file does not say."""

    text: str
    label: Label
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Examples:
    """What stands in a file, and which of its lines could not be read: (number, reason)."""

    good: list[Example]
    bad: list[tuple[int, str]]


def read(path: Path) -> Examples:
    """Read a file, compressed where its name ends in .gz. Empty lines are passed over.

    Raises ``ExamplesError`` where it is no such file or not one line can be read.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="\n") as lines:
            found = _read(lines)
    except UnicodeDecodeError:
        raise ExamplesError("it is not UTF-8; save it as UTF-8 text") from None
    except (OSError, EOFError) as error:
        raise ExamplesError(f"it cannot be read: {error}") from None
    if not found.good:
        why = f"; line {found.bad[0][0]}: {found.bad[0][1]}" if found.bad else ""
        raise ExamplesError(f"it has no line with a text, a tab and a label{why}")
    return found


def _read(lines: Iterable[str]) -> Examples:
    found = Examples([], [])
    for number, line in enumerate(lines, start=1):
        if line.strip():
            one = _example(line.rstrip("\r\n"))
            if isinstance(one, Example):
                found.good.append(one)
            else:
                found.bad.append((number, one))
    return found


def _example(line: str) -> Example | str:
    """The example in a line, or what is wrong with it. A tab within the text is a space."""
    *before, last = line.split("\t")
    if not before:
        return "there is no tab"
    if label := label_of(last):
        return _whole(before, label, None)
    if len(before) > 1 and (label := label_of(before[-1])):
        return _whole(before[:-1], label, last.strip() or None)
    return f"{last[:40]!r} is not negative, neutral or positive"


def _whole(parts: list[str], label: Label, lang: str | None) -> Example | str:
    text = " ".join(parts).strip()
    return Example(text, label, lang) if text else "there is no text"
