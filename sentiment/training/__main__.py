"""The command: ``python -m sentiment.training [folder of labelled texts]``. Ends with the figures of every dev set."""

import argparse
import time
from pathlib import Path

from sentiment.builtin import MODEL, BuiltinScorer
from sentiment.training.model import train
from sentiment.training.report import figures, table

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "sentiment"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sentiment.training", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help=f"default: {FOLDER}")
    parser.add_argument("--out", type=Path, default=MODEL, help="the model file")
    arguments = parser.parse_args()
    began = time.monotonic()
    train(arguments.folder, arguments.out)
    size, seconds = arguments.out.stat().st_size, time.monotonic() - began
    lines = [f"{arguments.out.name}: {size:,} bytes in {seconds:.0f} s"]
    lines += table(figures(BuiltinScorer(arguments.out), arguments.folder))
    print(*lines, sep="\n")  # noqa: T201 - the command's report


if __name__ == "__main__":
    main()
