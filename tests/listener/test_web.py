"""The web pages: nobody reads without the password, nobody sees who wrote, nobody can change anything."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from click.testing import CliRunner

from listener import config
from listener.cli import main
from listener.config import Config
from listener.stages.aggregate import aggregate
from listener.web import server
from listener.web.questions import questions
from storage import pages
from storage.pages import Matched
from storage.records import Author, Kind, Label, Match, Mention, Stance
from tests.listener.bakery import Bakery, bakery
from tests.postbox import free_port

PAGES = (
    "/",
    "/listener",
    "/listener.json",
    "/listener.json?sql=select+1",
    "/listener?sql=select+handle+from+authors",
    "/listener/mention_overview",
    "/listener/mention_overview.json",
    "/listener/mention_overview.csv",
    "/listener/authors.json",
    "/listener/who-recommends-us",
    "/listener.db",
    "/dashboard",
    "/-/databases.json",
    "/-/metadata.json",
    "/-/plugins.json",
    "/-/settings.json",
    "/-/threads.json",
)
PEOPLE = (
    "SELECT handle AS who FROM authors",
    "SELECT author AS who FROM mention_overview WHERE text LIKE '%Brot%'",
    "SELECT author AS who FROM top_advocates",
    "SELECT url AS who FROM mentions",
    "SELECT platform_id AS who FROM mention_overview",
    "SELECT coalesce(parent_id, thread_id) AS who FROM mentions",
    "SELECT platform_id AS who FROM tombstones",
    "SELECT (SELECT platform_id FROM authors a WHERE a.id = m.author_id) AS who FROM mentions m",
    "SELECT max(name) AS who FROM authors GROUP BY handle",
    "WITH a AS (SELECT * FROM authors) SELECT url AS who FROM a",
    (
        "SELECT o.author AS who FROM mentions_fts f JOIN mention_overview o ON o.mention_id = f.rowid"
        " WHERE mentions_fts MATCH 'brot'"
    ),
    "SELECT data AS who FROM digests UNION SELECT raw FROM rejects",
    "SELECT recipient AS who FROM outbox UNION SELECT last_error FROM outbox",
    "SELECT cursor AS who FROM sources UNION SELECT watch FROM sources",
)
JOINS = (
    "SELECT handle FROM authors FULL JOIN (SELECT NULL AS handle) USING (handle)",
    "SELECT handle FROM authors NATURAL JOIN (SELECT 'anna1' AS handle)",
    "SELECT watch FROM sources FULL JOIN (SELECT NULL AS watch) uSiNg(watch)",
    "SELECT handle, $x(') FROM authors FULL JOIN (SELECT NULL AS handle) USING (handle) -- '",
    "SELECT handle, '%using fts%' FROM authors FULL JOIN (SELECT NULL AS handle)\ufeffUSING/**/(handle)",
)
"""SQLite makes the columns of these joins itself, and asks nobody whether they may be read."""
ELSEWHERE = (
    "INSERT INTO tombstones VALUES ('mastodon', 'at://did:anna9/1', '2026-11-20', 'gone')",
    """
    INSERT INTO digests (brand_id, day, language, data, created_at)
    VALUES (1, '2026-11-20', 'de', 'anna', '2026-11-20')
    """,
    "INSERT INTO rejects VALUES (1, 1, 'x', 'unreadable', 'anna', '2026-11-20', '2026-11-20')",
    """
    INSERT INTO outbox (digest_id, recipient, message_id, next_try_at, last_error)
    VALUES (1, 'anna@a.example', 'm', '2026-11-20', 'anna@a.example refused')
    """,
    "UPDATE sources SET watch = '{\"anna\": 1}', cursor = '{\"anna\": 1}'",
)
"""Where else people are named, in rows that the stages would write."""
LOGIN = {"Authorization": requests.auth._basic_auth_str("listener", "geheim")}  # noqa: SLF001 - what requests sends


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Bakery]:
    with bakery(tmp_path) as opened:
        for number in range(3):
            author = Author(
                platform_id=f"did:anna{number}",
                handle=f"anna{number}",
                name="Anna",
                url=f"https://a.example/anna{number}",
            )
            opened.mention(
                "Unbedingt hingehen, das Brot!",
                label=Label.POSITIVE,
                stance=Stance.PROMOTING,
                author=author,
                url=f"https://a.example/@anna{number}/1",
                platform_id=f"at://did:anna{number}/post/1",
                thread_id=f"at://did:anna{number}/post/0",
            )
        with opened.store.transaction():
            for sql in ELSEWHERE:
                opened.store.execute(sql)
        aggregate(opened.store)
        yield opened


@pytest.fixture
def configure(place: Bakery) -> Callable[..., Config]:
    def load(tables: str = "") -> Config:
        path = place.store.path.parent / "config.toml"
        path.write_text(
            f'[listener]\ndatabase = "{place.store.path.name}"\n{tables}\n'
            '[[brands]]\nname = "Sonnenkorn"\nquery = "sonnenkorn"\n',
            "utf-8",
        )
        return config.load(path)

    return load


def asked(made: Any, *paths: str, **headers: str) -> list[Any]:
    """The answers to requests, one after the other."""

    async def ask() -> list[Any]:
        await made.invoke_startup()
        return [await made.client.get(path, headers=headers) for path in paths]

    return asyncio.run(ask())


def rows(made: Any, sql: str) -> list[dict[str, Any]]:
    async def ask() -> Any:
        await made.invoke_startup()
        return await made.client.get("/listener.json", params={"sql": sql, "_shape": "array"}, headers=LOGIN)

    answer = asyncio.run(ask())
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def test_nothing_is_shown_without_the_password(configure: Callable[..., Config]) -> None:
    made = server.application(configure(), "geheim")
    for path, answer in zip(PAGES, asked(made, *PAGES), strict=True):
        assert answer.status_code == 403, path
        assert "anna" not in answer.text, path
    for answer in asked(made, "/listener", "/dashboard", Accept="text/html"):
        assert (answer.status_code, answer.headers["location"]) == (302, "/-/login")
    wrong = requests.auth._basic_auth_str("listener", "falsch")  # noqa: SLF001 - what requests sends
    assert [answer.status_code for answer in asked(made, "/listener.json", Authorization=wrong)] == [403]


def test_with_the_password_people_log_in_and_programs_ask(configure: Callable[..., Config]) -> None:
    made = server.application(configure(), "geheim")
    assert {
        one.status_code for one in asked(made, "/", "/listener", "/listener/mention_overview", **LOGIN)
    } == {200}

    async def login(password: str) -> int:
        await made.invoke_startup()
        form = await made.client.get("/-/login")
        fields = {
            "username": "listener",
            "password": password,
            "csrftoken": re.findall(r'name="csrftoken" value="([^"]+)"', form.text)[0],
        }
        answer = await made.client.post("/-/login", data=fields, cookies=form.cookies)
        return (await made.client.get("/listener.json", cookies=answer.cookies)).status_code

    assert asyncio.run(login("geheim")) == 200
    assert asyncio.run(login("falsch")) == 403


def test_the_password_is_told_to_nobody(configure: Callable[..., Config]) -> None:
    made = server.application(configure(), "geheim")
    for answer in asked(made, "/-/metadata.json", "/-/plugins.json", "/-/settings.json", "/", **LOGIN):
        assert "geheim" not in answer.text
        assert "pbkdf2" not in answer.text


@pytest.mark.parametrize("sql", PEOPLE)
def test_who_wrote_is_hidden_however_it_is_asked_for(
    configure: Callable[..., Config], place: Bakery, sql: str
) -> None:
    found = rows(server.application(configure(), "geheim"), sql)
    assert {row["who"] for row in found} == {None}
    assert any("anna" in str(row["who"]).lower() for row in place.store.rows(sql))


@pytest.mark.parametrize("sql", JOINS)
def test_joins_that_would_get_around_it_are_refused(configure: Callable[..., Config], sql: str) -> None:
    made = server.application(configure(), "geheim")
    tricky = {"x(')": "1"}  # what SQLite takes for the name of a parameter
    where = {"_where": f"id IN (SELECT 1 FROM ({sql}))"} | tricky  # noqa: S608 - that is the attack
    for path, asks in (("/listener.json", {"sql": sql} | tricky), ("/listener/mentions.csv", where)):
        (answer,) = asked(made, f"{path}?{urlencode(asks)}", **LOGIN)
        assert answer.status_code == 400
        assert "join with ON" in answer.text
        assert "anna" not in answer.text.replace(sql, "")


def test_days_are_asked_for_as_they_are_stored(configure: Callable[..., Config]) -> None:
    made = server.application(configure(), None)
    for days, status in (
        ("from=2026-11-01&to=2026-11-30", 200),
        ("from=&to=", 200),
        ("from=01.11.2026&to=", 400),
    ):
        (answer,) = asked(made, f"/listener/who-recommends-us.json?brand=Sonnenkorn&{days}")
        assert answer.status_code == status, days
    assert "2026-11-30" in answer.text


def test_no_export_takes_the_machine(configure: Callable[..., Config]) -> None:
    (answer,) = asked(server.application(configure(), None), "/listener/mention_overview.csv?_stream=on")
    assert answer.status_code == 400


def test_their_words_may_be_searched_for(configure: Callable[..., Config]) -> None:
    made = server.application(configure(), "geheim")
    asks = urlencode({"sql": "SELECT :text AS who", "text": "using natural yeast"})
    (answer,) = asked(made, f"/listener.json?_shape=array&{asks}", **LOGIN)
    assert answer.json() == [{"who": "using natural yeast"}]


def test_what_is_not_there_is_answered_and_nothing_is_printed(
    configure: Callable[..., Config], capfd: pytest.CaptureFixture[str]
) -> None:
    """Datasette's own answer to what it does not know broke, or printed its variables, where rich is installed."""
    made = server.application(configure(), "geheim")
    assert {one.status_code for one in asked(made, "/a/b/c/d/e", "/nosuch", "/listener/nosuch", **LOGIN)} == {
        404
    }
    assert not capfd.readouterr().out


def test_without_a_password_only_this_machine_s_own_names_are_answered(
    configure: Callable[..., Config],
) -> None:
    made = server.application(configure(), None)
    for host, status in (
        ("localhost:8001", 200),
        ("127.0.0.1:8001", 200),
        ("[::1]:8001", 200),
        ("rebound.example:8001", 421),
        ("127.0.0.1.rebound.example", 421),
        ("[", 421),
        ("", 421),
    ):
        (answer,) = asked(made, "/listener.json?sql=select+1", Host=host)
        assert answer.status_code == status, host
    guarded = server.application(configure(), "geheim")
    assert asked(guarded, "/listener.json", Host="listener.example", **LOGIN)[0].status_code == 200


def test_who_wrote_is_shown_where_the_config_says_so(configure: Callable[..., Config]) -> None:
    made = server.application(configure("[web]\nshow_authors = true\n"), "geheim")
    assert {row["who"] for row in rows(made, PEOPLE[1])} == {"anna0", "anna1", "anna2"}
    assert rows(made, "SELECT value FROM meta WHERE key = 'instance'") == [{"value": None}]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM mentions",
        "UPDATE mentions SET text = ''",
        "ATTACH 'other.db' AS other",
        "PRAGMA journal_mode = delete",
        "CREATE TABLE x (y)",
    ],
)
def test_nothing_can_be_changed(configure: Callable[..., Config], place: Bakery, sql: str) -> None:
    made = server.application(configure(), None)
    (answer,) = asked(made, f"/listener.json?sql={sql}")
    assert answer.status_code == 400
    assert place.store.value("SELECT count(*) FROM mentions WHERE text <> ''") == 3


def test_the_ten_questions_search_and_facets_are_there(configure: Callable[..., Config]) -> None:
    made = server.application(configure(), None)
    month = "brand=Sonnenkorn&from=2026-01-01&to=2026-12-31"
    for name in questions():
        (answer,) = asked(made, f"/listener/{name}.json?{month}")
        assert answer.json()["ok"], name
    (best,) = asked(made, f"/listener/who-recommends-us.json?_shape=array&{month}")
    assert [row["recommendations"] for row in best.json()] == [1, 1, 1]
    found, nothing = asked(
        made,
        "/listener/mention_overview.json?_shape=array&_search=brot",
        "/listener/mention_overview.json?_shape=array&_search=kuchen",
    )
    assert (len(found.json()), len(nothing.json())) == (3, 0)
    (home, overview) = asked(made, "/", "/listener/mention_overview")
    assert home.text.count("brand=Sonnenkorn") == len(questions()) + 1
    assert "sentiment_label" in overview.text
    assert "every mention of a brand" in overview.text


@contextmanager
def serving(made: Any) -> Iterator[str]:
    import uvicorn  # noqa: PLC0415 - loads much, and only one test needs it

    listener = server.bound("127.0.0.1", 0)
    asyncio.run(made.invoke_startup())
    running = uvicorn.Server(uvicorn.Config(made.app(), log_level="warning"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join()


def test_readers_and_the_writer_never_wait_for_each_other(
    configure: Callable[..., Config], place: Bakery
) -> None:
    """While a question runs that takes until its time limit, pages are stored, and other readers see them."""
    long = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(text), count(*) FROM n, mentions"
    count = "/listener.json?_shape=array&sql=SELECT+count(*)+AS+n+FROM+mentions"
    began = datetime(2026, 11, 20, 12, tzinfo=UTC)
    seen: list[int] = []
    with serving(server.application(configure(), None)) as address:
        slow = threading.Thread(
            target=requests.get, args=(f"{address}/listener.json",), kwargs={"params": {"sql": long}}
        )
        slow.start()
        for page in range(20):
            mentions = [
                Mention(
                    platform="x",
                    platform_id=f"{page}-{number}",
                    kind=Kind.POST,
                    published_at=began + timedelta(seconds=number),
                    text="Brot",
                )
                for number in range(20)
            ]
            matched = [Matched(one, [Match(brand="Sonnenkorn", term="brot")]) for one in mentions]
            pages.add_page(place.store, 1, matched, brands=["Sonnenkorn"], now=began)
            seen.append(requests.get(f"{address}{count}", timeout=10).json()[0]["n"])
        assert slow.is_alive(), "the long question ended before the others"
        slow.join()
    assert seen == [3 + 20 * page for page in range(1, 21)]


def test_from_elsewhere_only_with_a_password_of_ones_own(
    configure: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LISTENER_WEB_PASSWORD", raising=False)
    path = str(configure().path)
    open_to_all = CliRunner().invoke(main, ["serve", "-c", path, "--host", "0.0.0.0"])  # noqa: S104 - refused
    assert (open_to_all.exit_code, "LISTENER_WEB_PASSWORD" in open_to_all.output) == (2, True)
    monkeypatch.setenv("LISTENER_WEB_PASSWORD", "geheim")
    unguarded = CliRunner().invoke(main, ["serve", "-c", path, "--host", "0.0.0.0", "--no-password"])  # noqa: S104 - refused
    assert (unguarded.exit_code, "--no-password" in unguarded.output) == (2, True)


def test_a_taken_port_is_explained(configure: Callable[..., Config]) -> None:
    port = free_port()
    with server.bound("127.0.0.1", port) as taken:
        taken.listen()
        done = CliRunner().invoke(main, ["serve", "-c", str(configure().path), "--port", str(port)])
    assert (done.exit_code, f"--port {port + 1}" in done.output) == (2, True)


def test_the_command_says_where_and_with_which_password(
    configure: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LISTENER_WEB_PASSWORD", raising=False)
    monkeypatch.setattr(server, "serve", lambda made, listener: listener.close())
    port = str(free_port())
    made = CliRunner().invoke(main, ["serve", "-c", str(configure().path), "--port", port])
    assert made.exit_code == 0, made.output
    assert f"http://127.0.0.1:{port}/dashboard" in made.output
    assert re.search(r"password: \S{16}", made.output)
    monkeypatch.setenv("LISTENER_WEB_PASSWORD", "geheim")
    given = CliRunner().invoke(main, ["serve", "-c", str(configure().path), "--port", port])
    assert "password" not in given.output
    assert "geheim" not in given.output
