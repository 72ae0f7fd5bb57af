"""How often the stance read from the words is the one that people see, per class and language.

The labelled set is ``stance.tsv`` beside this file. Rules may be written with its part ``dev`` in view; the part
``held`` is only ever counted, so that its figures say what happens on texts nobody looked at.

    python -m tests.sentiment.stance_figures --part held
    python -m tests.sentiment.stance_figures --part dev --misses

How it is labelled: *promoting* tells others to buy, go or try; *detracting* tells others not to, or leaves for good
as a verdict ("never again", "switching to ..."); *indifferent* is the rest: praise, complaint, coming back, questions,
conditions, what others advise, advice about something else, advertising, leaving for reasons of one's own.
Where several brands stand in one text, the label is about "this", "here" or else the one named first.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from sentiment import stance
from storage.records import Stance

FILE = Path(__file__).with_name("stance.tsv")
PARTS = ("dev", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: str
    lang: str
    stance: Stance
    part: str
    tags: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one class: the texts that have it, that were read as it, and that are both."""

    gold: int
    read: int
    right: int

    @property
    def precision(self) -> float | None:
        """None where nothing was read as this class."""
        return self.right / self.read if self.read else None

    @property
    def recall(self) -> float | None:
        """None where no text has this class."""
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """None where the class neither stands nor was read."""
        return 2 * self.right / (self.gold + self.read) if self.gold + self.read else None


def rows() -> list[Row]:
    """All labelled texts; an unknown stance raises ``ValueError``."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return [_row(each) for each in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def figures(pairs: Sequence[tuple[Stance, Stance]]) -> dict[Stance, Figures]:
    """Per class, from pairs of (stance that people see, stance that was read)."""
    return {
        one: Figures(
            sum(gold is one for gold, _ in pairs),
            sum(read is one for _, read in pairs),
            sum(gold is read is one for gold, read in pairs),
        )
        for one in Stance
    }


def _row(each: dict[str, str]) -> Row:
    return Row(
        id=each["id"],
        lang=each["lang"],
        stance=Stance(each["stance"]),
        part=each["part"],
        tags=tuple(each["tags"].split(",")) if each["tags"] else (),
        text=each["text"],
    )


def _table(chosen: Sequence[Row]) -> str:
    """Markdown: one line per language and class, all languages last."""
    lines = ["| language | stance | texts | precision | recall | F1 |", "|---|---|---|---|---|---|"]
    for lang in [*dict.fromkeys(row.lang for row in chosen), "all"]:
        of_lang = [row for row in chosen if lang in {row.lang, "all"}]
        found = figures([(row.stance, stance.read(row.text).stance) for row in of_lang])
        lines += [f"| {lang} | {one} | {_cells(each)} |" for one, each in found.items()]
    return "\n".join(lines)


def _cells(each: Figures) -> str:
    measured = (each.precision, each.recall, each.f1)
    return " | ".join([str(each.gold), *("" if one is None else f"{one:.3f}" for one in measured)])


@click.command()
@click.option("--part", type=click.Choice(PARTS), default="dev", show_default=True)
@click.option("--misses", is_flag=True, help="List the texts read otherwise (dev only).")
def main(part: str, *, misses: bool) -> None:
    """Print precision, recall and F1 per language and stance as a markdown table."""
    if misses and part == "held":
        raise click.UsageError("held texts stay unseen: --misses works on --part dev")
    chosen = [row for row in rows() if row.part == part]
    click.echo(_table(chosen))
    if misses:
        for row in chosen:
            if (read := stance.read(row.text)).stance is not row.stance:
                click.echo(f"{row.id} {row.stance}, read as {read.stance} ({read.evidence}): {row.text}")


if __name__ == "__main__":
    main()
