"""Numbers, shares, dates and times as a German or an English reader expects them. Unknown is never 0."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.records import Language

NBSP = "\N{NO-BREAK SPACE}"
DOT = f"{NBSP}· "
"""Between phrases; a line never begins with it."""

MINUS = "\N{MINUS SIGN}"

_UNKNOWN = {"de": f"k.{NBSP}A.", "en": "n/a"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = {
    "de": ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}


class Formats:
    """The formats of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    @property
    def unknown(self) -> str:
        return _UNKNOWN[self.language]

    def number(self, value: float | None, digits: int = 0, *, signed: bool = False) -> str:
        """1.234,5 and 1,234.5; signed, also + and ±0, as rounded."""
        if value is None:
            return self.unknown
        text = f"{abs(value):,.{digits}f}"
        if self.language == "de":
            text = text.translate(str.maketrans(",.", ".,"))
        return self._sign(round(value, digits), signed) + text

    def percent(self, share: float | None, digits: int = 1, *, signed: bool = False) -> str:
        """12,3 % and 12.3%; ``share`` is 0.123."""
        if share is None:
            return self.unknown
        return self.number(100 * share, digits, signed=signed) + (
            f"{NBSP}%" if self.language == "de" else "%"
        )

    def points(self, difference: float | None) -> str:
        """A difference of two shares in percentage points, signed."""
        if difference is None:
            return self.unknown
        return (
            self.number(100 * difference, 1, signed=True) + NBSP + ("PP" if self.language == "de" else "pp")
        )

    def full_date(self, day: date) -> str:
        """21.11.2026 and 21 Nov 2026."""
        if self.language == "de":
            return f"{day:%d.%m.%Y}"
        return f"{day.day}{NBSP}{_MONTHS[day.month - 1]}{NBSP}{day.year}"

    def short_date(self, day: date) -> str:
        """21.11. and 21 Nov."""
        return f"{day:%d.%m.}" if self.language == "de" else f"{day.day}{NBSP}{_MONTHS[day.month - 1]}"

    def long_date(self, day: date) -> str:
        """With the weekday before it."""
        return f"{_WEEKDAYS[self.language][day.weekday()]}, {self.full_date(day)}"

    def time(self, moment: datetime, zone: ZoneInfo) -> str:
        """14:05, local."""
        return f"{moment.astimezone(zone):%H:%M}"

    def moment(self, moment: datetime | None, zone: ZoneInfo) -> str:
        """Date and local time."""
        if moment is None:
            return self.unknown
        return f"{self.short_date(moment.astimezone(zone).date())}{NBSP}{self.time(moment, zone)}"

    @staticmethod
    def _sign(rounded: float, signed: bool) -> str:
        if rounded < 0:
            return MINUS
        return "" if not signed else "+" if rounded > 0 else "±"
