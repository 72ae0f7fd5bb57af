"""Promise: what is there is found, whole, once, whatever the paging; cursors lose nothing, and end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from tempfile import TemporaryDirectory

import pytest

from connectors.base import Watch
from storage import pages, sources
from storage.pages import Matched, PageResult
from storage.records import Match, Mention
from storage.store import Store
from tests.connectors.contract.suite import HOUR, NOW, SINCE, TERM, Polled, Suite, counts, identity, number_of

HOSTILE = (
    "tells a null byte \0 here",
    "turns round \u202egnp.exe",
    "Tom & Jerry <3 5 > 4",
    "=HYPERLINK(1) and {{ 7 * 7 }} %s %(a)s",
    "\u200b\u2066 Zero\u200dwidth \U0001f469\u200d\U0001f373 e\u0301",
    "'; DROP TABLE mentions; --",
    "long " + "word " * 4000,
)


def keep(store: Store, source: int, mentions: Sequence[Mention]) -> PageResult:
    """Store mentions as one source of two brands would find them."""
    if not store.value("SELECT count(*) FROM brands"):
        sources.sync_brands(store, [sources.Brand(name=name, query=TERM, timezone="UTC") for name in "AB"])
        both = [sources.Source(name=str(number), connector="c", watch={}) for number in (1, 2)]
        sources.sync_sources(store, both, NOW)
    matches = [Match(brand=brand, term=TERM) for brand in "AB"]
    return pages.add_page(
        store, source, [Matched(one, matches) for one in mentions], brands=["A", "B"], now=NOW
    )


class Finding(Suite):
    # ---- promise: what is there is found, whole

    def test_first_poll_finds_every_post_since(self) -> None:
        old = [self.post(number, SINCE - HOUR * (2000 - number)) for number in range(900, 960)]
        with self.stage(self.hourly(30) + old) as stage:
            polled = stage.poll()
            assert polled.numbers >= set(range(1, 31))
            assert not polled.rejects
            if self.many_pages:
                needed = 30 // self.page_size
                assert needed <= polled.pages <= needed + 3, "history beyond `since` must not be walked"

    def test_mentions_are_whole(self) -> None:
        with self.stage(self.hourly(12)) as stage:
            for mention in stage.poll().mentions:
                post = stage.world.get(number_of(mention))
                assert post is not None
                assert mention.platform == self.connector.name
                assert mention.published_at == post.published_at
                assert mention.published_at.tzinfo is UTC
                assert (mention.url or "").startswith("http")
                assert mention.author is not None
                assert mention.author.platform_id

    def test_counts_are_true_or_unknown(self) -> None:
        with self.stage(self.hourly(12)) as stage:
            known = set()
            for mention in stage.poll().mentions:
                expected = self.counts(stage.world.get(number_of(mention)))  # type: ignore[arg-type]  # it was found
                for name, value in counts(mention).items():
                    if value is not None:
                        known.add(name)
                        assert value == expected[name], name
            assert known == self.connector.gives

    def test_answers_are_told_with_their_time(self) -> None:
        with self.stage(self.hourly(4)) as stage:
            stage.world.edit(2, answered_at=NOW - HOUR / 2)
            for mention in stage.poll().mentions:
                post = stage.world.get(number_of(mention))
                assert post is not None
                if "answers" in self.connector.gives:
                    assert mention.answered is (post.answered_at is not None)
                    assert mention.answered_at == post.answered_at
                else:
                    assert (mention.answered, mention.answered_at) == (None, None)

    def test_an_answer_is_found(self) -> None:
        """To a review that is known already: when it is read again, or by a poll within a day."""
        if "answers" not in self.connector.gives:
            pytest.skip("the platform does not show answers")
        with self.stage(self.hourly(4)) as stage:
            polled = stage.poll()
            answered_at = NOW + HOUR
            stage.world.edit(1, answered_at=answered_at)
            stage.world.now += timedelta(days=1)
            way = "refresh" if hasattr(self.connector, "upkeep") else "poll"
            again = stage.poll(polled.cursor) if way == "poll" else stage.refresh([polled.id_of(1)])
            found = {one.platform_id: one.answered_at for one in again.mentions}
            assert found.get(polled.id_of(1)) == answered_at, "the answer was not found"

    def test_empty_listing(self) -> None:
        with self.stage([]) as stage:
            first = stage.poll()
            assert not first.mentions
            stage.world.add(self.post(1, NOW - HOUR))
            assert stage.poll(first.cursor).numbers == {1}

    # ---- promise: cursors lose nothing, and end

    def test_polling_again_yields_nothing_new(self) -> None:
        with self.stage(self.hourly(12, step=5 * HOUR)) as stage:
            first = stage.poll()
            again = stage.poll(first.cursor)
            assert {identity(mention) for mention in again.mentions} <= {
                identity(mention) for mention in first.mentions
            }
            if self.many_pages:
                assert again.pages < first.pages, "a finished sweep must not be walked again"

    def test_cut_off_after_every_page(self) -> None:
        """Stopped after each page, with new posts arriving meanwhile."""
        with self.stage(self.hourly(30)) as stage:
            polled = Polled()
            for turn in range(40):
                polled.take(islice(stage.pages(polled.cursor), 1))
                if turn < 3:
                    stage.world.now += HOUR
                    stage.world.add(self.post(31 + turn, stage.world.now - HOUR / 2))
            polled.take(stage.pages(polled.cursor))
            assert polled.numbers == set(range(1, 34))

    def test_posts_arriving_between_pages(self) -> None:
        """Three pages of them, younger than all that were there."""
        with self.stage(self.hourly(30)) as stage:
            polled, numbers = Polled(), iter(range(31, 31 + 3 * self.page_size))
            for page in stage.pages():
                polled.take([page])
                for number in islice(numbers, self.page_size):
                    stage.world.add(self.post(number, NOW - timedelta(minutes=90 - number)))
            arrived = {post.id for post in stage.world.posts(self.connector.name)}
            assert len(arrived) > 30
            polled.take(stage.pages(polled.cursor))
            assert polled.numbers == arrived

    def test_posts_arriving_between_polls(self) -> None:
        with self.stage(self.hourly(12)) as stage:
            polled = stage.poll()
            for number in range(13, 16):
                stage.world.now += HOUR
                stage.world.add(self.post(number, stage.world.now - HOUR / 2))
                polled.take(stage.pages(polled.cursor))
                assert number in polled.numbers

    def test_backlog_of_many_pages_after_downtime(self) -> None:
        with self.stage(self.hourly(5)) as stage:
            polled = stage.poll()
            stage.world.now += 30 * HOUR
            stage.world.add(*(self.post(number, NOW + HOUR * (number - 6)) for number in range(6, 36)))
            while len(polled.numbers) < 35:
                before = polled.cursor
                polled.take(islice(stage.pages(polled.cursor), 1))
                assert polled.cursor != before, f"stands still with {sorted(polled.numbers)}"
            assert polled.numbers == set(range(1, 36))

    def test_equal_times_over_more_than_a_page(self) -> None:
        ties = [self.post(number, NOW - 5 * HOUR) for number in range(50, 52 + 2 * self.page_size)]
        posts = [*self.hourly(4), *ties]
        with self.stage(posts) as stage:
            whole = stage.poll()
            assert whole.numbers == {post.id for post in posts}
            polled = Polled()
            for _ in range(20):
                polled.take(islice(stage.pages(polled.cursor), 1))
            assert polled.numbers == whole.numbers

    def test_tie_with_the_last_one_seen(self) -> None:
        with self.stage([self.post(1, NOW - HOUR)]) as stage:
            polled = stage.poll()
            stage.world.add(self.post(2, NOW - HOUR))
            assert 2 in stage.poll(polled.cursor).numbers

    def test_late_indexed_posts_are_found(self) -> None:
        if self.late is None:
            pytest.skip("the platform lists by arrival, not by date")
        with self.stage(self.hourly(12)) as stage:
            polled = stage.poll()
            stage.world.add(self.post(99, NOW - HOUR - self.late / 2))
            stage.world.now += HOUR / 6
            assert 99 in stage.poll(polled.cursor).numbers

    def test_absurd_dates_break_nothing(self) -> None:
        future = self.post(98, datetime(2099, 1, 1, tzinfo=UTC))
        past = self.post(99, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
        for others in ([], self.hourly(12)):
            with self.stage([*others, future, past]) as stage:
                polled = stage.poll()
                stage.world.now += HOUR
                later = range(100, 100 + 3 * self.page_size)
                stage.world.add(*(self.post(number, NOW + timedelta(seconds=number)) for number in later))
                polled.take(stage.pages(polled.cursor))
                assert polled.numbers >= {post.id for post in others} | set(later)

    def test_deep_backlog_over_several_polls(self) -> None:
        """Thousands of posts, some of them at the same second, in polls of a few pages each."""
        step = timedelta(days=2.9) / (self.deep + 3)
        times = [NOW - step * (self.deep + 3 - number + number % 3) for number in range(1, self.deep + 1)]
        posts = [self.post(number, at.replace(microsecond=0)) for number, at in enumerate(times, start=1)]
        with self.stage(posts) as stage:
            polled = Polled()
            for _ in range(40):
                before, known = polled.pages, len(polled.numbers)
                pages = stage.connector(**self.large()).poll(self.watch(NOW), polled.cursor)
                polled.take(islice(pages, 20))
                if polled.pages < before + 20:
                    break
                assert len(polled.numbers) > known or known == self.deep, "twenty pages brought nothing new"
            missing = {post.id for post in posts} - polled.numbers
            assert not missing, f"{len(missing)} of {self.deep} were never found"
            assert stage.asked() <= 2 * polled.pages + self.deep // 20, (
                "too many requests for what they bring"
            )

    def test_through_two_queries_it_is_one_post(self) -> None:
        if not self.queries:
            pytest.skip("the source takes no queries")
        with self.stage(self.hourly(6)) as stage:
            watch = Watch(since=SINCE, now=NOW, queries=(TERM, "bakes"), tags=self.tags)
            polled = Polled().take(islice(stage.connector().poll(watch, None), 100))
            assert polled.numbers == set(range(1, 7))
            assert len({one.platform_id for one in polled.mentions}) == 6

    def test_stored_once_through_two_sources_and_brands(self) -> None:
        with self.stage(self.hourly(6)) as stage, TemporaryDirectory() as folder:
            first, second = stage.poll().mentions, stage.poll().mentions
            with Store(f"{folder}/listener.db") as store:
                added = [
                    keep(store, number, mentions)
                    for number, mentions in ((1, first), (2, second), (1, first))
                ]
                assert [one.new for one in added] == [len({one.platform_id for one in first}), 0, 0]
                assert store.value("SELECT count(*) FROM mention_brands") == 2 * 6
                assert store.value("SELECT count(*) FROM engagement_snapshots") <= 6

    def test_an_edit_is_found(self) -> None:
        way = self.edits or ("refresh" if hasattr(self.connector, "upkeep") else "poll")
        if way == "never":
            pytest.skip("the platform's posts cannot be edited, or never show it")
        with self.stage(self.hourly(4)) as stage:
            polled = stage.poll()
            words = f"{TERM} entry 4 tells something else now"
            stage.world.edit(4, text=words, edited_at=NOW - HOUR / 2)
            again = stage.poll(polled.cursor) if way == "poll" else stage.refresh([polled.id_of(4)])
            edited = [one for one in again.mentions if one.platform_id == polled.id_of(4)]
            assert edited, "the edited post was not read again"
            assert "something else" in edited[-1].text

    def test_hostile_texts_arrive_as_text(self) -> None:
        words = [f"{TERM} entry {number} {text}" for number, text in enumerate(HOSTILE, start=1)]
        posts = [replace(post, text=text) for post, text in zip(self.hourly(len(words)), words, strict=True)]
        if not self.markup:
            posts = [replace(post, text=post.text.replace("\0", "")) for post in posts]
        with self.stage(posts) as stage, TemporaryDirectory() as folder:
            polled = stage.poll()
            assert polled.numbers == set(range(1, len(words) + 1))
            with Store(f"{folder}/listener.db") as store:
                assert keep(store, 1, polled.mentions).new == len(words)
                stored = store.rows("SELECT title, text FROM mentions")
            whole = " ".join(f"{row['title']} {row['text']}" for row in stored)
            assert "\0" not in whole
            assert "Tom & Jerry" in whole
            assert "\u202egnp.exe" in whole
