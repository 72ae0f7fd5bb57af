"""A classifier that ``listener models export`` wrote, on onnxruntime: neither torch nor transformers is needed.

Its weights are whole numbers of 8 bits, and so are, on the way through, the activations; their scale is
measured anew in every pass, over all that is in it. So each text goes alone: its score depends on nothing
else, nothing is padded, and the texts are shared out among threads, one core each, which nothing makes wait for
one another. Texts of like length in one pass would be a tenth faster. The weights are mapped from
the file, not read: of the vocabulary only what occurs is in memory.
"""

import hashlib
import os
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sentiment import labels as labels_
from sentiment.base import ModelError
from sentiment.classifier import Classifier, Probabilities, Tokens

NETWORK = "model.onnx"
WEIGHTS = "model.onnx.data"
TOKENIZER = "tokenizer.json"
FACTS = "export.json"


class Facts(BaseModel):
    """What must be known about an exported model besides its network and its tokenizer."""

    model_config = ConfigDict(frozen=True)

    source: str
    """The name of the scorer it was made from."""
    classes: tuple[str, ...]
    """What the model calls its classes, in the order of its outputs."""
    longest: int
    """Tokens it reads at once."""
    placeholders: bool
    agreement: float
    """The share of the sample texts to which it gives the label that its source does."""


class OnnxScorer(Classifier):
    """An exported classifier."""

    def __init__(
        self,
        folder: str,
        *,
        labels: Mapping[str, str] | None = None,
        languages: Collection[str] = (),
        placeholders: bool | None = None,
        threads: int | None = None,
    ) -> None:
        """Loads the model. See ``sentiment.base.load`` for the arguments.

        Raises:
            ModelError: onnxruntime is missing, or the folder holds no exported model.
        """
        path = Path(folder)
        facts = _facts(path)
        self._threads = threads or cores()
        self._tokenizer, self._session = _load(path)
        self.name = f"onnx:{path.resolve().name}@{_fingerprint(path)}"
        super().__init__(
            labels=labels_.read(dict(enumerate(facts.classes)), labels),
            longest=facts.longest,
            languages=languages,
            placeholders=facts.placeholders if placeholders is None else placeholders,
        )

    def _tokenize(self, texts: Sequence[str]) -> list[Tokens]:
        return [one.ids for one in self._tokenizer.encode_batch_fast(list(texts))]

    def _probabilities(self, pieces: Sequence[Tokens]) -> list[Probabilities]:
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self._forward, pieces))

    def _forward(self, tokens: Tokens) -> Probabilities:
        import numpy as np  # noqa: PLC0415 - onnxruntime has loaded it

        ids = np.array([tokens], dtype=np.int64)
        (logits,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        raised = np.exp(logits[0].astype(np.float64) - logits.max())
        probabilities: list[float] = (raised / raised.sum()).tolist()
        return probabilities


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _facts(folder: Path) -> Facts:
    try:
        return Facts.model_validate_json((folder / FACTS).read_bytes())
    except OSError:
        raise ModelError(
            f'"{folder}" holds no exported model; make one: listener models export --out {folder}'
        ) from None
    except ValidationError as error:
        raise ModelError(f'"{folder / FACTS}" cannot be read: {error.errors()[0]["msg"]}') from None


def _load(folder: Path) -> tuple[Any, Any]:
    try:
        import onnxruntime  # noqa: PLC0415 - an extra
        from tokenizers import Tokenizer  # noqa: PLC0415 - an extra
    except ImportError:
        raise ModelError("onnx models need onnxruntime: pip install 'social-listening-bot[onnx]'") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it keeps the most that any text ever took, for every thread
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        session = onnxruntime.InferenceSession(
            folder / NETWORK,
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # the fused operator is the slower one on CPUs
        )
    except Exception as error:  # tokenizers raises nothing narrower, onnxruntime many kinds
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(f'cannot load the model in "{folder}": {reason}') from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer, session


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in (NETWORK, WEIGHTS, TOKENIZER, FACTS):
        if (folder / name).exists():
            with (folder / name).open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:8]
