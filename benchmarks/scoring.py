"""How fast pretrained models score. Run: python -m benchmarks.scoring [ROUNDS].

Every way of scoring runs in a process of its own; in each round all take their turn on texts of the same lengths, so
that other work on the machine hits all alike. The table goes into results-scoring.md beside this file.
"""

import json
import os
import platform
import random
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from benchmarks import made

RESULTS = Path(__file__).parent / "results-scoring.md"
TITLES = {
    "naive": "`pipeline()`, one text at a time",
    "batched": "`pipeline(batch_size=32)`",
    "torch": "`transformers:`, batches by length",
    "onnx": "`onnx:`, exported, int8",
}
SHARES = {"MiniLM": (768, 64), "XLM-R base": (384, 32)}
"""Texts for our two ways in all rounds, and for the two slow ones in each round."""
ROUNDS = 3


@dataclass
class Way:
    """One way of scoring and what was measured of it."""

    name: str
    process: "subprocess.Popen[str]"
    rates: list[float] = field(default_factory=list)
    cpu_rates: list[float] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    def score(self, texts: list[str]) -> None:
        labels, seconds, cpu_seconds = self._ask(texts)
        self.rates.append(len(texts) / seconds)
        self.cpu_rates.append(len(texts) / cpu_seconds)
        self.labels |= dict(zip(texts, labels, strict=True))

    def peak(self) -> int:
        return self._ask([])

    def _ask(self, texts: list[str]) -> "list[list[str] | float] | int":
        _pipe(self.process.stdin).write(json.dumps(texts) + "\n")
        _pipe(self.process.stdin).flush()
        return json.loads(_pipe(self.process.stdout).readline())


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    parts = ["# Scoring with pretrained models", _machine()]
    for size in made.SIZES:
        parts.append(measured(size, rounds))
        RESULTS.write_text("\n\n".join(parts) + "\n", "utf-8")
    print(RESULTS.read_text("utf-8"))


def measured(size: str, rounds: int) -> str:
    """The table of one size of model."""
    source, small = made.folders(size)
    total, slow = SHARES[size]
    corpus, _ = made.texts(total, seed=3)
    corpus = list(dict.fromkeys(corpus))
    ways = [_started(name, small if name == "onnx" else source) for name in TITLES]
    try:
        for number in range(rounds):
            for way in ways[number % 4 :] + ways[: number % 4]:
                share = rounds if way.name in {"torch", "onnx"} else max(rounds, len(corpus) // slow)
                texts = _alike(corpus, number, share)
                print(
                    f"{size}, round {number + 1} of {rounds}, {way.name}: {len(texts)} texts", file=sys.stderr
                )
                way.score(texts)
        return _table(size, ways, corpus, json.loads((source / "fit.json").read_text()))
    finally:
        for way in ways:
            _pipe(way.process.stdin).close()
            way.process.wait()


def _started(name: str, folder: Path) -> Way:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.variant", name, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    way = Way(name, process)
    if not _pipe(process.stdout).readline():
        raise SystemExit(f"{name} does not start; try: python -m benchmarks.variant {name} {folder}")
    return way


def _alike(corpus: list[str], number: int, share: int) -> list[str]:
    """Every ``share``-th text by length, from the ``number``-th on, in any order: all such parts are alike."""
    part = sorted(corpus, key=len)[number % share :: share]
    random.Random(number).shuffle(part)
    return part


def _table(size: str, ways: list[Way], corpus: list[str], fit: dict[str, float]) -> str:
    naive, batched, exact, _ = ways
    lengths = [len(text.split()) + text.count(".") + 2 for text in corpus]
    lines = [
        f"## {size} size",
        (
            f"12 layers, hidden size {made.SIZES[size]['hidden_size']}, vocabulary {made.VOCABULARY:,}, random weights;"
            f" {len(corpus)} texts, mean {statistics.mean(lengths):.0f} tokens, half below"
            f" {statistics.median(lengths):.0f}. The fitted last layer is right on {fit['accuracy']:.0%} of the texts."
        ),
        "",
        "| | texts/s | texts per CPU second | times the first | times the second | label as in fp32 | peak memory |",
        "|---|---|---|---|---|---|---|",
    ]
    for way in ways:
        same = [exact.labels[text] == label for text, label in way.labels.items() if text in exact.labels]
        lines.append(
            f"| {TITLES[way.name]} | {statistics.median(way.rates):,.1f} | {statistics.median(way.cpu_rates):,.1f} |"
            f" {_ratio(way, naive):.1f} | {_ratio(way, batched):.1f} | {statistics.mean(same):.1%} |"
            f" {way.peak() / 1e6:,.0f} MB |"
        )
    return "\n".join([lines[0], "", *lines[1:]])


def _ratio(way: Way, other: Way) -> float:
    return statistics.median(one / two for one, two in zip(way.rates, other.rates, strict=True))


def _machine() -> str:
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        model = named[0] if named else model
    return (
        f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}. Made by `make bench-scoring`: the"
        " ratios are medians over rounds in which all ways took their turn; compare them rather than texts a second."
    )


def _pipe(end: "IO[str] | None") -> "IO[str]":
    assert end is not None
    return end


if __name__ == "__main__":
    main()
