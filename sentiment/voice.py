"""Whether words speak for their writer: not in a question, a quotation, hearsay, a condition, an advertisement."""

import re

from sentiment.phrases.notation import Kind

_QUESTION = re.compile(r"[^.!?\n]*\?")
_QUOTATION = re.compile(
    r"\u201e[^\u201c\u201d\"]+[\u201c\u201d\"]|\u201c[^\u201d]+\u201d|\u00bb[^\u00ab]+\u00ab|\u00ab[^\u00bb]+\u00bb|(?<!\w)\"[^\"]+\"(?!\w)|(?<!\w)[\u2018'][^\u2018\u2019'\n]+[\u2019'](?!\w)|\u201a[^\u2018\u2019]+[\u2018\u2019]"
)
_OWN_QUOTATION = re.compile(
    r"(?:klar\w*|deutlich\w*|dick\w*|gro(?:ß|ss)\w*|fett\w*|(?:ich|nur) (?:sagen?|sage)|sag(?:e|\u2019|')? (?:ich|nur)|mir ein\w*|a (?:big|clear|huge|firm)|i (?:can only |will |would )?say|verdict)[:,]?\s*$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…\n;]+(?=\s|$)")
_TURN = re.compile(
    r"[.!?…\n;]+(?=\s|$)|[\u2013—-]\s|[,:]?\s(?:und\s)?(?:aber|jedoch|doch|sondern|dennoch|trotzdem|heute|jetzt|inzwischen|mittlerweile|but|yet|still|though|however|now|today)\b"
    r"|,\s(?:ich|i)\s(?:sage|say)\b",
    re.IGNORECASE,
)
"""Where a writer turns from what others say, or from what once was."""
_HEARSAY = re.compile(
    r"(?<!ich )(?<!wir )\b(?:meint|meinte|meinten|sagt|sagte|sagten|behaupte\w*|schimpf\w*|schrie|schreit|schreibt|schrieb|rief|ruft|angeblich|hie(?:ß|ss) es|hei(?:ß|ss)t es"
    r"|rät|riet|rieten|warnte|schwärmte?)\b(?! (?:ich|wir|mir|alles|schon alles)\b)"
    r"|\b(?:hat|haben|hatte|hatten) [^.!?\n]{0,25}\bgesagt\b|\b(?:alle|viele|leute|manche|einige|andere|die|sie|man|freunde|kollegen|viele leute) (?:sagen|raten|meinen|schreiben|warnen|empfehlen|schwören)\b"
    r"|\blaut (?:der|dem|den|mein\w+|unser\w+|ein\w+|aussage|presse|internet|google|test\w*|freund\w*|bewertung\w*)\b"
    r"|\b(?:lese|liest|lies|gelesen|höre|hört|gehört) (?:ich |man |hier |immer |oft |ständig |überall |ja )*,? ?(?:dass|von vielen|oft|ständig|immer)\b"
    r"|(?<!\bi )(?<!\bwe )(?<!\bi've )(?<!\bi\u2019ve )\b(?:said|says|claims?|claimed|yelled|shouted|muttered|wrote|writes|reckons|thinks|insists|insisted|swears)\b|\b(?:told|tells|telling|advised|warned) (?:me|us)\b"
    r"|\b(?:according to|apparently|reportedly|supposedly|allegedly|rumou?r has it|word is)\b"
    r"|\b(?:people|everyone|everybody|they|some|many|others|friends|reviews|folks) (?:say|keep saying|tell me|warn|recommend)\b|\bi(?:['\u2019]ve)? (?:have )?(?:keep )?(?:read|heard|seen|reading|hearing|seeing) (?:that|people|on|online|some|many|lots|a lot|so many)\b"
    r"|\b(?:i['\u2019]d|i would|would) have said\b|\bil paraît\b|\b(?:dit|disent|dicen?|dijo|disse|dice|diz|dizem|dicono|ha detto|zegt|zei|zeggen)\b (?:que|qu|che|dat|di)",
    re.IGNORECASE,
)
_CONCERNED = (
    r"(?:ihr|du|man|dir|euch|jemand|wer|einer|du's|ihr's|es (?:um|euch|dir)|es sich (?:vermeiden|irgendwie)|es geht|möglich|nötig|überhaupt|ich (?:nur|bloß)|wir (?:nur|bloß)"
    r"|you|u|ya|your|anyone|anybody|someone|one|possible|in doubt|it comes|ever|i can (?:help|avoid)|we can (?:help|avoid)|i (?:could|had|can) [^.!?]{0,25}one|only|nothing else|at all|not|(?:it|they|this|that) (?:was|were|is|are) (?:free|for free|the (?:last|only))|they paid|my life|es umsonst|man mir|sie mir)\b"
)
_CONDITION = re.compile(
    rf"(?<!auch )(?<!selbst )(?<!sogar )(?<!even )(?<!as )(?<!wie )\b(?:wenn|falls|sofern|if|unless|as long as|provided)\b(?!\s+{_CONCERNED})(?!\s+auch)"
    r"|(?:^|[.!?]\s)(?:sollte|sollten|wäre|wären|hätte|hätten|gäbe|käme|würde|should|were|had)\b(?! man| jeder| ihr| ich nur)[^.!?\n]{3,},"
    r"|\bha(?:d|tte) the\b|\bonce (?:the|they|it|he|she|this|that)\b|\bsobald\b|\bes sei denn\b|\bhad (?:the|it|they) [^.!?]* been\b",
    re.IGNORECASE,
)
_ANY_CONDITION = re.compile(
    r"\b(?:wenn|falls|sofern|sollte|if|unless|vielleicht|eventuell|überlege\w*|maybe|perhaps|might|may|considering|thinking (?:of|about)|tempted|almost|nearly|fast|beinahe|could|könnte|würde|would|soll|(?<!i['\u2019]d )better)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:nicht sagen|nicht behaupten|not saying|not to say|wouldn't say|wouldn\u2019t say)\b|\b(?:weiß|weiss|sicher|überlege|frage mich|fraglich|unsicher|sure|know|wondering|wonder)\b[^.!?\n]{0,20}\b(?:ob|whether|if)\b|\bob (?:ich|wir|das|man)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:früher|frueher|damals|einst|ehemals|vor (?:\w+ )?jahren|used to|back then|in the past|years ago|once upon|avant|prima|antes)\b",
    re.IGNORECASE,
)
_ADVERTISEMENT = re.compile(
    r"\bbesuch\w* (?:sie )?uns\b|\b(?:jetzt|heute)\b[^.!?\n]*\b(?:sichern|bestellen|buchen|testen|anmelden|sparen)\b|\bfreuen uns auf (?:sie|euch|dich|ihren|deinen|euren)\b"
    r"|\d ?(?:%|prozent|€|euro|pounds|dollars)[^.!?\n]{0,15}\b(?:rabatt|off|sparen|prämie|discount|günstiger)\b|\bnewsletter\b|\bwe['\u2019]re hiring\b|\bwir suchen\b|\bjoin (?:our|us)\b"
    r"|\bvisit us\b|\b(?:our|unser\w*) (?:new|neue\w*|store|shop|team|online|filiale|website|webshop|spring|summer|winter|autumn|sale)\b|\b(?:shop|order) now\b|\b(?:code|gutschein\w*)\b"
    r"|\brefer a friend\b|\bfreunde werben\b|\bget one free\b|\blink in (?:the )?bio\b|\b(?:bei|with) (?:uns|us)\b|\bonly today\b|\bnur heute\b|\bfree trial\b|\bto win\b|\bgewinn\w*\b|\bsponsored\b|#(?:ad|werbung|anzeige)\b",
    re.IGNORECASE,
)
_OWN_REASON = re.compile(
    r"\b(?:umzieh\w*|umzug\w*|umgezogen|wegzieh\w*|weggezogen|ziehe\w* (?:um|weg|nach|ins|in)|ausland|rente|neue\w* (?:job|arbeit|stelle)|schwanger\w*|keine zeit|nicht mehr (?:brauch\w*|benötig\w*|nutz\w*)"
    r"|brauch\w*[^.!?\n]{0,20}nicht mehr|gesundheit\w*|schweren herzens|schöne[nr]? (?:jahre|zeit)|danke für (?:alles|die)|kein auto mehr|studium|arbeitgeber|mein\w* (?:job|stelle|wohnung)"
    r"|(?:i['\u2019]m|we['\u2019]re|because|since|as|are|am|have|i|we) (?:i['\u2019]m |we['\u2019]re |i |we |have |are |am )*(?:moving|moved) (?!(?:my|our|to (?:a |another )?(?:competitor|rival|different))\b)|relocat\w*|abroad|new job|retir\w*|graduat\w*|no longer need|don['\u2019]t need|my job|no time|injur\w*|pregnan\w*"
    r"|déménag\w*|trasfer\w*|mudanza|me mudo|verhui\w*|thanks? (?:you )?for (?:everything|the|all)|sad to|sadly)\b",
    re.IGNORECASE,
)


def speak_for_the_writer(text: str, start: int, end: int, kind: Kind) -> bool:
    """Whether ``text[start:end]``, a phrase of ``kind``, is what the writer means, here and now, of the brand."""
    if _QUESTION.match(text, end) or _is_quoted(text, start, end):
        return False
    sentence = _around(_SENTENCE_END, text, start, end)
    if _DOUBT.search(sentence) or _CONDITION.search(sentence):
        return False
    clause = _around(_TURN, text, start, end)
    if _HEARSAY.search(clause):
        return False
    if kind is Kind.PROMOTES:
        return not (_PAST.search(clause) or _ADVERTISEMENT.search(text))
    return kind is not Kind.LEAVES or not (_ANY_CONDITION.search(sentence) or _OWN_REASON.search(text))


def _is_quoted(text: str, start: int, end: int) -> bool:
    return any(
        each.start() < start and end < each.end()
        for each in _QUOTATION.finditer(text)
        if len(each[0]) < len(text.strip()) and not _OWN_QUOTATION.search(text, 0, each.start())
    )


def _around(border: re.Pattern[str], text: str, start: int, end: int) -> str:
    """The piece of the text between borders that holds the phrase."""
    begin = max((each.end() for each in border.finditer(text, 0, start)), default=0)
    stop = border.search(text, end)
    return text[begin : stop.start() if stop else len(text)]
