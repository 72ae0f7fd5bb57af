"""Any sequence-classification model of Hugging Face transformers, on torch."""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sentiment import hub
from sentiment import labels as labels_
from sentiment.base import BATCH_TOKENS, ModelError
from sentiment.batching import batches
from sentiment.classifier import Classifier, Probabilities, Tokens
from sentiment.preparing import expects_placeholders

_WEIGHTS = ("*.safetensors", "*.bin")


class TransformersScorer(Classifier):
    """A pretrained classifier in a folder, or on this machine since ``listener models pull``.

    Texts are batched by length, so that little is padded.
    """

    def __init__(
        self,
        model: str,
        *,
        labels: Mapping[str, str] | None = None,
        languages: Collection[str] = (),
        placeholders: bool | None = None,
        batch_tokens: int = BATCH_TOKENS,
        device: str = "cpu",
        threads: int | None = None,
    ) -> None:
        """Loads the model; the network is never asked. See ``sentiment.base.load`` for the arguments.

        Raises:
            ModelError: torch is missing, the model is not here, or its classes cannot be read.
        """
        self._torch = _imported(threads)
        folder = Path(model) if Path(model).is_dir() else hub.find(model)
        self.tokenizer, self.network = _load(folder, model, device)
        self.classes: dict[int, str] = self.network.config.id2label
        self._batch_tokens = batch_tokens
        self.name = f"transformers:{_named(model, folder)}"
        self.longest = _longest_input(self.tokenizer, self.network)
        self.placeholders = expects_placeholders(model) if placeholders is None else placeholders
        super().__init__(
            labels=labels_.read(self.classes, labels),
            longest=self.longest,
            languages=languages,
            placeholders=self.placeholders,
        )

    def _tokenize(self, texts: Sequence[str]) -> list[Tokens]:
        tokens: list[Tokens] = self.tokenizer(list(texts), truncation=False, verbose=False)["input_ids"]
        return tokens

    def _probabilities(self, pieces: Sequence[Tokens]) -> list[Probabilities]:
        found: list[Probabilities] = [()] * len(pieces)
        for batch in batches([len(tokens) for tokens in pieces], self._batch_tokens):
            said = self._forward([pieces[position] for position in batch])
            for position, probabilities in zip(batch, said, strict=True):
                found[position] = probabilities
        return found

    def _forward(self, batch: list[Tokens]) -> list[list[float]]:
        inputs = self.tokenizer.pad({"input_ids": batch}, return_tensors="pt").to(self.network.device)
        with self._torch.inference_mode():
            logits = self.network(**inputs).logits
        probabilities: list[list[float]] = logits.double().softmax(dim=-1).tolist()
        return probabilities


def _imported(threads: int | None) -> Any:
    try:
        import torch  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - an extra, slow to import
    except ImportError:
        raise ModelError(
            "transformers models need torch: pip install 'social-listening-bot[torch]'"
        ) from None
    if threads is not None:
        torch.set_num_threads(threads)
    return torch


def _load(folder: Path, model: str, device: str) -> tuple[Any, Any]:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: PLC0415 - as torch
    from transformers.utils import logging  # noqa: PLC0415 - as torch

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # a bar per load would fill the daemon's log
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        network, loading = AutoModelForSequenceClassification.from_pretrained(
            folder, local_files_only=True, output_loading_info=True, dtype="float32"
        )
        network = network.to(device).eval()
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        reason = str(error).strip().partition("\n")[0]
        again = "" if Path(model).is_dir() else f"; if files are missing, run: listener models pull {model}"
        raise ModelError(f'cannot load the model "{model}": {reason}{again}') from error
    if loading["missing_keys"]:
        raise ModelError(f'"{model}" is not a trained classifier: choose one for sequence classification')
    return tokenizer, network


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


def _named(model: str, folder: Path) -> str:
    """The name and ``@``: the hub's commit, or a hash of the weights where the model is a folder."""
    if Path(model) != folder:
        return f"{model.partition('@')[0]}@{folder.name[:8]}"
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _WEIGHTS for path in folder.glob(pattern)):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"{model}@{digest.hexdigest()[:8]}"
