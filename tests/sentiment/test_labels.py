"""What models call their classes."""

import pytest

from sentiment.base import ModelError
from sentiment.labels import read

P, N, M = "positive", "negative", "neutral"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((N, M, P), (N, M, P)),
        (("POS", "NEU", "NEG"), (P, M, N)),
        (("Very Negative", "negative", "neutral", "positive", "very_positive"), (N, N, M, P, P)),
        (("LABEL_0", "LABEL_1", "LABEL_2"), (N, M, P)),
        (("LABEL_0", "LABEL_1"), (N, P)),
        (("1 star", "2 stars", "3 stars", "4 stars", "5 stars"), (N, N, M, P, P)),
        (("NEGATIVE", "POSITIVE"), (N, P)),
    ],
)
def test_common_names_are_known(names: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert tuple(read(dict(enumerate(names)))) == expected


def test_classes_are_read_in_the_order_of_the_outputs() -> None:
    assert read({2: P, 0: N, 1: M}) == [N, M, P]


@pytest.mark.parametrize(
    "names", [("joy", "anger"), ("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"), (N, "mixed")]
)
def test_unknown_names_are_shown_with_the_way_out(names: tuple[str, ...]) -> None:
    with pytest.raises(ModelError, match=f'"{names[-1]}".*set labels = '):
        read(dict(enumerate(names)))


def test_a_stated_mapping_wins() -> None:
    assert read({0: N, 1: P}, {N: P, P: N}) == [P, N]


@pytest.mark.parametrize("stated", [{"joy": P}, {"joy": P, "anger": "bad"}])
def test_a_stated_mapping_must_name_every_class_with_ours(stated: dict[str, str]) -> None:
    with pytest.raises(ModelError, match='does not map "anger"'):
        read({0: "joy", 1: "anger"}, stated)


def test_an_empty_mapping_states_nothing() -> None:
    assert read({0: "negative", 1: "positive"}, {}) == ["negative", "positive"]
