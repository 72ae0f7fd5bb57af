"""Where a sentence turns from one thing to another: "Das Brot ist gut, aber die Bedienung war unfreundlich".

A heuristic on words: where it errs, a clause is too long or too short, never lost.
"""

import re

from sentiment.sentences import cut

_PAUSE = r"(?:[,;:\u2013\u2014]\s+|\s-+\s+)"
_WORD = r"[^\s,;:\u2013\u2014]+\s+"
_AFTER_A_PAUSE = (  # "Das Brot ist gut, aber die Bedienung ..."
    "aber|allerdings|dagegen|dafür|dafuer|doch|hingegen|jedoch|leider|nur|trotzdem|während|waehrend|obwohl|wenngleich"
    "|wohingegen|but|although|however|though|unfortunately|only|whereas|while|yet"
    r"|mais|cependant|pourtant|però|ma|invece|pero|mas|porém|sin\s+embargo|no\s+entanto"
)
_ANYWHERE = (  # "Great bread but awful service"
    "but|although|whereas|obwohl|wohingegen"
    r"|aber\s+(?:der|die|das|den|dem|(?:k?ein|mein|bei)\w*|im|am|ich|wir|es|leider|dafür|dafuer)"
)
_BEHIND = "aber|allerdings|dagegen|hingegen|jedoch|however|though"  # "..., die Bedienung jedoch ..."
_FIRST = "während|waehrend|obwohl|wenngleich|while|although|though|whereas"  # "While the bread is great, ..."
_TURNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_PAUSE}(?P<turn>(?:{_AFTER_A_PAUSE})(?!\w))",
        rf"\s(?P<turn>(?:{_ANYWHERE})(?!\w))",
        rf"{_PAUSE}(?P<turn>(?:{_WORD}){{1,4}}(?:{_BEHIND})(?!\w))",
        rf"^\W*(?:{_FIRST})\s+(?:{_WORD}){{2}}.+?{_PAUSE}(?P<turn>)",
    )
)
_NO_TURN = re.compile(
    r"(?:aber|but|mais|ma|pero|mas)\s+(?:auch|also|aussi|anche|también|também)(?!\w)"
    r"|(?<!\w)(?:nothing|anything|everything|all)\s+but(?!\w)",
    re.IGNORECASE,
)


def clauses(sentence: str) -> list[str]:
    """The sentence cut where it turns: before "aber", "but", "dafür"; before "die Bedienung jedoch"; behind
    "While the bread is great,". Joined the parts are the sentence again.
    """
    turns = {found.start("turn") for pattern in _TURNS for found in pattern.finditer(sentence)}
    none = {place for found in _NO_TURN.finditer(sentence) for place in range(*found.span())}
    return cut(sentence, sorted(turns - none))
