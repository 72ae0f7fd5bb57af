"""Hacker News as its search API shows it: GET /api/v1/search_by_date, newest first; and single items as the
site's own API shows them: GET /v0/item/{id}.json.
"""

import re
from collections.abc import Callable
from datetime import UTC
from html import escape
from typing import Any

from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind

MOST = 1000
"""Hits that one query can reach, over all its pages."""
PAST_THE_END = (
    f"you can only fetch the {MOST} hits for this query. You can extend the number of hits returned via the "
    "paginationLimitedTo index parameter or use the browse method."
)
COMPARE: dict[str, Callable[[int, float], bool]] = {
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "=": lambda a, b: a == b,
}


class Refused(Exception):  # noqa: N818 - the platform's word, not a failure of ours
    """A request that the platform answers with 400."""


class HackerNews:
    """Stories and comments of the world; points of comments stay secret, as on the real one."""

    name = "hackernews"

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, request: Request) -> Answer:
        if item := re.fullmatch(r"/v0/item/(\d+)\.json", request.path):
            return Answer(body=self._item(int(item[1])))
        if request.path != "/api/v1/search_by_date":
            return NOT_FOUND
        try:
            return Answer(body=self._search(request))
        except Refused as refusal:
            return Answer(status=400, body={"code": 400, "message": str(refusal)})

    def _search(self, request: Request) -> dict[str, Any]:
        size = min(_whole_number(request, "hitsPerPage", 20), MOST)
        page = _whole_number(request, "page", 0)
        found = self._found(request)
        reachable = found[:MOST]
        beyond = page * size >= MOST
        hits = reachable[page * size : (page + 1) * size] if size else []
        answer = {
            "hits": [self._hit(post) for post in hits],
            "nbHits": 0 if beyond else len(found),
            "page": page,
            "nbPages": 0 if beyond or not size else -(-len(reachable) // size),
            "hitsPerPage": size,
            "exhaustiveNbHits": True,
            "exhaustiveTypo": True,
            "query": request.arg("query"),
            "params": request.target.partition("?")[2],
            "processingTimeMS": 1,
        }
        return {**answer, "message": PAST_THE_END} if beyond else answer

    def _found(self, request: Request) -> list[Post]:
        tags = _tags(request.arg("tags"))
        bounds = _bounds(request.arg("numericFilters"))
        terms = _terms(request.arg("query"), forgiving=request.arg("typoTolerance", "true") != "false")
        return [
            post
            for post in self._world.posts(self.name)
            if (not tags or _tag(post) in tags)
            and all(compare(int(post.published_at.timestamp()), value) for compare, value in bounds)
            and all(term.search(_searched(post)) for term in terms)
        ]

    def _hit(self, post: Post) -> dict[str, Any]:
        story = self._story(post)
        is_story = story is post
        return {
            "objectID": str(post.id),
            "created_at": post.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "created_at_i": int(post.published_at.timestamp()),
            "author": post.author,
            "title": post.title or post.text if is_story else None,
            "url": post.link if is_story else None,
            "story_text": _html(post.text) if is_story and not post.link else None,
            "comment_text": None if is_story else _html(post.text),
            "points": post.likes if is_story else None,
            "num_comments": post.comments if is_story else None,
            "story_id": story.id,
            "story_title": None if is_story else story.title or story.text,
            "story_url": None if is_story else story.link,
            "parent_id": post.parent,
            "_tags": [_tag(post), f"author_{post.author}", f"story_{story.id}"],
            "_highlightResult": {"author": {"value": post.author, "matchLevel": "none", "matchedWords": []}},
        }

    def _item(self, number: int) -> dict[str, Any]:
        """An item; one that is no more keeps its place in the conversation."""
        post = self._world.get(number)
        if post is None or post.platform != self.name:
            return {"id": number, "type": "story", "time": int(self._world.now.timestamp()), "deleted": True}
        record = {
            "id": number,
            "type": _tag(post),
            "by": post.author,
            "time": int(post.published_at.timestamp()),
            "kids": [],
        }
        if _tag(post) == "comment":
            return {**record, "text": _html(post.text), "parent": post.parent}
        counts = {"score": post.likes, "descendants": post.comments}
        words = {"url": post.link} if post.link else {"text": _html(post.text)}
        return {**record, "title": post.title or post.text, **words, **counts}

    def _story(self, post: Post) -> Post:
        """The first post of the conversation; a comment without a parent answers itself."""
        while post.parent is not None and (parent := self._world.get(post.parent)):
            post = parent
        return post


def _tag(post: Post) -> str:
    return "comment" if post.kind is Kind.COMMENT else "story"


def _searched(post: Post) -> str:
    return " ".join(filter(None, (post.title, post.text, post.link, post.author)))


def _html(text: str) -> str:
    return "<p>".join(escape(part).replace("/", "&#x2F;") for part in text.split("\n\n"))


def _whole_number(request: Request, name: str, default: int) -> int:
    value = request.arg(name, str(default))
    if not value.isdigit():
        raise Refused(f"invalid value for parameter {name}: expected an unsigned integer")
    return int(value)


def _tags(tags: str) -> list[str]:
    """``story`` or ``(story,comment)``: any of these."""
    return [tag for tag in tags.strip("()").split(",") if tag]


def _bounds(filters: str) -> list[tuple[Callable[[int, float], bool], float]]:
    bounds = []
    for condition in filter(None, filters.split(",")):
        found = re.fullmatch(r"(\w+)(<=|>=|<|>|=)(\d+(?:\.\d+)?)", condition)
        if found is None:
            raise Refused(f"Invalid syntax for numeric condition: {condition}")
        if found[1] != "created_at_i":
            raise Refused(
                f"invalid numeric attribute({found[1]}), "
                "attribute not specified in numericAttributesForFiltering setting"
            )
        bounds.append((COMPARE[found[2]], float(found[3])))
    return bounds


def _terms(query: str, *, forgiving: bool) -> list[re.Pattern[str]]:
    """Words and quoted phrases that must all occur; the last word also as the beginning of one.

    ``forgiving`` lets a word of four letters or more differ in one.
    """
    found = re.findall(r'"([^"]+)"|(\S+)', query)
    patterns = []
    for number, (phrase, word) in enumerate(found, start=1):
        spellings = [re.escape(phrase or word)]
        if forgiving and len(word) >= 4:
            spellings += [f"{re.escape(word[:at])}.{re.escape(word[at + 1 :])}" for at in range(1, len(word))]
        end = "" if word and number == len(found) else r"(?!\w)"
        patterns.append(re.compile(rf"(?<!\w)(?:{'|'.join(spellings)}){end}", re.IGNORECASE))
    return patterns
