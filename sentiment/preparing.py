"""Texts as a model expects them."""

import re

_NAME = re.compile(r"(?<!\S)@\S+")
_ADDRESS = re.compile(r"(?<!\S)http\S*")


def readable(text: str) -> str:
    """The text without halves of surrogate pairs, which no tokenizer takes: whole pairs become their character,
    lone halves the replacement character.
    """
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def with_placeholders(text: str) -> str:
    """``@user`` for every handle and ``http`` for every address, as the models of cardiffnlp were trained."""
    return _ADDRESS.sub("http", _NAME.sub("@user", text))


def expects_placeholders(model: str) -> bool:
    """Whether the model of this hub name was trained with them."""
    return model.startswith("cardiffnlp/")
