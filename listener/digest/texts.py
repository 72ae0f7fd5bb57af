"""Every word of the digest, in German and in English."""

from collections.abc import Mapping
from types import MappingProxyType

from listener.digest.formats import Formats
from storage.records import Language

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # key: (German, English); "x.one" and "x.many" are chosen by number
        "title": ("Tagesbericht", "Daily digest"),
        "no_mentions": (
            "Keine Erwähnungen an diesem Tag.",
            "No mentions on this day.",
        ),
        "mentions.one": ("{n} Erwähnung", "{n} mention"),
        "mentions.many": ("{n} Erwähnungen", "{n} mentions"),
        "against_day_before": ("{change} zum Vortag", "{change} on the day before"),
        "to_answer.one": ("{n} wartet auf Antwort", "{n} worth an answer"),
        "to_answer.many": ("{n} warten auf Antwort", "{n} worth an answer"),
        "sources_in_trouble.one": ("{n} Quelle prüfen", "{n} source needs a look"),
        "sources_in_trouble.many": ("{n} Quellen prüfen", "{n} sources need a look"),
        # sections
        "answers": ("Zu beantworten", "Worth an answer"),
        "answers_none": (
            "Nichts, das eine Antwort braucht.",
            "Nothing that needs an answer.",
        ),
        "answers_more.one": ("und {n} weitere", "and {n} more"),
        "answers_more.many": ("und {n} weitere", "and {n} more"),
        "figures": ("Kennzahlen", "Figures"),
        "volume": ("Die letzten 28 Tage", "The last 28 days"),
        "platforms": ("Nach Plattform", "By platform"),
        "advocacy_section": ("Fürsprache", "Advocacy"),
        "voices": ("Share of Voice", "Share of voice"),
        "topics": ("Themen", "Topics"),
        "rising": ("Neu im Gespräch", "Rising terms"),
        "top_positive": ("Stärkste positive Erwähnungen", "Most engaged positive mentions"),
        "top_negative": ("Stärkste negative Erwähnungen", "Most engaged negative mentions"),
        "none": ("Keine.", "None."),
        "sources": ("Quellen", "Sources"),
        "notes": ("Hinweise zu den Daten", "Notes on the data"),
        "glossary": ("Was die Zahlen bedeuten", "What the figures mean"),
        # columns
        "day": ("Tag", "Day"),
        "value": ("Wert", "Value"),
        "day_before": ("gg. Vortag", "vs day before"),
        "week_before": ("gg. Ø 7 Tage", "vs 7-day mean"),
        "platform": ("Plattform", "Platform"),
        "brand": ("Marke", "Brand"),
        "likes": ("Likes", "Likes"),
        "shares": ("Geteilt", "Shares"),
        "comments": ("Komm.", "Comm."),
        "views": ("Aufrufe", "Views"),
        "rate_by_views.short": ("ER Aufr.", "ER views"),
        "rate_by_followers.short": ("ER Foll.", "ER foll."),
        "net_sentiment.short": ("Netto", "Net"),
        "share": ("Anteil", "Share"),
        "topic": ("Thema", "Topic"),
        "mean_7_days": ("Ø 7 Tage", "7-day mean"),
        "topic_28_days": ("28 Tage: {share} negativ", "28 days: {share} negative"),
        "rising_count": ("{authors}, zu erwarten waren {expected}", "{authors}, {expected} expected"),
        "rising_new": ("{authors}, in den 28 Tagen davor keins", "{authors}, none in the 28 days before"),
        "rising_authors.one": ("{n} Profil", "{n} author"),
        "rising_authors.many": ("{n} Profile", "{n} authors"),
        "days_28": ("28 Tage", "28 days"),
        "share_28_days": ("Anteil 28 T.", "Share 28 d."),
        "days_covered": ("{n} Tage", "{n} days"),
        # measures
        "mentions": ("Erwähnungen", "Mentions"),
        "authors": ("Profile", "Unique authors"),
        "engagement": ("Interaktionen", "Engagement"),
        "rate_by_views": ("Engagement-Rate (Aufrufe)", "Engagement rate (views)"),
        "rate_by_followers": ("Engagement-Rate (Follower)", "Engagement rate (followers)"),
        "net_sentiment": ("Netto-Stimmung", "Net sentiment"),
        "net_sentiment.week": ("Netto-Stimmung, 7 Tage", "Net sentiment, 7 days"),
        "advocacy": ("Fürsprache", "Advocacy"),
        "stars": ("Sterne", "Stars"),
        "share_of_voice": ("Share of Voice", "Share of voice"),
        "basis": ("n = {n}", "n = {n}"),
        "basis_of": ("n = {n} von {total} ({coverage})", "n = {n} of {total} ({coverage})"),
        "interval": ("95 %: {low} bis {high}", "95%: {low} to {high}"),
        # sentiment and stance
        "positive": ("positiv", "positive"),
        "neutral": ("neutral", "neutral"),
        "negative": ("negativ", "negative"),
        "unscored": ("ohne Wertung", "not scored"),
        "promoting": ("empfehlend", "promoting"),
        "detracting": ("abratend", "detracting"),
        "indifferent": ("ohne Haltung", "indifferent"),
        # a mention
        "anonymous": ("unbekannt", "unknown author"),
        "followers": ("{n} Follower", "{n} followers"),
        "likes.one": ("{n} Like", "{n} like"),
        "likes.many": ("{n} Likes", "{n} likes"),
        "shares.one": ("{n}-mal geteilt", "{n} share"),
        "shares.many": ("{n}-mal geteilt", "{n} shares"),
        "comments.one": ("{n} Kommentar", "{n} comment"),
        "comments.many": ("{n} Kommentare", "{n} comments"),
        "views.one": ("{n} Aufruf", "{n} view"),
        "views.many": ("{n} Aufrufe", "{n} views"),
        "rating": ("{n} von 5 Sternen", "{n} of 5 stars"),
        "no_counts": ("Interaktionen {unknown}", "engagement {unknown}"),
        "quoted": ("„{text}“", "“{text}”"),
        "open": ("Ansehen", "View"),
        "detractor_with_reach": ("Warnung mit Reichweite", "Warning with reach"),
        "complaint": ("Beschwerde", "Complaint"),
        "question": ("Frage", "Question"),
        # sources and notes
        "sources_well.one": ("Die eine Quelle arbeitet.", "The one source works."),
        "sources_well.many": ("Alle {n} Quellen arbeiten.", "All {n} sources work."),
        "no_sources": ("Keine Quelle eingerichtet.", "No source is configured."),
        "paused": ("angehalten, bis jemand eingreift", "paused until a person acts"),
        "failing": ("gestört, wird weiter versucht", "failing, being retried"),
        "unpolled": ("nicht abgefragt", "not polled"),
        "silent": ("antwortet, bleibt aber still", "answers, but stays silent"),
        "last_ok": ("zuletzt erfolgreich {when}", "last success {when}"),
        "last_new": ("zuletzt Neues {when}", "last news {when}"),
        "never_ok": ("noch nie erfolgreich", "no success so far"),
        "never_new": ("bisher nichts Neues", "nothing new so far"),
        "note.unscored.one": (
            "{n} Erwähnung ist noch nicht bewertet.",
            "{n} mention is not scored yet.",
        ),
        "note.unscored.many": (
            "{n} Erwähnungen sind noch nicht bewertet.",
            "{n} mentions are not scored yet.",
        ),
        "note.outdated_days.one": (
            "Die Zahlen von {n} Tag sind noch nicht nachgerechnet.",
            "The figures of {n} day are yet to be brought up to date.",
        ),
        "note.outdated_days.many": (
            "Die Zahlen von {n} Tagen sind noch nicht nachgerechnet.",
            "The figures of {n} days are yet to be brought up to date.",
        ),
        "note.rejects.one": (
            "{n} Eintrag einer Plattform war nicht lesbar (alle Marken).",
            "{n} item from a platform could not be read (all brands).",
        ),
        "note.rejects.many": (
            "{n} Einträge der Plattformen waren nicht lesbar (alle Marken).",
            "{n} items from platforms could not be read (all brands).",
        ),
        # chart
        "chart_alt": (
            "Erwähnungen je Tag nach Stimmung, {first} bis {last}, und die Netto-Stimmung.",
            "Mentions per day by sentiment, {first} to {last}, and net sentiment.",
        ),
        "not_covered": ("keine Daten", "no data"),
        # glossary
        "explain.mentions": (
            "Texte über die Marke, ohne die eigenen Konten.",
            "Texts about the brand, its own accounts left out.",
        ),
        "explain.authors": (
            "verschiedene Profile, von denen sie stammen.",
            "different profiles that wrote them.",
        ),
        "explain.engagement": (
            "Likes + Geteilt + Kommentare, soweit die Plattform sie nennt.",
            "likes + shares + comments, as far as the platform tells.",
        ),
        "explain.rate_by_views": (
            "Interaktionen je Aufruf; Mittel über die Erwähnungen mit bekannten Aufrufen.",
            "engagement per view; the mean over mentions with known views.",
        ),
        "explain.rate_by_followers": (
            "Interaktionen je Follower des Profils; Mittel über die Erwähnungen mit bekannter Zahl.",
            "engagement per follower of the author; the mean over mentions where it is known.",
        ),
        "explain.net_sentiment": (
            "(positive - negative) / (positive + negative) Erwähnungen; neutrale zählen nicht.",
            "(positive - negative) / (positive + negative) mentions; neutral ones do not count.",
        ),
        "explain.advocacy": (
            (
                "Anteil der empfehlenden minus Anteil der abratenden unter den Erwähnungen, die eins von beiden"
                " tun, mit 95-%-Intervall. Aus Texten gelesen, keine Umfrage."
            ),
            (
                "share of promoting minus share of detracting mentions among those that do either, with its 95%"
                " interval. Read from texts, not a survey."
            ),
        ),
        "explain.stars": (
            "Mittel der Bewertungen, 1 bis 5.",
            "mean of the ratings, 1 to 5.",
        ),
        "explain.share_of_voice": (
            "Erwähnungen der Marke unter ihren und denen der eingetragenen Mitbewerber.",
            "the brand's mentions among its own and its configured competitors'.",
        ),
        "explain.basis": (
            (
                "so viele Erwähnungen liegen der Zahl zugrunde. gg.: gegenüber; Ø 7 Tage: Mittel der 7 Tage"
                " davor; PP: Prozentpunkte; {unknown}: unbekannt, nicht null."
            ),
            (
                "how many mentions the figure rests on. 7-day mean: of the 7 days before; pp: percentage"
                " points; {unknown}: unknown, not zero."
            ),
        ),
        "explain.answers": (
            (
                "Fragen, Beschwerden (negativ, abratend oder höchstens 2 Sterne) und Warnungen vor mindestens"
                " {reach} Followern oder Aufrufen; das Dringendste zuerst."
            ),
            (
                "questions, complaints (negative, detracting or at most 2 stars) and warnings before at least"
                " {reach} followers or views; the most urgent first."
            ),
        ),
        "explain.topics": (
            (
                "Erwähnungen, in denen das Thema vorkommt; bewertet sind nur die Sätze darüber, nicht die ganze"
                " Erwähnung."
            ),
            "mentions that speak of the topic; only their sentences about it are scored, not the whole mention.",
        ),
        "explain.rising": (
            (
                "Wörter, die deutlich mehr Profile verwenden als in den 28 Tagen davor (Log-Odds, z ab 1,96), das"
                " deutlichste zuerst; zu erwarten: beim Anteil der Tage davor."
            ),
            (
                "words that clearly more authors use than in the 28 days before (log-odds, z from 1.96), the"
                " clearest first; expected: at the share of the days before."
            ),
        ),
        "footer": (
            "Automatisch erstellt von Social Listening Bot. Definitionen Version {version}; Tage in {timezone}.",
            "Made automatically by Social Listening Bot. Definitions version {version}; days in {timezone}.",
        ),
    }
)


class Texts(Formats):
    """The words and formats of one language: ``texts("title")``."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._column = ("de", "en").index(language)

    def __call__(self, key: str, **values: str) -> str:
        return WORDS[key][self._column].format(**values)

    def count(self, key: str, n: int) -> str:
        """With the number before it: ``count("mentions", 2)`` is "2 mentions"."""
        return self(f"{key}.one" if n == 1 else f"{key}.many", n=self.number(n))
