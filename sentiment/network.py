"""The other half of the built-in model: a convolution over three neighbouring words.

A word is the sum of the vectors of its features. Each filter sees a word with its left and right neighbour, and a
text is the highest and the summed answer of every filter (Y. Kim, "Convolutional neural networks for sentence
classification", EMNLP 2014). A filter is a sum over its three places, so a word's part in each place is worked out
once and kept by the caller: reading a text is additions.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sentiment.features import BITS

Floats = npt.NDArray[np.float32]


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

    def word(self, rows: npt.NDArray[np.int32]) -> Floats:
        """A word's part in every filter, (3F), from the rows of its features."""
        found = rows[rows >= 0]
        vector = self.vectors[found].sum(axis=0, dtype=np.int32) / np.float32(np.sqrt(max(len(found), 1)))
        return (vector.astype(np.float32) @ self.filters).astype(np.float32)

    def read(self, words: Floats) -> Any:
        """The evidence for the three classes from the words' parts, (words, 3F)."""
        width = len(self.filter_bias)
        seen = words[:, width : 2 * width] + self.filter_bias
        seen[1:] += words[:-1, :width]
        seen[:-1] += words[1:, 2 * width :]
        np.maximum(seen, 0, out=seen)
        mean = seen.sum(axis=0) / np.float32(np.sqrt(len(seen)))
        return np.concatenate((seen.max(axis=0), mean)) @ self.out + self.out_bias
