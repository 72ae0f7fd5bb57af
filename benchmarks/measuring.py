"""Taking times: each measurement that caches could spoil runs in a process of its own and prints JSON."""

import json
import math
import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple


def fresh(module: str, *args: object) -> Any:
    """Run a benchmark module in a new process; returns what it printed, read as JSON.

    Its standard error is ours. Raises ``CalledProcessError`` where it fails.
    """
    return json.loads(printed(module, *args))


def printed(module: str, *args: object) -> str:
    """The same for a module that prints text."""
    print(f"\r\033[K{module} {' '.join(map(str, args))}", file=sys.stderr)
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, args)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


class Took(NamedTuple):
    """How long something took, in seconds: of the clock, and of this process's CPU."""

    clock: float
    cpu: float


def timed(work: Callable[[], object]) -> Took:
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - clock, time.process_time() - cpu)


def spread(times: Sequence[Took]) -> dict[str, float]:
    """Median and 95th percentile (nearest rank) of the clock, and median of the CPU."""
    clocks = sorted(one.clock for one in times)
    return {
        "p50": statistics.median(clocks),
        "p95": clocks[math.ceil(0.95 * len(clocks)) - 1],
        "cpu": statistics.median(one.cpu for one in times),
    }


def peak_bytes() -> int:
    """The most memory this process had at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def machine() -> str:
    """What the figures were taken on."""
    info = Path("/proc/cpuinfo")
    models = (
        [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        if (info.exists())
        else []
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB of memory,"
        f" {platform.system()}; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version};"
        f" {datetime.now(UTC):%Y-%m-%d}."
    )
