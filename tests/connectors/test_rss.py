"""Feeds: the contract, and what feeds do to those who read them."""

import re
import time
from typing import Any

import pytest
import responses
from pydantic import ValidationError

from connectors.base import Watch
from connectors.errors import AuthError, RetryLater
from connectors.rss import Rss, RssSettings
from listener.sandbox.platforms.rss import Rss as Face
from listener.sandbox.server import Weather
from storage.records import Kind, Mention, Reject
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled

WATCH = Watch(since=SINCE, now=NOW)


class TestContract(ContractSuite):
    connector = Rss
    face = Face
    kind = Kind.ARTICLE
    channel = "news"
    queries = ()
    many_pages = False
    deep = 50  # what a feed shows
    markup = False

    def settings(self, url: str) -> dict[str, Any]:
        return {"feeds": (f"{url}/news.xml",)}

    def spoil(self, body: Any) -> Any:
        return re.sub("<pubDate>.*?</pubDate>", "", body, count=1)


ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de-AT"><title>Backstube</title><entry>
<id>tag:backstube.example,2026:1</id><title type="html">Brot &amp;amp; &lt;b&gt;Butter&lt;/b&gt;</title>
<link href="https://backstube.example/1"/><updated>2026-11-19T10:00:00+01:00</updated><summary>Kurz</summary>
<content type="html">&lt;p&gt;Erstens.&lt;/p&gt;&lt;p&gt;Zweitens.&lt;/p&gt;</content></entry></feed>"""

ITEM = (
    "<item><title>Brotwerk %(n)s</title><guid isPermaLink='false'>%(n)s</guid>"
    "<pubDate>Thu, 19 Nov 2026 09:00:00 GMT</pubDate></item>"
)
FEED = "<rss version='2.0'><channel><title>t</title>%s</channel></rss>"


def read(body: str | bytes, content_type: str = "application/xml") -> tuple[list[Mention], list[Reject]]:
    with responses.RequestsMock() as mock:
        mock.get("https://93.184.215.14/feed", body=body, content_type=content_type)
        polled = Polled().take(Rss(RssSettings(feeds=("https://93.184.215.14/feed",))).poll(WATCH, None))
    return polled.mentions, polled.rejects


def test_an_atom_entry() -> None:
    (mention,), rejects = read(ATOM)
    assert not rejects
    assert (mention.title, mention.text) == ("Brot & Butter", "Erstens.\n\nZweitens.")
    assert (mention.platform_id, mention.lang) == ("tag:backstube.example,2026:1", "de")
    assert mention.published_at.isoformat() == "2026-11-19T09:00:00+00:00"
    assert mention.author is not None
    assert mention.author.name == "Backstube"


def test_unchanged_feeds_are_not_sent_again() -> None:
    with TestContract().stage(TestContract().hourly(3)) as stage:
        first = stage.poll()
        again = stage.poll(first.cursor)
        asked = stage.sandbox.requests("rss")[-1].headers
    assert (len(first.mentions), len(again.mentions)) == (3, 0)
    assert "If-None-Match" in asked
    assert "If-Modified-Since" in asked
    assert again.cursor == first.cursor


def two_feeds(url: str) -> dict[str, Any]:
    return {"feeds": (f"{url}/broken.xml?key=hush", f"{url}/news.xml")}


@pytest.mark.parametrize("weather", [Weather(status=403), Weather(status=500), Weather(body="<html>")])
def test_a_broken_feed_does_not_hide_the_others(weather: Weather) -> None:
    with TestContract().stage(TestContract().hourly(3)) as stage:
        stage.sandbox.weather("rss", Weather(**{**_given(weather), "only": "broken"}), times=9)
        polled = Polled()
        with pytest.raises(RetryLater, match=r"/broken\.xml: ") as caught:
            polled.take(stage.pages(**two_feeds(stage.sandbox.url("rss"))))
    assert polled.numbers == {1, 2, 3}
    assert "hush" not in str(caught.value)


def test_refused_by_all_feeds() -> None:
    with TestContract().stage([]) as stage:
        stage.weather(Weather(status=403))
        with pytest.raises(AuthError, match=r"broken\.xml.*news\.xml"):
            stage.poll(**two_feeds(stage.sandbox.url("rss")))


def test_entries_before_since_are_left_out() -> None:
    suite = TestContract()
    with suite.stage([suite.post(1, SINCE - HOUR), suite.post(2, SINCE + HOUR)]) as stage:
        assert stage.poll().numbers == {2}


def test_a_damaged_feed_gives_what_can_be_read() -> None:
    body = FEED % "".join(ITEM % {"n": number} for number in range(3))
    mentions, rejects = read(body[: body.index("Brotwerk 2") + 4])
    assert {mention.title for mention in mentions} >= {"Brotwerk 0", "Brotwerk 1"}
    assert any("damaged" in reject.reason for reject in rejects)


@pytest.mark.parametrize(
    "entry",
    [
        "<item><guid>x</guid><title>Brotwerk</title></item>",
        "<item><guid>x</guid><title>Brotwerk</title><pubDate>soon</pubDate></item>",
    ],
)
def test_an_entry_without_a_date_is_rejected_with_its_reason(entry: str) -> None:
    mentions, (reject,) = read(FEED % entry)
    assert not mentions
    assert "without a date" in reject.reason
    assert "Brotwerk" in reject.raw


def test_ids_of_entries_that_have_none() -> None:
    dated = "<pubDate>Thu, 19 Nov 2026 09:00:00 GMT</pubDate>"
    body = FEED % (
        f"<item><title>a</title>{dated}</item><item><title>b</title>{dated}</item>"
        f"<item><title>c</title><link>https://backstube.example/c</link>{dated}</item>"
        f"<item><title>d</title><guid isPermaLink='false'>17</guid>{dated}</item>"
    )
    ids = [mention.platform_id for mention in read(body)[0]]
    assert ids == [mention.platform_id for mention in read(body)[0]]
    assert len(set(ids)) == 4
    assert ids[2:] == ["https://backstube.example/c", "93.184.215.14/17"]
    assert ids[0].startswith("93.184.215.14/")


def test_an_entity_bomb_does_not_go_off() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "boom">{levels}]>' + FEED % (
        "<item><title>Brotwerk &e9;</title><guid>1</guid>"
        "<pubDate>Thu, 19 Nov 2026 09:00:00 GMT</pubDate></item>"
    )
    began = time.monotonic()
    mentions, _ = read(bomb)
    assert time.monotonic() - began < 2
    assert all(len(mention.text) < 1000 for mention in mentions)


def test_a_hostile_text_takes_no_time_and_a_hostile_link_is_dropped() -> None:
    entry = f"<link>javascript:alert(1)</link><description>{'&lt;!--' * 30_000}</description>"
    began = time.monotonic()
    (mention,), _ = read(FEED % (ITEM % {"n": 1}).replace("<guid", f"{entry}<guid"))
    assert time.monotonic() - began < 3
    assert mention.url is None
    assert mention.text == "Brotwerk 1"


def test_files_are_no_feeds() -> None:
    with pytest.raises(ValidationError):
        RssSettings(feeds=("file:///etc/passwd",))
    with pytest.raises(ValidationError):
        RssSettings(feeds=())


def _given(weather: Weather) -> dict[str, Any]:
    return {name: getattr(weather, name) for name in ("status", "body")}
