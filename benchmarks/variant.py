"""One way of scoring in a process of its own. Run: python -m benchmarks.variant WAY FOLDER.

Reads lines of JSON, each a list of texts, and answers each with the labels, the seconds and the CPU seconds it took;
to an empty list, with the most memory it ever had, in bytes.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Score = Callable[[list[str]], list[str]]


def naive(folder: str) -> Score:
    pipe = _pipeline(folder)
    return lambda texts: [pipe(text, truncation=True)[0]["label"] for text in texts]


def batched(folder: str) -> Score:
    pipe = _pipeline(folder)
    return lambda texts: [one["label"] for one in pipe(texts, batch_size=32, truncation=True)]


def ours(spec: str) -> Score:
    from sentiment.base import load  # noqa: PLC0415 - a variant loads what it needs and nothing else

    scorer = load(spec)
    return lambda texts: [str(score.label) for score in scorer.score(texts) if score is not None]


def _pipeline(folder: str) -> Any:
    from transformers import pipeline  # noqa: PLC0415 - as above

    return pipeline("text-classification", model=folder, device=-1)


WAYS: dict[str, Callable[[str], Score]] = {
    "naive": naive,
    "batched": batched,
    "torch": lambda folder: ours(f"transformers:{folder}"),
    "onnx": lambda folder: ours(f"onnx:{folder}"),
}


def main() -> None:
    score = WAYS[sys.argv[1]](sys.argv[2])
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        texts = json.loads(line)
        if not texts:
            print(_peak(), flush=True)
            continue
        wall, cpu = time.perf_counter(), time.process_time()
        labels = score(texts)
        seconds = [time.perf_counter() - wall, time.process_time() - cpu]
        print(json.dumps([labels, *seconds]), flush=True)


def _peak() -> int:
    """Bytes of memory at most. Linux hands ``ru_maxrss`` down from the parent, so it is asked for its own figure."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("ascii").partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
