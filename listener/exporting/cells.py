"""Text from outside in cells of a spreadsheet."""

import re

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""Of formulas, in both widths."""
_FORMULA = re.compile(rf"[{_SIGNS}\t\r]")
# A spreadsheet that takes semicolons or tabs for borders begins a cell there, quoted or not.
_WITHIN = re.compile(rf"(?<=[;\t\r\n])(?=\s*[{_SIGNS}])")


def is_formula(value: object) -> bool:
    """Whether a spreadsheet would calculate this text instead of showing it."""
    return isinstance(value, str) and _FORMULA.match(value) is not None


def neutral(value: object) -> object:
    """The value, in a text an apostrophe before what looks like a formula, which makes it a text again."""
    if not isinstance(value, str):
        return value
    text = _WITHIN.sub("'", value)
    return f"'{text}" if is_formula(value) else text
