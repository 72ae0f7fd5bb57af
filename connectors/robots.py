"""robots.txt: which addresses a site lets programs read (RFC 9309).

Read with the standard library's parser, which takes ``*`` and ``$`` in a path literally and lets the first
rule that fits decide; so do the plain rules that most sites write.
"""

import time
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from connectors.http import Session, raise_for_status

DAY = 24 * 60 * 60.0
MAX_BYTES = 500 * 1024
"""What stands further down is not read, as the RFC allows."""


class Robots:
    """The rules of the sites asked so far; each site is asked once a day."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, RobotFileParser]] = {}

    def allows(self, session: Session, url: str) -> bool:
        """Whether the site lets the session's user agent read the address.

        A site without rules (404 and its like) allows everything.

        Raises:
            RetryLater: the rules cannot be had just now, which allows nothing.
        """
        address = urljoin(url, "/robots.txt")
        asked, rules = self._known.get(address, (0.0, None))
        if rules is None or time.monotonic() - asked > DAY:
            rules = _fetch(session, address)
            self._known[address] = time.monotonic(), rules
        return rules.can_fetch(str(session.headers["User-Agent"]), url)


def _fetch(session: Session, address: str) -> RobotFileParser:
    response = session.get(address)
    if response.status_code == 429 or response.status_code >= 500:
        raise_for_status(response)
    text = response.content[:MAX_BYTES].decode("utf-8-sig", "replace") if response.ok else ""
    rules = RobotFileParser()
    rules.parse([line for line in text.splitlines() if _is_readable(line)])
    return rules


def _is_readable(line: str) -> bool:
    """Whether the parser gets over the line; the others are left out, as the RFC asks."""
    try:
        RobotFileParser().parse(["User-agent: *", line])
    except ValueError:
        return False
    return True


ROBOTS = Robots()
"""One for the process: sources that read the same site share its rules."""
