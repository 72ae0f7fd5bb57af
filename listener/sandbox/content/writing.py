"""From a slot of the plan to a post as it stands on its platform."""

from collections import defaultdict, deque
from datetime import timedelta
from itertools import count
from random import Random

from listener.sandbox.content.audience import reactions
from listener.sandbox.content.authors import Author, Authors
from listener.sandbox.content.phrases import Phrasebook, Words
from listener.sandbox.content.story import Slot
from listener.sandbox.content.voice import hashtags, spoken
from listener.sandbox.world import Post
from storage.records import Kind

ANSWERS = {"x": 0.28, "mastodon": 0.2, "reddit": 0.6, "hackernews": 0.82}
"""How many of a platform's posts answer another one."""
TALK = timedelta(days=4)
"""So long people go on answering."""
STARS = {"recommend": (5,), "praise": (5, 5, 4), "mixed": (3,), "complaint": (2, 2, 1)}
"""Everything else gets one star."""
TITLED = {"reddit", "appstore", "hackernews"}

Thread = tuple[str, str, str]


class Writer:
    """Writes the slots in the order of time, so that a comment finds what it answers."""

    def __init__(self, rng: Random, phrases: Phrasebook, authors: Authors) -> None:
        self.rng = rng
        self.phrases = phrases
        self.authors = authors
        self._ids = count(1)
        self._open: defaultdict[Thread, deque[Post]] = defaultdict(lambda: deque(maxlen=14))

    def write(self, slot: Slot) -> Post:
        parent = self._answered(slot)
        author = self._author(slot)
        words = self.phrases.words(slot.lang, slot.brand, slot.platform)
        is_link = slot.platform == "hackernews" and parent is None and slot.tone != "question"
        text = "" if is_link else self._text(slot, words)
        title = self._title(slot, words) if slot.platform in TITLED and parent is None else None
        number = next(self._ids)
        post = Post(
            id=number,
            platform=slot.platform,
            kind=_kind(slot, parent),
            published_at=slot.at,
            author=author.handle,
            followers=author.followers,
            title=title,
            text=text,
            lang=slot.lang,
            channel=parent.channel if parent else slot.channel,
            tags=hashtags(text) if slot.platform in {"mastodon", "x"} else (),
            parent=parent.id if parent else None,
            link=f"https://brotbote.example/blog/{number}" if is_link else None,
            rating=self._stars(slot) if slot.platform == "appstore" else None,
            **reactions(slot.platform, author.followers, slot.boost, self.rng),
        )
        self._open[_thread(slot)].append(post)
        return post

    def _author(self, slot: Slot) -> Author:
        if slot.own and slot.brand is not None:
            return Author(slot.brand.handle, 2400)
        return self.authors.loud(slot.platform) if slot.loud else self.authors.anyone(slot.platform)

    def _answered(self, slot: Slot) -> Post | None:
        """What this post is an answer to, if it is one."""
        if slot.staged or slot.own or slot.brand is None:
            return None
        if self.rng.random() >= ANSWERS.get(slot.platform, 0):
            return None
        open_posts = [
            post for post in self._open[_thread(slot)] if slot.at - TALK < post.published_at < slot.at
        ]
        return self.rng.choice(open_posts) if open_posts else None

    def _text(self, slot: Slot, words: Words) -> str:
        text = self.phrases.say(slot.lang, slot.theme, slot.tone, words)
        return spoken(text, slot, self.rng, self.phrases)

    def _title(self, slot: Slot, words: Words) -> str:
        own = f"titles_{slot.theme}"
        theme = own if self.phrases.has(slot.lang, own, slot.tone) else "titles"
        return self.phrases.title(slot.lang, theme, slot.tone, words)

    def _stars(self, slot: Slot) -> int:
        return self.rng.choice(STARS.get(slot.tone, (1,)))


def _thread(slot: Slot) -> Thread:
    """People answer on the same platform, about the same brand, in the same language."""
    return slot.platform, slot.brand.handle if slot.brand else "", slot.lang


def _kind(slot: Slot, parent: Post | None) -> Kind:
    if slot.platform == "appstore":
        return Kind.REVIEW
    return Kind.COMMENT if parent else Kind.POST
