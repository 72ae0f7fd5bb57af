"""Texts that people labelled, read by the model: what `evaluate` and `tune` have in common."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from listener.commands.common import progress, usage_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from listener.config import Config
    from sentiment.base import Scorer
    from sentiment.examples import Example
    from storage.records import Score, Tuning
    from storage.store import Store

_BATCH = 256


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled text in its language, and what the model reads in it."""

    example: "Example"
    lang: str
    score: "Score | None"


def scorer_of(config: "Config | None", model: str | None = None) -> "Scorer":
    """The configured scorer, or the same with another model; without a config, the model as it is.

    Exits with code 2 where it cannot be loaded.
    """
    from listener.stages.score import load_scorer
    from sentiment.base import ModelError, load

    try:
        if config is None:
            return load(model or "builtin")
        section = config.file.sentiment
        if model is not None and model != section.model:
            other = section.model_copy(update={"model": model, "labels": {}})
            config = replace(config, file=config.file.model_copy(update={"sentiment": other}))
        return load_scorer(config)
    except ModelError as error:
        usage_error(f"{'--model' if model else '[sentiment] model'}: {error}")


def corrections_of(store: "Store") -> "list[Example]":
    """The corrected mentions, title and text together as they are scored."""
    from sentiment.examples import Example
    from storage import corrections

    return [
        Example("\n".join(part for part in (one.title, one.text) if part), one.label, one.lang)
        for one in corrections.judged(store)
    ]


def read(
    scorer: "Scorer", examples: "Sequence[Example]", tuning: "Tuning | None" = None, *, what: str = "reading"
) -> list[Judged]:
    """What the model makes of each text, with a progress bar."""
    from sentiment import language

    judged = []
    with progress() as bar:
        task = bar.add_task(what, total=len(examples))
        for start in range(0, len(examples), _BATCH):
            batch = examples[start : start + _BATCH]
            langs = [language.detect(one.text, one.lang) for one in batch]
            scores = scorer.score([one.text for one in batch], langs)
            judged += [
                Judged(one, lang, tuning.apply(score) if tuning and score else score)
                for one, lang, score in zip(batch, langs, scores, strict=True)
            ]
            bar.update(task, completed=len(judged))
    return judged
