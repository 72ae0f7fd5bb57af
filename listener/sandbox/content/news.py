"""The articles of the two feeds."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random

from listener.sandbox.content.phrases import read
from listener.sandbox.content.story import ZONE
from listener.sandbox.world import Post
from storage.records import Kind


def articles(now: datetime, days: int, rng: Random) -> Iterator[Post]:
    """Those that had appeared by ``now``; the undated ones are spread evenly over the days."""
    content = read("articles.toml")
    today = now.astimezone(ZONE).date()
    undated = [article for article in content["articles"] if "days_ago" not in article]
    rng.shuffle(undated)
    for place, article in enumerate(undated):
        article["days_ago"] = 2 + place * max(0, days - 3) // len(undated)
    for article in content["articles"]:
        ago = article["days_ago"]
        for feed in article["feeds"]:
            clock = time(rng.randint(6, 18), rng.randrange(60), tzinfo=ZONE)
            moment = datetime.combine(today - timedelta(days=ago), clock).astimezone(UTC)
            if ago < days:
                yield Post(
                    id=0,
                    platform="rss",
                    kind=Kind.ARTICLE,
                    published_at=moment,
                    author=rng.choice(content["authors"][feed]),
                    title=article["title"],
                    text=article["text"],
                    lang="de",
                    channel=feed,
                )
