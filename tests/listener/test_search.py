"""Searching stored mentions: the index finds at least what matches, and people see why."""

import csv
import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.query import Matcher, expression, parse
from listener.query.fold import fold
from listener.query.nodes import And, Handle, Hashtag, Near, Node, Not, Or, Phrase, Prefix, Term
from listener.query.passages import passage
from storage import search
from storage.records import Label
from tests.listener.judging import Desk, desk

WORDS = (
    "Bäckerei", "Straße", "Öl", "Łódź", "Malmø", "Øl", "œuvre", "Çelik", "s\u0131cak", "brot", "korn", "the", "fresh",
    "bread", "soul", "aerger", "Masse", "H&M", "C++", "McDonald's", "acme_de", "2026", "Größe", "individuelle",
)  # fmt: skip
STUCK = ("#{}", "@{}", "@{}@brot.de", "{}!", "({})", "{}-Fans", "{}laden", "ab{}", "{}.de/x", "_{}_", "{}_{}")


def _spelled(word: str) -> list[str]:
    """As people write it elsewhere."""
    other = (
        word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("Ö", "Oe").replace("ß", "ss")
    )
    return [word, word.upper(), other, other.lower(), other.replace("ae", "ä").replace("ss", "ß")]


spellings = st.sampled_from(WORDS).flatmap(lambda word: st.sampled_from(_spelled(word)))
texts = st.lists(
    spellings | st.builds(lambda word, form: form.replace("{}", word), spellings, st.sampled_from(STUCK)),
    min_size=1,
    max_size=7,
).map(" ".join)
terms = spellings.map(Term)
phrases = st.lists(spellings, min_size=2, max_size=3).map(" ".join).map(Phrase)
prefixes = st.builds(lambda word, n: Prefix(word[: n + 1]), spellings, st.integers(0, 8)).filter(
    lambda leaf: leaf.text[-1].isalnum()
)
words = terms | phrases | prefixes
marks = spellings.filter(str.isalpha).flatmap(lambda one: st.sampled_from([Hashtag(one), Handle(one)]))
leaf_nodes = words | marks | st.builds(Near, words, words, st.integers(0, 3))


def _above(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=3).map(tuple)
    return several.map(And) | several.map(Or) | st.builds(lambda a, b: And((a, Not(b))), nodes, nodes)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """As the database has it."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        'CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = "unicode61 remove_diacritics 2")'
    )
    yield connection
    connection.close()


def finds(index: sqlite3.Connection, query: Node, texts: list[str]) -> set[str]:
    index.execute("DELETE FROM texts")
    index.executemany("INSERT INTO texts VALUES (?)", [(text,) for text in texts])
    found = index.execute("SELECT text FROM texts WHERE texts MATCH ?", [expression(query)])
    return {text for (text,) in found}


@settings(max_examples=60)
@given(st.recursive(leaf_nodes, _above, max_leaves=4), st.lists(texts, min_size=6, max_size=12))
def test_the_index_finds_whatever_matches(index: sqlite3.Connection, query: Node, several: list[str]) -> None:
    matcher = Matcher({"": query})
    several += [*WORDS, *(text for leaf in WORDS[:4] for text in _spelled(leaf))]
    assert finds(index, query, several) >= {text for text in several if matcher.match(text)}


LETTERS = [
    chr(code)
    for first, last in ((0xC0, 0x17F), (0x386, 0x3CE), (0x400, 0x45F))
    for code in range(first, last + 1)
    if chr(code).isalpha() and chr(code) not in "ĲĳĿŀŉ"
]


def test_every_letter_of_latin_greek_and_cyrillic_is_found_by_what_it_is_folded_to(
    index: sqlite3.Connection,
) -> None:
    for letter in LETTERS:
        text = f"q{letter}q"
        for query in (Term(fold(text)), Term(text), Prefix(fold(text)[:-1])):
            assert finds(index, query, [text]) == {text}, letter


@pytest.mark.parametrize(
    ("query", "text"),
    [("stras*", "Straße"), ("bloodhoundgooddollidioli", "bløodhoundgooddollidioli"), ("ba*", "Bär")],
)
def test_halves_of_letters_and_long_words_are_found_by_their_beginnings(
    index: sqlite3.Connection, query: str, text: str
) -> None:
    assert finds(index, parse(query), [text, "anderes"]) == {text}


@pytest.mark.parametrize("query", ["東京", "東京 OR brot", "שלום", "ACME東京", "हिन्दी"])
def test_what_the_index_cannot_tell_is_said(query: str) -> None:
    assert expression(parse(query)) is None


def test_a_part_that_the_index_cannot_tell_does_not_hinder_the_rest() -> None:
    assert expression(parse("東京 AND jahr NOT brot")) == '"jahr"'


def test_a_long_query_is_no_trouble_for_the_index(index: sqlite3.Connection) -> None:
    query = parse(" OR ".join(f'"idol{n} lodi" (doodle{n}* NEAR/3 x)' for n in range(100)))
    assert finds(index, query, ["ein idol7 lodi x døodle7s", "nichts"]) == {"ein idol7 lodi x døodle7s"}


# The passage that people see


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("baeckerei", "Die Bäckerei, die BAECKEREI!", ["Bäckerei", "BAECKEREI"]),
        ('"bäckerei sonnenkorn"', "Bäckerei (Sonnenkorn) #BäckereiSonnenkorn", ["Bäckerei (Sonnenkorn", "BäckereiSonnenkorn"]),  # noqa: E501 - a row
        ("lecker* NOT brot", "leckeres Brot", ["leckeres"]),
        ("sonnenkorn", "Sonnen\u00adkorn", ["Sonnen\u00adkorn"]),
        ("H&M OR @anna", "bei H&M, @anna@b.de", ["H&M", "anna"]),
        ("brot", "nichts", []),
    ],
)  # fmt: skip
def test_a_passage_marks_the_words(query: str, text: str, marked: list[str]) -> None:
    found = passage(parse(query), text)
    assert [found.text[first:last] for first, last in found.spans] == marked


def test_a_passage_of_a_long_text_is_around_the_first_word() -> None:
    found = passage(parse("brot"), "wort " * 200 + "das Brot hier" + " wort" * 200, 100)
    assert found.text.startswith("…wort")
    assert found.text.endswith("…")
    assert len(found.text) < 110
    ((first, last),) = found.spans
    assert found.text[first:last] == "Brot"


# The command


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as one:
        for back in (3, 1, 2):
            one.place.mention(f"Die Brötchen vor {back} Tagen", back=back, url=f"https://s.example/{back}")
        one.place.mention("Broetchen\x1b[31m bei Mühle", brand="Mühle", platform="rss", lang="de")
        one.place.mention("Bröd, Brötchen", label=Label.NEGATIVE, back=9)
        one.place.mention("Ramen in 東京", back=1)
        yield one


def test_the_newest_come_first_whatever_was_stored_last(place: Desk) -> None:
    found = [row["published_at"] for row in place.told("search", "brötchen")]
    assert len(found) == 5
    assert found == sorted(found, reverse=True)
    assert len(place.told("search", "brötchen", "--limit", 2)) == 2


@pytest.mark.parametrize(
    ("narrower", "count"),
    [
        (("--brand", "Mühle"), 1),
        (("--since", "2026-11-19", "--until", "2026-11-20"), 2),
        (("--since", "2026-11-20", "--brand", "Sonnenkorn"), 1),
        (("--until", "2026-11-15"), 1),
        (("--since", "2027-01-01"), 0),
        (("--platform", "rss"), 1),
        (("--sentiment", "negative"), 1),
        (("--lang", "fr"), 0),
    ],
)
def test_a_search_can_be_narrowed(place: Desk, narrower: tuple[str, ...], count: int) -> None:
    assert len(place.told("search", "brötchen", *narrower)) == count
    assert len(place.told("search", "brötchen", *narrower, "--scan")) == count


def test_windows_do_not_change_what_is_found(place: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {row["mention_id"] for row in place.told("search", "brötchen OR die", "--limit", 99)}
    monkeypatch.setattr(search, "WINDOW", 2)
    assert {row["mention_id"] for row in place.told("search", "brötchen OR die", "--limit", 99)} == before


def test_a_script_without_spaces_is_read_for_and_said(place: Desk) -> None:
    done = place.say("search", "東京")
    assert "Ramen in 東京" in done.stdout
    assert "every mention is read" in done.stderr


def test_people_see_when_where_what_and_no_control_characters(place: Desk) -> None:
    lines = place.say("search", "brötchen", "--limit", 2).stdout.splitlines()
    assert lines[0] == "2026-11-21 09:04 · rss · Mühle · neutral · mention 4"
    assert lines[1] == "Broetchen\ufffd[31m bei Mühle"
    assert lines[5] == "https://s.example/1"


def test_nothing_found_says_what_would_be_wider(place: Desk) -> None:
    done = place.say("search", "kuchen AND sahne", "--brand", "Mühle")
    assert done.exit_code == 0
    assert not done.stdout
    assert "without --brand" in done.stderr
    assert "OR instead of AND" in done.stderr


def test_a_search_as_csv_has_all_columns(place: Desk) -> None:
    (row,) = csv.DictReader(io.StringIO(place.say("search", "bröd", "--csv").stdout))
    assert row["sentiment_label"] == "negative"
    assert row["views"] == ""
    assert place.say("search", "a", "--csv", "--json").exit_code == 2
    assert place.say("search", "a AND (").exit_code == 2
