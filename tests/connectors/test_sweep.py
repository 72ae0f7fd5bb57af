"""Two marks: nothing is skipped, however often a sweep is cut off and whatever arrives meanwhile."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sweep import Sweep, Sweeps, in_turn, onward, place

NOW = 1000


def test_a_finished_sweep_moves_the_floor() -> None:
    sweep = Sweep().advance([30, 20], now=NOW, at=1).advance([20, 10], now=NOW, at=None)
    assert sweep == Sweep(done=30)
    assert sweep.floor(5) == 30
    assert sweep.floor(5, overlap=7) == 23


def test_a_running_sweep_keeps_the_old_floor() -> None:
    sweep = Sweep(done=10).advance([30, 20], now=NOW, at="p2")
    assert (sweep.running, sweep.at, sweep.top) == (True, "p2", 30)
    assert sweep.floor(5) == 10


def test_the_first_sweep_goes_back_to_since() -> None:
    assert Sweep().floor(5, overlap=7) == 5


def test_posts_dated_in_the_future_do_not_count() -> None:
    assert Sweep().advance([NOW + 1, NOW, 5], now=NOW, at=None) == Sweep(done=NOW)
    assert Sweep().advance([NOW + 1], now=NOW, at=None) == Sweep()


def test_an_empty_listing_keeps_the_mark() -> None:
    assert Sweep(done=30).advance([], now=NOW, at=None) == Sweep(done=30)


def test_a_mark_never_falls() -> None:
    assert Sweep(done=30).advance([29], now=NOW, at=None) == Sweep(done=30)


def test_cursors_survive_json_and_forget_listings_no_longer_watched() -> None:
    sweeps = Sweeps(None, ["a", "b"])
    sweeps.commit("a", Sweep(done=3))
    cursor = json.loads(json.dumps(sweeps.commit("b", Sweep(done=1, top=5, at="x"))))
    again = Sweeps(cursor, ["b", "c"])
    assert (again["b"], again["c"]) == (Sweep(done=1, top=5, at="x"), Sweep())


def test_every_listing_gets_its_turn() -> None:
    assert list(Sweeps(None, "abc")) == ["a", "b", "c"]
    after_b = Sweeps(None, "abc").commit("b", Sweep(done=1))
    assert list(Sweeps(after_b, "abc")) == ["c", "a", "b"]
    within_b = Sweeps(None, "abc").commit("b", Sweep(at=4))
    assert list(Sweeps(within_b, "abc")) == ["b", "c", "a"]
    assert in_turn("abc", "gone") == ["a", "b", "c"]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(1, 30), max_size=30),
    st.lists(st.lists(st.integers(0, 3), max_size=3), min_size=1, max_size=8),
    st.integers(1, 7),
    st.lists(st.integers(1, 3), min_size=1, max_size=30),
)
def test_nothing_is_skipped(
    there: list[int], arrivals: list[list[int]], page_size: int, cuts: list[int]
) -> None:
    """A listing with many equal marks, paged by number, cut off after one to three pages, ever growing."""
    listing = sorted(there)
    seen: set[int] = set()
    cursor = None
    for turn in range(150):
        sweeps = Sweeps(cursor, ["all"])
        for _ in range(cuts[turn % len(cuts)]):
            number = int(sweeps["all"].at or 0)
            indices = range(len(listing) - 1, -1, -1)[number * page_size : (number + 1) * page_size]
            marks = [listing[index] for index in indices]
            seen.update(indices)
            ended = not marks or max(marks) < sweeps["all"].floor(0)
            sweep = sweeps["all"].advance(marks, now=NOW, at=None if ended else number + 1)
            cursor = json.loads(json.dumps(sweeps.commit("all", sweep)))
            if ended:
                break
        if turn < len(arrivals):
            newest = listing[-1] if listing else 1
            listing += sorted(newest + step for step in arrivals[turn])
    assert seen == set(range(len(listing)))


def test_slices_of_time_go_on_at_the_oldest_seen() -> None:
    assert place(Sweep(), NOW) == (NOW, "")
    assert onward([30, 20, 25], NOW, "2") == "20/"
    assert place(Sweep(at="20/"), NOW) == (20, "")


def test_equal_times_go_on_by_page_and_end_where_no_further_page_is_shown() -> None:
    assert onward([20, 20], 20, "a/b") == onward([], 20, "a/b") == "20/a/b"
    assert place(Sweep(at="20/a/b"), NOW) == (20, "a/b")
    assert onward([20, 20], 20, None) == "19/"
