"""The Stack Exchange API 2.3: search over questions and answers, and both by id.

A post's ``channel`` is its site (stackoverflow where there is none); a comment of the world is an answer to
its parent. ``backoff`` and ``quota`` can be set to have them in the answers that follow.
"""

from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import Any

from listener.sandbox.search import matches
from listener.sandbox.server import Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind

WRONG = "wrong"
"""A key that is refused; any other is good."""
SITES = {"stackoverflow", "superuser", "cooking"}
MOST = 100
DEEPEST_WITHOUT_KEY = 25
FILTERS = {"", "default", "withbody"}


class Refused(Exception):  # noqa: N818 - the platform's word, not a failure of ours
    """A bad parameter."""


class StackExchange:
    name = "stackexchange"

    def __init__(self, world: World) -> None:
        self._world = world
        self.backoff: dict[str, int] = {}
        """Seconds that the answers of a method ask for."""
        self.quota = 9_000

    def answer(self, request: Request) -> Answer:
        try:
            items, more, method = self._listing(request)
        except Refused as refusal:
            return error(400, "bad_parameter", str(refusal))
        if request.arg("filter") != "withbody":
            items = [{name: value for name, value in item.items() if name != "body"} for item in items]
        body: dict[str, Any] = {"items": items, "has_more": more, "quota_max": 10_000}
        body["quota_remaining"] = self.quota
        if seconds := self.backoff.get(method):
            body["backoff"] = seconds
        return Answer(body=body)

    def _listing(self, request: Request) -> tuple[list[dict[str, Any]], bool, str]:
        site = request.arg("site")
        if request.arg("key") == WRONG:
            raise Refused("`key` doesn't match a known application")
        if site not in SITES:
            raise Refused(f"No site found for name `{site}`")
        if request.arg("filter") not in FILTERS:
            raise Refused("Invalid filter specified")
        match request.path.strip("/").split("/"):
            case ["2.3", "search", "excerpts"]:
                return (*_page(map(self._excerpt, self._found(request, site)), request), "search/excerpts")
            case ["2.3", "questions", ids]:
                return (
                    *_page(map(self._question, self._by_id(site, ids, answers=False)), request),
                    "questions",
                )
            case ["2.3", "answers", ids]:
                return (*_page(map(self._answer, self._by_id(site, ids, answers=True)), request), "answers")
        raise Refused("no method found with this name")

    def _found(self, request: Request, site: str) -> Iterator[Post]:
        if request.arg("sort", "activity") != "creation" or request.arg("order", "desc") != "desc":
            raise Refused("the sandbox only sorts by creation, newest first")
        first, last = _number(request, "fromdate", 0), _number(request, "todate", 2**40)
        for post in self._world.posts(self.name):
            in_time = first <= post.published_at.timestamp() <= last
            if in_time and _site(post) == site and matches(request.arg("q"), f"{post.title} {post.text}"):
                yield post

    def _by_id(self, site: str, ids: str, *, answers: bool) -> Iterator[Post]:
        numbers = ids.split(";")
        if len(numbers) > MOST or not all(number.isdigit() for number in numbers):
            raise Refused("ids")
        for post in map(self._world.get, map(int, numbers)):
            if post and _site(post) == site and (post.kind is Kind.COMMENT) is answers:
                yield post

    def _excerpt(self, post: Post) -> dict[str, Any]:
        known = {
            "title": escape(post.title or post.text[:80]),
            "excerpt": escape(post.text[:150]),
            "tags": [],
        }
        common = known | _common(post)
        if post.kind is Kind.COMMENT:
            return common | {"item_type": "answer", "answer_id": post.id, "question_id": post.parent or 0}
        return common | {"item_type": "question", "question_id": post.id, "answer_count": post.comments}

    def _question(self, post: Post) -> dict[str, Any]:
        return _whole(post) | {
            "question_id": post.id,
            "title": escape(post.title or post.text[:80]),
            "answer_count": post.comments,
            "view_count": post.views,
            "is_answered": bool(post.comments),
            "link": f"https://{_site(post)}.com/questions/{post.id}/title",
            "tags": [],
        }

    def _answer(self, post: Post) -> dict[str, Any]:
        return _whole(post) | {"answer_id": post.id, "question_id": post.parent or 0, "is_accepted": False}


def error(number: int, name: str, message: str) -> Answer:
    """As the API words what went wrong: the status is 400 whatever the number."""
    return Answer(status=400, body={"error_id": number, "error_name": name, "error_message": message})


def _common(post: Post) -> dict[str, Any]:
    created = int(post.published_at.timestamp())
    return {"creation_date": created, "last_activity_date": created, "score": post.likes}


def _whole(post: Post) -> dict[str, Any]:
    """What both kinds of posts have under the filter ``withbody``."""
    paragraphs = "".join(f"<p>{escape(part)}</p>\n\n" for part in post.text.split("\n\n"))
    number = sum(post.author.encode())
    owner = {
        "account_id": number + 7,
        "user_id": number,
        "user_type": "registered",
        "reputation": post.followers,
        "display_name": escape(post.author),
        "link": f"https://{_site(post)}.com/users/{number}/{post.author}",
    }
    edited = {"last_edit_date": int(post.edited_at.timestamp())} if post.edited_at else {}
    return _common(post) | {"body": paragraphs, "owner": owner, "content_license": "CC BY-SA 4.0"} | edited


def _page(records: Iterator[dict[str, Any]], request: Request) -> tuple[list[dict[str, Any]], bool]:
    """One page of the records, and whether there are more; no more is read than that needs."""
    number, size = _number(request, "page", 1), _number(request, "pagesize", 30)
    if size > MOST:
        raise Refused("pagesize")
    if number > DEEPEST_WITHOUT_KEY and not request.arg("key"):
        raise Refused("page above 25 requires access token or app key")
    start = (number - 1) * size
    found = list(islice(records, start, start + size + 1))
    return found[:size], len(found) > size


def _number(request: Request, name: str, default: int) -> int:
    value = request.arg(name, str(default))
    if not value.isdigit():
        raise Refused(name)
    return int(value)


def _site(post: Post) -> str:
    return post.channel or "stackoverflow"
