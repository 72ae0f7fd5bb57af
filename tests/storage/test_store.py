"""Opening the file: up to date, tables strict, readers never blocked, errors that say what to do."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import store as module
from storage.browsing import browsing
from storage.migrations import migrations
from storage.store import Store, StoreError


def test_every_table_is_strict_and_the_file_in_wal_mode(tmp_path: Path) -> None:
    with Store(tmp_path / "l.db") as store:
        loose = [
            row["name"]
            for row in store.rows("PRAGMA table_list")
            if row["type"] == "table"
            and not row["strict"]
            and not row["name"].startswith(("sqlite_", "_sqlite"))
        ]
        assert loose == []
        assert store.value("PRAGMA journal_mode") == "wal"
        assert store.value("PRAGMA foreign_keys") == 1


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "l.db") as store:
        before = store.rows("SELECT sql FROM sqlite_master ORDER BY name")
        instance = store.instance
    with Store(tmp_path / "l.db") as store:
        assert store.rows("SELECT sql FROM sqlite_master ORDER BY name") == before
        assert store.instance == instance


def test_views_are_renewed_when_their_text_has_changed(tmp_path: Path) -> None:
    with Store(tmp_path / "l.db") as store, store.transaction():
        store.execute("DROP VIEW share_of_voice")
        store.set_meta("views", "older")
    with Store(tmp_path / "l.db") as store:
        assert store.rows("SELECT * FROM share_of_voice") == []


def test_views_that_people_made_survive(tmp_path: Path) -> None:
    with Store(tmp_path / "l.db") as store, store.transaction():
        store.execute("CREATE VIEW my_report AS SELECT 1 AS one")
        store.set_meta("views", "older")
    with Store(tmp_path / "l.db") as store:
        assert store.value("SELECT one FROM my_report") == 1


def test_several_threads_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def open_it() -> None:
        try:
            Store(tmp_path / "l.db").close()
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "l.db") as store:
        with pytest.raises(ZeroDivisionError):
            _fail_halfway(store)
        assert store.meta("half") is None


def _fail_halfway(store: Store) -> None:
    with store.transaction():
        store.set_meta("half", "done")
        raise ZeroDivisionError


def test_a_reader_sees_the_last_commit_while_a_writer_is_at_work(tmp_path: Path) -> None:
    with Store(tmp_path / "l.db") as store, store.transaction():
        store.set_meta("new", "value")
        with browsing(tmp_path / "l.db") as browser:
            assert list(browser.ask("SELECT count(*) FROM meta WHERE key = 'new'").rows) == [(0,)]


def test_what_is_no_database_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "l.db").write_text("not a database, but long enough to be taken for one" * 10)
    with pytest.raises(StoreError, match=r"l\.db is not a usable SQLite database"):
        Store(tmp_path / "l.db")
    with pytest.raises(StoreError, match="cannot open"):
        Store(tmp_path / "no such folder" / "l.db")


def test_the_file_of_a_newer_version_or_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    with Store(tmp_path / "newer.db") as store, store.transaction():
        store.execute("INSERT INTO _sqlite_migrations VALUES (99, 'listener', 'v0099_future', '2030-01-01')")
        store.set_meta("views", "of the future")
    with pytest.raises(StoreError, match=r"newer\.db was written by a newer version .*v0099_future"):
        Store(tmp_path / "newer.db")
    with closing(sqlite3.connect(tmp_path / "newer.db")) as conn:
        assert conn.execute("SELECT value FROM meta WHERE key = 'views'").fetchone() == ("of the future",)
    with closing(sqlite3.connect(tmp_path / "other.db")) as conn:
        conn.execute("CREATE TABLE customers (name)")
    with pytest.raises(StoreError, match=r"other\.db is the database of another program"):
        Store(tmp_path / "other.db")
    with closing(sqlite3.connect(tmp_path / "other.db")) as conn:
        assert conn.execute("SELECT name FROM sqlite_master").fetchall() == [("customers",)]


def test_an_old_sqlite_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OLDEST_SQLITE", (99, 0))
    with pytest.raises(StoreError, match=f"SQLite {sqlite3.sqlite_version} is too old: 99.0"):
        Store(tmp_path / "l.db")


def test_a_database_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "listener.db"
    old = Database(path)
    migrations.apply(old, stop_before="v0002_upkeep")
    old.execute(
        "INSERT INTO mentions (platform, platform_id, kind, text, published_at, fetched_at, counted_at)"
        " VALUES ('x', '1', 'post', 'Acme', '2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', '2026-11-03T00:00:00Z')"
    )
    old.execute("CREATE VIEW mention_overview AS SELECT id, deleted_at FROM mentions")
    old.execute('CREATE VIEW "an analyst\'s" AS SELECT count(*) AS n FROM mention_overview')
    old.close()
    with Store(path) as store:
        assert store.value('SELECT n FROM "an analyst\'s"') == 0
        assert store.value("SELECT seen_at FROM mentions") == "2026-11-02T00:00:00Z"
        assert store.value("SELECT count(*) FROM mention_overview") == 0
