"""YouTube's Data API v3: GET /youtube/v3/search, /videos, /commentThreads, /comments, /channels.

Posts are videos, comments below them (or below their comments) are comments. A comment without a parent
stands below a video of its ``channel`` that nobody searches for.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from listener.sandbox.search import matches
from listener.sandbox.server import NOT_FOUND, Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Kind

WRONG = "wrong-key"
SHOWN = 500
"""Videos that one search shows, over all its pages."""
INLINE = 5
"""Answers that stand with their comment."""
ELSEWHERE = "v0000000000"
PARAMETERS = {
    "search": {
        "part", "type", "order", "q", "publishedAfter", "publishedBefore", "maxResults", "pageToken",
        "channelId", "relevanceLanguage", "regionCode", "safeSearch",
    },
    "videos": {"part", "id", "hl", "chart", "maxResults", "pageToken"},
    "commentThreads": {
        "part", "videoId", "allThreadsRelatedToChannelId", "id", "order", "searchTerms", "textFormat",
        "maxResults", "pageToken", "moderationStatus",
    },
    "comments": {"part", "id", "parentId", "textFormat", "maxResults", "pageToken"},
    "channels": {"part", "id", "forHandle", "forUsername", "hl", "maxResults", "pageToken"},
}  # fmt: skip
"""What each method may be asked; the real one knows some more."""
FILTERS = {
    "videos": {"id", "chart"},
    "commentThreads": {"videoId", "allThreadsRelatedToChannelId", "id"},
    "comments": {"id", "parentId"},
    "channels": {"id", "forHandle", "forUsername"},
}
"""Exactly one of these must be given."""
LARGEST = {"search": 50, "videos": 50, "commentThreads": 100, "comments": 100, "channels": 50}


class Refused(Exception):  # noqa: N818 - the platform's word, not a failure of ours
    """A request answered with an error: its status, and the reason in Google's word."""

    def __init__(self, status: int, reason: str, message: str = "The request is refused.") -> None:
        super().__init__(message)
        self.status, self.reason = status, reason


class YouTube:
    """Videos and comments of the world; comments below the videos in ``closed`` are switched off."""

    name = "youtube"

    def __init__(self, world: World, *, closed: frozenset[int] = frozenset()) -> None:
        self._world = world
        self._closed = closed
        self._methods: dict[str, Callable[[Request], dict[str, Any]]] = {
            "search": self._search,
            "videos": self._videos,
            "commentThreads": self._threads,
            "comments": self._comments,
            "channels": self._channels,
        }

    def answer(self, request: Request) -> Answer:
        method = request.path.removeprefix("/youtube/v3/")
        if method not in self._methods:
            return NOT_FOUND
        try:
            self._check(request, method)
            return Answer(body=self._methods[method](request))
        except Refused as refusal:
            return _error(refusal)

    def _check(self, request: Request, method: str) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        key = headers.get("x-goog-api-key") or request.arg("key")
        if not key:
            raise Refused(403, "forbidden", "Method doesn't allow unregistered callers.")
        if key == WRONG:
            raise Refused(400, "badRequest", "API key not valid. Please pass a valid API key.")
        if unknown := set(request.query) - PARAMETERS[method] - {"key"}:
            raise Refused(400, "badRequest", f"Unknown name {min(unknown)!r}: Cannot bind parameter.")
        if "part" not in request.query:
            raise Refused(400, "missingRequiredParameter", "part")
        if method in FILTERS and len(FILTERS[method] & set(request.query)) != 1:
            raise Refused(400, "missingRequiredParameter", "No filter selected, or several.")
        size = request.arg("maxResults", "5")
        if not size.isdigit() or int(size) > LARGEST[method]:
            raise Refused(400, "invalidValue", f"Invalid value {size!r} for maxResults.")
        if len(request.arg("id").split(",")) > 50:
            raise Refused(400, "invalidFilters", "Too many ids.")

    # ---- videos

    def _search(self, request: Request) -> dict[str, Any]:
        after, before = (_bound(request, name) for name in ("publishedAfter", "publishedBefore"))
        size, offset = int(request.arg("maxResults", "5")), _offset(request)
        if request.arg("type") != "video" or request.arg("order") != "date":
            raise Refused(400, "invalidValue", "The sandbox only searches for videos, by date.")

        def found() -> Iterator[Post]:
            for post in self._world.posts(self.name):
                if before and post.published_at >= before:
                    continue
                if after and post.published_at <= after:
                    return
                if post.kind is Kind.POST and matches(request.arg("q"), f"{post.title} {post.text}"):
                    yield post

        shown = list(islice(found(), offset, offset + size + 1))
        token = f"C{offset + size}" if len(shown) > size and offset + size < SHOWN else None
        items = [
            {
                "kind": "youtube#searchResult",
                "etag": "e",
                "id": {"kind": "youtube#video", "videoId": video_id(post)},
                "snippet": _snippet(post) | {"description": post.text[:160]},
            }
            for post in shown[:size]
        ]
        return _listing("searchList", items, token, size) | {"regionCode": "DE"}

    def _videos(self, request: Request) -> dict[str, Any]:
        posts = [self._post(one) for one in request.arg("id").split(",")]
        items = [
            {
                "kind": "youtube#video",
                "etag": "e",
                "id": video_id(post),
                "snippet": _snippet(post) | {"defaultLanguage": post.lang},
            }
            | ({"statistics": self._statistics(post)} if "statistics" in request.arg("part") else {})
            for post in posts
            if post is not None
        ]
        return _listing("videoList", items, None, len(items))

    def _statistics(self, post: Post) -> dict[str, str]:
        counts = {"viewCount": post.views, "likeCount": post.likes, "favoriteCount": 0}
        if post.id not in self._closed:
            counts["commentCount"] = post.comments
        return {name: str(count) for name, count in counts.items()}

    def _channels(self, request: Request) -> dict[str, Any]:
        asked = request.arg("id") or (request.arg("forHandle") or request.arg("forUsername")).lstrip("@")
        known = {post.author: channel_id(post) for post in self._world.posts(self.name)}
        items = [
            {"kind": "youtube#channel", "etag": "e", "id": channel}
            for author, channel in known.items()
            if asked.lower() in {author.lower(), channel.lower()}
        ]
        whole = _listing("channelList", items[:1], None, 5)
        return whole if items else {name: value for name, value in whole.items() if name != "items"}

    # ---- comments

    def _threads(self, request: Request) -> dict[str, Any]:
        video, channel = request.arg("videoId"), request.arg("allThreadsRelatedToChannelId")
        if video and video != ELSEWHERE:
            post = self._post(video)
            if post is None:
                raise Refused(404, "videoNotFound")
            if post.id in self._closed:
                raise Refused(403, "commentsDisabled")
        if channel and not re.fullmatch(r"UC[\w-]{22}", channel):
            raise Refused(404, "channelNotFound")
        wanted = video or channel
        tops = [
            post
            for post in self._world.posts(self.name)
            if post.kind is Kind.COMMENT
            and self._top(post) is post
            and (self._video(post) if video else channel_id(self._root(post))) == wanted
        ]
        page, token = _page(tops, request)
        answers = self._answers()
        items = [self._thread(post, answers[post.id]) for post in page]
        return _listing("commentThreadList", items, token, len(page))

    def _thread(self, top: Post, answers: list[Post]) -> dict[str, Any]:
        thread = {
            "kind": "youtube#commentThread",
            "etag": "e",
            "id": self._id(top),
            "snippet": {
                "channelId": channel_id(self._root(top)),
                "videoId": self._video(top),
                "topLevelComment": self._comment(top, video=True),
                "canReply": True,
                "totalReplyCount": len(answers),
                "isPublic": True,
            },
        }
        shown = [self._comment(one, video=True) for one in answers[:INLINE]]
        return thread | ({"replies": {"comments": shown}} if shown else {})

    def _comments(self, request: Request) -> dict[str, Any]:
        if "id" in request.query:
            posts = [self._post(one) for one in request.arg("id").split(",")]
            items = [self._comment(post, video=False) for post in posts if post is not None]
            return _listing("commentList", items, None, len(items))
        top = self._post(request.arg("parentId"))
        if top is None:
            raise Refused(404, "commentNotFound")
        page, token = _page(self._answers()[top.id], request)
        items = [self._comment(post, video=False) for post in page]
        return _listing("commentList", items, token, len(items))

    def _comment(self, post: Post, *, video: bool) -> dict[str, Any]:
        top = self._top(post)
        snippet: dict[str, Any] = {
            "textDisplay": post.text,
            "textOriginal": post.text,
            "authorDisplayName": f"@{post.author}",
            "authorProfileImageUrl": "https://yt3.ggpht.com/a.jpg",
            "authorChannelUrl": f"http://www.youtube.com/@{post.author}",
            "authorChannelId": {"value": _channel_of(post.author)},
            "canRate": True,
            "viewerRating": "none",
            "likeCount": post.likes,
            "publishedAt": _iso(post.published_at),
            "updatedAt": _iso(post.edited_at or post.published_at),
        }
        if video:
            snippet["videoId"] = self._video(post)
        if top is not post:
            snippet["parentId"] = self._id(top)
        return {"kind": "youtube#comment", "etag": "e", "id": self._id(post), "snippet": snippet}

    def _answers(self) -> dict[int, list[Post]]:
        """By comment: the answers to it and to its answers, which all stand on one level."""
        found: dict[int, list[Post]] = defaultdict(list)
        for post in self._world.posts(self.name):
            if post.parent is not None and (top := self._top(post)) is not post:
                found[top.id].append(post)
        return found

    def _top(self, post: Post) -> Post:
        """The comment that a comment answers in the end, or itself."""
        while (
            post.parent is not None
            and (parent := self._world.get(post.parent))
            and parent.kind is Kind.COMMENT
        ):
            post = parent
        return post

    def _root(self, post: Post) -> Post:
        top = self._top(post)
        return (self._world.get(top.parent) if top.parent is not None else None) or top

    def _video(self, post: Post) -> str:
        root = self._root(post)
        return video_id(root) if root.kind is Kind.POST else ELSEWHERE

    def _id(self, post: Post) -> str:
        top = self._top(post)
        own = f"Ug{top.id:024d}"
        return own if top is post else f"{own}.{post.id:022d}"

    def _post(self, given: str) -> Post | None:
        """What a video's or comment's id stands for."""
        number = re.fullmatch(r"(?:v|Ug|Ug\d{24}\.)(\d+)", given)
        post = self._world.get(int(number[1])) if number else None
        fits = post is not None and (video_id(post) if post.kind is Kind.POST else self._id(post)) == given
        return post if fits else None


def video_id(post: Post) -> str:
    return f"v{post.id:010d}"


def channel_id(post: Post) -> str:
    return post.channel if post.channel.startswith("UC") else _channel_of(post.author)


def _channel_of(author: str) -> str:
    return f"UC{author.encode().hex()[-22:]:0>22}"


def _snippet(post: Post) -> dict[str, Any]:
    return {
        "publishedAt": _iso(post.published_at),
        "channelId": channel_id(post),
        "title": post.title or "",
        "description": post.text,
        "thumbnails": {},
        "channelTitle": post.author,
        "liveBroadcastContent": "none",
    }


def _listing(kind: str, items: list[Any], token: str | None, size: int) -> dict[str, Any]:
    body = {
        "kind": f"youtube#{kind}Response",
        "etag": "e",
        "pageInfo": {"totalResults": len(items), "resultsPerPage": size},
        "items": items,
    }
    return body | ({"nextPageToken": token} if token else {})


def _page(posts: list[Post], request: Request) -> tuple[list[Post], str | None]:
    """One page, newest first; the token names the last one shown, so that nothing moves between pages."""
    size = int(request.arg("maxResults", "20"))
    if token := request.arg("pageToken"):
        last = re.fullmatch(r"Q(-?[\d.]+)_(\d+)", token)
        if last is None:
            raise Refused(400, "processingFailure")
        posts = [
            post
            for post in posts
            if (post.published_at.timestamp(), post.id) < (float(last[1]), int(last[2]))
        ]
    page = posts[:size]
    more = len(posts) > size
    return page, f"Q{page[-1].published_at.timestamp()}_{page[-1].id}" if more else None


def _offset(request: Request) -> int:
    token = request.arg("pageToken", "C0")
    if not re.fullmatch(r"C\d+", token):
        raise Refused(400, "invalidPageToken")
    return int(token[1:])


def _bound(request: Request, name: str) -> datetime | None:
    value = request.arg(name)
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if value else None
    except ValueError:
        raise Refused(400, "invalidValue", name) from None


def _error(refusal: Refused) -> Answer:
    error: dict[str, Any] = {
        "code": refusal.status,
        "message": str(refusal),
        "errors": [{"message": str(refusal), "domain": "youtube.api", "reason": refusal.reason}],
    }
    if "API key" in str(refusal):
        error["status"] = "INVALID_ARGUMENT"
        info = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": info, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}]
    return Answer(status=refusal.status, body={"error": error})


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
