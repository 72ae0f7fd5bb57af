"""Promise: errors say what to do, at once, in one line, without secrets."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from connectors.errors import AuthError, ConnectorError, RetryLater
from listener.sandbox.server import Weather
from tests.connectors.contract.suite import (
    MARKER,
    Polled,
    Suite,
    closed_port,
    error_of,
    everything_logged,
)

FLOOD = b" " * 50_000_000


def halved(body: Any) -> Any:
    """The first half of an answer's text."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return text[: len(text) // 2]


class Weathering(Suite):
    # ---- promise: errors say what to do

    @pytest.mark.parametrize("status", [401, 402, 403])
    def test_refused(self, status: int) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=status, only=self.listing))
            self.failure(stage, AuthError)

    def test_asked_for_patience(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=429, headers=self.patience(), only=self.listing))
            after = self.failure(stage, RetryLater).after
            assert after is not None
            assert timedelta(seconds=5) <= after <= timedelta(seconds=8)
            assert stage.asked() <= 2, "a retry storm"

    def test_asked_for_patience_without_saying_how_long(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=429, only=self.listing))
            self.failure(stage, RetryLater)
            assert stage.asked() <= 2, "a retry storm"

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_broken_platform(self, status: int) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=status, body="<html>\n<h1>Oops</h1>\n</html>", only=self.listing))
            self.failure(stage, RetryLater)

    @pytest.mark.parametrize("status", [404, 410])
    def test_nothing_at_the_address(self, status: int) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=status, only=self.listing))
            self.failure(stage, ConnectorError)

    @pytest.mark.parametrize("said", ["soon", "-5", "99999999999999999999", "1e400", "\u0665"])
    def test_asked_for_absurd_patience(self, said: str) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=429, headers={"Retry-After": said}, only=self.listing))
            after = self.failure(stage, RetryLater).after
            assert after is None or timedelta(0) <= after <= timedelta(days=1)

    def test_asked_to_wait_until_a_date(self) -> None:
        until = format_datetime(datetime.now(UTC) + timedelta(minutes=3), usegmt=True)
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=503, headers={"Retry-After": until}, only=self.listing))
            after = self.failure(stage, RetryLater).after
            assert after is not None
            assert timedelta(minutes=2) < after <= timedelta(minutes=3)

    def test_far_too_much(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(body=FLOOD, only=self.listing))
            self.failure(stage, RetryLater)

    def test_redirects_in_a_circle(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=302, headers={"Location": f"/{self.listing}"}, only=self.listing))
            self.failure(stage, RetryLater)

    def test_redirect_into_a_private_network(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            inside = Weather(status=302, headers={"Location": "http://10.1.2.3/x"}, only=self.listing)
            stage.weather(inside)
            assert "private" in str(self.failure(stage, RetryLater))

    def test_truncated(self) -> None:
        """An answer that ends in the middle, though the connection did not."""
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(change=halved, only=self.listing))
            with suppress(RetryLater):
                polled = stage.poll()
                assert polled.numbers <= {1, 2, 3}
                assert polled.rejects or polled.numbers < {1, 2, 3}, "half an answer passed for a whole one"

    def test_timeout(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(delay=1.5, only=self.listing))
            self.failure(stage, RetryLater, timeout=0.3)

    def test_connection_cut_midway(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(cut=20, only=self.listing))
            self.failure(stage, RetryLater)

    def test_garbage(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(body=self.garbage, only=self.listing))
            self.failure(stage, RetryLater)

    def test_json_of_another_shape(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(body={"unexpected": [1, None]}, only=self.listing))
            with suppress(RetryLater):
                assert stage.poll().mentions == []

    def test_nobody_listens(self) -> None:
        with self.stage([]) as stage:
            self.failure(stage, RetryLater, **self.settings(closed_port()))

    def test_malformed_record_among_good_ones(self) -> None:
        with self.stage(self.hourly(4)) as stage:
            stage.weather(Weather(change=self.spoil, only=self.listing))
            polled = stage.poll()
            assert len(polled.numbers) == 3
            assert len(polled.rejects) == 1
            assert polled.rejects[0].reason
            assert polled.rejects[0].raw

    def test_page_before_an_error_stays_valid(self) -> None:
        if not self.many_pages:
            pytest.skip("the platform does not page")
        with self.stage(self.hourly(20)) as stage:
            pages, polled = stage.pages(), Polled()
            polled.take([next(pages)])
            stage.weather(Weather(status=503, only=self.listing))
            with pytest.raises(RetryLater):
                polled.take(pages)
            assert 0 < len(polled.numbers) < 20
            stage.clear()
            polled.take(stage.pages(polled.cursor))
            assert polled.numbers == set(range(1, 21))

    # ---- promise: secrets stay secret

    def test_no_secret_is_told(self) -> None:
        if not self.secrets():
            pytest.skip("no secrets to keep")
        closed = self.settings(closed_port())
        told = [repr(self.connector.Settings(**closed, **dict.fromkeys(self.secrets(), MARKER)))]
        with self.stage(self.hourly(3)) as stage, everything_logged() as log:
            told.append(repr(stage.connector()))
            stage.poll()
            told.append(error_of(stage, **closed))
            for weather in (Weather(status=401), Weather(status=429), Weather(status=500), Weather(cut=9)):
                stage.clear()
                stage.weather(weather)
                told.append(error_of(stage))
        assert MARKER not in "\n".join(told + log)
