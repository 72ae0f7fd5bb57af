"""What models call their classes, and which of ours each one is."""

import re
from collections.abc import Mapping

from sentiment.base import ModelError
from storage.records import Label

NEGATIVE, NEUTRAL, POSITIVE = Label

_WORDS = {
    **dict.fromkeys(("negative", "neg", "negativ", "very negative"), NEGATIVE),
    **dict.fromkeys(("neutral", "neu"), NEUTRAL),
    **dict.fromkeys(("positive", "pos", "positiv", "very positive"), POSITIVE),
}
_STARS = {1: NEGATIVE, 2: NEGATIVE, 3: NEUTRAL, 4: POSITIVE, 5: POSITIVE}
_UNNAMED = {
    2: (NEGATIVE, POSITIVE),
    3: (NEGATIVE, NEUTRAL, POSITIVE),
    5: tuple(_STARS.values()),
}
"""Classes without a name (LABEL_0, LABEL_1, ...) run from negative to positive by convention."""


def read(names: Mapping[int, str], stated: Mapping[str, str] | None = None) -> list[Label]:
    """The label of each class of a model, in the order of its outputs.

    Args:
        names: the model's ``id2label``.
        stated: the operator's own mapping from the model's names; it must name every class.

    Raises:
        ModelError: a class that no rule and no mapping names; the message shows the names.
    """
    ordered = [names[index] for index in sorted(names)]
    if stated:
        return [_stated(name, stated, ordered) for name in ordered]
    known = [_known(name, len(ordered)) for name in ordered]
    labels = [label for label in known if label is not None]
    if len(labels) < len(ordered):
        raise ModelError(f"the model's classes are {_quoted(ordered)}: {_HOW_TO_MAP}")
    return labels


def label_of(name: str) -> Label | None:
    """The label that a person means by a word or by stars ("neg", "Neutral", "5 stars"); None: none of ours."""
    return _known(name, classes=0)


_HOW_TO_MAP = 'set labels = { "<class>" = "negative", ... } with negative, neutral or positive for each'


def _stated(name: str, stated: Mapping[str, str], ordered: list[str]) -> Label:
    try:
        return Label(stated[name])
    except (KeyError, ValueError):
        raise ModelError(
            f'labels does not map "{name}" of the model\'s classes {_quoted(ordered)}: {_HOW_TO_MAP}'
        ) from None


def _known(name: str, classes: int) -> Label | None:
    plain = re.sub(r"[\s_-]+", " ", name).strip().casefold()
    if stars := re.fullmatch(r"([1-5]) stars?", plain):
        return _STARS[int(stars[1])]
    if unnamed := re.fullmatch(r"label (\d+)", plain):
        return _UNNAMED[classes][int(unnamed[1])] if classes in _UNNAMED else None
    return _WORDS.get(plain)


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
