"""The cookbook's questions run, say what the page shows, and read no more than they must."""

import re
from collections.abc import Iterator

import pytest

from listener.web.questions import Question, questions
from storage.store import Store
from tests import cookbook


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(cookbook.made(tmp_path_factory.mktemp("cookbook"))) as opened:
        yield opened


def test_the_page_shows_the_answers_of_now(store: Store) -> None:
    text = cookbook.PAGE.read_text("utf-8")
    assert cookbook.without_plans(cookbook.renewed(text, store)) == cookbook.without_plans(text), (
        "run `make docs`"
    )


def test_there_are_ten() -> None:
    assert len(questions()) == 10


@pytest.mark.parametrize("question", questions().values(), ids=questions())
def test_every_question_has_an_answer_without_reading_everything(store: Store, question: Question) -> None:
    assert store.rows(question.sql, cookbook.ASKED)
    scanned = {
        found[1] for step in cookbook.plan(store, question) if (found := re.match(r"SCAN (\w+)", step))
    }
    assert not scanned & {
        "m",
        "mb",
        "mentions",
        "mention_brands",
        "d",
        "daily_metrics",
        "author_days",
        "daily_slices",
    }
