"""Promise: counts have a history, what is gone is noticed, and no limit is crossed on the way."""

import pytest

from connectors.base import Allowance, Refreshing
from connectors.errors import AuthError, RetryLater
from connectors.meter import metered
from listener.sandbox.server import Weather
from tests.connectors.contract.suite import Stage, Suite, counts, number_of


class Upkeeping(Suite):
    def test_refresh_reads_the_counts_of_now(self) -> None:
        with self.stage(self.hourly(7)) as stage:
            ids = self.known(stage)
            for post in stage.world.posts(self.connector.name):
                grown = {name: getattr(post, name) + 9 for name in ("likes", "shares", "comments", "views")}
                stage.world.edit(post.id, **grown)
            again = stage.refresh(ids)
            assert {one.platform_id for one in again.mentions} == set(ids)
            assert not again.gone
            for mention in again.mentions:
                expected = self.counts(stage.world.get(number_of(mention)))  # type: ignore[arg-type]  # it is there
                for name, value in counts(mention).items():
                    assert value in (None, expected[name]), name

    def test_refresh_keeps_the_rest_as_it_was(self) -> None:
        """A post read again is the same post: nothing of it changes but what changed upstream."""
        with self.stage(self.hourly(5)) as stage:
            self.known(stage)
            before = {one.platform_id: one for one in stage.poll().mentions}
            for mention in stage.refresh(list(before)).mentions:
                known = before[mention.platform_id]
                for name in (
                    "kind",
                    "text",
                    "title",
                    "url",
                    "published_at",
                    "rating",
                    "thread_id",
                    "parent_id",
                ):
                    assert getattr(mention, name) == getattr(known, name), name

    def test_refresh_names_what_is_gone(self) -> None:
        with self.stage(self.hourly(5)) as stage:
            ids, polled = self.known(stage), stage.poll()
            stage.world.delete(2)
            stage.world.delete(4)
            again = stage.refresh(ids)
            assert set(again.gone) == {polled.id_of(2), polled.id_of(4)}
            assert {one.platform_id for one in again.mentions} == set(ids) - set(again.gone)

    @pytest.mark.parametrize("status", [401, 429, 500])
    def test_refresh_in_bad_weather_takes_nothing_for_gone(self, status: int) -> None:
        with self.stage(self.hourly(3)) as stage:
            ids = self.known(stage)
            stage.sandbox.weather(self.connector.name, Weather(status=status), times=100)
            with pytest.raises(AuthError if status == 401 else RetryLater):
                stage.refresh(ids)

    def test_every_request_is_counted(self) -> None:
        with self.stage(self.hourly(12)) as stage, metered(Allowance()) as meter:
            stage.poll()
            assert meter.take()[0] == len(stage.requests()) > 0

    def test_stops_before_the_month_is_used_up(self) -> None:
        with self.stage(self.hourly(30)) as stage, metered(Allowance(calls=1)):
            if self.many_pages:
                assert "budget" in str(self.failure(stage, RetryLater))
            else:
                stage.poll()
            assert len(stage.requests()) == 1

    def test_introduces_itself(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.poll(user_agent="the-bakery-listens/1.0 (mail@example.org)")
            for request in stage.requests():
                told = {name.lower(): value for name, value in request.headers.items()}
                assert "the-bakery-listens/1.0" in told["user-agent"]

    def known(self, stage: Stage) -> list[str]:
        """The ids of all posts; skips where known posts cannot be read again."""
        if not isinstance(stage.connector(), Refreshing):
            pytest.skip("the platform does not show single posts again")
        return sorted({one.platform_id for one in stage.poll().mentions})
