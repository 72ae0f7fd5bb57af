"""How long a digest's data takes.

Run: python -m benchmarks.digests FILE

One brand and one of the last 28 days each; every digest opens the file anew.
"""

import json
import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.generator import brand_names
from benchmarks.measuring import spread, timed
from listener.digest.build import build
from storage.store import Store

RUNS = 20


def main(path: Path) -> dict[str, Any]:
    with Store(path) as store:
        last = date.fromisoformat(store.value("SELECT max(day) FROM daily_metrics"))
    times = []
    for run in range(RUNS):
        with Store(path) as store:
            times.append(timed(partial(build, store, brand_names()[0], last - timedelta(days=1 + run))))
    with Store(path) as store:
        mentions = store.value(
            "SELECT sum(mentions + copies) FROM daily_metrics WHERE brand_id = 1 AND day BETWEEN ? AND ?",
            [(last - timedelta(days=RUNS)).isoformat(), (last - timedelta(days=1)).isoformat()],
        )
    return {"mentions": mentions / RUNS, **spread(times)}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
