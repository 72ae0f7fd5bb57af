"""Queries: what they match, what is sent for them, and how a wrong one is explained."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import Syntax
from listener.query import (
    And,
    Handle,
    Hashtag,
    Matcher,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    QueryError,
    Term,
    hashtags,
    parse,
    render,
)
from storage.records import Match

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text("utf-8")
ROWS = re.findall(r"^\| `([^|]+)` \| ([^|]*) \|(?: ([^|]*))? \|$", PAGE, re.MULTILINE)
BARE = Syntax(or_=None, not_=None, phrase=None, hashtag=None, handle=None)


def matches(query: str, *fields: str | None) -> bool:
    return bool(Matcher({"brand": parse(query)}).match(*fields))


def sent(query: str, syntax: Syntax) -> tuple[str, ...]:
    return render([parse(query)], syntax)


# The page


@pytest.mark.parametrize(("query", "yes", "no"), ROWS)
def test_the_tables_of_the_page_hold(query: str, yes: str, no: str) -> None:
    assert matches(query, yes)
    assert not matches(query, no)


def test_the_examples_of_the_page_can_be_read() -> None:
    (examples,) = re.findall(r"```query\n(.+?)```", PAGE, re.DOTALL)
    assert len(ROWS) >= 20
    assert all(matches(query, PAGE) or "NOT" in query for query in examples.splitlines())


def test_the_error_of_the_page_is_the_one_that_people_see() -> None:
    (error,) = re.findall(r"```error\n(.+?)\n```", PAGE, re.DOTALL)
    with pytest.raises(QueryError, match=f"^{re.escape(error)}$"):
        parse(error.splitlines()[0])


# Reading


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("a b OR c", Or((And((Term("a"), Term("b"))), Term("c")))),
        ("a AND NOT b", And((Term("a"), Not(Term("b"))))),
        ("a NEAR/2 „b  c“ d", And((Near(Term("a"), Phrase("b c"), 2), Term("d")))),
        ("#a OR @b@c.de OR d*", Or((Hashtag("a"), Handle("b@c.de"), Prefix("d")))),
        ("ANDROID or (NEARBY)", And((Term("ANDROID"), Term("or"), Term("NEARBY")))),
        ("a AND (b OR NOT c)", And((Term("a"), Or((Term("b"), Not(Term("c"))))))),
    ],
)
def test_operators_bind_in_their_order(query: str, node: Node) -> None:
    assert parse(query) == node


@pytest.mark.parametrize(
    ("query", "place", "message"),
    [
        (" ", 0, "empty"),
        ("NOT a", 0, "only says what to leave out"),
        ("a OR NOT b", 5, "only says what to leave out"),
        ("a) b", 1, "never opened"),
        ("()", 1, "missing before )"),
        ("a AND OR b", 6, "missing before OR"),
        ("a OR", 5, "missing at the end"),
        ('a "b', 2, "quotation mark is never closed"),
        ("a NEAR/3 (b c)", 9, "between two words or phrases"),
        ("a NEAR/3 #b", 9, "between two words or phrases"),
        ("NOT a NEAR/3 b", 6, "between two words or phrases"),
        ("a NEAR b", 2, "NEAR/n"),
        ("brot UND kuchen", 5, "the operator is AND"),
        ("a -b", 2, "write NOT b"),
        ("a !!", 2, "letters or digits"),
        ("br*t", 0, "at the end of a word"),
        ("#a-b", 0, "hashtag"),
        ("@a/b", 0, "handle"),
        ("a\n(b", 5, "never closed"),
    ],
)
def test_an_error_shows_the_place_and_what_was_expected(query: str, place: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    line, caret, sentence = str(caught.value).split("\n")
    assert line == query.replace("\n", " ")
    assert caret == " " * place + "^"
    assert message in sentence


# Matching


def test_a_match_names_the_brand_and_the_first_term_in_the_text() -> None:
    matcher = Matcher(
        {
            "Sonnenkorn": parse("(brot AND kuchen) OR Sonnenkorn OR #korn"),
            "Mühle": parse("mühle NOT wind"),
            "Brot": parse("brot*"),
        }
    )
    assert matcher.match("Das Brot", "von #Korn oder SONNENKORN und der Muehle") == [
        Match(brand="Sonnenkorn", term="#korn"),
        Match(brand="Mühle", term="mühle"),
        Match(brand="Brot", term="brot*"),
    ]
    assert matcher.match(None, "Mühle im Wind") == []
    assert Matcher({}).match("Brot") == []


def test_fields_count_together_but_no_phrase_spans_them() -> None:
    assert matches("bäckerei AND sonnenkorn", "Bäckerei", "Sonnenkorn")
    assert not matches('"bäckerei sonnenkorn"', "Bäckerei", "Sonnenkorn")
    assert not matches("bäckerei NEAR/9 sonnenkorn", "Bäckerei", "Sonnenkorn")


def test_near_counts_the_words_between() -> None:
    assert matches('brot NEAR/2 "bäckerei sonnenkorn"', "Bäckerei Sonnenkorn: das beste Brot")
    assert not matches('brot NEAR/1 "bäckerei sonnenkorn"', "Bäckerei Sonnenkorn: das beste Brot")
    assert not matches("brot NEAR/5 brot", "ein Brot")
    assert matches("brot NEAR/0 brot*", "Brot, Brote")


def test_near_names_the_word_that_comes_first() -> None:
    matcher = Matcher({"brand": parse("kuchen OR korn NEAR/1 brot")})
    assert matcher.match("Korn, und fern ein Brot mit Korn, Kuchen") == [Match(brand="brand", term="brot")]


def test_a_text_that_repeats_itself_does_not_take_for_ever() -> None:
    assert not matches("brot NEAR/2 kuchen", "brot " * 20_000 + "x y z " + "kuchen " * 20_000)


def test_spellings_on_the_wire_do_not_matter() -> None:
    assert matches("bäckerei", "Ba\u0308ckerei")
    assert matches("sonnenkorn", "Sonnen\u00adkorn")
    assert matches("acme", "\uff21\uff23\uff2d\uff25 _ACME_")
    assert matches("@acme", "@acme.bsky.social.")
    assert matches("हिन्दी", "यह हिन्दी है")
    assert not matches("हिन्दी", "हन्द")


def test_a_query_that_only_excludes_is_refused_by_the_matcher() -> None:
    with pytest.raises(ValueError, match="Brot only says what to leave out"):
        Matcher({"Brot": Or((Term("a"), Not(Term("b"))))})


# Sending


@pytest.mark.parametrize(
    ("query", "syntax", "strings"),
    [
        ("a (b OR c) NOT d", Syntax(), ("a (b OR c) -d",)),
        ("a NOT bär NOT (c d)", Syntax(), ("a",)),
        ("a (b OR c) NOT d", BARE, ("a b", "a c")),
        ('"a b" OR a', Syntax(), ('"a b" OR #ab OR a',)),
        ('a NEAR/3 "b c"', BARE, ("a b c",)),
        ("Bäckerei", Syntax(), ("Bäckerei OR Baeckerei",)),
        ("#öl @a.b", BARE, ("öl a b", "oel a b")),
        ("H&M OR (or x)", Syntax(), ('"H&M" OR ("or" x)',)),
        ("a b*", Syntax(), ("a",)),
        ("a b*", Syntax(prefix="{}*"), ("a b*",)),
        ("b* OR c", Syntax(), ("b OR c",)),
        ("aaaa OR bbbb OR cccc OR aaaa", Syntax(max_length=12), ("aaaa", "bbbb OR cccc")),
        ("aaaa bbbb cccc NOT dddd", Syntax(max_length=10), ("bbbb cccc",)),
        ("aa OR aa OR (aa)", Syntax(), ("aa",)),
    ],
)
def test_a_search_string_is_widened_to_what_the_platform_has(
    query: str, syntax: Syntax, strings: tuple[str, ...]
) -> None:
    assert sent(query, syntax) == strings


def test_alternatives_never_multiply_into_a_flood() -> None:
    groups = ["(" + " OR ".join(f"{letter}{n}" for n in range(10)) + ")" for letter in "abcdefghij"]
    assert len(sent(" ".join(groups), BARE)) <= 50
    assert len(sent(" ".join(groups), Syntax(max_length=60))) <= 50


def test_hashtags_are_the_positive_terms_squeezed() -> None:
    nodes = [
        parse('"Bäckerei Sonnenkorn" OR #Öl OR @konto OR brot* OR H&M'),
        parse("brot NOT (kuchen OR #torte)"),
    ]
    assert hashtags(nodes) == ("bäckereisonnenkorn", "baeckereisonnenkorn", "öl", "oel", "brot")


# Whatever matches locally is found by what was sent

WORDS = ("brot", "Bäckerei", "korn", "öl", "or", "H&M", "café")
OTHERS = (
    "BAECKEREI",
    "oel",
    "brote",
    "#Korn",
    "#brotkorn",
    "@korn",
    "@korn@brot.de",
    "Cafe",
    "#kornbrot",
    "#ÖlBrot",
)
words = st.sampled_from(WORDS)
# One umlaut a phrase: a text that mixes spellings may be missed, as render says.
phrases = st.permutations(["brot", "korn"]).flatmap(
    lambda plain: st.builds(lambda word, n: Phrase(" ".join([word, *plain[:n]])), words, st.integers(1, 2))
)
terms = words.map(Term) | phrases | st.sampled_from(["bro", "kor"]).map(Prefix)
leaf_nodes = terms | st.sampled_from([Hashtag("korn"), Hashtag("öl"), Handle("korn")])
near_nodes = st.builds(Near, terms, terms, st.integers(0, 3))


def _above(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=4).map(tuple)
    excluding = st.builds(lambda some, less: And((*some, Not(less))), several, nodes)
    return several.map(And) | several.map(Or) | excluding


trees = st.recursive(leaf_nodes | near_nodes, _above, max_leaves=5)
texts = st.lists(st.sampled_from(WORDS + OTHERS), min_size=2, max_size=6).map(" ".join)
syntaxes = st.builds(
    Syntax,
    or_=st.sampled_from([" OR ", None]),
    not_=st.sampled_from(["-{}", None]),
    phrase=st.sampled_from(['"{}"', None]),
    prefix=st.just("{}*"),
    hashtag=st.sampled_from(["#{}", None]),
    handle=st.sampled_from(["@{}", None]),
    max_length=st.sampled_from([25, 40, 500]),
)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(trees, min_size=1, max_size=2), st.lists(texts, min_size=8, max_size=8), syntaxes)
def test_what_is_sent_finds_whatever_matches(nodes: list[Node], several: list[str], syntax: Syntax) -> None:
    strings = render(nodes, syntax)
    assert all(len(string) <= syntax.max_length for string in strings)
    matcher = Matcher({str(number): node for number, node in enumerate(nodes)})
    for text in (*WORDS, *OTHERS, *several):
        assert not matcher.match(text) or any(found(string, text) for string in strings)


@settings(deadline=None, max_examples=50)
@given(st.lists(trees, min_size=1, max_size=6), texts)
def test_brands_matched_together_are_those_matched_alone(nodes: list[Node], text: str) -> None:
    brands = {str(number): node for number, node in enumerate(nodes)}
    alone = [one for brand, node in brands.items() for one in Matcher({brand: node}).match(text)]
    assert Matcher(brands).match(text) == alone


def found(string: str, text: str) -> bool:
    """A platform's search that folds nothing but case: ``a b`` is AND, ``OR`` binds weakest."""
    waiting = re.findall(r'-?"[^"]*"|[()]|[^\s()]+', string)

    def either() -> bool:
        result = every()
        while waiting and waiting[0] == "OR":
            waiting.pop(0)
            result |= every()
        return result

    def every() -> bool:
        result = True
        while waiting and waiting[0] not in ("OR", ")"):
            result &= one(waiting.pop(0))
        return result

    def one(token: str) -> bool:
        if token == "(":
            result = either()
            waiting.pop(0)
            return result
        if token.startswith("-"):
            return not one(token[1:])
        if token[0] in "#@":
            return re.search(rf"{re.escape(token)}\b", text, re.IGNORECASE) is not None
        ending = "" if token.endswith("*") else r"\b"
        pattern = r"\W+".join(re.findall(r"\w+", token))
        return re.search(rf"\b{pattern}{ending}", text, re.IGNORECASE) is not None

    return either()
