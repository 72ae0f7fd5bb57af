"""Labelled texts on disk: ``<folder>/train/<set>.{train,dev}.tsv.gz`` and ``<folder>/eval/<set>.dev.tsv.gz``.

Each line is a text, a tab and its label. Only ``train/*.train`` is ever trained on, and texts of our own that
come with the program, ``sentiment/texts/<set>.tsv``.
"""

import gzip
from collections.abc import Collection, Iterable
from pathlib import Path

from sentiment.features import tokens
from storage.records import Label

OWN = Path(__file__).parent / "texts"

Labelled = tuple[str, Label]
Sets = dict[str, list[Labelled]]
"""Labelled texts by the name of their set."""


def train_sets(folder: Path) -> Sets:
    """What may be trained on, without the texts of any dev set."""
    sets = _read(sorted(folder.glob("train/*.train.tsv.gz")))
    held_out = {_identity(text) for rows in dev_sets(folder).values() for text, _ in rows}
    return {name: _without(rows, held_out) for name, rows in sets.items()}


def own_sets() -> Sets:
    """The program's own labelled texts."""
    return {path.stem: _rows(path) for path in sorted(OWN.glob("*.tsv"))}


def train_names(folder: Path) -> set[str]:
    """The names of the sets that may be trained on."""
    return {_name(path) for path in folder.glob("train/*.train.tsv.gz")}


def dev_sets(folder: Path) -> Sets:
    """What figures are measured on: of the sets trained on, then of other domains."""
    return _read([*sorted(folder.glob("train/*.dev.tsv.gz")), *sorted(folder.glob("eval/*.dev.tsv.gz"))])


def _read(paths: Iterable[Path]) -> Sets:
    return {_name(path): _rows(path) for path in paths}


def _name(path: Path) -> str:
    return path.name.partition(".")[0]


def _rows(path: Path) -> list[Labelled]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="\n") as lines:
        pairs = [line.rstrip("\n").rsplit("\t", 1) for line in lines]
    return [(text, Label(label)) for text, label in pairs]


def _without(rows: list[Labelled], held_out: Collection[str]) -> list[Labelled]:
    return [(text, label) for text, label in rows if _identity(text) not in held_out]


def _identity(text: str) -> str:
    """The same for one post in several corpora, whatever each put in place of names and addresses."""
    return " ".join(token.lstrip("#") for token in tokens(text) if token not in {"@user", "http", "rt", "@"})
