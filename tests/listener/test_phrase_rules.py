"""Phrase rules in the configuration: what comes is read with them, the past when asked."""

from pathlib import Path

import pytest

from listener import config
from listener.config import ConfigError
from tests.listener.judging import CONFIG, Desk, desk

RULE = '\n[sentiment.rules]\n"Terrible Disaster" = ""\n'
TEXT = "Terrible Disaster bei Sonnenkorn gekauft"


def models(at: Desk) -> list[str]:
    rows = at.store.rows("SELECT sentiment_model FROM mention_overview ORDER BY mention_id")
    return ["rules" if "+rules:" in row[0] else "plain" for row in rows]


def test_a_new_rule_is_for_what_comes_and_for_the_past_when_asked(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        for back in (9, 2):
            at.place.mention(TEXT, back=back, label=None)
        at.place.mention("Ein anderes Brot", label=None)
        assert at.say("score").output.startswith("3 mentions scored")
        at.path.write_text(CONFIG + RULE, "utf-8")
        at.place.mention(TEXT, label=None)
        assert at.say("score").output.startswith("1 mentions scored")
        assert models(at) == ["plain", "plain", "plain", "rules"]

        again = at.say("score", "--again", "--query", "disaster", "--since", "2026-11-15")
        assert again.output.startswith("2 mentions scored")
        assert models(at) == ["plain", "rules", "plain", "rules"]
        assert at.say("score", "--again", "--brand", "Mühle").output.startswith("0 mentions scored")
        assert at.say("score", "--again").output.startswith("4 mentions scored")
        assert models(at) == ["rules"] * 4
        p_of = "SELECT DISTINCT p_negative FROM sentiment_scores WHERE is_current AND mention_id IN (1, 2, 4)"
        assert len(at.store.rows(p_of)) == 1, "the same words, read with the same rules"


def test_a_correction_stands_when_its_mention_is_scored_again(tmp_path: Path) -> None:
    with desk(tmp_path, RULE) as at:
        at.place.mention(TEXT, label=None)
        at.say("score")
        at.say("correct", 1, "--sentiment", "positive")
        assert at.say("score", "--again").output.startswith("1 mentions scored")
        assert at.labels() == {1: "positive"}


@pytest.mark.parametrize("words", [("--query", "brot"), ("--brand", "Mühle"), ("--until", "2026-11-22")])
def test_limits_without_again_are_refused(tmp_path: Path, words: tuple[str, str]) -> None:
    with desk(tmp_path) as at:
        done = at.say("score", *words)
        assert done.exit_code == 2
        assert "go with --again" in done.stderr


def test_a_rule_that_cannot_be_meant_is_a_problem_of_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG + '\n[sentiment.rules]\n"?!" = ""\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert caught.value.problems == ["[sentiment] rules: '?!' has no letters or digits"]
