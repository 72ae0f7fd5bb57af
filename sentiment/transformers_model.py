"""Any sequence-classification model of Hugging Face transformers, on torch."""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sentiment import labels as labels_
from sentiment.base import BATCH_TOKENS, ModelError
from storage.records import Label, Score

_WEIGHTS = ("*.safetensors", "*.bin")


class TransformersScorer:
    """A pretrained classifier; its classes are collapsed into negative, neutral and positive.

    Texts are batched by length, so that little is padded; longer ones than the model reads are cut.
    """

    def __init__(
        self,
        model: str,
        *,
        labels: Mapping[str, str] | None = None,
        batch_tokens: int = BATCH_TOKENS,
        device: str = "cpu",
    ) -> None:
        """Loads the model, from the hub or its cache where ``model`` is not a folder.

        Raises:
            ModelError: torch is missing, the model cannot be had, or its classes cannot be read.
        """
        self._torch, self._tokenizer, self._model = _load(model, device)
        self._labels = labels_.read(self._model.config.id2label, labels)
        self._limit = _longest_input(self._tokenizer, self._model)
        self._batch_tokens = batch_tokens
        self.name = f"transformers:{model}" + _version(model, self._model.config)

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:  # noqa: ARG002 - not yet
        """As ``Scorer.score``."""
        scores: list[Score | None] = [None] * len(texts)
        filled = [index for index, text in enumerate(texts) if text.strip()]
        if not filled:
            return scores
        encoded = self._tokenizer(
            [texts[index] for index in filled], truncation=True, max_length=self._limit, verbose=False
        )["input_ids"]
        for batch in batches([len(ids) for ids in encoded], self._batch_tokens):
            for row, probabilities in zip(batch, self._forward([encoded[row] for row in batch]), strict=True):
                scores[filled[row]] = _collapsed(probabilities, self._labels)
        return scores

    def _forward(self, encoded: list[list[int]]) -> list[list[float]]:
        inputs = self._tokenizer.pad({"input_ids": encoded}, return_tensors="pt").to(self._model.device)
        with self._torch.inference_mode():
            logits = self._model(**inputs).logits
        probabilities: list[list[float]] = logits.double().softmax(dim=-1).tolist()
        return probabilities


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Positions of ``lengths``, shortest first, cut so that no batch is padded to more than ``budget``
    tokens (a single text longer than that is a batch of its own).
    """
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[position] > budget:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def _load(model: str, device: str) -> tuple[Any, Any, Any]:
    try:
        import torch  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - an extra, slow to import
    except ImportError:
        raise ModelError(
            "transformers models need torch: pip install 'social-listening-bot[torch]'"
        ) from None
    from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: PLC0415 - as torch
    from transformers.utils import logging  # noqa: PLC0415 - as torch

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # a bar per load would fill the daemon's log
    try:
        tokenizer = AutoTokenizer.from_pretrained(model)
        network, loading = AutoModelForSequenceClassification.from_pretrained(model, output_loading_info=True)
        network = network.to(device).eval()
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(f'cannot load the model "{model}" (a hub name or a folder?): {reason}') from error
    if loading["missing_keys"]:
        raise ModelError(f'"{model}" is not a trained classifier: choose one for sequence classification')
    return torch, tokenizer, network


def _longest_input(tokenizer: Any, network: Any) -> int:
    """Tokens that the model can read. Tokenizers of some RoBERTa models do not know, so the position table
    is asked too; where it has a padding row, positions begin after that.
    """
    limits = [tokenizer.model_max_length, getattr(network.config, "max_position_embeddings", math.inf)]
    for name, module in network.named_modules():
        if name.endswith("position_embeddings") and hasattr(module, "num_embeddings"):
            padding = module.padding_idx
            limits.append(module.num_embeddings - (0 if padding is None else padding + 1))
    return int(min(limits))


def _version(model: str, config: Any) -> str:
    """``@`` and the hub's revision, or a hash of the weights where the model is a folder."""
    folder = Path(model)
    if not folder.is_dir():
        revision = getattr(config, "_commit_hash", None)
        return f"@{revision[:8]}" if revision else ""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _WEIGHTS for path in folder.glob(pattern)):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"@{digest.hexdigest()[:8]}"


def _collapsed(probabilities: list[float], labels: list[Label]) -> Score:
    mass = dict.fromkeys(Label, 0.0)
    for label, probability in zip(labels, probabilities, strict=True):
        mass[label] += probability
    return Score(
        p_negative=mass[Label.NEGATIVE], p_neutral=mass[Label.NEUTRAL], p_positive=mass[Label.POSITIVE]
    )
