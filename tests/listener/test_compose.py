"""A digest waits for the scores of its day, but not for ever."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from listener.config import Config
from listener.stages.aggregate import aggregate
from listener.stages.compose import compose
from listener.stages.poll import poll
from listener.stages.score import load_scorer, score
from storage import digests
from storage.store import Store

Configure = Callable[..., Config]
HOUR = timedelta(hours=1)


def noon() -> datetime:
    """Of the brand's today: an hour later it is still the same day."""
    return datetime.now(ZoneInfo("Europe/Berlin")).replace(hour=12, minute=0)


def test_it_waits_for_the_scores_of_its_day_then_goes_and_says_so(configure: Configure) -> None:
    config = configure(("recipients = []", 'recipients = []\nsend_at = "00:00"'))
    now = noon()
    poll(config, only=["Reddit", "Mastodon"])
    with Store(config.database) as store:
        aggregate(store)
        assert compose(store, config, now=now, patience=HOUR) == 0
        assert compose(store, config, now=now + HOUR * 0.9, patience=HOUR) == 0
        assert compose(store, config, now=now + HOUR, patience=HOUR) == 2
        day = digests.last_day(store, "Sonnenkorn")
        assert day
        digest = digests.find(store, "Sonnenkorn", day)
        assert digest
        assert digest.data["notes"]["unscored"] > 0
        assert compose(store, config, now=now + HOUR, patience=HOUR) == 0
        assert store.meta("digests wait since") is None


def test_it_waits_no_longer_than_it_must(configure: Configure) -> None:
    config = configure(("recipients = []", 'recipients = []\nsend_at = "00:00"'))
    now = noon()
    poll(config, only=["Reddit", "Mastodon"])
    with Store(config.database) as store:
        assert compose(store, config, now=now, patience=HOUR) == 0
        score(store, load_scorer(config))
        assert compose(store, config, now=now, patience=HOUR) == 0, "the figures are not computed yet"
        aggregate(store)
        assert compose(store, config, now=now, patience=HOUR) == 2
