"""Whether one mention repeats another: the same post, the same words, or almost the same words. Pure.

The rules in full: docs/metrics.md, "Duplicates". In doubt it is two voices.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from hashlib import blake2b
from struct import Struct
from zlib import crc32

from listener.wording import Wording, address
from storage.duplicates import Keys, Post
from storage.records import Kind

VERSION = "2"
"""Raise it with every change of a key or a rule, and where the MinHash library changes its hashes: everything is
compared anew then."""
ENOUGH_WORDS = 8
"""With fewer, the same words by two people are two voices."""
NEAR_WORDS = 12
"""With fewer, one other word is another statement."""
WINDOW = 14 * 24 * 60 * 60
"""Seconds between two texts that are nearly the same."""
THRESHOLD = 0.55
"""Least share of word pairs that nearly equal texts have in common (Jaccard)."""
PERMUTATIONS, ROWS = 64, 8
"""Texts with the share s of their words in common meet in one of the 8 bands with the probability
1 - (1 - s**8)**8: 0.77 for 0.8, 0.99 for 0.9, 0.0005 for 0.3. Only those that meet are compared."""
_DIGEST = Struct(f"<{PERMUTATIONS}I")
MOST_PAIRS = 20_000
"""Equal words of two texts, each with each, up to which they are held against each other word by word; articles of
1,500 words have that many. It is what the comparison costs: two short posts of one word would take minutes.
"""
MOST_RESPELLED = 400
"""Words of one place, each with each, up to which they may be spellings of one another."""
ALIKE = 0.8
"""Least likeness (2 * common letters / letters of both) of two spellings of one word."""

_DIGIT = re.compile(r"\d")
_NEGATIONS = frozenset(
    {"nicht", "nie", "niemals", "kein", "keine", "keinen", "keinem", "keiner", "ohne", "weder"}
    | {"no", "not", "never", "none", "nobody", "nothing", "without", "cannot"}
)
_FILLERS = frozenset(
    {"der", "die", "das", "dem", "den", "des", "ein", "eine", "einen", "einem", "einer", "dass", "und", "vom"}
    | {"vorm", "the", "a", "an", "that", "and"}
)
"""Words that add nothing to what is said."""


class Likeness:
    """A mention, and what is compared of it, made when it is asked for: of most that is little."""

    def __init__(self, post: Post) -> None:
        self.post = post

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.post.title, self.post.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return self.wording.words

    @cached_property
    def address(self) -> str | None:
        return self.post.url and address(self.post.url)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Neighbouring words."""
        return frozenset(zip(self.words, self.words[1:], strict=False))

    @cached_property
    def numbers(self) -> list[str]:
        if not _DIGIT.search("".join(self.words)):
            return []
        return sorted(word for word in self.words if _DIGIT.search(word))

    @property
    def is_long(self) -> bool:
        return len(self.words) >= NEAR_WORDS


def keys_of(batch: Sequence[Likeness]) -> list[Keys]:
    """Where each is filed: two that repeat each other share a key, or most probably a band."""
    long = [one for one in batch if one.is_long]
    bands = {id(one): found for one, found in zip(long, _bands(long), strict=True)}
    return [
        Keys(one.post.id, one.post.at, tuple(_hashes(one)), tuple(bands.get(id(one), ()))) for one in batch
    ]


def _hashes(one: Likeness) -> Iterable[int]:
    """Of its address, and of its words: with few words beside their author, whose alone they are."""
    if (
        one.address and one.post.kind != Kind.REVIEW
    ):  # the address of many reviews is that of what they are about
        yield _hash(f"{one.post.kind} {one.address}")
    if len(one.words) >= ENOUGH_WORDS:
        yield _hash(" ".join(one.words))
    elif one.words and one.post.author_id is not None:
        yield _hash(f"{one.post.author_id}: {' '.join(one.words)}")


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _bands(batch: Sequence[Likeness]) -> list[list[int]]:
    """The bands of each one's MinHash; other numbers make other bands, so that no two forecasts meet."""
    if not batch:
        return []
    from rensa import RMinHash  # noqa: PLC0415 - loads where it is used

    digests = RMinHash.digests_from_token_sets([one.words for one in batch], PERMUTATIONS, 1)
    seeds = (crc32(" ".join(one.numbers).encode()) & 0xFFFF for one in batch)
    packed = (_DIGEST.pack(*digest) for digest in digests)
    return [
        [
            crc32(digest[4 * first : 4 * (first + ROWS)], seed + first)
            for first in range(0, PERMUTATIONS, ROWS)
        ]
        for digest, seed in zip(packed, seeds, strict=True)
    ]


def repeats(copy: Likeness, original: Likeness) -> bool:
    """Whether the later one only says again what the earlier one said, and takes no brand its voice away."""
    one, other = copy.post, original.post
    if not one.brands <= other.brands or _contradict(one.rating, other.rating):
        return False
    if one.parent_id == other.platform_id and one.platform == other.platform:
        return False  # who answers speaks for themselves, whatever they quote
    return _is_same_post(copy, original) or _is_same_text(copy, original) or _is_near(copy, original)


def _contradict(stars: float | None, others: float | None) -> bool:
    return stars is not None and others is not None and stars != others


def _is_same_post(copy: Likeness, original: Likeness) -> bool:
    """Found twice: one page; of articles with one address one feed may show more than the other."""
    one, other = copy.post, original.post
    if copy.address is None or copy.address != original.address or one.kind != other.kind:
        return False
    return one.kind == Kind.ARTICLE or (one.kind != Kind.REVIEW and copy.words == original.words)


def _is_same_text(copy: Likeness, original: Likeness) -> bool:
    if not copy.words or copy.words != original.words:
        return False
    author = copy.post.author_id
    return len(copy.words) >= ENOUGH_WORDS or (author is not None and author == original.post.author_id)


def _is_near(copy: Likeness, original: Likeness) -> bool:
    """Long enough, close enough in time and in words, and nothing said that the original does not say."""
    if not (copy.is_long and original.is_long) or abs(copy.post.at - original.post.at) > WINDOW:
        return False
    if copy.numbers != original.numbers or _jaccard(copy.pairs, original.pairs) < THRESHOLD:
        return False
    if _equal_pairs(copy.words, original.words) > MOST_PAIRS:
        return False
    new, gone = _differing(copy.words, original.words)
    if any(word in _NEGATIONS or word.endswith("n't") for word in new + gone):
        return False
    if copy.post.kind == original.post.kind == Kind.ARTICLE:  # editors rephrase, but people and places stay
        return not (copy.wording.names & set(new) and original.wording.names & set(gone))
    return not new


def _jaccard(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    return len(one & other) / len(one | other)


def _equal_pairs(words: Sequence[str], others: Sequence[str]) -> int:
    counts = Counter(others)
    return sum(counts[word] for word in words)


def _differing(words: Sequence[str], others: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words that only one of them has at a place, but for those that are only spelled differently."""
    new, gone = list[str](), list[str]()
    for what, start, end, first, last in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if what != "equal":
            mine, theirs = _respelled(words[start:end], others[first:last])
            new += mine
            gone += theirs
    return [word for word in new if word not in _FILLERS], gone


def _respelled(words: Sequence[str], others: Sequence[str]) -> tuple[list[str], list[str]]:
    """Both without the words that the other one spells differently."""
    if len(words) * len(others) > MOST_RESPELLED:
        return list(words), list(others)
    mine, theirs = list(words), list(others)
    for word in words:
        if twin := next((one for one in theirs if _is_alike(word, one)), None):
            mine.remove(word)
            theirs.remove(twin)
    return mine, theirs


def _is_alike(word: str, other: str) -> bool:
    """Two spellings of one word; short ones differ by too little to tell."""
    if min(len(word), len(other)) < 5 or _is_number(word) or {word, other} & _NEGATIONS:
        return False
    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= ALIKE


def _is_number(word: str) -> bool:
    return _DIGIT.search(word) is not None
