"""Run one round of the daemon, telling the parent which stage begins, so that it can kill at any of them.

    python -m tests.crash_child CONFIG

Stages work in small batches, so that there is something left to be killed at. "score" is while the model's
process works.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from connectors.mastodon import Mastodon
from connectors.reddit import Reddit
from listener import config, daemon, log, scoring
from listener.stages import aggregate, group

scoring.COMMAND = (sys.executable, "-m", "tests.scoring_child")
Reddit.upkeep = replace(Reddit.upkeep, batch=10)
Mastodon.upkeep = replace(Mastodon.upkeep, batch=10)
aggregate.BATCH = 5
group.BATCH = 20


def announced(stage: str, real: Callable[..., Any], *args: Any, **named: Any) -> Any:
    print(stage, flush=True)
    return real(*args, **named)


loaded = config.load(Path(sys.argv[1]))
log.set_up(loaded.secrets())
for stage in ("poll", "refresh", "group", "prune", "aggregate", "compose", "deliver"):
    setattr(daemon, stage, partial(announced, stage, getattr(daemon, stage)))
finish = scoring.ScoringProcess.finish
scoring.ScoringProcess.finish = lambda *args: announced("score", finish, *args)  # type: ignore[method-assign]  # as above
daemon.run(loaded, once=True)
print("done", flush=True)
