"""Finding the one thing that an operator means by a name."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from connectors.errors import AuthError

SHOWN = 5
"""Names that a message lists."""


def the_one(wanted: str, known: Mapping[str, Sequence[str]], what: str) -> str:
    """The id of the one thing that has this name, in whatever case.

    Args:
        known: the names of each id; the first is the one to show.
        what: that is looked for, in the plural.

    Raises:
        AuthError: nothing has this name, or several things have; the message lists what comes close.
    """
    found = [one for one, names in known.items() if wanted.casefold() in map(str.casefold, names)]
    if len(found) == 1:
        return found[0]
    if found:
        listed = "; ".join(f"{known[one][0]}: {one}" for one in found)
        raise AuthError(f"several {what} are called {wanted!r}, give the id of one: {listed}")
    labels = [names[0] for names in known.values()]
    listed = "; ".join(get_close_matches(wanted, labels, n=SHOWN, cutoff=0)) or "none at all"
    raise AuthError(f"none of the {what} that this key may see is called {wanted!r}; there are: {listed}")


def unresolved(wanted: str, setting: str) -> AuthError:
    """What a poll says about a name that was never looked up."""
    return AuthError(f"{setting} {wanted!r} is a name; `listener check` looks it up")
