"""Both languages have the same words and their own formats; unknown is never a number."""

from datetime import UTC, date, datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from listener.digest.clean import link, one_line
from listener.digest.data import Measure, Reason, Trouble
from listener.digest.texts import WORDS, Texts
from storage.records import Label, Language


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_word_exists_in_both_languages_with_the_same_values() -> None:
    for key, (german, english) in WORDS.items():
        assert german, key
        assert english, key
        assert placeholders(german) == placeholders(english), key


def test_everything_counted_has_a_singular_and_a_plural() -> None:
    stems = {key.rpartition(".")[0] for key in WORDS if key.endswith((".one", ".many"))}
    assert {f"{stem}.{n}" for stem in stems for n in ("one", "many")} <= WORDS.keys()


def test_every_measure_reason_and_trouble_has_its_word_and_explanation() -> None:
    assert {*Measure, *Reason, *Trouble, *Label, *(f"explain.{one}" for one in Measure)} <= WORDS.keys()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "de",
            ["1.234,5", "12,3 %", "+0,5 %", "\u22123", "±0", "+2,0 PP", "21.11.2026", "Samstag, 21.11.2026"],
        ),
        (
            "en",
            ["1,234.5", "12.3%", "+0.5%", "\u22123", "±0", "+2.0 pp", "21 Nov 2026", "Saturday, 21 Nov 2026"],
        ),
    ],
)
def test_formats(language: Language, expected: list[str]) -> None:
    t, day = Texts(language), date(2026, 11, 21)
    shown = [
        t.number(1234.5, 1),
        t.percent(0.1234),
        t.percent(0.005, signed=True),
        t.number(-3),
        t.number(-0.2, signed=True),
        t.points(0.02),
        t.full_date(day),
        t.long_date(day),
    ]
    assert [one.replace("\u00a0", " ") for one in shown] == expected


def test_unknown_is_never_a_number() -> None:
    for language, unknown in (("de", "k.\u00a0A."), ("en", "n/a")):
        t = Texts(language)
        assert {t.number(None), t.percent(None), t.points(None), t.moment(None, ZoneInfo("UTC"))} == {unknown}


def test_times_are_local() -> None:
    moment = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert Texts("de").moment(moment, ZoneInfo("Europe/Berlin")) == "22.11.\u00a000:30"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nb\t c", "a b c"),
        ("a\x00\x1b[31m\x7fb", "a[31mb"),
        ("abc\u202edef\u2066", "abcdef"),
        ("x\ud800y", "xy"),
        ("eins zwei drei vier", "eins zwei…"),
        ("x" * 8000, "x" * 11 + "…"),
    ],
)
def test_text_from_outside_becomes_one_clean_line(text: str, clean: str) -> None:
    assert one_line(text, 12) == clean
    assert one_line(clean, 12) == clean


@pytest.mark.parametrize("url", ["https://a.example/x?y=1#z", "http://a.example"])
def test_links(url: str) -> None:
    assert link(url) == url


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript://a.example/%0aalert(1)",
     "data:text/html,x", "//a.example", "https://", "https:a", "http://[x",
     "https://a.example/ x", 'https://a.example/"x', "https://a.example/" + "x" * 2000],
)  # fmt: skip
def test_no_links(url: str | None) -> None:
    assert link(url) is None
