"""Promise: whatever an answer has become on its way, it ends in mentions, rejects or an error of ours.

True answers of the sandbox, and recorded ones of the platforms where they are at hand, are damaged at random
and served to the connector. ``make fuzz`` tries many more of them than ``make test``.
"""

import copy
import json
import math
import os
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from connectors.base import Refreshing
from connectors.errors import AuthError, RetryLater
from listener.sandbox.server import Weather
from storage.records import Mention, Reject
from tests.conftest import SHARED
from tests.connectors.contract.suite import NO_LIMIT, NOW, Polled, Stage, Suite

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "15"))

VALUES = (None, True, False, 0, -1, 1, 2**31, 10**13, 10**400, 1e308, 0.5)
TEXTS = ("", " ", "x", "\0", "0", "-7", "1e999", "٣", "null", "NaN", "[", "{}", "\u202e\ufeff", "w" * 5000)
TIMES = (
    "2026-13-45T99:99:99Z",
    "0000-00-00",
    "9999-12-31T23:59:59-14:00",
    "2026-11-20",
    "Thu, 99 Foo 20 25:61",
)
LINKS = ("http://[", "//", "javascript:alert(1)", "at://", "<b>&#0;</b>")
TREES: tuple[Any, ...] = ([], {}, [None], [[]], [{}], {"": None}, {"id": None}, ["x", 1, None])
JUNK = st.sampled_from((*VALUES, *TEXTS, *TIMES, *LINKS, *TREES))
Mutation = Callable[[Any], Any]


@st.composite
def mutations(draw: st.DrawFn) -> Mutation:
    """A function that damages an answer in one to three places."""
    places = draw(
        st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from("rrrdca"), JUNK), min_size=1, max_size=3)
    )

    def damaged(body: Any) -> Any:
        if isinstance(body, str | bytes):
            return _damaged_text(body, places)
        body = copy.deepcopy(body)
        for where, how, junk in places:
            body = _damaged(body, where, how, junk)
        return body

    return damaged


def _damaged(body: Any, where: float, how: str, junk: Any) -> Any:
    """Replace, delete, copy or add something at one of the places of a tree."""
    spots = list(_spots(body))
    if not spots:
        return copy.deepcopy(junk)
    holder, key = spots[int(where * len(spots))]
    if how == "d":
        del holder[key]
    elif how == "c" and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif how == "a" and isinstance(holder, dict):
        holder[f"{key}_"] = copy.deepcopy(junk)
    else:
        holder[key] = copy.deepcopy(junk)
    return body


def _spots(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every (holder, key) of a tree of dicts and lists."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(entries):
        yield tree, key
        yield from _spots(value)


def _damaged_text(body: str | bytes, places: list[tuple[float, str, Any]]) -> str | bytes:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    for where, how, junk in places:
        at = int(where * len(text))
        end = at + (0 if how == "c" else min(40, int(math.sqrt(len(text)))))
        text = text[:at] + ("" if how == "d" else str(junk)) + text[end:]
    return text.encode("utf-8", "replace") if isinstance(body, bytes) else text


@cache
def recorded_bodies(pattern: str) -> tuple[Any, ...]:
    """The bodies in recorded files: plain JSON, or the answers of a cassette."""
    found: list[Any] = []
    for path in sorted((SHARED / "recordings").glob(pattern)):
        found += _bodies(path)
    return tuple(found)


def _bodies(path: Path) -> Iterator[Any]:
    text = path.read_text("utf-8")
    tape = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    parts = tape.get("interactions") or tape.get("http_interactions") if isinstance(tape, dict) else None
    for part in parts or ():
        body = part["response"]["body"].get("string")
        try:
            yield json.loads(body)
        except (TypeError, ValueError):  # packed, or no JSON: the sandbox's own answers serve for those
            continue
    if not parts:
        yield tape


class Fuzzing(Suite):
    def test_mutated_answers(self) -> None:
        with self.stage(self.hourly(8)) as stage:
            ids = sorted({one.platform_id for one in stage.poll().mentions})

            @fuzzed
            @given(mutation=mutations())
            def tried(mutation: Mutation) -> None:
                self.survives(stage, Weather(change=mutation, only=self.listing), ids)

            tried()

    def test_mutated_recordings(self) -> None:
        bodies = [body for pattern in self.recordings for body in recorded_bodies(pattern)]
        if not bodies:
            pytest.skip("no recorded answers of this platform are at hand")
        with self.stage(self.hourly(8)) as stage:
            ids = sorted({one.platform_id for one in stage.poll().mentions})

            @fuzzed
            @given(mutation=mutations(), body=st.sampled_from(bodies))
            def tried(mutation: Mutation, body: Any) -> None:
                self.survives(stage, Weather(body=mutation(body), only=self.listing), ids)

            tried()

    def survives(self, stage: Stage, weather: Weather, ids: list[str]) -> None:
        """Poll and refresh in this weather; what comes out must be of our kinds."""
        for work in (self._polled, self._refreshed):
            stage.clear()
            stage.weather(weather)
            try:
                polled = work(stage, ids)
            except (AuthError, RetryLater) as error:
                assert "\n" not in str(error)  # noqa: PT017 - any error of ours is fine, if it is one line
                continue
            assert all(isinstance(one, Mention) for one in polled.mentions)
            assert all(isinstance(one, Reject) and one.reason for one in polled.rejects)
            assert all(isinstance(one, str) for one in polled.gone)
        stage.clear()

    def _polled(self, stage: Stage, ids: list[str]) -> Polled:  # noqa: ARG002 - as the other one
        return Polled().take(islice(stage.connector().poll(self.watch(NOW), None), 20))

    def _refreshed(self, stage: Stage, ids: list[str]) -> Polled:
        connector = stage.connector()
        if not isinstance(connector, Refreshing) or not ids:
            return Polled()
        return Polled().take(connector.refresh(ids[: connector.upkeep.batch], NO_LIMIT))


def fuzzed(test: Callable[..., None]) -> Callable[..., None]:
    """Many examples, the same ones in every run of ``make test``, without a clock."""
    return settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        derandomize="FUZZ_EXAMPLES" not in os.environ,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )(test)
