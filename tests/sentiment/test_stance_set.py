"""The labelled stance set is sound: no text twice, each class and language in both halves; measures count right."""

import unicodedata
from collections import Counter

import pytest
from click.testing import CliRunner

from storage.records import Stance
from tests.sentiment.stance_figures import FILE, PARTS, Figures, Row, figures, main, rows

PROMOTING, DETRACTING, INDIFFERENT = Stance
LANGUAGES = {"de": 330, "en": 250, "fr": 15, "it": 15, "es": 15, "pt": 15, "nl": 15}
"""The fewest texts of each language."""


@pytest.fixture(scope="module")
def labelled() -> list[Row]:
    return rows()


def test_every_line_has_six_columns() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id\tlang\tstance\tpart\ttags\ttext"
    assert [line for line in lines if line.count("\t") != 5] == []


def test_rows_are_complete(labelled: list[Row]) -> None:
    assert [row for row in labelled if row.part not in PARTS or row.text != row.text.strip()] == []
    assert [row for row in labelled if not row.text or not row.id.startswith(row.lang)] == []
    assert len({row.id for row in labelled}) == len(labelled)


def test_no_text_stands_twice(labelled: list[Row]) -> None:
    counted = Counter(_plain(row.text) for row in labelled)
    assert [text for text, times in counted.items() if times > 1] == []


def test_enough_texts_of_every_language(labelled: list[Row]) -> None:
    counted = Counter(row.lang for row in labelled)
    assert counted.keys() == LANGUAGES.keys()
    assert [lang for lang, fewest in LANGUAGES.items() if counted[lang] < fewest] == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_class_is_a_quarter_of_each_half(labelled: list[Row], part: str, lang: str) -> None:
    held = Counter(row.stance for row in labelled if row.part == part and row.lang == lang)
    assert min(held[one] for one in Stance) >= held.total() / 4


def test_halves_are_equal(labelled: list[Row]) -> None:
    held = Counter((row.lang, row.stance, row.part) for row in labelled)
    for lang in LANGUAGES:
        for one in Stance:
            assert abs(held[lang, one, "dev"] - held[lang, one, "held"]) <= 1


def test_traps_stand_in_both_halves(labelled: list[Row]) -> None:
    tags = {part: {tag for row in labelled if row.part == part for tag in row.tags} for part in PARTS}
    for trap in ("negation", "double-negation", "notonly", "conditional", "quotation", "question", "leaving"):
        assert trap in tags["dev"]
        assert trap in tags["held"]


def test_figures_reckoned_by_hand() -> None:
    found = figures(
        [
            (PROMOTING, PROMOTING),
            (PROMOTING, INDIFFERENT),
            (INDIFFERENT, PROMOTING),
            (INDIFFERENT, INDIFFERENT),
        ]
    )
    assert found[PROMOTING] == Figures(2, 2, 1)
    assert (found[PROMOTING].precision, found[PROMOTING].recall, found[PROMOTING].f1) == (0.5, 0.5, 0.5)
    assert (found[DETRACTING].precision, found[DETRACTING].recall, found[DETRACTING].f1) == (None, None, None)


def test_held_texts_are_never_listed() -> None:
    result = CliRunner().invoke(main, ["--part", "held", "--misses"])
    assert result.exit_code == 2
    assert "held texts stay unseen" in result.output


def _plain(text: str) -> str:
    """Letters, digits and signs other than punctuation, in one case: what is left is what was said."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in folded if not unicodedata.category(each).startswith(("P", "Z")))
