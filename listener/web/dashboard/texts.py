"""The dashboard's own words, in German and in English; those it shares with the digest are the digest's."""

from collections.abc import Mapping
from types import MappingProxyType

from listener.digest.formats import NBSP
from listener.digest.texts import Texts

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # key: (German, English); "x.one" and "x.many" are chosen by number
        "dashboard": ("Dashboard", "Dashboard"),
        "choose_brand": ("Marke", "Brand"),
        "choose_days": ("Zeitraum", "Period"),
        "competitor": ("{name} (Mitbewerber)", "{name} (competitor)"),
        "days.one": ("{n} Tag", "{n} day"),
        "days.many": ("{n} Tage", "{n} days"),
        "show": ("Anzeigen", "Show"),
        "period": (
            "{first} bis {last}, verglichen mit ebenso vielen Tagen davor. Tage in {timezone}, ohne den laufenden.",
            "{first} to {last}, compared with as many days before. Days in {timezone}, without the running one.",
        ),
        "range": ("{first} bis {last}", "{first} to {last}"),
        "figures": ("Kennzahlen", "Key figures"),
        "reach": ("Reichweite", "Reach"),
        "stars": ("Bewertung", "Average rating"),
        "response_rate": ("Antwortquote", "Response rate"),
        "no_comparison": ("kein Vergleich", "no comparison"),
        "repeats.one": ("dazu {n} Wiederholung", "plus {n} repeat"),
        "repeats.many": ("dazu {n} Wiederholungen", "plus {n} repeats"),
        "reviews.one": ("{n} Bewertung", "{n} review"),
        "reviews.many": ("{n} Bewertungen", "{n} reviews"),
        "coverage": (
            "Die Zahlen können zu niedrig sein, weil sich geändert hat, was abgefragt wird",
            "Numbers may be low because what is listened to has changed",
        ),
        "event.added": ("neu seit {first}: {sources}", "added on {first}: {sources}"),
        "event.removed": ("entfernt am {first}: {sources}", "removed on {first}: {sources}"),
        "event.paused": ("angehalten {span}: {sources}", "paused {span}: {sources}"),
        "event.failing": ("gestört {span}: {sources}", "failing {span}: {sources}"),
        "span.day": ("am {first}", "on {first}"),
        "span.days": ("vom {first} bis {last}", "from {first} to {last}"),
        "span.open": ("seit {first}", "since {first}"),
        "volume.1": ("Erwähnungen pro Tag", "Mentions per day"),
        "volume.7": ("Erwähnungen pro Woche", "Mentions per week"),
        "volume.28": ("Erwähnungen in je vier Wochen", "Mentions per four weeks"),
        "volume_alt": (
            "Erwähnungen nach Stimmung, {first} bis {last}; höchstens {highest}.",
            "Mentions by sentiment, {first} to {last}; at most {highest}.",
        ),
        "mean": ("Mittel der 7 Tage", "7-day mean"),
        "questions": ("Zehn Fragen, alle Erwähnungen, SQL", "Ten questions, all mentions, SQL"),
        "gap": ("Quelle stumm oder noch keine Daten", "source silent, or no data yet"),
        "silent": ("stumm: {sources}", "silent: {sources}"),
        "trend": ("Stimmung und Fürsprache", "Sentiment and advocacy"),
        "trend_alt": (
            "Netto-Stimmung ({net}) und Fürsprache ({advocacy}) am {last}, im Verlauf seit {first}.",
            "Net sentiment ({net}) and advocacy ({advocacy}) on {last}, and how they moved since {first}.",
        ),
        "net_7": ("Netto-Stimmung, 7 Tage", "Net sentiment, 7 days"),
        "advocacy_28": ("Fürsprache, 28 Tage", "Advocacy, 28 days"),
        "band": ("95-%-Intervall", "95% interval"),
        "no_voices": ("Keine Mitbewerber eingetragen.", "No competitors are configured."),
        "numbers": ("Zahlen als Tabelle", "Numbers as a table"),
        "topics_note": (
            "Gezählt sind die Sätze über das Thema, nicht die ganze Erwähnung.",
            "What the sentences on the topic say, not the mention as a whole.",
        ),
        "hours": ("Wann gesprochen wird", "When people talk"),
        "hours_alt": (
            "Erwähnungen nach Wochentag und Stunde; am meisten {weekday} um {hour} Uhr ({highest}).",
            "Mentions by weekday and hour; most on {weekday} at {hour}:00 ({highest}).",
        ),
        "weekday": ("Tag", "Day"),
        "weekdays": ("Mo Di Mi Do Fr Sa So", "Mon Tue Wed Thu Fri Sat Sun"),
        "weekdays.long": (
            "montags dienstags mittwochs donnerstags freitags samstags sonntags",
            "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        ),
        "less": ("wenig", "few"),
        "more": ("viel", "many"),
        "reviews": ("Bewertungen und Antworten", "Reviews and answers"),
        "star.one": ("{n} Stern", "{n} star"),
        "star.many": ("{n} Sterne", "{n} stars"),
        "answered": (
            "{answered} von {answerable} beantwortet ({rate}), im Mittel nach {hours}.",
            "{answered} of {answerable} answered ({rate}), after {hours} on average.",
        ),
        "hours_unit": (f"{{n}}{NBSP}Stunden", f"{{n}}{NBSP}hours"),
        "no_answers": ("Die Plattformen zeigen keine Antworten.", "The platforms do not show answers."),
        "languages": ("Sprachen", "Languages"),
        "language": ("Sprache", "Language"),
        "rising": ("Neu im Gespräch am {day}", "Rising terms on {day}"),
        "rising.none": ("Neu im Gespräch", "Rising terms"),
        "term": ("Begriff", "Term"),
        "term_authors": ("Profile", "Authors"),
        "expected": ("zu erwarten", "expected"),
        "loudest_positive": ("Lauteste positive Erwähnungen", "Loudest positive mentions"),
        "loudest_negative": ("Lauteste negative Erwähnungen", "Loudest negative mentions"),
        "loudest_since": (
            "Von den Erwähnungen seit {day}; davor sind es zu viele, um sie einzeln zu lesen.",
            "Of the mentions since {day}; before that there are too many to be read one by one.",
        ),
        "interactions.one": ("{n} Interaktion", "{n} interaction"),
        "interactions.many": ("{n} Interaktionen", "{n} interactions"),
        "nothing": ("Nichts in diesem Zeitraum.", "Nothing in this period."),
        "made_by": (
            "Social Listening Bot. Was die Zahlen bedeuten: docs/metrics.md; {unknown}: unbekannt, nicht null.",
            "Social Listening Bot. What the numbers mean: docs/metrics.md; {unknown}: unknown, not zero.",
        ),
        "empty": ("Noch keine Erwähnungen", "No mentions yet"),
        "empty_brand": (
            "Von {brand} ist noch nichts gezählt.",
            "Nothing of {brand} has been counted yet.",
        ),
        "unknown_brand": ("Unbekannte Marke", "Unknown brand"),
        "unknown_brand.text": (
            "In dieser Datenbank gibt es keine Marke {brand}. Oben stehen die, die es gibt.",
            "There is no brand {brand} in this database. Those there are stand above.",
        ),
        "what_to_do": ("So kommen Zahlen hierher:", "How numbers get here:"),
        "do.run": ("fragt die Quellen ab und zählt", "polls the sources and counts"),
        "do.demo": (
            "zeigt alles mit erfundenen Erwähnungen, ohne einen Schlüssel",
            "shows everything with made-up mentions, without any key",
        ),
        "lang.de": ("Deutsch", "German"),
        "lang.en": ("Englisch", "English"),
        "lang.es": ("Spanisch", "Spanish"),
        "lang.fr": ("Französisch", "French"),
        "lang.it": ("Italienisch", "Italian"),
        "lang.nl": ("Niederländisch", "Dutch"),
        "lang.pl": ("Polnisch", "Polish"),
        "lang.pt": ("Portugiesisch", "Portuguese"),
        "lang.tr": ("Türkisch", "Turkish"),
        "lang.uk": ("Ukrainisch", "Ukrainian"),
        "lang.und": ("unbestimmt", "undetermined"),
    }
)


class Words(Texts):
    """The words and formats of one language: ``words("dashboard")``."""

    def __call__(self, key: str, **values: str) -> str:
        own = WORDS.get(key)
        return own[self._column].format(**values) if own else super().__call__(key, **values)

    def tongue(self, code: str) -> str:
        """A language's name, or its code where there is no name."""
        return self(f"lang.{code}") if f"lang.{code}" in WORDS else code
