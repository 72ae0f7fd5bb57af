"""The linear half of the built-in model: a weight per feature and class.

Some languages have weights of their own beside those that all share (H. Daumé III, "Frustratingly easy domain
adaptation", ACL 2007): little data teaches what differs, much data teaches the rest. Weights are whole numbers
of 8 bits, so that sums are exact.
"""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from sentiment.features import own_index

Numbers = npt.NDArray[np.int64]


class Linear:
    """Sums of weights; what a word adds never depends on its neighbours, so callers may keep it."""

    def __init__(
        self, shared: npt.NDArray[np.int8], own: npt.NDArray[np.int8], languages: Collection[str]
    ) -> None:
        """Tables of shape (2**BITS, 3); ``languages`` are those with copies of features in ``own``."""
        self._shared, self._own, self._languages = shared, own, frozenset(languages)

    def own(self, language: str) -> str:
        """The language if it has weights of its own, else the empty string."""
        return language if language in self._languages else ""

    def add(self, numbers: Sequence[int], language: str) -> Numbers:
        """The evidence of features for the three classes, in steps.

        Args:
            numbers: as ``sentiment.features.index`` gives them.
            language: as ``own`` says it.
        """
        total: Numbers = self._shared[numbers].sum(axis=0, dtype=np.int64)
        if language:
            copies = [own_index(number, language) for number in numbers]
            total += self._own[copies].sum(axis=0, dtype=np.int64)
        return total
