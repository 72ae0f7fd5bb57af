"""The configuration: all problems at once, secrets only from the environment, the shipped examples usable."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from listener import config
from listener.config import ConfigError

ROOT = Path(__file__).parents[2]
GOOD = """
[[brands]]
name = "Acme"
query = 'acme'

[[sources]]
connector = "hackernews"
every = "90s"
"""


def load(tmp_path: Path, text: str) -> config.Config:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return config.load(path)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    return caught.value.problems


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    loaded = load(tmp_path, GOOD)
    assert loaded.sources[0].section.every == timedelta(seconds=90)
    assert loaded.sources[0].brands == ("Acme",)
    assert loaded.database == tmp_path / "listener.db"
    assert loaded.digest_brands == ("Acme",)


def test_the_shipped_example_has_no_mistake_in_any_source(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in re.findall(r'_env = "(\w+)"', (ROOT / "config.toml").read_text("utf-8")):
        monkeypatch.setenv(name, "secret")
    loaded = config.load(ROOT / "config.toml", every_source=True)
    assert {one.connector.name for one in loaded.sources} == {
        "hackernews", "rss", "mastodon", "appstore", "youtube", "bluesky", "reddit", "x", "webhook",
    }  # fmt: skip
    assert all(one.settings for one in loaded.sources)


def test_all_problems_are_reported_together(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """
        [[brands]]
        name = "Acme"
        query = 'acme AND (shop OR'

        [[sources]]
        connector = "hackernws"

        [[sources]]
        connector = "rss"
        brands = ["Nobody"]

        [digest]
        brands = ["Somebody"]

        [budget.myspace]
        calls = 3
        """,
    )
    text = "\n".join(found)
    for part in (
        "the parenthesis is never closed",
        "there is no connector 'hackernws'; there are: appstore, appstore_connect, ",
        "[[sources]] rss: brands: 'Nobody' is no brand",
        "[[sources]] rss: feeds: this key is missing",
        "[digest] brands: 'Somebody' is no brand",
        "[budget.myspace]: there is no connector of this name",
    ):
        assert part in text
    assert len(found) == 6


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('every = "often"', "[[sources]] hackernews: every: write a duration as a number and a unit"),
        ("evry = 3", "[[sources]] hackernews: evry: there is no such key"),
        ("[digest]\nsendat = 3", "[digest] sendat: there is no such key"),
        ('[listener]\ntimezone = "Berlin"', "[listener] timezone: 'Berlin' is no time zone"),
        ("[listener", "cannot be read"),
        (
            'match = "all"\n[[brands]]\nname = "B"\nquery = "b"',
            "`brands` must name the one brand it is about",
        ),
        ('[[brands]]\nname = "Acme"\nquery = "b"', "[[brands]] Acme: there are two brands of this name"),
        ('[[sources]]\nconnector = "hackernews"', "there are two sources of this name"),
    ],
)
def test_a_problem_names_its_place(tmp_path: Path, line: str, problem: str) -> None:
    text = GOOD.replace('every = "90s"', "") + line
    assert problem in "\n".join(problems(tmp_path, text))


X = """
[[brands]]
name = "Acme"
query = 'acme'
[[sources]]
connector = "x"
"""


def test_a_secret_in_the_file_is_refused_without_repeating_it(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, X + 'bearer_token = "hunter2"')
    assert "bearer_token_env" in problem
    assert "hunter2" not in problem


def test_a_secret_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    loaded = load(tmp_path, X + 'bearer_token_env = "TOKEN"')
    assert loaded.secrets() == {"hunter2"}
    assert "hunter2" not in repr(loaded)


def test_a_secret_comes_from_a_file_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text("hunter2\n")
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "token"))
    assert load(tmp_path, X + 'bearer_token_env = "TOKEN"').secrets() == {"hunter2"}


def test_a_missing_secret_spoils_its_own_source_only(tmp_path: Path) -> None:
    loaded = load(tmp_path, X + 'bearer_token_env = "NO_SUCH_TOKEN"\n[[sources]]\nconnector = "hackernews"')
    assert [(one.name, one.missing) for one in loaded.sources] == [
        ("x", ("NO_SUCH_TOKEN",)),
        ("hackernews", ()),
    ]


def test_a_source_that_is_off_is_not_even_imported(tmp_path: Path) -> None:
    loaded = load(tmp_path, GOOD + '[[sources]]\nconnector = "no such"\nenabled = false')
    assert [one.name for one in loaded.sources] == ["hackernews"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('brands = ["Acme"]', "[[brands]] number 1: "),
        ('[brands]\nname = "A"', "[brands]: write it with two brackets, [[brands]]"),
        ("[foo]\nx = 1", "[foo]: there is no such key"),
        (GOOD.replace("90s", "99999999999d"), "this is longer than anybody can wait"),
        (GOOD.replace("90s", "0s"), "this must be longer than nothing"),
        (GOOD + '[digest]\nsend_at = "07:30Z"', "write it without a zone"),
        (GOOD + "[digest]\nsend_at = 7", "write a time in quotes"),
        (GOOD + '[digest]\nrecipients = ["anna"]', "'anna' is no mail address"),
        (GOOD + '[digest]\nrecipients = ["anna@example.org"]', "there is no [smtp] table"),
    ],
)
def test_what_would_fail_later_is_refused_at_once(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in "\n".join(problems(tmp_path, text))


def test_a_secret_file_that_is_not_there_is_a_missing_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "none"))
    assert load(tmp_path, X + 'bearer_token_env = "TOKEN"').sources[0].missing == ("TOKEN",)


def test_a_secret_has_no_line_break(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2\n")
    assert load(tmp_path, X + 'bearer_token_env = "TOKEN"').secrets() == {"hunter2"}
