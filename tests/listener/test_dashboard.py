"""The dashboard: its numbers are those of the views, and its page is whole, safe and says what it does not know."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from listener import metrics
from listener.web.dashboard import LONGEST, charts, page
from listener.web.dashboard.build import build
from listener.web.dashboard.data import Dashboard, Measure, Moment
from listener.web.dashboard.html import Choice, render
from listener.web.dashboard.texts import WORDS
from storage import coverage, dashboard, periods, sources
from storage.records import Kind, Label, Language, Stance
from storage.store import Store
from tests.listener.bakery import ANNA, DAY, NOW, Bakery, bakery, fill

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }}"
VOID = {"meta", "br", "img"}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Bakery]:
    with bakery(tmp_path) as opened:
        yield opened


@pytest.fixture
def filled(place: Bakery) -> Bakery:
    fill(place)
    periods.extend_history(place.store)
    return place


def read(place: Bakery, days: int = 7, brand: str | None = "Sonnenkorn") -> Dashboard:
    reading = dashboard.read(place.store.path, brand, days, addresses=True)[1]
    assert reading is not None
    return build(reading)


def shown(
    place: Bakery,
    days: int = 7,
    brand: str | None = "Sonnenkorn",
    language: Language = "en",
    *,
    links: bool = False,
) -> str:
    return page(place.store.path, brand=brand, days=days, language=language, links=links)


def drawn(data: Dashboard, language: Language = "en") -> str:
    return render(data, Choice({data.brand: False}, data.brand, data.days), language)


def figure(data: Dashboard, measure: Measure) -> metrics.Change:
    return next(one.change for one in data.figures if one.measure == measure)


class Page(HTMLParser):
    """What a page consists of; fails where its tags do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_numbers_are_those_of_the_views(filled: Bakery) -> None:
    data = read(filled)
    assert (data.first, data.last) == (DAY - timedelta(days=6), DAY)
    days = "brand = 'Sonnenkorn' AND day BETWEEN ? AND ?"
    between = [str(data.first), str(data.last)]

    def total(column: str, view: str = "daily_brand_metrics", more: str = "") -> Any:
        sql = f"SELECT sum({column}) FROM {view} WHERE {days}{more}"  # noqa: S608 - from here
        return filled.store.value(sql, between)

    assert figure(data, Measure.MENTIONS).now == total("mentions") == 10
    assert figure(data, Measure.ENGAGEMENT).now == total("engagement")
    assert figure(data, Measure.REACH).now == total("reach")
    own = total("mentions", "share_of_voice", " AND voice = brand")
    assert figure(data, Measure.SHARE_OF_VOICE).now == own / total("mentions", "share_of_voice")
    assert sum(map(sum, data.hours)) == total("mentions", "hourly_metrics")
    assert sum(one.mentions for one in data.languages) == total("mentions", "language_metrics")
    assert [(one.name, one.mentions) for one in data.platforms] == [("mastodon", 9), ("rss", 1)]
    assert sum(one.mentions or 0 for one in data.moments) == total("mentions")
    assert data.moments[-1].unscored == 1


def test_moving_figures_are_those_of_the_views(filled: Bakery) -> None:
    last = read(filled).moments[-1]
    row = filled.store.row(
        "SELECT a.advocacy_28_days, a.n_28_days, t.mean_7_days FROM advocacy_trend a JOIN brand_trend t"
        " ON t.brand = a.brand AND t.period = 'day' AND t.starts = a.day"
        " WHERE a.brand = 'Sonnenkorn' AND a.day = ?",
        [str(DAY)],
    )
    assert row is not None
    assert (last.advocacy.value, last.advocacy.n, last.mean) == tuple(row)
    assert (last.advocacy.low, last.advocacy.high) == pytest.approx((-0.811, 0.811), abs=0.001)


def test_a_change_needs_a_whole_period_before(filled: Bakery) -> None:
    # the history has nine whole days
    assert figure(read(filled, 4), Measure.MENTIONS) == metrics.Change(7, 4)
    assert figure(read(filled, 5), Measure.MENTIONS) == metrics.Change(8, None)
    assert "no comparison" in shown(filled, 5)


def test_unknown_is_not_zero(filled: Bakery) -> None:
    data = read(filled)
    assert figure(data, Measure.STARS).now is None
    assert figure(data, Measure.RESPONSE_RATE).now is None
    assert data.reviews is None
    cards = re.findall(r"<dt>(.*?)</dt>\n<dd class=\"value unknown\">(.*?)</dd>", shown(filled))
    assert cards == [("Average rating", "n/a"), ("Response rate", "n/a")]
    feed = next(one for one in data.platforms if one.name == "rss")
    assert (feed.engagement, feed.net_sentiment) == (None, None)


def test_days_before_the_history_are_unknown(filled: Bakery) -> None:
    moments = read(filled, 12).moments
    assert [one.mentions for one in moments] == [None] * 3 + [1] * 8 + [4]
    gap = charts.stack(moments).gaps[0]
    assert (gap.x, gap.width) == (0, pytest.approx(25))


def test_share_of_voice_needs_competitors(tmp_path: Path) -> None:
    with bakery(tmp_path, competitors=()) as alone:
        alone.mention()
        alone.settle()
        periods.extend_history(alone.store)
        data = read(alone)
        assert data.voices == ()
        assert figure(data, Measure.SHARE_OF_VOICE) == metrics.Change(None, None)
        assert "No competitors are configured." in shown(alone)


def test_reviews_have_stars_and_answers(place: Bakery) -> None:
    for stars, answered in ((5, True), (4, False), (1, None)):
        place.mention(kind=Kind.REVIEW, rating=float(stars), answered=answered)
    place.settle()
    periods.extend_history(place.store)
    data = read(place)
    assert figure(data, Measure.STARS).now == pytest.approx(10 / 3)
    assert figure(data, Measure.RESPONSE_RATE).now == 0.5
    assert data.reviews is not None
    assert data.reviews.stars == (1, 0, 0, 1, 1)
    assert "1 of 2 answered (50%), after n/a on average." in Page(shown(place)).text


def test_an_outage_stands_beside_the_numbers(filled: Bakery) -> None:
    source = sources.active(filled.store)[0]
    began = NOW - timedelta(days=3)
    with filled.store.transaction():
        coverage.silent(filled.store, source.id, "HTTP 500", began, pause=True)
        coverage.heard(filled.store, source.id, NOW - timedelta(days=2))
    data = read(filled)
    assert [one.last for one in data.moments if one.silent] == [date(2026, 11, 19), date(2026, 11, 20)]
    page = Page(shown(filled))
    assert f"paused from 19\xa0Nov\xa02026 to 20\xa0Nov\xa02026: {source.name}" in page.text
    assert len([one for one in page.of("div") if one.get("class") == "gap"]) == 2  # in either chart over time


def test_quotes_are_the_most_engaged_and_name_nobody(filled: Bakery) -> None:
    filled.mention(
        "Kauft es nicht, sage ich", label=Label.POSITIVE, stance=Stance.DETRACTING, counts=(999, 0, 0, 0)
    )
    filled.mention("Noch ein Brot", back=3, label=Label.POSITIVE, author=ANNA, counts=(20, 0, 0, 0))
    filled.settle()
    data = read(filled)
    assert [(one.text, one.engagement) for one in data.positive] == [
        ("Noch ein Brot", 20),
        ("Bestes Brot der Stadt, geht zu Sonnenkorn!", 10),
    ]
    assert [one.link for one in data.negative] == ["https://social.example/2"]
    html = shown(filled).lower()
    assert "anna" not in html
    assert "bert" not in html
    assert "social.example" not in html  # addresses hold handles


def test_quotes_are_of_so_many_mentions_as_can_be_read(
    filled: Bakery, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(filled).quoted_since == DAY - timedelta(days=6)
    monkeypatch.setattr(dashboard, "READ_FOR_QUOTES", 5)
    assert read(filled).quoted_since == DAY - timedelta(days=1)
    assert "since 20\xa0Nov\xa02026" in shown(filled)
    monkeypatch.setattr(dashboard, "READ_FOR_QUOTES", 0)
    assert read(filled).quoted_since == DAY


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_is_whole_and_needs_nothing_else(filled: Bakery, language: Language) -> None:
    html = shown(filled, 28, language=language, links=True)
    page = Page(html)
    assert page.of("html") == [{"lang": language}]
    assert {"script", "link", "img", "iframe"}.isdisjoint(tag for tag, _ in page.tags)
    outside = [
        attributes
        for _, attributes in page.tags
        if any("://" in (attributes.get(key) or "") for key in ("src", "href", "action", "style"))
    ]
    assert {one["href"] for one in outside} == {"https://social.example/1", "https://social.example/2"}
    assert {one["rel"] for one in outside} == {"noreferrer"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "@import" not in html
    assert "url(" not in html


def test_both_languages_have_every_word(filled: Bakery) -> None:
    german, english = (Page(shown(filled, language=language)).text for language in ("de", "en"))
    assert "Erwähnungen pro Tag" in german
    assert "Mentions per day" in english
    assert "Erwähnungen" not in english
    for words in WORDS.values():
        german, english = (set(re.findall(r"{\w+}", one)) for one in words)
        assert german == english


def hostile(value: Any) -> Any:
    """The same with every text turned hostile."""
    if isinstance(value, Measure):
        return value
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, tuple):
        return tuple(map(hostile, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: hostile(getattr(value, one.name)) for one in fields(value)})
    return value


def test_hostile_text_stays_text(filled: Bakery) -> None:
    filled.mention(
        HOSTILE, title=HOSTILE, label=Label.NEGATIVE, counts=(500, 0, 0, 0), url="javascript:alert(3)"
    )
    filled.settle()
    data = read(filled)
    assert data.negative[0].link is None
    turned = hostile(replace(data, coverage=()))
    html = drawn(turned)
    page = Page(html)
    assert HOSTILE in page.text
    assert "<script" not in html
    assert page.of("img") == []
    assert Page(shown(filled, brand=HOSTILE)).of("img") == []


def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    with Store(tmp_path / "listener.db") as store:
        html = page(store.path, brand=None, days=28, language="en")
    assert "No mentions yet" in html
    assert "<code>listener run</code>" in html
    assert "<code>listener demo</code>" in html
    assert Page(html).of("form") == []


def test_a_brand_that_is_not_there_or_has_nothing_yet(place: Bakery) -> None:
    assert "There is no brand Teig" in Page(shown(place, brand="Teig")).text
    assert "Nothing of Mühle has been counted yet" in Page(shown(place, brand="Mühle")).text


def test_without_a_name_the_first_own_brand_is_shown(filled: Bakery) -> None:
    html = Page(shown(filled, brand=None))
    chosen = [one["value"] for one in html.of("option") if "selected" in one]
    assert chosen == ["Sonnenkorn", "7"]
    assert [one["value"] for one in html.of("option")][:2] == ["Sonnenkorn", "Mühle"]


@pytest.mark.parametrize(("asked", "got"), [(0, 1), (-5, 1), (10**9, LONGEST)])
def test_days_are_kept_within_bounds(filled: Bakery, asked: int, got: int) -> None:
    html = Page(shown(filled, asked))
    assert str(got) in [one["value"] for one in html.of("option") if "selected" in one]


@pytest.mark.parametrize(("days", "step", "bars"), [(92, 1, 92), (93, 7, 14), (365, 7, 53), (3660, 28, 131)])
def test_long_periods_have_fewer_bars_of_whole_weeks(filled: Bakery, days: int, step: int, bars: int) -> None:
    data = read(filled, days)
    assert (data.step, len(data.moments)) == (step, bars)
    assert data.moments[-1].first == DAY - timedelta(days=step - 1)
    assert data.moments[0].first == data.first
    assert sum(one.mentions or 0 for one in data.moments) == 12


def moment(day: int, counts: tuple[int, int, int, int] | None, net: float | None = None) -> Moment:
    positive, neutral, negative, unscored = counts or (None,) * 4
    at = date(2026, 11, day)
    return Moment(at, at, positive, neutral, negative, unscored, 4.0, net, metrics.advocacy(3, 1), silent=())


def test_bars_are_as_high_as_their_counts() -> None:
    drawn = charts.stack([moment(1, (2, 1, 1, 0)), moment(2, (0, 0, 8, 0)), moment(3, (0, 0, 0, 0))])
    heights = [sum(piece.height for piece in bar) for bar in drawn.bars]
    assert heights == pytest.approx([50 / 1.05, 100 / 1.05, 0])
    assert [piece.part for piece in drawn.bars[0]] == ["positive", "neutral", "negative"]
    assert [tick.value for tick in drawn.ticks] == [0, 5]
    assert [tick.at for tick in drawn.dates] == pytest.approx([100 / 6, 50, 500 / 6])


def test_a_line_breaks_where_nothing_is_known() -> None:
    nets = (0.5, 0.0, None, -1.0)
    drawn = charts.trend([moment(day, (1, 0, 0, 0), net) for day, net in enumerate(nets, 1)])
    assert drawn.net_sentiment == ("12.50,25.00 37.50,50.00", "80.00,100.00 95.00,100.00")
    assert len(drawn.advocacy) == len(drawn.band) == 1


def test_no_question_scans_what_is_large(tmp_path: Path) -> None:
    values = dict.fromkeys(("brand", "since", "before", "first", "last"), "2026-11-20")
    values |= {"label": "positive", "contrary": "detracting", "limit": "3", "addresses": "0"}
    parts = {"days": dashboard._DAYS, "quotes": dashboard._QUOTES, **dashboard._PARTS}  # noqa: SLF001 - all that is asked
    large = re.compile(r"SCAN (m|mb|d|r|mentions|mention_brands|daily_metrics|daily_slices|rising)\b")
    with Store(tmp_path / "listener.db") as store:
        for name, sql in parts.items():
            plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {sql}", values)]
            assert plan
            assert not [line for line in plan if large.match(line)], (name, plan)
            assert name in {"coverage", "uncovered"} or [one for one in plan if "day>? AND day<?" in one], (
                name,
                plan,
            )
