"""The demo's world keeps what the demo and its digest promise to show, whatever the day it is started on."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from random import Random
from statistics import mean, median
from zoneinfo import ZoneInfo

import pytest

from listener.sandbox.content import demo_world
from listener.sandbox.content.mix import BRANDS, LANGUAGES, TONES
from listener.sandbox.content.phrases import Phrasebook, read
from listener.sandbox.world import Post
from storage.records import Kind

ZONE = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 17, 12, 0, tzinfo=UTC)
PLATFORMS = ("hackernews", "rss", "mastodon", "appstore", "reddit", "x")
BRAND = re.compile(r"(?<!\w)(sonnenkorn|brotbote|krustenhof)(?!\w)", re.IGNORECASE)
RECOMMENDS = re.compile(r"empf[eo]hl|empfiehl|recommend|unbedingt probieren|sterne für", re.IGNORECASE)
WARNS = re.compile(
    r"nie wieder|abraten|rat\w* (jedem )?(\w+ )?ab|finger weg|spart euch|(nicht zu|niemandem) empf|bogen um"
    r"|avoid|never again|stay away|not recommend|do not",
    re.IGNORECASE,
)

Moments = pytest.mark.parametrize(
    "now",
    [
        NOON,
        datetime(2026, 3, 29, 22, 1, tzinfo=UTC),  # a minute past midnight after the night that lost an hour
        datetime(2026, 3, 29, 9, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 22, 59, tzinfo=UTC),  # before midnight of the day with an hour twice
        datetime(2026, 10, 25, 23, 5, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 30, tzinfo=ZONE),
    ],
    ids=str,
)


def all_posts(now: datetime, **arguments: int) -> list[Post]:
    world = demo_world(now, **arguments)
    return sorted((post for name in PLATFORMS for post in world.posts(name)), key=lambda post: post.id)


def brands_of(post: Post) -> set[str]:
    if post.platform == "appstore":
        return {"brotbote"}
    return {name.lower() for name in BRAND.findall(f"{post.title or ''} {post.text}")}


def local_day(post: Post) -> date:
    return post.published_at.astimezone(ZONE).date()


def on_day(posts: Iterable[Post], now: datetime, ago: int) -> list[Post]:
    day = now.astimezone(ZONE).date() - timedelta(days=ago)
    return [post for post in posts if local_day(post) == day]


@pytest.fixture(scope="module")
def posts() -> list[Post]:
    return all_posts(NOON)


@pytest.fixture(scope="module")
def relevant(posts: list[Post]) -> list[Post]:
    return [post for post in posts if brands_of(post)]


def test_the_same_arguments_give_the_same_posts(posts: list[Post]) -> None:
    assert all_posts(NOON.astimezone(ZONE)) == posts
    assert all_posts(NOON, seed=8) != posts


def test_every_platform_takes_part(relevant: list[Post]) -> None:
    counts = Counter(post.platform for post in relevant)
    assert 600 <= len(relevant) <= 900
    least = {"mastodon": 60, "reddit": 60, "x": 60, "appstore": 60, "rss": 25, "hackernews": 40}
    assert {name for name, number in least.items() if counts[name] < number} == set()


def test_german_first_english_next_then_others(relevant: list[Post]) -> None:
    share = {lang: n / len(relevant) for lang, n in Counter(post.lang for post in relevant).items()}
    assert 0.58 < share["de"] < 0.72
    assert 0.22 < share["en"] < 0.34
    assert set(share) == {"de", "en", "fr", "it", "tr", "uk"}


def test_the_competitor_is_the_smallest_brand(relevant: list[Post]) -> None:
    counts = Counter(brand for post in relevant for brand in brands_of(post))
    assert counts["sonnenkorn"] > counts["brotbote"] > counts["krustenhof"] > 100


def test_a_tenth_only_looks_like_a_mention(posts: list[Post]) -> None:
    others = [post for post in posts if not brands_of(post)]
    lookalikes = [
        post
        for post in others
        if re.search("sonnenkorn|brotbote|krustenhof", f"{post.title} {post.text}", re.IGNORECASE)
    ]
    assert 0.06 < len(others) / len(posts) < 0.14
    assert {post.platform for post in lookalikes} >= {"x", "reddit", "rss", "mastodon"}


def test_the_recall_is_the_biggest_day(relevant: list[Post]) -> None:
    per_day = Counter(local_day(post) for post in relevant)
    crisis = on_day(relevant, NOON, 9)
    assert per_day.most_common(1) == [(local_day(crisis[0]), len(crisis))]
    assert len(crisis) > 4.5 * median(per_day.values())
    shares = [sum(post.shares for post in on_day(relevant, NOON, ago)) for ago in range(60)]
    assert shares[9] > 10 * median(shares)
    about = [post for post in crisis if re.search("metal|rückruf|rueckruf|recall", post.text, re.IGNORECASE)]
    assert len(about) > len(crisis) / 3


def test_the_award_made_people_recommend_and_the_outage_cost_stars(relevant: list[Post]) -> None:
    def recommending(first: int, last: int) -> int:
        return sum(
            bool(RECOMMENDS.search(p.text)) for ago in range(first, last) for p in on_day(relevant, NOON, ago)
        )

    outage = [post.rating for ago in (15, 16, 17) for post in on_day(relevant, NOON, ago) if post.rating]
    others = [post.rating for ago in range(18, 60) for post in on_day(relevant, NOON, ago) if post.rating]
    assert recommending(25, 29) > 1.5 * recommending(39, 43)  # the same days of the week
    assert len(outage) > 3 * 3 * len(others) / 42
    assert mean(outage) < mean(others) - 1


def test_weekends_and_mornings_are_busier_than_nights() -> None:
    relevant = [post for seed in range(4) for post in all_posts(NOON, seed=seed) if brands_of(post)]
    hours = Counter(post.published_at.astimezone(ZONE).hour for post in relevant if post.platform != "rss")
    quiet = [post for ago in range(31, 59) for post in on_day(relevant, NOON, ago)]  # four whole weeks
    weekdays = Counter(local_day(post).weekday() for post in quiet)
    assert hours[8] > 5 * hours[3]
    assert weekdays[5] > 1.2 * weekdays[0]


@Moments
def test_yesterday_is_worth_a_digest(now: datetime) -> None:
    yesterday = on_day(all_posts(now), now, 1)
    for brand in ("sonnenkorn", "brotbote", "krustenhof"):
        mentions = [post for post in yesterday if brand in brands_of(post) and post.author != brand]
        warnings = [p for p in mentions if WARNS.search(p.text)]
        assert len(mentions) >= 8
        assert any("?" in post.text for post in mentions)
        assert any(RECOMMENDS.search(post.text) and post not in warnings for post in mentions)
        assert max(post.followers for post in warnings) > 5000, brand
        assert sum(post.likes >= 5 for post in mentions) >= 3


@Moments
def test_time_runs_one_way(now: datetime) -> None:
    posts = all_posts(now)
    by_id = {post.id: post for post in posts}
    assert [post.published_at.year for post in posts if post.published_at > now] == [2099]
    assert all(a.published_at <= b.published_at for a, b in pairwise(posts))
    answers = [(post, by_id[post.parent]) for post in posts if post.parent is not None]
    assert len(answers) > 100
    for answer, parent in answers:
        assert parent.published_at < answer.published_at
        assert (parent.platform, parent.channel) == (answer.platform, answer.channel)
        assert parent.comments > 0
    edits = [post for post in posts if post.edited_at is not None]
    assert len(edits) >= 10
    assert all(post.published_at < post.edited_at < now for post in edits if post.edited_at)


@pytest.mark.parametrize("days", [1, 5, 20])
def test_a_shorter_story_stays_within_its_days(days: int) -> None:
    dated = [post for post in all_posts(NOON, days=days) if 1970 < post.published_at.year < 2099]
    assert dated
    assert min(post.published_at for post in dated) > NOON - timedelta(days=days)


def test_posts_fit_their_platform(posts: list[Post]) -> None:
    checks: dict[str, Callable[[Post], bool]] = {
        "x": lambda post: len(post.text) <= 280 and post.title is None,
        "mastodon": lambda post: (
            len(post.text) <= 500 and all(f"#{tag}" in post.text.lower() for tag in post.tags)
        ),
        "reddit": lambda post: (post.title is None) == (post.kind is Kind.COMMENT),
        "hackernews": lambda post: bool(post.text) != bool(post.link),
        "appstore": lambda post: post.rating in range(1, 6) and bool(post.title) and post.kind is Kind.REVIEW,
        "rss": lambda post: bool(post.title) and post.channel in {"blatt", "foodblog"},
    }
    assert [post for post in posts if not checks[post.platform](post)] == []


def test_mastodon_mentions_can_be_found_by_tag(relevant: list[Post]) -> None:
    tooted = [post for post in relevant if post.platform == "mastodon"]
    assert [
        post.text for post in tooted if not {"sonnenkorn", "brotbote", "krustenhof"} & set(post.tags)
    ] == []


def test_an_author_keeps_their_followers_and_few_write_much(relevant: list[Post]) -> None:
    people = [(post.author, post.followers) for post in relevant if post.platform == "x"]
    assert len(set(people)) == len({author for author, _ in people})
    busiest = Counter(people).most_common(10)
    assert sum(n for _, n in busiest) > 0.15 * len(people)


def test_likes_are_heavy_tailed(relevant: list[Post]) -> None:
    likes = sorted(post.likes for post in relevant if post.platform == "x")
    assert sum(likes[-len(likes) // 10 :]) > 0.4 * sum(likes)


def test_texts_repeat_only_where_somebody_copied(relevant: list[Post]) -> None:
    times = Counter(post.text for post in relevant if post.text)
    repeated = [text for text, n in times.items() if n > 1]
    assert max(times.values()) == 5
    assert 8 <= len(repeated) <= 20


@pytest.mark.parametrize(
    "hostile", ["<script>", "=HYPERLINK(", "\u202e", "\u200b", "\x00", "\u200d", "DROP TABLE"], ids=repr
)
def test_hostile_texts_stand_there(relevant: list[Post], hostile: str) -> None:
    assert any(hostile in post.text for post in relevant)
    assert max(len(post.text) for post in relevant) >= 8000


@pytest.mark.parametrize("lang", ["de", "en"])
def test_promoters_recommend_and_detractors_warn_in_so_many_words(lang: str) -> None:
    themes = read(f"{lang}.toml").items()
    spoken = [tones for theme, tones in themes if theme in TONES and theme != "recall"]
    assert [
        text for tones in spoken for text in tones.get("recommend", ()) if not RECOMMENDS.search(text)
    ] == []
    assert [text for tones in spoken for text in tones.get("warning", ()) if not WARNS.search(text)] == []


@Moments
def test_reviews_are_answered_unhappy_ones_sooner(now: datetime) -> None:
    reviews = demo_world(now).posts("trustpilot")
    assert len(reviews) > 30
    hours: dict[bool, list[float]] = {True: [], False: []}
    for post in reviews:
        assert post.rating is not None
        if post.answered_at is not None:
            assert post.published_at < post.answered_at <= now
            wait = post.answered_at - post.published_at
            hours[post.rating <= 2].append(wait / timedelta(hours=1))
    assert 0.3 < sum(map(len, hours.values())) / len(reviews) < 0.9
    assert 2 < median(hours[True]) < median(hours[False]) < 72


def test_every_planned_tone_has_words() -> None:
    """A tone without a sentence in the language of a platform would stop the demo on an unlucky seed."""
    phrases = Phrasebook(Random(1))
    for theme in TONES:
        lang = "en" if theme == "hackernews" else "de"
        for tone in TONES[theme]:
            for brand in BRANDS:
                assert "{" not in phrases.say(lang, theme, tone, phrases.words(lang, brand))
    assert set().union(*LANGUAGES.values()) == {"de", "en", "fr", "it", "tr", "uk"}


def test_the_demo_configuration_is_toml_once_it_is_filled() -> None:
    template = files("listener.sandbox").joinpath("demo.toml").read_text(encoding="utf-8")
    config = tomllib.loads(
        template.format(
            language="de", **{name: f"http://127.0.0.1:1/{name}" for name in (*PLATFORMS, "trustpilot")}
        )
    )
    sources = {source["connector"]: source for source in config["sources"]}
    stores = {post.channel for post in demo_world(NOON).posts("appstore")}
    subreddits = {post.channel for post in demo_world(NOON).posts("reddit")}
    assert set(sources) == {*PLATFORMS, "trustpilot"}
    assert sources["rss"]["feeds"][0] == "http://127.0.0.1:1/rss/blatt.xml"
    assert stores == set(sources["appstore"]["countries"])
    assert subreddits == set(sources["reddit"]["subreddits"])
    assert [brand["name"] for brand in config["brands"] if not brand.get("competitor")] == [
        "Sonnenkorn",
        "Brotbote",
    ]
