"""The network half: word vectors and a convolution, trained together in torch on one thread."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sentiment.features import units, word_indices
from sentiment.network import Network
from sentiment.training.examples import Examples

WIDTH, FILTERS = 48, 96
EPOCHS, BATCH = 3, 64
RATE, SMOOTHING = 0.002, 0.05
_LOST_WORDS, _LOST_VECTOR, _LOST_FILTERS = 0.25, 0.2, 0.5
"""Shares that are dropped at random, so that no word is relied upon."""
_FEWEST = 6
"""Texts that a feature must be in."""
_LONGEST = 60
"""Words of a text that are trained on."""
_WARM, _LAST = 200, 0.3
"""Steps until the full rate, and the share of it that is left at the end."""
_AVERAGED, _SNAPSHOTS = 0.6, 20
"""The weights are the mean of so many states over the last share of the steps (P. Izmailov et al., "Averaging
weights leads to wider optima and better generalization", UAI 2018)."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by number with the rows of their features; ``known`` are the features' numbers, sorted."""

    texts: list[Numbers]
    features: Numbers
    starts: Numbers
    known: npt.NDArray[np.int32]


def vocabulary(texts: Sequence[str]) -> Vocabulary:
    """The words of the texts and the features that enough texts have."""
    numbers: dict[str, int] = {}
    read = [
        np.array(
            [numbers.setdefault(word, len(numbers)) for word in units(text)[0][:_LONGEST]], dtype=np.int64
        )
        for text in texts
    ]
    found = [word_indices(word) for word in numbers]
    words = Counter(int(word) for text in read for word in np.unique(text))
    count: Counter[int] = Counter()
    for word, features in enumerate(found):
        count.update(dict.fromkeys(features, words[word]))
    known = sorted(feature for feature, texts_with in count.items() if texts_with >= _FEWEST)
    row = {feature: place for place, feature in enumerate(known)}
    kept = [[row[feature] for feature in features if feature in row] for features in found]
    return Vocabulary(
        texts=read,
        features=np.array([place for each in kept for place in each], dtype=np.int64),
        starts=np.cumsum([0, *map(len, kept)]),
        known=np.array(known, dtype=np.int32),
    )


def fit(rows: Examples, seed: int = 0) -> Network:
    """The trained network; torch is needed only here."""
    import torch  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - absent at run time

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    draw = np.random.default_rng(seed)
    words = vocabulary(rows.texts)
    net = _network(torch, words)
    sparse = torch.optim.SparseAdam([net["vectors"].weight], lr=RATE)
    dense = torch.optim.AdamW([*net["filters"].parameters(), *net["out"].parameters()], lr=RATE)
    gold, weights = torch.from_numpy(rows.gold), torch.from_numpy(rows.weights.astype(np.float32))
    batches = [batch for _ in range(EPOCHS) for batch in _batches(words.texts, draw)]
    averaged = torch.optim.swa_utils.AveragedModel(net)
    first = int(len(batches) * (1 - _AVERAGED))
    snapshots = set(np.linspace(first, len(batches) - 1, _SNAPSHOTS, dtype=int).tolist())
    for step, batch in enumerate(batches):
        for group in sparse.param_groups + dense.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / _WARM) * max(_LAST, 1 - step / len(batches))
        net.zero_grad(set_to_none=True)
        evidence = _evidence(torch, net, words, [words.texts[place] for place in batch], draw)
        losses = torch.nn.functional.cross_entropy(
            evidence, gold[batch], reduction="none", label_smoothing=SMOOTHING
        )
        (losses * weights[batch]).mean().backward()
        sparse.step()
        dense.step()
        if step in snapshots:
            averaged.update_parameters(net)
    return _rounded(averaged.module, words)


def _network(torch: Any, words: Vocabulary) -> Any:
    net = torch.nn.ModuleDict(
        {
            "vectors": torch.nn.Embedding(max(len(words.known), 1), WIDTH, sparse=True),
            "filters": torch.nn.Linear(WIDTH, 3 * FILTERS, bias=False),
            "out": torch.nn.Linear(2 * FILTERS, 3),
        }
    )
    net["filters"].register_parameter("shift", torch.nn.Parameter(torch.zeros(FILTERS)))
    torch.nn.init.normal_(net["vectors"].weight, 0, 0.1)
    return net


def _batches(texts: Sequence[Numbers], draw: np.random.Generator) -> Iterator[Numbers]:
    """Places of texts of about the same length, in random order."""
    order = np.argsort(np.array([len(text) for text in texts]) + draw.random(len(texts)) * 6, kind="stable")
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    yield from (batches[place] for place in draw.permutation(len(batches)))


def _evidence(
    torch: Any, net: Any, words: Vocabulary, texts: Sequence[Numbers], draw: np.random.Generator
) -> Any:
    """Of a batch in training, as ``sentiment.network.Network.read`` but with losses."""
    drop = torch.nn.functional.dropout
    lengths = np.array([max(len(text), 1) for text in texts])
    used, places = np.unique(np.concatenate(texts), return_inverse=True)
    table = np.zeros((len(texts), lengths.max() + 2), dtype=np.int64)
    inside = np.arange(lengths.max())[None, :] < np.array([len(text) for text in texts])[:, None]
    table[:, 1:-1][inside] = places + 1
    table[draw.random(table.shape) < _LOST_WORDS] = 0

    parts = net["filters"](drop(_vectors(torch, net, words, used), _LOST_VECTOR))
    parts = torch.cat([torch.zeros(1, 3 * FILTERS), parts])[torch.from_numpy(table)]
    left, own, right = parts.split(FILTERS, dim=2)
    seen = torch.relu(left[:, :-2] + own[:, 1:-1] + right[:, 2:] + net["filters"].shift)
    seen = seen * torch.from_numpy(inside)[:, :, None]
    roots = torch.from_numpy(np.sqrt(lengths).astype(np.float32))[:, None]
    return net["out"](drop(torch.cat([seen.amax(1), seen.sum(1) / roots], 1), _LOST_FILTERS))


def _vectors(torch: Any, net: Any, words: Vocabulary, used: Numbers) -> Any:
    """A vector for each word: the sum of its features', divided by the root of how many they are."""
    count = words.starts[used + 1] - words.starts[used]
    offsets = np.concatenate([[0], np.cumsum(count)[:-1]])
    places = np.repeat(words.starts[used] - offsets, count) + np.arange(count.sum())
    summed = torch.nn.functional.embedding_bag(
        torch.from_numpy(words.features[places]),
        net["vectors"].weight,
        torch.from_numpy(offsets),
        mode="sum",
        sparse=True,
    )
    return summed / torch.from_numpy(np.sqrt(count.clip(1)).astype(np.float32))[:, None]


def _rounded(net: Any, words: Vocabulary) -> Network:
    """With vectors of 8 bits, whose step goes into the filters."""
    vectors = net["vectors"].weight.detach().numpy()[: len(words.known)]
    step = float(np.abs(vectors).max(initial=1e-9)) / 127
    return Network(
        known=words.known,
        vectors=np.rint(vectors / step).astype(np.int8),
        filters=np.ascontiguousarray(net["filters"].weight.detach().numpy().T * np.float32(step)),
        filter_bias=net["filters"].shift.detach().numpy(),
        out=np.ascontiguousarray(net["out"].weight.detach().numpy().T),
        out_bias=net["out"].bias.detach().numpy(),
    )
