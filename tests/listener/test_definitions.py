"""A change of definition is visible: in the database beside the figures, and in the list itself."""

import inspect
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener import metrics
from listener.definitions import DEFINITIONS, FUNCTIONS
from storage.definitions import keep
from storage.records import Definition
from storage.store import Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OLD = Definition("reach", 1, "followers, added up", "people")
NEW = Definition("reach", 2, "followers, each author once", "people", "a source")
KNOWN = "SELECT metric, version, formula, source, in_force_from, is_current FROM metric_definitions ORDER BY version"


def test_a_new_definition_stands_beside_the_old_one(tmp_path: Path) -> None:
    with Store(tmp_path / "listener.db") as store:
        keep(store, [OLD], NOW)
        keep(store, [NEW], NOW + timedelta(days=1))
        keep(store, [NEW], NOW + timedelta(days=2))
        assert [tuple(row) for row in store.rows(KNOWN)] == [
            ("reach", 1, "followers, added up", None, "2026-11-20T12:00:00Z", 0),
            ("reach", 2, "followers, each author once", "a source", "2026-11-21T12:00:00Z", 1),
        ]


def test_a_mended_wording_is_no_new_definition(tmp_path: Path) -> None:
    with Store(tmp_path / "listener.db") as store:
        keep(store, [OLD], NOW)
        keep(store, [Definition("reach", 1, "followers, summed up", "people")], NOW + timedelta(days=1))
        assert [tuple(row)[2:5:2] for row in store.rows(KNOWN)] == [
            ("followers, summed up", "2026-11-20T12:00:00Z")
        ]


def test_every_function_of_metrics_defines_a_figure() -> None:
    functions = {
        one
        for _, one in inspect.getmembers(metrics, inspect.isfunction)
        if one.__module__ == metrics.__name__
    }
    helpers = {metrics.ratio, metrics.period_of, metrics.period_label}
    assert functions - helpers == {one for used in FUNCTIONS.values() for one in used}
    assert FUNCTIONS.keys() <= {one.metric for one in DEFINITIONS}


COUNTS = re.compile(
    "brand|own_brand|voice|competitor|day|platform|period|starts|label|days|complete|coverage_note|version"
    "|likes|shares|comments|views|positive|neutral|negative|promoting|detracting|indifferent|ratings|reviews"
    "|answerable|answered|panel_mentions|stars_[2-5]|.*_n|.*_coverage"
)
"""Columns that need no definition: what a row is about, and plain counts, which docs/schema.md explains."""


@pytest.mark.parametrize(
    "view",
    ["daily_brand_metrics", "engagement_by_platform", "brand_comparison", "review_metrics", "brand_trend"],
)
def test_every_figure_of_the_views_is_defined(tmp_path: Path, view: str) -> None:
    with Store(tmp_path / "listener.db") as store:
        columns = {row["name"] for row in store.rows(f"PRAGMA table_info({view})")}
    assert {one for one in columns if not COUNTS.fullmatch(one)} <= {one.metric for one in DEFINITIONS}


def test_the_list_is_sound() -> None:
    keys = [(one.metric, one.version) for one in DEFINITIONS]
    assert max(Counter(keys).values()) == 1
    assert max(version for _, version in keys) == metrics.VERSION
    newest = {}
    for metric, version in keys:
        assert version < newest.get(metric, version + 1), f"{metric}: the newer definition stands first"
        newest[metric] = version
