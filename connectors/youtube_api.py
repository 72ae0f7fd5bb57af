"""The YouTube Data API: requests, what its refusals mean, and its videos and comments as mentions."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import requests

from connectors import base, meter
from connectors.base import Page, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import Session, decode, library_errors, raise_for, retry_after
from connectors.text import language
from storage.records import Author, Engagement, Kind, Mention

NAME = "youtube"
USED_UP = {"quotaExceeded", "dailyLimitExceeded"}
IN_HASTE = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
BAD_KEY = {"keyInvalid", "keyExpired", "API_KEY_INVALID"}
CLOSED = {"commentsDisabled", "videoNotFound", "channelNotFound", "commentNotFound"}
STALE = {"invalidPageToken", "processingFailure"}


class UsedUpError(RetryLater):
    """Today's quota is gone."""


class ClosedError(RetryLater):
    """What was asked about is not there, or shows no comments."""


class HiddenError(ClosedError):
    """It may be there, but is not shown to us: a private video's comments, for instance."""


class StaleError(RetryLater):
    """A page's token is no longer known."""


def _check(response: requests.Response) -> None:
    """As ``raise_for_status``, but a status is not enough: 403 may be an empty quota, 400 a wrong key."""
    if response.ok:
        return
    problems = _problems(response)
    reasons = {word for one in problems if re.fullmatch(r"[A-Za-z_]{5,40}", word := str(one.get("reason")))}
    said = f"YouTube answered {response.status_code}: {', '.join(sorted(reasons))}"
    after = retry_after(response.headers)
    if reasons & BAD_KEY:
        raise AuthError(f"{said}: api_key is wrong")
    for known, error in ((USED_UP, UsedUpError), (IN_HASTE, RetryLater), (CLOSED, ClosedError)):
        if reasons & known:
            raise error(said, after=after)
    if any(map(_is_about_one, problems)):
        raise HiddenError(said)
    if reasons & STALE and response.status_code == 400:
        raise StaleError(said)
    raise_for(response.status_code, response.headers, " ".join(["YouTube", *sorted(reasons)]))


def _problems(response: requests.Response) -> list[Any]:
    """What an error's body says is wrong, in the older and the newer form."""
    try:
        error = json.loads(response.content)["error"]
        given = [*error.get("errors", ()), *error.get("details", ())]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return []
    return [one for one in given if isinstance(one, dict)]


def _is_about_one(problem: Any) -> bool:
    """Whether one video or comment is refused; what is wrong with a key has the domain ``global``."""
    return problem.get("reason") == "forbidden" and str(problem.get("domain")).startswith("youtube.")


class Api:
    """Asks under a key; every request costs a unit of the day, or one of its searches."""

    def __init__(self, settings: base.Settings, api_key: str) -> None:
        self._base_url = settings.base_url.rstrip("/")
        self._session = Session(settings)
        self._session.headers["X-Goog-Api-Key"] = api_key

    def again(self, path: str, ids: Sequence[str]) -> Iterator[Page]:
        """Posts by id. Where the answer is that one of them is missing, it is found by halving."""
        try:
            page = self.look(path, ids)
        except ClosedError as error:
            if len(ids) == 1:
                yield Page(gone=() if isinstance(error, HiddenError) else ids)
                return
            for half in (ids[::2], ids[1::2]):
                yield from self.again(path, half)
        else:
            yield page

    def look(self, path: str, ids: Sequence[str]) -> Page:
        """Known videos or comments as they are now."""
        video_of = {one.rpartition("/")[2]: one.rpartition("/")[0] for one in ids}

        def parse(item: Any) -> Mention:
            return parse_video(item) if path == "videos" else parse_comment((video_of[item["id"]], item))

        text = {"textFormat": "plainText"} if path == "comments" else {}
        part = "snippet,statistics" if path == "videos" else "snippet"
        answer = self.get(path, part=part, id=",".join(video_of), **text)
        with library_errors("YouTube", KeyError, TypeError):
            mentions, rejects = parse_each(answer["items"], parse)
        shown = {one.platform_id for one in mentions}
        gone = () if rejects else [one for one in ids if one not in shown]  # a reject may be any of them
        return Page(mentions=mentions, rejects=rejects, gone=gone)

    def get(self, path: str, **parameters: Any) -> Any:
        meter.charge("units")
        return self.ask(path, **parameters)

    def ask(self, path: str, **parameters: Any) -> Any:
        response = self._session.get(f"{self._base_url}/{path}", params=parameters)
        _check(response)
        return decode(response)


def parse_video(item: Any) -> Mention:
    """A video with its counts, which are strings, and absent where its owner hides them."""
    video, snippet, counts = item["id"], item["snippet"], item.get("statistics") or {}
    channel = snippet["channelId"]
    likes, comments, views = (_count(counts.get(f"{one}Count")) for one in ("like", "comment", "view"))
    return Mention(
        platform=NAME,
        platform_id=video,
        kind=Kind.POST,
        published_at=datetime.fromisoformat(snippet["publishedAt"]),
        title=snippet["title"],
        text=snippet["description"],
        url=f"https://www.youtube.com/watch?v={video}",
        author=Author(
            platform_id=channel,
            name=snippet.get("channelTitle"),
            url=f"https://www.youtube.com/channel/{channel}",
        ),
        lang=language(snippet.get("defaultLanguage") or snippet.get("defaultAudioLanguage")),
        thread_id=video,
        engagement=Engagement(likes=likes, comments=comments, views=views),
    )


def parse_comment(record: tuple[str, Any]) -> Mention:
    """A comment, given with its video, which the API does not always repeat. Its id tells both."""
    video, item = record
    snippet = item["snippet"]
    number, parent, edited = item["id"], snippet.get("parentId"), snippet.get("updatedAt")
    name = snippet.get("authorDisplayName") or None
    author = (snippet.get("authorChannelId") or {}).get("value") or name
    return Mention(
        platform=NAME,
        platform_id=f"{video}/{number}",
        kind=Kind.COMMENT,
        published_at=datetime.fromisoformat(snippet["publishedAt"]),
        edited_at=None if edited in (None, snippet["publishedAt"]) else datetime.fromisoformat(edited),
        text=snippet["textDisplay"],
        url=f"https://www.youtube.com/watch?v={video}&lc={number}" if video else None,
        author=Author(platform_id=author, name=name, url=snippet.get("authorChannelUrl") or None)
        if author
        else None,
        parent_id=f"{video}/{parent}" if parent else video or None,
        thread_id=video or None,
        engagement=Engagement(likes=snippet.get("likeCount")),
    )


def next_token(answer: Any) -> str | None:
    """The token of the next page; None on the last one."""
    token = answer.get("nextPageToken")
    if token is not None and not isinstance(token, str):
        raise TypeError("the next page's token is no text")
    return token


def _count(value: Any) -> int | None:
    return None if value is None else int(value)
