"""What a text says about topics: which ones it is about, and the words around each that are to be scored. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from listener.query import Matcher, Node, Or
from listener.query.nodes import leaves
from sentiment.clauses import clauses
from sentiment.sentences import sentences


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a text speaks of a topic."""

    topic: str
    term: str
    """The first term in the text that fulfils the topic's query."""
    excerpt: str
    """The sentences, or their clauses, with words of the topic, in order."""
    is_whole: bool
    """Whether that is all of the text."""


class Finder:
    """Finds the passages of all topics in a text.

    Args:
        topics: name to query, as ``Matcher`` takes them.
    """

    def __init__(self, topics: Mapping[str, Node]) -> None:
        self._topics = Matcher(topics)
        self._words = Matcher({name: Or(tuple(leaves(node, negated=False))) for name, node in topics.items()})

    def find(self, title: str | None, text: str) -> list[Passage]:
        """The passages in the order of the topics.

        A sentence counts where any word of the topic's query stands in it. One that turns ("..., but ...") is cut
        there if its sides speak of different topics. Where no single sentence holds a word (a phrase over two
        lines), the whole text is the passage.
        """
        found = self._topics.match(title, text)
        if not found:
            return []
        pieces = [sentence for field in (title, text) if field for sentence in sentences(field)]
        spoken = [unit for piece in pieces for unit in self._units(piece, {one.brand for one in found})]
        return [_passage(one.brand, one.term, spoken) for one in found]

    def _units(self, sentence: str, topics: set[str]) -> list[tuple[str, set[str]]]:
        """The sentence, or its clauses where they differ, each with the topics it names."""
        whole = self._named(sentence, topics)
        if len(whole) > 1:
            parts = [(clause, self._named(clause, topics)) for clause in clauses(sentence)]
            named = [names for _, names in parts if names]
            if any(names != whole for names in named) and set().union(*named) == whole:
                return parts
        return [(sentence, whole)]

    def _named(self, piece: str, topics: set[str]) -> set[str]:
        return {one.brand for one in self._words.match(piece)} & topics


def _passage(topic: str, term: str, spoken: Sequence[tuple[str, set[str]]]) -> Passage:
    own = [piece.strip() for piece, names in spoken if topic in names] or [one.strip() for one, _ in spoken]
    return Passage(topic, term, " ".join(filter(None, own)), is_whole=len(own) == len(spoken))
