"""Reviews of the ordering app on Trustpilot, with the answers of those who make it."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random

from listener.sandbox.content.authors import Authors
from listener.sandbox.content.mix import BROTBOTE, HOURS, TONES, pick
from listener.sandbox.content.phrases import Phrasebook
from listener.sandbox.content.story import ZONE
from listener.sandbox.content.writing import STARS
from listener.sandbox.world import Post
from storage.records import Kind

DAILY = 0.8
"""The chance of a review on a day."""
ANSWERED = {True: 0.9, False: 0.4}
"""The chance that one of two stars or less is answered, and of any other one."""
HOURS_TO_ANSWER = {True: 7, False: 30}
"""Half of them sooner, half later."""


def reviews(now: datetime, days: int, rng: Random, phrases: Phrasebook, authors: Authors) -> Iterator[Post]:
    """Those of the last days; what would have been written or answered after ``now`` is not there yet."""
    today = now.astimezone(ZONE).date()
    for ago in range(days):
        clock = time(rng.choices(range(24), HOURS)[0], rng.randrange(60), tzinfo=ZONE)
        written = datetime.combine(today - timedelta(days=ago), clock).astimezone(UTC)
        if rng.random() < DAILY and written <= now:
            yield _review(written, now, rng, phrases, authors)


def _review(written: datetime, now: datetime, rng: Random, phrases: Phrasebook, authors: Authors) -> Post:
    tone = pick(TONES["review"], rng)
    words = phrases.words("de", BROTBOTE)
    text = phrases.say("de", "review", tone, words)
    rating = rng.choice(STARS.get(tone, (1,)))
    return Post(
        id=0,
        platform="trustpilot",
        kind=Kind.REVIEW,
        published_at=written,
        author=authors.anyone("appstore").handle,
        title=phrases.title("de", "titles_review", tone, words),
        text=text,
        lang="de",
        likes=int(rng.lognormvariate(0, 0.8)),
        rating=rating,
        answered_at=_answer(written, now, rng, unhappy=rating <= 2),
    )


def _answer(written: datetime, now: datetime, rng: Random, *, unhappy: bool) -> datetime | None:
    later = timedelta(seconds=int(HOURS_TO_ANSWER[unhappy] * 3600 * rng.lognormvariate(0, 0.7)))
    return written + later if rng.random() < ANSWERED[unhappy] and written + later <= now else None
