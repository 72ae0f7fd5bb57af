"""What can go wrong at the network edge, named by what to do about it."""

from datetime import timedelta


class ConnectorError(Exception):
    """A source could not be polled. The message is one line for the operator, without secrets."""


class AuthError(ConnectorError):
    """Somebody must act: a key is missing, wrong, not allowed, or out of credit. Pauses the source."""


class RetryLater(ConnectorError):  # noqa: N818 - named by what to do about it
    """The platform is away or asks for patience; try again after ``after`` (None: the usual backoff)."""

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class BadRecord(ConnectorError):  # noqa: N818 - named by what it is, like reject
    """One record does not have the shape the platform promised; it is kept as a reject, the rest goes on."""
