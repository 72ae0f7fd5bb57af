"""What is measured on: models of real sizes with random weights, and texts for them.

No real model can be fetched everywhere, and for speed the weights do not matter. For the question whether 8 bits
change a label they do: the labels of random weights are all near ties. So words of two lists, kind and unkind, get a
direction of their own in the vocabulary's vectors, and the last layer is fitted (ridge regression) to tell texts by
them: then it is right about as often, and as sure of it, as real models are. The figures stand in the results.
"""

import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent / ".made"
VOCABULARY = 250_002
CLASSES = ("negative", "neutral", "positive")
SIZES = {
    "MiniLM": {"hidden_size": 384, "num_attention_heads": 12, "intermediate_size": 1536},
    "XLM-R base": {"hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 3072},
}
"""Both with 12 layers and a vocabulary of 250,000, as multilingual models have."""

_LISTED = 2_000
"""Words of either list."""
_FITTED_ON = 900
_LOUD = 1.0
"""Length of the direction of kind and unkind words, in lengths of a word's vector."""


def words() -> list[str]:
    """A quarter of a million made-up words, always the same."""
    choose = random.Random(7)
    found: dict[str, None] = {}
    while len(found) < VOCABULARY - 40:
        syllables = choose.choice((1, 2, 2, 3, 3, 4))
        found[
            "".join(
                choose.choice("bdfghklmnprstvwz") + choose.choice("aeiou") + choose.choice(("", "", "n", "s"))
                for _ in range(syllables)
            )
        ] = None
    return list(found)


def texts(count: int, seed: int, longest: int = 500) -> tuple[list[str], list[int]]:
    """Texts of made-up words and the class of each. Their lengths are lognormal: half have fewer than 28 tokens,
    the mean is 52.
    """
    choose, known = random.Random(seed), words()
    kind, unkind, other = known[:_LISTED], known[_LISTED : 2 * _LISTED], known[2 * _LISTED :]
    made, classes = [], []
    for _ in range(count):
        length = max(1, min(longest, round(choose.lognormvariate(math.log(24), 1.18))))
        wanted = choose.randrange(3)
        share = (0.03, 0.06, 0.03) if wanted == 1 else (0.03, 0.06, 0.22)
        lists = (kind, unkind) if wanted == 0 else (unkind, kind)
        chosen = [
            choose.choice(lists[1] if dice < share[2] else lists[0] if dice < share[2] + share[0] else other)
            for dice in (choose.random() for _ in range(length))
        ]
        made.append(" ".join(f"{word}." if place % 12 == 11 else word for place, word in enumerate(chosen)))
        classes.append(wanted)
    return made, classes


def folders(size: str) -> tuple[Path, Path]:
    """The model in 32 bits and the exported one; made where they are not there yet."""
    source, small = FOLDER / size / "source", FOLDER / size / "small"
    if not small.exists():
        from sentiment.exporting import export  # noqa: PLC0415 - torch loads only where something is made
        from sentiment.transformers_model import TransformersScorer  # noqa: PLC0415 - as above

        _make(source, SIZES[size])
        export(TransformersScorer(str(source)), small)
    return source, small


def _make(folder: Path, size: dict[str, int]) -> None:
    import torch  # noqa: PLC0415 - as above
    import transformers  # noqa: PLC0415 - as above

    torch.manual_seed(1)
    config = transformers.XLMRobertaConfig(
        vocab_size=VOCABULARY,
        num_hidden_layers=12,
        max_position_embeddings=514,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        id2label=dict(enumerate(CLASSES)),
        label2id={name: index for index, name in enumerate(CLASSES)},
        **size,
    )
    network = transformers.XLMRobertaForSequenceClassification(config).eval()
    tokenizer = _tokenizer()
    _tell_apart(network.roberta.embeddings.word_embeddings.weight, tokenizer)
    facts = _fit(network, tokenizer)
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "fit.json").write_text(json.dumps(facts))


def _tokenizer() -> Any:
    import transformers  # noqa: PLC0415 - as above

    special = ["<s>", "<pad>", "</s>", "<unk>"]
    letters = ["▁", *"abcdefghijklmnopqrstuvwxyz.,!?"]
    pieces = [(one, 0.0) for one in special] + [(one, -12.0) for one in letters]
    pieces += [(f"▁{word}", -6 - math.log(rank + 20)) for rank, word in enumerate(words())]
    pieces = [*pieces[: VOCABULARY - 1], ("<mask>", 0.0)]
    return transformers.XLMRobertaTokenizer(vocab=pieces, model_max_length=512)


def _tell_apart(vectors: Any, tokenizer: Any) -> None:
    import torch  # noqa: PLC0415 - as above

    known = words()
    direction = torch.randn(vectors.shape[1])
    direction *= _LOUD * vectors.norm(dim=1).mean() / direction.norm()
    with torch.no_grad():
        for sign, listed in ((1, known[:_LISTED]), (-1, known[_LISTED : 2 * _LISTED])):
            ids = tokenizer.convert_tokens_to_ids([f"▁{word}" for word in listed])
            vectors[ids] += sign * direction


def _fit(network: Any, tokenizer: Any) -> dict[str, float]:
    """The last layer by ridge regression on half of some texts; how good it is on the other half."""
    import torch  # noqa: PLC0415 - as above

    made, classes = texts(_FITTED_ON, seed=2, longest=60)
    rows = []
    with torch.inference_mode():
        for start in range(0, len(made), 30):
            inputs = tokenizer(made[start : start + 30], padding=True, return_tensors="pt")
            first = network.roberta(**inputs).last_hidden_state[:, 0]
            rows.append(torch.tanh(network.classifier.dense(first)).numpy())
    features, gold = np.concatenate(rows).astype(np.float64), np.array(classes)
    half = len(gold) // 2
    mean = features[:half].mean(axis=0)
    centred = features - mean
    best: tuple[float, np.ndarray] | None = None
    for ridge in 10.0 ** np.arange(-6, 2):
        gram = centred[:half].T @ centred[:half] + ridge * np.eye(centred.shape[1])
        weights = np.linalg.solve(gram, centred[:half].T @ (np.eye(3)[gold[:half]] - 1 / 3))
        right = float(np.mean((centred[half:] @ weights).argmax(axis=1) == gold[half:]))
        if best is None or right > best[0]:
            best = (right, weights)
    assert best is not None
    right, weights = best
    scale = _as_sure_as_right(centred[half:] @ weights, right)
    with torch.no_grad():
        network.classifier.out_proj.weight.copy_(torch.tensor(weights.T * scale))
        network.classifier.out_proj.bias.copy_(torch.tensor(-mean @ weights * scale))
    return {"accuracy": right}


def _as_sure_as_right(logits: Any, right: float) -> float:
    """The scale with which the mean probability of the label read equals the share that is right."""
    low, high = 0.01, 1000.0
    for _ in range(60):
        middle = math.sqrt(low * high)
        raised = np.exp(middle * (logits - logits.max(axis=1, keepdims=True)))
        sure = float((raised.max(axis=1) / raised.sum(axis=1)).mean())
        low, high = (middle, high) if sure < right else (low, middle)
    return low
