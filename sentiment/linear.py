"""The linear half of the built-in model: a weight per feature and class.

Some languages have weights of their own beside those that all share (H. Daumé III, "Frustratingly easy domain
adaptation", ACL 2007): little data teaches what differs, much data teaches the rest. Weights are whole numbers
of 8 bits, so that sums are exact.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sentiment.features import own_index

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Linear:
    """Tables of shape (2**BITS, 3); ``languages`` are those with copies of features in ``own``."""

    shared: npt.NDArray[np.int8]
    own: npt.NDArray[np.int8]
    languages: frozenset[str]

    def copies(self, language: str) -> str:
        """The language if it has weights of its own, else the empty string."""
        return language if language in self.languages else ""

    def sums(self, numbers: Numbers, starts: Numbers, language: str) -> npt.NDArray[np.int32]:
        """The evidence for the three classes in steps, (groups, 3).

        Args:
            numbers: of features, as ``sentiment.features.index`` gives them, group after group.
            starts: where each group begins; none is empty.
            language: as ``copies`` says it.
        """
        weights = self.shared[numbers].astype(np.int32)
        if language:
            weights += self.own[numbers ^ own_index(0, language)]
        total: npt.NDArray[np.int32] = np.add.reduceat(weights, starts, axis=0)
        return total
