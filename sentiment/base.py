"""The model edge: what a scorer is, and how one is loaded by name.

Heavy libraries are imported by the model that needs them, when it is loaded.
"""

from collections.abc import Collection, Mapping, Sequence
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
    languages: Collection[str] = (),
    placeholders: bool | None = None,
    batch_tokens: int = BATCH_TOKENS,
    device: str = "cpu",
    threads: int | None = None,
) -> Scorer:
    """The scorer that ``spec`` names. All but ``spec`` is for pretrained models.

    Args:
        spec: ``builtin``; ``transformers:`` and a folder or a name on the Hugging Face hub, with ``@`` and a
            revision where it is pinned; ``onnx:`` and the folder of an exported model.
        labels: what the model calls its classes -> negative, neutral or positive; read from the model
            where absent.
        languages: codes of the languages that it reads; texts in others get no score. All where empty.
        placeholders: whether ``@user`` and ``http`` stand in for handles and addresses, as the models of
            cardiffnlp expect; where absent, the model's name decides.
        batch_tokens: padded tokens per forward pass of torch.
        device: where torch runs, as it writes it: ``cpu``, ``cuda``, ``mps``.
        threads: cores to use; all where absent.

    Raises:
        ModelError: unknown spec, or the model cannot be loaded.
    """
    kind, _, name = spec.partition(":")
    if spec == "builtin":
        from sentiment.builtin import BuiltinScorer  # noqa: PLC0415 - numpy loads only with the model

        return BuiltinScorer()
    if kind == "transformers" and name:
        from sentiment.transformers_model import TransformersScorer  # noqa: PLC0415 - seconds to import

        return TransformersScorer(
            name,
            labels=labels,
            languages=languages,
            placeholders=placeholders,
            batch_tokens=batch_tokens,
            device=device,
            threads=threads,
        )
    if kind == "onnx" and name:
        from sentiment.onnx_model import OnnxScorer  # noqa: PLC0415 - an extra

        return OnnxScorer(
            name, labels=labels, languages=languages, placeholders=placeholders, threads=threads
        )
    raise ModelError(
        f'unknown model "{spec}": write "builtin", "transformers:<hub name or folder>" or "onnx:<folder>"'
    )
