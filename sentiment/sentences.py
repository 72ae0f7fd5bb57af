"""Sentences of a post: where one ends, in German, English and their kin, without a model.

Posts are not prose: lines are items, emoji end sentences, lower case begins them. In doubt two sentences stay
together. Nothing is lost: the sentences in a row are the text.
"""

import re
from itertools import pairwise

_EMOJI = r"\u203c\u2049\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff\ufe0f\u200d"
_SMILEY = r"[:;=8][-']?[()\[\]DPp/|*]+(?!\w)"
_CLOSING = r"[\"'”“\u2019»«)\]*_]*"
_ITEM = re.compile(rf"[-\u2013\u2014*•·‣◦+>#]\s|[{_EMOJI}]|\d{{1,2}}[.)]\s|[a-z]\)\s")
# A run of faces is looked ahead at, then taken whole: nothing to try again. Python 3.11.4 and older err at "(...)*+".
_BORDER = re.compile(
    rf"""
    (?<! [.!?…] ) (?P<mark> [.!?…]++ ) (?P<closing> {_CLOSING} )
      (?= (?P<emoji> (?: [^\S\n]* (?: [{_EMOJI}] | {_SMILEY} ) )* ) ) (?P=emoji) (?: \s+ | $ )
    | [。\uff01\uff1f\uff61]++ [」』”]* \s*
    | (?<! [{_EMOJI}] ) (?= (?P<faces> (?: (?<!\w) {_SMILEY} | [{_EMOJI}] ){{1,9}} ) ) (?P=faces)
      [^\S\n]+ (?= ["'„“«(]? [A-ZÄÖÜÀ-Þ] )
    | (?<! [^\S\n] ) (?P<line> [^\S\n]*+ \n \s* )
    """,
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"[\w.&/-]*$")
_GERMAN = """
abb abt allg bd bsp bspw bzgl bzw ca chr co d.h dgl dipl dr eig einschl engl entspr etc evtl exkl ff fr
frz gg ggf ggfs grds h.c hl hr hrn hrsg i.d.r inkl ing insb inzw jh kath kl mind mio mrd mtl n.chr
nr o.ä o.g od orig parl phil pkt prof rd reg s.o s.u sog st std stk str tel tgl u.a u.ä u.s.w u.u ung ungef urspr
usw v.a v.chr verg vgl vmtl vs wg z.b z.t z.zt zb ziff zt zus zzgl zzt österr
"""
_ENGLISH = """
a.m approx assn ave blvd capt cf col corp dept e.g eds esp gen gov i.e inc jr lt ltd messrs mr mrs ms mt p.m
p.s pp pres sen sgt sr u.k u.s u.s.a vol vols viz
"""
_ROMANCE = (
    "c.-à-d cie mlle mme mmes p.ex dott ecc pag sig sig.ra av dra p.ej pág sra sres ud uds exmo exma pg"
)
_ABBREVIATIONS = frozenset(f"{_GERMAN} {_ENGLISH} {_ROMANCE}".split())
_MAY_END = frozenset(["a.m", "co", "corp", "etc", "ff", "inc", "ltd", "p.m", "u.a", "u.s.a", "usw"])  # fmt: skip
"""Abbreviations that a sentence often ends with: a capital after them begins another."""
_NUMBER = re.compile(r"(?:\d{1,2}\.)*\d{1,2}")


def sentences(text: str) -> list[str]:
    """The sentences in order, each with the white space behind it; joined they are the text again.

    The empty text has none. A dot ends no sentence after an abbreviation, a number of up to two digits
    (dates, ordinals, "1." of a list) or a single letter; a line break ends one unless the next line goes on in
    small letters; so do emoji and smileys before a capital.
    """
    return cut(text, [border.end() for border in _BORDER.finditer(text) if _ends(text, border)])


def cut(text: str, places: list[int]) -> list[str]:
    """The text in parts that begin at these places, in order; none is empty."""
    edges = [0, *places, len(text)]
    return [text[start:end] for start, end in pairwise(edges) if start < end]


def _ends(text: str, border: re.Match[str]) -> bool:
    following = text[border.end() : border.end() + 1]
    line, mark, closing = border["line"], border["mark"], border["closing"]
    if line is not None:
        is_item = line.count("\n") > 1 or _ITEM.match(text, border.end())
        return bool(is_item) or not following.islower()
    if mark is None or not following or border["emoji"] or "\n" in border[0]:
        return True
    if mark == "." and not closing:
        return _ends_with_dot(text, border.start(), following)
    is_cry = "!" in mark or "?" in mark
    return (is_cry and not closing) or not following.islower()


def _ends_with_dot(text: str, dot: int, following: str) -> bool:
    """Whether a single dot ends the sentence."""
    found = _WORD_BEFORE.search(text, max(0, dot - 20), dot)
    word = found[0].lower().strip("-/") if found else ""
    if word in _MAY_END:
        return following.isupper()
    is_letter = len(word) == 1 and word.isalpha()
    is_abbreviation = word in _ABBREVIATIONS or word.endswith("str")  # Lindenstr. 5
    return not (is_letter or is_abbreviation or _NUMBER.fullmatch(word))
