"""Text from outside in cells of a spreadsheet."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def is_formula(value: object) -> bool:
    """Whether a spreadsheet would calculate this text instead of showing it."""
    return isinstance(value, str) and value.startswith(_FORMULA)


def neutral(value: object) -> object:
    """The value, a text that looks like a formula behind an apostrophe, which makes it a text again."""
    return f"'{value}" if is_formula(value) else value
