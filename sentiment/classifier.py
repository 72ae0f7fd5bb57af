"""What pretrained classifiers share: which texts are read, how long ones are cut and put together again."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence

from sentiment import language
from sentiment.preparing import readable, with_placeholders
from sentiment.splitting import split
from storage.records import Label, Score

Tokens = list[int]
Probabilities = Sequence[float]
"""One for each class of the model."""

_ENCODED_AT_ONCE = 128
"""Tokenizers keep much more of a text than its tokens; only those of this many exist at a time."""


class Classifier(ABC):
    """A tokenizer and a network behind it, whose classes are collapsed into negative, neutral and positive.

    A text longer than the model reads is split, between sentences where possible (``sentiment.splitting``). Its
    probabilities are the mean of its pieces', weighted by their numbers of tokens.
    """

    name: str

    def __init__(
        self, *, labels: Sequence[Label], longest: int, languages: Collection[str], placeholders: bool
    ) -> None:
        """Prepare to read.

        Args:
            labels: what each class means.
            longest: tokens the network can read at once, special ones included.
            languages: codes of the languages that get a score, with texts whose language is unknown; all where
                there are none.
            placeholders: whether handles and addresses are replaced (``sentiment.preparing``).
        """
        self.labels = labels
        self._longest = longest
        self._languages = frozenset(languages)
        self._placeholders = placeholders
        self._special = len(self._tokenize([""])[0])

    @abstractmethod
    def _tokenize(self, texts: Sequence[str]) -> list[Tokens]:
        """Each text's tokens, special ones included, uncut."""

    @abstractmethod
    def _probabilities(self, pieces: Sequence[Tokens]) -> list[Probabilities]:
        """What the network says of each piece; in the order of the pieces."""

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:
        """As ``Scorer.score``."""
        scores: list[Score | None] = [None] * len(texts)
        stated: Sequence[str | None] = langs or [None] * len(texts)
        read = [index for index, text in enumerate(texts) if self._reads(text, stated[index])]
        owners, pieces = [], []
        for index, tokens in zip(read, self._encoded([texts[index] for index in read]), strict=True):
            owners += [index] * len(tokens)
            pieces += tokens
        shares: dict[int, list[tuple[int, Probabilities]]] = {}
        for index, tokens_, probabilities in zip(owners, pieces, self._probabilities(pieces), strict=True):
            shares.setdefault(index, []).append((max(1, len(tokens_) - self._special), probabilities))
        for index, parts in shares.items():
            scores[index] = self._collapsed(parts)
        return scores

    def _reads(self, text: str, lang: str | None) -> bool:
        if not text.strip():
            return False
        return not self._languages or (lang or language.detect(text)) in {*self._languages, language.UNKNOWN}

    def _encoded(self, texts: Sequence[str]) -> Iterator[list[Tokens]]:
        """The tokens of each text's pieces; mostly there is one."""
        prepare = with_placeholders if self._placeholders else str
        prepared = [prepare(readable(text)) for text in texts]
        for text, tokens in zip(prepared, self._tokens(prepared), strict=True):
            yield [tokens] if len(tokens) <= self._longest else self._split(text)

    def _split(self, text: str) -> list[Tokens]:
        pieces = split(text, self._count, self._longest - self._special)
        return [self._cut(tokens) for tokens in self._tokens(pieces)]

    def _cut(self, tokens: Tokens) -> Tokens:
        """For a single code point of more tokens than the network takes, which no text of people holds."""
        return tokens if len(tokens) <= self._longest else [*tokens[: self._longest - 1], tokens[-1]]

    def _count(self, texts: Sequence[str]) -> list[int]:
        return [len(tokens) - self._special for tokens in self._tokens(texts)]

    def _tokens(self, texts: Sequence[str]) -> Iterator[Tokens]:
        for start in range(0, len(texts), _ENCODED_AT_ONCE):
            yield from self._tokenize(texts[start : start + _ENCODED_AT_ONCE])

    def _collapsed(self, parts: Sequence[tuple[int, Probabilities]]) -> Score:
        mass = dict.fromkeys(Label, 0.0)
        total = sum(weight for weight, _ in parts)
        for weight, probabilities in parts:
            for label, probability in zip(self.labels, probabilities, strict=True):
                mass[label] += float(probability) * weight / total
        return Score(
            p_negative=mass[Label.NEGATIVE], p_neutral=mass[Label.NEUTRAL], p_positive=mass[Label.POSITIVE]
        )
