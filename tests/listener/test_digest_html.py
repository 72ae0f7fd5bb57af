"""The pages: the golden text, the pictures, and what hostile text must not do."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from listener.digest.build import build
from listener.digest.data import Answer, DigestData, MentionLine, SourceLine, Trouble
from listener.digest.data import Reason as Why
from listener.digest.html import render_html
from listener.digest.text import WIDTH, render_text
from storage.records import Author, Kind, Label, Language, Stance
from tests.listener.bakery import DAY, NOW, Bakery, bakery, fill

SCRIPT = "javascript://a.example/%0aalert(1)"
HOSTILE = (
    "<script>alert(1)</script>\u202egnp\x1b[2J\x00\n\"'><img src=x onerror=alert(2)> {{ 7*7 }} " + "A" * 8000
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Bakery]:
    with bakery(tmp_path) as opened:
        yield opened


@pytest.fixture
def data(place: Bakery) -> DigestData:
    fill(place)
    return build(place.store, "Sonnenkorn", DAY)


@pytest.fixture
def hostile(data: DigestData) -> DigestData:
    """Hostile text wherever text comes from outside."""
    mention = MentionLine(
        platform=HOSTILE, kind=Kind.POST, published_at=NOW,
        url=SCRIPT, author=HOSTILE,
        followers=3, title=HOSTILE, excerpt=HOSTILE, rating=1.5, likes=-1, shares=None, comments=None, views=None,
        engagement=-1, sentiment=Label.NEGATIVE, stance=Stance.DETRACTING,
    )  # fmt: skip
    source = SourceLine(
        name=HOSTILE,
        connector=HOSTILE,
        trouble=Trouble.FAILING,
        last_ok_at=None,
        last_new_at=None,
        error=HOSTILE,
    )
    named = {"name": HOSTILE}
    return DigestData.model_validate(
        data.model_dump()
        | {
            "brand": HOSTILE,
            "positive": (mention,),
            "negative": (mention,),
            "answers": (Answer(mention=mention, reasons=(Why.QUESTION,)),),
            "sources": (source,),
            "voices": [one.model_dump() | named for one in data.voices],
            "platforms": [one.model_dump() | named for one in data.platforms],
        }
    )


class Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_picture_named_is_there_with_a_text_beside(data: DigestData, language: Language) -> None:
    page = render_html(data, language)
    shown = Page(page.html).of("img")
    assert [one["src"] for one in shown] == [f"cid:{name}" for name in page.images]
    assert all(one["alt"] for one in shown)
    assert all(png.startswith(b"\x89PNG") for png in page.images.values())
    assert Page(page.html).of("html")[0]["lang"] == language


def test_the_chart_is_the_same_bytes_again_and_another_in_another_language(data: DigestData) -> None:
    german, again, english = (render_html(data, language).images for language in ("de", "de", "en"))
    assert german == again
    assert german.keys() != english.keys()


def test_links_lead_to_http_only_and_tell_nothing(data: DigestData) -> None:
    links = Page(render_html(data, "de").html).of("a")
    assert {one["href"] for one in links} == {"https://social.example/1", "https://social.example/2"}
    assert {one["rel"] for one in links} == {"noopener noreferrer"}


def test_styles_are_inlined_and_nothing_is_fetched(data: DigestData) -> None:
    html = render_html(data, "de").html
    assert Page(html).of("h1")[0]["style"]
    assert "@media" in html
    assert not Page(html).of("link")
    assert set(re.findall(r"(?:https?:)?//[^\s\"'<]+", html)) == {
        "https://social.example/1",
        "https://social.example/2",
    }


@pytest.mark.parametrize("language", ["de", "en"])
def test_hostile_text_stays_text(hostile: DigestData, language: Language) -> None:
    html = render_html(hostile, language).html
    page = Page(html)
    assert not page.of("script")
    assert not page.of("a")
    assert [one["src"][:4] for one in page.of("img") if one["src"]] == ["cid:"]
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert "&lt;script&gt;" in html
    assert "{{ 7*7 }}" in html
    assert SCRIPT in html
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]", html)
    assert len(html.encode()) < 100_000


def test_hostile_text_cannot_shape_the_plain_text(hostile: DigestData) -> None:
    text = render_text(hostile, "de")
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f]", text)
    assert len(text) < 12_000


def test_a_crowded_day_is_less_than_gmail_clips(place: Bakery) -> None:
    """Gmail cuts a mail off at 102 kB."""
    for number in range(30):
        label = Label.NEGATIVE if number % 2 else Label.POSITIVE
        author = Author(platform_id=str(number), handle="ä" * 60)
        url = f"https://social.example/{'x' * 150}/{number}"
        place.mention("Ä" * 500, label=label, author=author, url=url, platform=f"platform-{number % 12}")
    place.settle()
    page = render_html(build(place.store, "Sonnenkorn", DAY), "de")
    assert 40_000 < len(page.html.encode()) < 100_000


def test_unknown_is_said_and_never_a_zero(place: Bakery) -> None:
    place.mention()
    place.settle()
    data = build(place.store, "Sonnenkorn", DAY)
    for text, unknown in ((render_text(data, "de"), "k. A."), (render_text(data, "en"), "n/a")):
        rows = {line.split("  ")[0]: line for line in text.splitlines()}
        engaged = rows.get("Interaktionen") or rows["Engagement"]
        assert engaged.count(unknown) == 3
        assert rows["Mastodon"].count(unknown) == 7
        assert "0%" not in rows["Mastodon"]


def test_an_empty_day_is_told_in_few_lines(place: Bakery) -> None:
    data = build(place.store, "Sonnenkorn", DAY)
    page = render_html(data, "en")
    assert "No mentions on this day." in page.html
    assert not page.images
    assert len(render_text(data, "en").splitlines()) < 12


def test_titles_are_not_said_twice(place: Bakery) -> None:
    at = datetime(2026, 11, 21, 8, tzinfo=UTC)
    for number, text in ((1, "Toll: alles"), (2, "alles")):
        place.mention(text, title="Toll", label=Label.POSITIVE, published_at=at, platform_id=str(number))
    place.settle()
    text = render_text(build(place.store, "Sonnenkorn", DAY), "de")
    assert text.count("„Toll: alles“") == 2


def test_the_golden_texts(data: DigestData) -> None:
    golden = Path(__file__).with_name("digest_golden")
    for language in ("de", "en"):
        text = render_text(data, language)
        assert text == (golden / f"{language}.txt").read_text("utf-8")
        assert max(map(len, text.splitlines())) <= WIDTH
