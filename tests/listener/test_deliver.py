"""Digests are composed when due and reach a real mail server, once per brand and day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from listener.config import Config
from listener.stages.compose import compose, due_days, record
from listener.stages.deliver import deliver
from listener.stages.poll import sync
from storage import digests, sources
from storage.store import Store
from tests.postbox import free_port, mail_server

Configure = Callable[..., Config]
MORNING = datetime(2026, 11, 22, 6, 31, tzinfo=UTC)  # 07:31 in Berlin


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def config(configure: Configure, port: int, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("SMTP_PASSWORD", "hunter2")
    smtp = (
        f'\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nusername = "bot"\n'
        'password_env = "SMTP_PASSWORD"\nsender = "Zuhören <bot@example.org>"\n'
    )
    recipients = 'recipients = ["anna@example.org", "bela@example.org"]\nsend_if_empty = true'
    loaded = configure(("recipients = []", recipients), ("brands = []", 'brands = ["Sonnenkorn"]'), add=smtp)
    polled_once(loaded)
    return loaded


def polled_once(config: Config) -> None:
    with Store(config.database) as store:
        sync(store, config, MORNING)
        source = sources.active(store)[0]
        sources.succeeded(store, source.id, now=MORNING, next_poll_at=MORNING + timedelta(days=1))


def test_a_digest_is_due_from_its_hour_on_in_the_brands_zone(config: Config) -> None:
    early = MORNING - timedelta(minutes=2)
    assert due_days(config, "Sonnenkorn", early, "2026-11-20") == []
    assert due_days(config, "Sonnenkorn", MORNING, "2026-11-20") == [date(2026, 11, 21)]
    summer = datetime(2026, 7, 1, 5, 31, tzinfo=UTC)
    assert due_days(config, "Sonnenkorn", summer, None) == [date(2026, 6, 30)]


def test_days_without_a_daemon_are_made_up_for_a_week_at_most(config: Config) -> None:
    assert due_days(config, "Sonnenkorn", MORNING, "2026-11-18") == [
        date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21),
    ]  # fmt: skip
    early = MORNING - timedelta(hours=1)
    assert due_days(config, "Sonnenkorn", early, "2026-11-18") == [date(2026, 11, 19), date(2026, 11, 20)]
    assert len(due_days(config, "Sonnenkorn", MORNING, "2026-01-01")) == 7
    assert due_days(config, "Sonnenkorn", MORNING, "2026-11-21") == []


def test_there_is_a_digest_only_on_its_mornings(configure: Configure) -> None:
    config = configure(("recipients = []", 'recipients = []\nweekdays = ["mon"]'))
    monday = MORNING + timedelta(days=1)
    assert due_days(config, "Sonnenkorn", MORNING, None) == []
    assert due_days(config, "Sonnenkorn", monday, "2026-11-01") == [date(2026, 11, 22)]


def test_before_any_source_has_answered_there_is_no_digest(configure: Configure) -> None:
    config = configure()
    with Store(config.database) as store:
        sync(store, config, MORNING)
        assert compose(store, config, now=MORNING) == 0
    polled_once(config)
    with Store(config.database) as store:
        assert compose(store, config, now=MORNING) == 2


def test_everybody_gets_it_once(config: Config, port: int) -> None:
    with Store(config.database) as store, mail_server(port) as postbox:
        assert compose(store, config, now=MORNING) == 1
        assert deliver(store, config, now=MORNING) == (2, 0)
        assert compose(store, config, now=MORNING + timedelta(hours=1)) == 0
        assert deliver(store, config, now=MORNING + timedelta(hours=1)) == (0, 0)
    assert [message["To"] for message in postbox.taken] == ["anna@example.org", "bela@example.org"]
    message = postbox.taken[0]
    assert "Sonnenkorn" in message["Subject"]
    html = [part for part in message.walk() if part.get_content_type() == "text/html"]
    assert "Sonnenkorn" in html[0].get_payload(decode=True).decode()
    assert len(list(config.digest_folder.glob("2026-11-21-sonnenkorn.*"))) >= 3


def test_a_refused_letter_is_tried_again_and_the_others_are_not(config: Config, port: int) -> None:
    with Store(config.database) as store, mail_server(port) as postbox:
        compose(store, config, now=MORNING)
        postbox.refuse = "anna@example.org"
        assert deliver(store, config, now=MORNING) == (1, 1)
        assert "450" in store.value("SELECT last_error FROM outbox WHERE sent_at IS NULL")
        postbox.refuse = ""
        assert deliver(store, config, now=MORNING) == (0, 0)  # not yet
        assert deliver(store, config, now=MORNING + timedelta(minutes=5)) == (1, 0)
    assert sorted(message["To"] for message in postbox.taken) == ["anna@example.org", "bela@example.org"]


def test_a_mail_server_that_is_down_is_waited_for(config: Config, port: int) -> None:
    with Store(config.database) as store:
        compose(store, config, now=MORNING)
        assert deliver(store, config, now=MORNING) == (0, 2)
        with mail_server(port) as postbox:
            assert deliver(store, config, now=MORNING + timedelta(hours=1)) == (2, 0)
    assert len(postbox.taken) == 2


def test_killed_between_sending_and_noting_it_sends_again_under_the_same_id(
    config: Config, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(config.database) as store, mail_server(port) as postbox:
        compose(store, config, now=MORNING)
        with monkeypatch.context() as patch:
            patch.setattr(digests, "sent", _die)
            with pytest.raises(KeyboardInterrupt):
                deliver(store, config, now=MORNING)
        assert deliver(store, config, now=MORNING) == (2, 0)
    ids = [message["Message-ID"] for message in postbox.taken]
    assert len(ids) == 3
    assert len(set(ids)) == 2


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_digest_on_request_is_recorded_once_too(config: Config) -> None:
    with Store(config.database) as store:
        assert record(store, config, "Sonnenkorn", date(2026, 11, 20), now=MORNING)
        assert not record(store, config, "Sonnenkorn", date(2026, 11, 20), now=MORNING)
        assert len(digests.unsent(store, MORNING)) == 2


def test_an_empty_day_is_mailed_only_on_request(configure: Configure) -> None:
    smtp = '\n[smtp]\nhost = "127.0.0.1"\nsender = "bot@example.org"\n'
    config = configure(("recipients = []", 'recipients = ["anna@example.org"]'), add=smtp)
    polled_once(config)
    with Store(config.database) as store:
        assert compose(store, config, now=MORNING) == 2
        assert digests.unsent(store, MORNING) == []


def test_the_folder_holds_what_was_sent(config: Config, tmp_path: Path) -> None:
    with Store(config.database) as store:
        compose(store, config, now=MORNING)
    assert config.digest_folder == tmp_path / "digests"
    assert any(config.digest_folder.iterdir())


def test_a_letter_that_cannot_be_sent_holds_up_no_other(config: Config, port: int) -> None:
    with Store(config.database) as store, mail_server(port) as postbox:
        compose(store, config, now=MORNING)
        with store.transaction():
            store.execute(
                "UPDATE outbox SET recipient = ? WHERE recipient LIKE 'anna%'", ["a\nBcc: b@example.org"]
            )
        postbox.hang_up = "bela@example.org"
        with store.transaction():
            digest_id = store.value("SELECT id FROM digests")
            store.execute(
                "INSERT INTO outbox (digest_id, recipient, message_id, next_try_at) VALUES (?, ?, ?, ?)",
                [digest_id, "zoe@example.org", "<z@example.org>", "2026-11-22T00:00:00Z"],
            )
        assert deliver(store, config, now=MORNING) == (1, 2)
        unsent = {row[0] for row in store.rows("SELECT recipient FROM outbox WHERE sent_at IS NULL")}
    assert unsent == {"a\nBcc: b@example.org", "bela@example.org"}
    assert [message["To"] for message in postbox.taken] == ["zoe@example.org"]


def test_two_processes_at_once_send_one_letter(config: Config, port: int) -> None:
    with Store(config.database) as store, mail_server(port) as postbox:
        compose(store, config, now=MORNING)
        with FileLock(f"{store.path}.outbox.lock"):
            assert deliver(store, config, now=MORNING) == (0, 0)
        assert deliver(store, config, now=MORNING) == (2, 0)
    assert len(postbox.taken) == 2
