"""A page is stored whole: mentions once, counts as history, text for search, cursor with it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.stages.aggregate import aggregate
from storage import daily, graves, ledger, pages, scores, sources
from storage.pages import Matched, PageResult
from storage.records import (
    Author,
    Engagement,
    Exclusion,
    Kind,
    Match,
    Mention,
    Reject,
    Score,
    Spent,
    Stance,
    StanceReading,
)
from storage.scores import Reading
from storage.store import Store, stamp

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
ACME = sources.Brand(name="Acme", query="acme", timezone="Europe/Berlin")
MENTION = Mention(
    platform="reddit",
    platform_id="t3_1",
    kind=Kind.POST,
    published_at=datetime(2026, 11, 19, 23, 30, tzinfo=UTC),
    text="Die Brötchen von Acme sind gut",
    author=Author(platform_id="t2_1", handle="anna", followers=50),
    engagement=Engagement(likes=3, comments=1),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "listener.db") as opened:
        sources.sync_brands(opened, [ACME])
        sources.sync_sources(opened, [sources.Source(name="r", connector="reddit", watch={})], NOW)
        yield opened


def add(
    store: Store,
    *mentions: Mention,
    matches: tuple[Match, ...] = (Match(brand="Acme", term="acme"),),
    now: datetime = NOW,
) -> PageResult:
    return pages.add_page(
        store, 1, [Matched(one, matches) for one in mentions], brands=["Acme"], now=now, cursor={"at": 1}
    )


def test_a_mention_is_stored_once_however_often_it_comes(store: Store) -> None:
    assert add(store, MENTION, MENTION) == PageResult(new=1)
    assert add(store, MENTION) == PageResult()
    assert store.value("SELECT count(*) FROM mention_overview") == 1


def test_an_answer_has_the_reviews_day_computed_anew(store: Store) -> None:
    asked = replace(MENTION, kind=Kind.REVIEW, answered=False)
    add(store, asked)
    answer = replace(asked, answered=True, answered_at=NOW)
    edited = replace(answer, answered_at=NOW + timedelta(days=1))
    shown = "SELECT answered, answered_at FROM mentions"
    for told, kept, changes in (
        (answer, (1, "2026-11-20T12:00:00Z"), 1),
        (edited, (1, "2026-11-20T12:00:00Z"), 0),  # the first answer counts
        (replace(edited, rating=2.0), (1, "2026-11-20T12:00:00Z"), 1),
        (MENTION, (1, "2026-11-20T12:00:00Z"), 0),  # unknown this time
        (asked, (0, None), 1),  # withdrawn
        (edited, (1, "2026-11-21T12:00:00Z"), 1),
    ):
        with store.transaction():
            store.execute("DELETE FROM dirty_days")
        assert add(store, told).updated == changes
        assert tuple(store.rows(shown)[0]) == kept
        assert daily.dirty_count(store) == changes


def test_the_day_is_the_brands_own(store: Store) -> None:
    add(store, MENTION)
    assert store.value("SELECT day FROM mention_overview") == "2026-11-20"


def test_a_new_time_zone_moves_mentions_to_other_days(store: Store) -> None:
    add(store, MENTION)
    sources.sync_brands(store, [replace(ACME, timezone="America/New_York")])
    assert store.value("SELECT day FROM mention_overview") == "2026-11-19"
    assert {row["day"] for row in store.rows("SELECT day FROM dirty_days")} == {"2026-11-19", "2026-11-20"}


def test_counts_are_history_and_unknown_ones_stay_null(store: Store) -> None:
    add(store, MENTION)
    add(store, replace(MENTION, engagement=Engagement(likes=9)), now=NOW + timedelta(hours=1))
    add(store, replace(MENTION, engagement=Engagement(likes=9)), now=NOW + timedelta(hours=2))
    taken = store.rows("SELECT likes, shares, comments FROM engagement_snapshots ORDER BY taken_at")
    assert [tuple(row) for row in taken] == [(3, None, 1), (9, None, 1)]
    assert tuple(store.rows("SELECT likes, shares, views, engagement FROM mention_overview")[0]) == (
        9,
        None,
        None,
        10,
    )


def test_an_edit_replaces_the_text_its_search_entry_and_its_score(store: Store) -> None:
    add(store, MENTION)
    reading = Reading(
        1, "de", Score(p_negative=0, p_neutral=0, p_positive=1), StanceReading(stance=Stance.INDIFFERENT)
    )
    scores.add(store, "m", [reading], NOW)
    edited = replace(MENTION, text="Acme ist teuer geworden")
    assert add(store, edited).updated == 1
    search = "SELECT count(*) FROM mentions_fts WHERE mentions_fts MATCH ?"
    assert [store.value(search, [word]) for word in ("brotchen", "teuer")] == [0, 1]
    assert [one.text for one in scores.begin(store, 10, NOW)] == [edited.text]
    assert store.value("SELECT sentiment_label FROM mention_overview") is None


def test_of_former_words_neither_stance_nor_language_is_left(store: Store) -> None:
    add(store, MENTION)
    reading = StanceReading(stance=Stance.PROMOTING, evidence="gut")
    scores.add(store, "m", [Reading(1, "de", None, reading, key="k")], NOW)
    read = "SELECT lang, stance, stance_evidence, text_key FROM mentions"
    assert tuple(store.rows(read)[0]) == ("de", "promoting", "gut", "k")
    add(store, replace(MENTION, text="Acme :)"))
    assert tuple(store.rows(read)[0]) == (None, None, None, None)
    add(store, replace(MENTION, text="Acme is great", lang="en"))
    assert store.value("SELECT lang FROM mentions") == "en", "the platform says so"


def test_a_language_that_was_not_recognised_may_be_later(store: Store) -> None:
    add(store, MENTION)
    for lang in ("und", "de", "en"):
        scores.add(store, "m", [Reading(1, lang, None, StanceReading(stance=Stance.INDIFFERENT))], NOW)
        scores.requeue_these(store, [1])
    assert store.value("SELECT lang FROM mentions") == "de", "and stays as it was recognised first"


def test_new_and_reworded_texts_wait_for_the_search_for_duplicates_and_others_do_not(store: Store) -> None:
    waiting = "SELECT mention_id, ticket FROM duplicate_queue"
    add(store, MENTION)
    add(store, replace(MENTION, engagement=Engagement(likes=9)))
    assert [tuple(row) for row in store.rows(waiting)] == [(1, 1)]
    add(store, replace(MENTION, title="Brot"))
    assert [tuple(row) for row in store.rows(waiting)] == [(1, 2)]


def test_a_page_brings_new_known_changed_and_buried_mentions_side_by_side(store: Store) -> None:
    known, changed, buried, new = (
        replace(MENTION, platform_id=name, text=f"Acme {name}", author=Author(platform_id=name))
        for name in ("known", "changed", "buried", "new")
    )
    add(store, known, changed, buried)
    with store.transaction():
        graves.bury(store, "reddit", ["buried"], reason="gone", now=NOW)
    reworded = replace(changed, text="Acme anders", engagement=Engagement(likes=8, comments=1))
    assert add(store, known, reworded, buried, new, now=LATER) == PageResult(new=1, updated=1)
    assert [
        tuple(row)
        for row in store.rows(
            "SELECT platform_id, text, likes, counted_at FROM mentions ORDER BY platform_id"
        )
    ] == [
        ("changed", "Acme anders", 8, stamp(LATER)),
        ("known", "Acme known", 3, stamp(NOW)),
        ("new", "Acme new", 3, stamp(LATER)),
    ]


def test_new_mentions_are_numbered_by_their_time(store: Store) -> None:
    add(
        store,
        *(
            replace(MENTION, platform_id=str(day), published_at=NOW - timedelta(days=day))
            for day in (1, 3, 2)
        ),
    )
    assert [row["platform_id"] for row in store.rows("SELECT platform_id FROM mentions ORDER BY id")] == [
        "3",
        "2",
        "1",
    ]


def test_search_is_in_step_with_the_texts_after_pages_edits_and_deletions(store: Store) -> None:
    posts = [
        replace(MENTION, platform_id=str(number), title="Über", text=f"Brot {number}") for number in range(50)
    ]
    add(store, *posts)
    add(store, *(replace(post, title=None, text=f"{post.text} anders") for post in posts[:20]))
    with store.transaction():
        graves.bury(store, "reddit", [str(number) for number in range(10, 30)], reason="gone", now=NOW)
    # rank = 1: the index is held against the texts, too
    store.execute("INSERT INTO mentions_fts (mentions_fts, rank) VALUES ('integrity-check', 1)")
    found = "SELECT count(*) FROM mentions_fts WHERE mentions_fts MATCH ?"
    assert [store.value(found, [words]) for words in ("brot", "uber", '"5 anders"')] == [30, 20, 1]


def test_a_page_of_known_posts_writes_two_rows_however_long_it_is(store: Store) -> None:
    """Most polls bring what is known already; so they cost a look, the source's own row and the ledger's."""
    posts = [replace(MENTION, platform_id=str(number)) for number in range(20)]
    add(store, *posts)
    before = store._conn.total_changes  # noqa: SLF001 - SQLite's own count
    add(store, *posts, now=LATER)
    assert store._conn.total_changes - before == 2  # noqa: SLF001 - as above


def test_an_author_who_is_described_otherwise_is_known_so_from_then_on(store: Store) -> None:
    add(store, MENTION)
    renamed = Author(platform_id="t2_1", name="Anna", followers=50)
    assert add(store, replace(MENTION, author=renamed)) == PageResult()
    assert tuple(store.rows("SELECT handle, name, followers FROM authors")[0]) == ("anna", "Anna", 50)


def test_an_author_who_becomes_known_later_is_the_author(store: Store) -> None:
    add(store, replace(MENTION, author=None))
    assert add(store, MENTION).updated == 1
    assert store.value("SELECT author FROM mention_overview") == "anna"
    assert add(store, MENTION) == PageResult(), "and that is no news"


def test_all_that_an_author_wrote_counts_by_the_present_name(store: Store) -> None:
    def page(handle: str | None, *numbers: int, own: dict[str, Exclusion]) -> None:
        author = handle and Author(platform_id="t2_1", handle=handle)
        posts = [replace(MENTION, platform_id=f"t3_{number}", author=author or None) for number in numbers]
        matched = [Matched(one, [Match(brand="Acme", term="acme")], own=own) for one in posts]
        pages.add_page(store, 1, matched, brands=["Acme"], now=NOW, cursor={"at": 1})

    excluded = (
        "SELECT m.platform_id, mb.excluded_as FROM mention_brands mb JOIN mentions m ON m.id = mb.mention_id"
    )
    page("anna", 1, 2, own={})
    page(None, 3, own={})
    aggregate(store)
    page("boss", 2, own={"Acme": Exclusion.EMPLOYEE})
    assert dict(map(tuple, store.rows(excluded))) == {"t3_1": "employee", "t3_2": "employee", "t3_3": None}
    assert store.value("SELECT count(*) FROM dirty_days") == 1
    page("boss", 3, own={"Acme": Exclusion.EMPLOYEE})
    assert {row["excluded_as"] for row in store.rows(excluded)} == {"employee"}
    page("anna", 1, own={})
    assert {row["excluded_as"] for row in store.rows(excluded)} == {None}


def test_what_matches_no_brand_is_not_stored_unless_it_was_known(store: Store) -> None:
    add(store, MENTION, matches=())
    assert store.value("SELECT count(*) FROM mentions") == 0
    add(store, MENTION)
    add(store, replace(MENTION, text="etwas anderes"), matches=())
    assert store.value("SELECT text FROM mentions") == "etwas anderes"
    assert store.value("SELECT count(*) FROM mention_overview") == 0


def test_a_tombstone_stops_a_mention_from_coming_back(store: Store) -> None:
    with store.transaction():
        store.execute("INSERT INTO tombstones VALUES ('reddit', 't3_1', '2026-11-20T00:00:00Z', 'gone')")
    assert add(store, MENTION) == PageResult()


def test_a_failing_page_leaves_nothing_and_moves_no_cursor(store: Store) -> None:
    with pytest.raises(KeyError):
        add(store, MENTION, matches=(Match(brand="Nobody", term="x"),))
    assert store.value("SELECT count(*) FROM mentions") == 0
    assert sources.active(store)[0].cursor is None
    add(store, MENTION)
    assert sources.active(store)[0].cursor == {"at": 1}


def test_a_reject_is_kept_once_with_its_reason(store: Store) -> None:
    for hour in range(2):
        result = pages.add_page(
            store,
            1,
            [],
            brands=["Acme"],
            now=NOW + timedelta(hours=hour),
            rejects=[Reject(raw="{", reason="no id")],
        )
        assert result.rejected == 1 - hour
    assert tuple(store.rows("SELECT reason, raw FROM rejects")[0]) == ("no id", "{")


def test_what_sqlite_cannot_keep_as_text_is_left_out(store: Store) -> None:
    add(store, replace(MENTION, text="acme\0 \ud800!"))
    assert store.value("SELECT text FROM mentions") == "acme ?!"


def test_money_and_calls_add_up_by_month(store: Store) -> None:
    for _ in range(2):
        pages.add_page(store, 1, [], brands=[], now=NOW, spent=Spent(calls=1, micro_usd=5000))
    assert ledger.used(store, "reddit", NOW) == Spent(calls=2, micro_usd=10_000)
    assert ledger.used(store, "reddit", NOW - timedelta(days=31)) == Spent()


def test_a_humans_label_survives_the_machines(store: Store) -> None:
    add(store, MENTION)
    with store.transaction():
        store.execute(
            "INSERT INTO sentiment_scores (mention_id, model, label, score, scored_at, is_current)"
            " VALUES (1, 'human', 'negative', -1, '2026-11-20', 1)"
        )
    reading = Reading(
        1, "de", Score(p_negative=0, p_neutral=0, p_positive=1), StanceReading(stance=Stance.PROMOTING)
    )
    scores.add(store, "m", [reading], NOW)
    assert tuple(store.rows("SELECT sentiment_label, sentiment_model FROM mention_overview")[0]) == (
        "negative",
        "human",
    )


def test_another_model_finds_everything_in_its_queue_again(store: Store) -> None:
    add(store, MENTION)
    assert scores.use_model(store, "m1") == 1
    reading = Reading(
        1, "de", Score(p_negative=1, p_neutral=0, p_positive=0), StanceReading(stance=Stance.DETRACTING)
    )
    scores.add(store, "m1", [reading], NOW)
    assert scores.use_model(store, "m1") == 0
    assert scores.use_model(store, "m2") == 1


def test_only_touched_days_are_dirty(store: Store) -> None:
    add(store, MENTION)
    with store.transaction():
        daily.recompute(store, daily.dirty(store, 10), version=1)
    assert daily.dirty(store, 10) == []
    add(store, MENTION)
    assert daily.dirty(store, 10) == []
    add(store, replace(MENTION, engagement=Engagement(likes=4)))
    assert [one.day for one in daily.dirty(store, 10)] == ["2026-11-20"]


def test_a_mention_that_loses_its_brand_touches_its_day(store: Store) -> None:
    add(store, MENTION)
    with store.transaction():
        daily.recompute(store, daily.dirty(store, 10), version=1)
    add(store, MENTION, matches=())  # the same words, with another query
    assert [one.day for one in daily.dirty(store, 10)] == ["2026-11-20"]


def test_a_new_follower_is_no_new_count(store: Store) -> None:
    add(store, MENTION)
    followed = replace(MENTION, author=Author(platform_id="t2_1", handle="anna", followers=51))
    assert add(store, followed, now=NOW + timedelta(hours=1)).updated == 1
    assert store.value("SELECT author_followers FROM mention_overview") == 51
    assert store.value("SELECT count(*) FROM engagement_snapshots") == 1


def test_a_reading_of_words_that_were_edited_meanwhile_is_dropped(store: Store) -> None:
    add(store, MENTION)
    (waiting,) = scores.begin(store, 10, NOW)
    add(store, replace(MENTION, text="Acme ist furchtbar"))
    score = Score(p_negative=0, p_neutral=0, p_positive=1)
    stale = Reading(waiting.id, "de", score, StanceReading(stance=Stance.PROMOTING), ticket=waiting.ticket)
    scores.add(store, "m", [stale], NOW)
    assert tuple(store.rows("SELECT sentiment_label, stance FROM mention_overview")[0]) == (None, None)
    assert [one.text for one in scores.begin(store, 10, NOW)] == ["Acme ist furchtbar"]


@pytest.mark.parametrize(("place", "cursor"), [("here", {"at": 1}), ("there", None)])
def test_a_cursor_is_worth_nothing_at_another_place(
    store: Store, place: str, cursor: dict[str, int] | None
) -> None:
    here = sources.Source(name="r", connector="reddit", watch={}, place="here")
    sources.sync_sources(store, [here], NOW)
    add(store, MENTION)
    sources.sync_sources(store, [replace(here, place=place, watch={"brands": ["Acme"]})], NOW)
    assert sources.active(store)[0].cursor == cursor


def test_no_count_is_so_large_that_a_day_cannot_be_added_up(store: Store) -> None:
    most = Engagement(likes=10**12, shares=10**12, views=1)
    add(store, *(replace(MENTION, platform_id=str(number), engagement=most) for number in range(50)))
    with store.transaction():
        daily.recompute(store, daily.dirty(store, 10), version=1)
    assert store.value("SELECT engagement FROM daily_brand_metrics") == 100 * 10**12
