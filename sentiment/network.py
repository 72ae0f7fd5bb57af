"""The other half of the built-in model: a convolution over three neighbouring words.

A word is the sum of the vectors of its features. Each filter sees a word with its left and right neighbour, and a
text is the highest and the summed answer of every filter (Y. Kim, "Convolutional neural networks for sentence
classification", EMNLP 2014). A filter is a sum over its three places, so a word's part in each place is worked out
once and kept by the caller: reading a text is additions.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sentiment.features import BITS

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Network:
    """Arrays: features known (sorted numbers, R), their vectors (R, D), filters (D, 3F: left, own and right
    place), their bias (F), weights of the highest and the summed answers (2F, 3) and the classes' bias (3).
    """

    known: npt.NDArray[np.int32]
    vectors: npt.NDArray[np.int8]
    filters: Floats
    filter_bias: Floats
    out: Floats
    out_bias: Floats

    def rows(self) -> npt.NDArray[np.int32]:
        """The row of each feature number; -1 where it is not known."""
        rows = np.full(1 << BITS, -1, dtype=np.int32)
        rows[self.known] = np.arange(len(self.known), dtype=np.int32)
        return rows

    def words(self, rows: npt.NDArray[np.int32], starts: Numbers) -> Floats:
        """Each word's part in every filter, (words, 3F), from the rows of the words' features."""
        known = rows >= 0
        vectors = np.add.reduceat(self.vectors[rows] * known[:, None], starts, axis=0, dtype=np.int32)
        count = np.add.reduceat(known, starts, dtype=np.int32).clip(1)
        # In 64 bits, so that neighbours in a batch never change a number of 32.
        parts: npt.NDArray[np.float64] = (vectors / np.sqrt(count)[:, None]) @ self.filters.astype(np.float64)
        return np.asarray(parts, dtype=np.float32)

    def read(self, words: Floats, starts: Numbers) -> npt.NDArray[np.float64]:
        """The evidence for the three classes, (texts, 3), from the parts of the words, text after text.

        Args:
            words: as ``words`` gives them, (words, 3F).
            starts: where each text begins; none is empty.
        """
        left, own, right = np.split(words, 3, axis=1)
        ends = np.append(starts[1:], len(words)) - 1
        seen = own + self.filter_bias
        heads, tails = seen[starts] + 0, seen[ends] + 0
        seen[1:] += left[:-1]
        seen[:-1] += right[1:]
        single = starts == ends
        # A text's first word has no left neighbour, its last no right one.
        heads[~single] += right[starts[~single] + 1]
        tails[~single] += left[ends[~single] - 1]
        seen[starts], seen[ends] = heads, tails
        np.maximum(seen, 0, out=seen)
        roots = np.sqrt(ends - starts + 1)[:, None]
        both = np.hstack((np.maximum.reduceat(seen, starts), np.add.reduceat(seen, starts) / roots))
        evidence: npt.NDArray[np.float64] = both @ self.out.astype(np.float64) + self.out_bias
        return evidence
