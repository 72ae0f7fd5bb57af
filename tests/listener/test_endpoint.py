"""The endpoint: real requests over HTTP to a running daemon's ear, a real database behind it."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import structlog

from connectors.base import Page
from connectors.webhook import Webhook
from listener import config, daemon, registry
from listener.config import Config, ConfigError
from listener.endpoint import EndpointError, serving
from listener.stages.poll import poll, sync
from storage.store import Store
from tests.postbox import free_port

ROOT = Path(__file__).parents[2]
TOKEN = "sEcReTmArKeR0123456789abcdef"
BEARER = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
CONFIG = """
[webhook]
listen = "127.0.0.1:{port}"
max_bytes = 5000

[[brands]]
name = "Sonnenkorn"
query = "sonnenkorn"

[[sources]]
connector = "webhook"
name = "Bewertungen & Lob"
origin = "reviews"
token_env = "HOOK_TOKEN"
deleted = {{path = "type", equals = "deleted"}}
every = "1h"

[[sources]]
connector = "webhook"
name = "unset"
origin = "other"
token_env = "HOOK_UNSET"

[[sources]]
connector = "hackernews"
base_url = "http://127.0.0.1:1"
enabled = false
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_TOKEN", TOKEN)
    monkeypatch.delenv("HOOK_UNSET", raising=False)
    monkeypatch.setattr(registry, "BUILTIN", tuple({*registry.BUILTIN, "webhook"}))


@pytest.fixture
def configured(tmp_path: Path) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(port=free_port()), "utf-8")
    loaded = config.load(path)
    with Store(loaded.database) as store:
        sync(store, loaded, datetime.now(UTC))
    return loaded


@pytest.fixture
def url(configured: Config) -> Iterator[str]:
    with listening(configured) as address:
        yield address


@contextmanager
def listening(configured: Config) -> Iterator[str]:
    assert configured.file.webhook
    with serving(configured, configured.file.webhook):
        yield f"http://{configured.file.webhook.listen}"


def post(url: str, body: Any, source: str = "Bewertungen & Lob", **headers: str) -> requests.Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    address = f"{url}/webhook/{requests.utils.quote(source)}"
    return requests.post(address, data=data, headers={**BEARER, **headers}, timeout=10)


def stored(configured: Config) -> list[tuple[Any, ...]]:
    with Store(configured.database) as store:
        rows = store.rows(
            "SELECT platform_id, text, brand, source FROM mention_overview ORDER BY platform_id"
        )
        return [tuple(row) for row in rows]


def health(configured: Config) -> dict[str, Any]:
    with Store(configured.database) as store:
        row = store.row("SELECT * FROM source_health WHERE source LIKE 'Bewertungen%'")
        assert row
        return dict(row)


def test_what_is_posted_is_stored_before_the_answer(configured: Config, url: str) -> None:
    answer = post(url, [{"id": 1, "text": "Sehr gut, Müller!"}, {"id": 2}, {"id": 3, "text": "Na ja"}])
    assert (answer.status_code, answer.json()) == (200, {"stored": 2, "rejected": 1})
    assert stored(configured) == [
        ("reviews/1", "Sehr gut, Müller!", "Sonnenkorn", "Bewertungen & Lob"),
        ("reviews/3", "Na ja", "Sonnenkorn", "Bewertungen & Lob"),
    ]
    state = health(configured)
    assert (state["state"], state["rejects"]) == ("ok", 1)
    assert state["last_new_at"] is not None


def test_twice_is_once_and_deleted_is_gone(configured: Config, url: str) -> None:
    body = [{"id": 1, "text": "Sehr gut"}, {"text": "ohne Nummer"}]
    assert post(url, body).json() == {"stored": 2, "rejected": 0}
    before = stored(configured)
    assert post(url, body).json() == {"stored": 0, "rejected": 0}
    assert stored(configured) == before
    assert post(url, {"id": 1, "type": "deleted"}).status_code == 200
    assert post(url, body).json() == {"stored": 0, "rejected": 0}
    assert [text for _, text, *_ in stored(configured)] == ["ohne Nummer"]


def test_only_the_sender_may_post(configured: Config, url: str) -> None:
    before = health(configured)
    answers = [
        post(url, {"text": "x"}, Authorization=wrong) for wrong in ("", "Bearer no", f"Bearer {TOKEN}x")
    ]
    assert [one.status_code for one in answers] == [401, 401, 401]
    assert len({one.text for one in answers}) == 1, "no word about which part was wrong"
    assert answers[0].headers["WWW-Authenticate"]
    assert post(url, b"no JSON", Authorization="Bearer no").status_code == 401
    assert health(configured) == before, "a stranger must not change anything"


def test_what_is_no_json_is_refused_and_kept(configured: Config, url: str) -> None:
    answer = post(url, b'{"text": "cut')
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("the body is no JSON")
    with Store(configured.database) as store:
        row = store.row("SELECT reason, raw FROM rejects")
        assert row
        assert (row["reason"], row["raw"]) == (answer.json()["error"], '{"text": "cut')


def test_too_large(configured: Config, url: str) -> None:
    def body(size: int) -> bytes:
        return json.dumps({"text": "x"}).encode().ljust(size)

    assert post(url, body(5000)).status_code == 200
    assert post(url, body(5001)).status_code == 413
    chunked = (body(5001)[at : at + 1000] for at in range(0, 6000, 1000))
    address = f"{url}/webhook/Bewertungen%20%26%20Lob"
    assert requests.post(address, data=chunked, headers=BEARER, timeout=10).status_code == 413
    few = (piece for piece in (b'{"text": ', b'"in pieces"}'))
    assert requests.post(address, data=few, headers=BEARER, timeout=10).json()["stored"] == 1
    assert [text for _, text, *_ in stored(configured)] == ["in pieces", "x"]


def test_other_requests(configured: Config, url: str) -> None:
    assert requests.get(f"{url}/health", timeout=10).json() == {"status": "ok"}
    address = f"{url}/webhook/Bewertungen%20%26%20Lob"
    for method in ("GET", "PUT", "DELETE"):
        answer = requests.request(method, address, timeout=10)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    for unknown in ("/", "/webhook", "/webhook/", "/webhook/nobody", "/webhook/hackernews", "/%ff%00"):
        assert requests.post(url + unknown, data=b"{}", headers=BEARER, timeout=10).status_code == 404
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert post(url, {"text": "x"}, **{"Content-Type": kind}).status_code == 415
    assert post(url, {"text": "x"}, **{"Content-Encoding": "gzip"}).status_code == 415
    assert stored(configured) == []
    kind = "Application/vnd.review+json; charset=utf-8"
    assert post(url, {"text": "x"}, **{"Content-Type": kind}).status_code == 200


def test_without_its_secret_a_source_asks_to_be_told_later(url: str) -> None:
    assert post(url, {"text": "x"}, source="unset").status_code == 503


def test_a_bug_of_ours_is_logged_and_the_sender_tries_again(
    url: str, configured: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    with structlog.testing.capture_logs() as log, monkeypatch.context() as patch:
        patch.setattr(Webhook, "receive", broken)
        answer = post(url, {"text": "x"})
    assert answer.status_code == 500
    assert "oops" not in answer.text
    assert [(one["event"], one.get("exc_info")) for one in log] == [
        ("a request could not be handled", True),
        ("received", None),
    ]
    assert post(url, {"text": "x"}).json() == {"stored": 1, "rejected": 0}
    assert len(stored(configured)) == 1


def test_one_line_is_logged_for_each_request_and_no_secret(url: str) -> None:
    with structlog.testing.capture_logs() as log:
        post(url, {"text": "x"})
        post(url, {"text": "x"}, Authorization=f"Bearer {TOKEN[:-1]}")
        requests.post(f"{url}/webhook/a%0Ab{'c' * 500}", timeout=10)
    assert [(one["event"], one["status"], one["log_level"]) for one in log] == [
        ("received", 200, "info"),
        ("received", 401, "warning"),
        ("received", 404, "warning"),
    ]
    assert (log[0]["source"], log[0]["stored"]) == ("Bewertungen & Lob", 1)
    assert log[2]["source"].startswith("/webhook/a bccc")
    assert TOKEN[:-1] not in repr(log)


def test_many_at_once(configured: Config, url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: post(url, {"id": number, "text": "x"}), range(24)))
    assert {one.status_code for one in answers} == {200}
    assert len(stored(configured)) == 24


def test_polling_asks_nobody_and_keeps_the_source_well(configured: Config, url: str) -> None:
    post(url, {"text": "x"})
    before = health(configured)
    outcomes = {one.source: one.status for one in poll(configured, only=["Bewertungen & Lob", "unset"])}
    assert outcomes == {"Bewertungen & Lob": "ok", "unset": "paused"}
    assert health(configured)["last_new_at"] == before["last_new_at"]
    assert health(configured)["state"] == "ok"


def test_the_daemon_listens_and_leaves_when_told_to(configured: Config) -> None:
    assert configured.file.webhook
    url = f"http://{configured.file.webhook.listen}"
    answers: list[requests.Response] = []

    def send() -> None:
        try:
            while not answers:
                with suppress(requests.ConnectionError):
                    answers.append(post(url, {"text": "an den Dienst"}))
                time.sleep(0.05)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    sender = threading.Thread(target=send)
    sender.start()
    daemon.run(configured)
    sender.join()
    assert [one.json() for one in answers] == [{"stored": 1, "rejected": 0}]
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/health", timeout=10)


def test_a_request_in_hand_is_answered_before_the_end(
    configured: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = threading.Event()
    receive = Webhook.receive

    def slow(*arguments: Any) -> Page:
        began.set()
        time.sleep(0.3)
        return receive(*arguments)

    monkeypatch.setattr(Webhook, "receive", slow)
    with ThreadPoolExecutor(1) as pool:
        with listening(configured) as url:
            answer = pool.submit(post, url, {"text": "x"})
            assert began.wait(5)
        assert answer.result().json() == {"stored": 1, "rejected": 0}


def test_an_address_in_use_is_named(configured: Config) -> None:
    with (
        listening(configured),
        pytest.raises(EndpointError, match="cannot listen at 127"),
        listening(configured),
    ):
        pass
    with listening(configured) as url:  # and is free again afterwards
        assert requests.get(f"{url}/health", timeout=10).ok


def test_a_webhook_without_the_table_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "deaf.toml"
    path.write_text(CONFIG.partition("5000")[2].replace("{{", "{").replace("}}", "}"))
    with pytest.raises(ConfigError, match="nothing can be posted to it"):
        config.load(path)


@pytest.mark.parametrize("address", ["8090", "host", "127.0.0.1:", "::1:8090", "a b:80"])
def test_addresses_that_are_none(tmp_path: Path, address: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.replace("127.0.0.1:{port}", address).replace("{{", "{").replace("}}", "}"))
    with pytest.raises(ConfigError, match=r"\[webhook\] listen: write an address and a port"):
        config.load(path)
