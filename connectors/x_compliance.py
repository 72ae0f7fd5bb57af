"""Batch compliance of X: which of the stored posts must be deleted, asked without reading (and paying for) them.

X takes a list of ids, works on it, and names those whose posts were deleted, or whose authors were suspended,
protected or left. Nothing here waits; whoever calls looks at the job again until it is complete.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import requests
import tweepy  # type: ignore[import-untyped]  # it comes without types

from connectors.errors import BadRecord, RetryLater
from connectors.http import Session, library_errors, raise_for_status
from connectors.x import XSettings, client

LONGEST_RESULT = 200 * 1024 * 1024
"""Bytes: a million lines."""
KEPT = {"scrub_geo"}
"""Reasons that tell to remove something that is not stored here: the place."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as X describes it; its addresses are signed, so they need (and show) no key."""

    id: str
    status: str
    """``created``, ``in_progress``, ``complete``, ``failed`` or ``expired``."""
    upload_url: str
    download_url: str

    @property
    def is_running(self) -> bool:
        return self.status in {"created", "in_progress"}


class Compliance:
    """The steps of a job. Each raises ``AuthError`` or ``RetryLater``, as a connector does."""

    def __init__(self, settings: XSettings) -> None:
        self._client = client(settings)
        self._storage = Session(settings, max_bytes=LONGEST_RESULT)

    def start(self) -> Job:
        """Begin a job; X runs only one at a time, and waits a quarter of an hour for its ids."""
        return self._job(self._client.create_compliance_job, "tweets")

    def upload(self, job: Job, ids: Iterable[str]) -> None:
        """Tell which posts it is about."""
        body = "".join(f"{one}\n" for one in ids).encode()
        _good(self._storage.put(job.upload_url, data=body, headers={"Content-Type": "text/plain"}))

    def status(self, job: Job) -> Job:
        """The job as it is now."""
        return self._job(self._client.get_compliance_job, job.id)

    def result(self, job: Job) -> list[str]:
        """The ids of posts to delete, once the job is complete; see ``to_delete``."""
        return to_delete(_good(self._storage.get(job.download_url)).content.decode("utf-8", "replace"))

    def _job(self, call: Any, *args: str) -> Job:
        with library_errors("X", tweepy.TweepyException, AttributeError, KeyError, TypeError):
            data = call(*args)["data"]
            return Job(str(data["id"]), data["status"], data["upload_url"], data["download_url"])


def to_delete(result: str) -> list[str]:
    """The ids that a job's result (one JSON object a line) tells to delete; ids it does not name are in order.

    Raises:
        BadRecord: this is no result of a job.
    """
    found = []
    for number, line in enumerate(filter(str.strip, result.split("\n")), start=1):
        try:
            record = json.loads(line)
            if record["action"] == "delete" and record.get("reason") not in KEPT:
                found.append(str(record["id"]))
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise BadRecord(f"line {number} is not of a compliance job's result") from error
    return found


def _good(response: requests.Response) -> requests.Response:
    """The storage's answer; it has nothing to do with the key, whatever its status."""
    if response.status_code in {401, 403}:
        raise RetryLater(f"the storage of X answered {response.status_code}: the job's address has expired")
    raise_for_status(response)
    return response
