"""The model edge: what a scorer is, and how one is loaded by name.

Heavy libraries are imported by the model that needs them, when it is loaded.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from storage.records import Score

BATCH_TOKENS = 512
"""Padded tokens per forward pass of a transformer: on CPUs 256 to 512 are fastest."""


class ModelError(Exception):
    """A model cannot be loaded or read. The message is one line and says what to do."""


class Scorer(Protocol):
    """Reads sentiment from texts; the same text in the same language always gets the same score."""

    @property
    def name(self) -> str:
        """Which weights gave a score; other weights have another name."""

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:
        """One score per text in the order of the texts; None where a text holds nothing that the model can read.

        Args:
            texts: as their writers wrote them.
            langs: the language of each, as ``sentiment.language.detect`` says it; where absent, the model
                looks itself.
        """


def load(
    spec: str,
    *,
    labels: Mapping[str, str] | None = None,
    batch_tokens: int = BATCH_TOKENS,
    device: str = "cpu",
) -> Scorer:
    """The scorer that ``spec`` names.

    Args:
        spec: ``builtin``, or ``transformers:`` and the name on the Hugging Face hub or a folder.
        labels: what a transformer calls its classes -> negative, neutral or positive; read from the model
            where absent.
        batch_tokens: padded tokens per forward pass of a transformer.
        device: where a transformer runs, as torch writes it: ``cpu``, ``cuda``, ``mps``.

    Raises:
        ModelError: unknown spec, or the model cannot be loaded.
    """
    kind, _, name = spec.partition(":")
    if spec == "builtin":
        from sentiment.builtin import BuiltinScorer  # noqa: PLC0415 - numpy loads only with the model

        return BuiltinScorer()
    if kind == "transformers" and name:
        from sentiment.transformers_model import TransformersScorer  # noqa: PLC0415 - seconds to import

        return TransformersScorer(name, labels=labels, batch_tokens=batch_tokens, device=device)
    raise ModelError(f'unknown model "{spec}": write "builtin" or "transformers:<hub name or folder>"')
