"""Feeds: the contract, and what feeds do to those who read them."""

import re
import time
from typing import Any

import pytest
import responses
from pydantic import ValidationError

from connectors import robots
from connectors.base import Allowance, Watch
from connectors.errors import AuthError, RetryLater
from connectors.meter import metered
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
    listing = ".xml"
    deep = 50  # what a feed shows
    markup = False

    def settings(self, url: str) -> dict[str, Any]:
        return {"feeds": (f"{url}/news.xml",)}

    def spoil(self, body: Any) -> Any:
        return re.sub("<pubDate>.*?</pubDate>", "", body, count=1)

    def test_stops_before_the_month_is_used_up(self) -> None:
        """The site's robots.txt takes the one call."""
        with self.stage(self.hourly(3)) as stage, metered(Allowance(calls=1)):
            assert "budget" in str(self.failure(stage, RetryLater))
            assert len(stage.requests()) == 1


@pytest.fixture(autouse=True)
def unknown_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.rss.ROBOTS", robots.Robots())


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
        settings = RssSettings(feeds=("https://93.184.215.14/feed",), respect_robots=False)
        polled = Polled().take(Rss(settings).poll(WATCH, None))
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


def test_what_the_damage_hid_is_read_when_the_feed_is_whole_again() -> None:
    with TestContract().stage(TestContract().hourly(3)) as stage:
        stage.weather(Weather(change=lambda body: body[: len(body) - 300], only="news"))
        first = stage.poll()
        stage.clear()
        again = stage.poll(first.cursor)
    assert first.rejects
    assert again.numbers == {1, 2, 3}


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


def test_an_entity_bomb_in_another_encoding_does_not_go_off() -> None:
    bomb = f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "{"x" * 100_000}">]>' + FEED % (
        (ITEM % {"n": 1}).replace("<guid", f"<description>{'&a;' * 10_000}</description><guid")
    )
    began = time.monotonic()
    mentions, _ = read(bomb.encode("utf-16"))
    assert time.monotonic() - began < 3
    assert all(len(mention.text) < 100_000 for mention in mentions)


@pytest.mark.parametrize(
    ("declared", "written", "told"),
    [
        ("", "latin-1", "application/xml"),
        ("", "latin-1", "application/xml; charset=utf-8"),
        ("", "utf-8", "application/xml; charset=iso-8859-1"),
        (' encoding="utf-8"', "cp1252", "application/xml"),
        (' encoding="klingon"', "utf-8", "text/xml; charset=klingon"),
        (' encoding="utf-16"', "utf-16", "application/xml"),
    ],
)
def test_a_wrong_charset_does_not_spoil_the_words(declared: str, written: str, told: str) -> None:
    body = f'<?xml version="1.0"{declared}?>' + FEED % (ITEM % {"n": "Bäckerei süß"})
    (mention,), rejects = read(body.encode(written), told)
    assert mention.title == "Brotwerk Bäckerei süß"
    assert not rejects


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("&lt;b&gt;Brot&lt;/b&gt; &amp;amp; &lt;script&gt;x()&lt;/script&gt;Butter", "Brot & Butter"),
        ("I &lt;3 bread, 2 &gt; 1 &amp; so on", "I <3 bread, 2 > 1 & so on"),
        ("a\u202egnp.exe", "a\u202egnp.exe"),
        ("nu\0ll", "nu\0ll"),
    ],
)
def test_titles_as_they_come(written: str, title: str) -> None:
    mentions, _ = read(FEED % (ITEM % {"n": written}))
    assert [mention.title for mention in mentions] == [f"Brotwerk {title}"]


def test_an_empty_answer_is_no_feed() -> None:
    with pytest.raises(RetryLater, match="instead of a feed"):
        read("")


# ---- robots.txt


def rules(text: str, **more: Any) -> Weather:
    return Weather(**{"status": 200, "body": text, "only": "robots.txt", **more})


def test_a_feed_that_robots_txt_closes_is_named_and_the_others_go_on() -> None:
    with TestContract().stage(TestContract().hourly(3)) as stage:
        stage.weather(rules("User-agent: *\nDisallow: /broken\n"))
        polled = Polled()
        with pytest.raises(RetryLater, match=r"/broken\.xml: robots\.txt") as caught:
            polled.take(stage.pages(**two_feeds(stage.sandbox.url("rss"))))
        assert polled.numbers == {1, 2, 3}
        assert "hush" not in str(caught.value)
        assert not [request for request in stage.requests() if "broken" in request.target]


def test_somebody_must_act_where_robots_txt_closes_all_feeds() -> None:
    with TestContract().stage(TestContract().hourly(3)) as stage:
        stage.weather(rules("User-agent: *\nDisallow: /\n"))
        with pytest.raises(AuthError, match=r"news\.xml: robots\.txt"):
            stage.poll()
        assert stage.asked() == 0
        assert stage.poll(respect_robots=False).numbers == {1, 2, 3}


def test_rules_for_our_name() -> None:
    text = "User-agent: bakery-bot\nDisallow: /\n\nUser-agent: *\nDisallow:\n"
    with TestContract().stage(TestContract().hourly(1)) as stage:
        stage.weather(rules(text))
        assert stage.poll().numbers == {1}
        with pytest.raises(AuthError):
            stage.poll(user_agent="Bakery-Bot/2.0 (mail@example.org)")


@pytest.mark.parametrize("line", ["Disallow: //[x", "Crawl-delay: ²", "Request-rate: ²/²"])
def test_a_rule_that_cannot_be_read_is_left_out(line: str) -> None:
    with TestContract().stage(TestContract().hourly(1)) as stage:
        stage.weather(rules(f"User-agent: *\n{line}\nDisallow: /news\n"))
        with pytest.raises(AuthError, match=r"robots\.txt"):
            stage.poll()


def test_robots_txt_is_read_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    with TestContract().stage(TestContract().hourly(1)) as stage:
        for day, asked in ((robots.DAY, 1), (robots.DAY, 1), (0.0, 2)):
            monkeypatch.setattr(robots, "DAY", day)
            stage.poll()
            assert sum("robots" in request.target for request in stage.requests()) == asked


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_rules_all_is_allowed(status: int) -> None:
    with TestContract().stage(TestContract().hourly(1)) as stage:
        stage.weather(rules("User-agent: *\nDisallow: /\n", status=status))
        assert stage.poll().numbers == {1}


@pytest.mark.parametrize("weather", [{"status": 500}, {"status": 429}, {"cut": 4}])
def test_rules_that_cannot_be_had_allow_nothing_yet(weather: dict[str, Any]) -> None:
    with TestContract().stage(TestContract().hourly(1)) as stage:
        stage.weather(rules("User-agent: *\nDisallow:\n", **weather))
        with pytest.raises(RetryLater):
            stage.poll()
        assert stage.asked() == 0
        stage.clear()
        assert stage.poll().numbers == {1}


def test_files_are_no_feeds() -> None:
    with pytest.raises(ValidationError):
        RssSettings(feeds=("file:///etc/passwd",))
    with pytest.raises(ValidationError):
        RssSettings(feeds=())


def _given(weather: Weather) -> dict[str, Any]:
    return {name: getattr(weather, name) for name in ("status", "body")}


def test_tags_without_an_end_cost_no_minutes() -> None:
    began = time.monotonic()
    with pytest.raises(RetryLater, match="have no end"):
        read(FEED % (ITEM % {"n": 1} + "<a>" * 1_000_000))
    assert time.monotonic() - began < 3
