"""How people recommend and warn, in German and English: the table that ``sentiment.stance`` reads with.

Notation: a phrase is a regular expression in which
    a space       stands for any space, with or without a comma before it,
    ``…``         for up to four words, none of them a negation,
    ``*``         for the rest of a word (after a bracket for repetition, as ever),
    ``ä ö ü ß``   for themselves and for ae, oe, ue, ss; ``'`` for any apostrophe or none,
    ``[start]``   for the beginning of a sentence or clause, where imperatives stand, ``[end]`` for the end,
    ``[not]``     for any negation, ``[Name]`` for a capitalised word.
Case does not matter. Where two phrases begin at the same word the upper one is read, and a word belongs to
one phrase only: so the exceptions stand first, with all the words that make them exceptions.
"""

from storage.records import Stance

NEGATIONS = (
    r"(?:nicht|nich|ned|kein\w*|nie|niemals|niemand\w*|nirgend\w*|weder|kaum|ohne|not|never|no|nobody|none|hardly"
    r"|cannot|(?:ca|wo|could|would|should|do|does|did|is|was)n['\u2019]?t)"
)
GAP_WORDS = 4

_SOMEONE = "(jemand|wer|einer|ihr|anyone|anybody|someone|somebody|you)"
_PLACE = "(place|shop|store|company|brand|restaurant|bakery|café|cafe|hotel|product|app|seller|service|chain|one)s?"
_THEM = f"(it|them|(this|that|these|those|their|the) … {_PLACE}|[Name])"
_VISIT = "(kaufen|bestellen|buchen|besuchen|hingehen|herkommen|hin)"
_BUY = "(buy|order|book|shop|eat|stay|go|come|bother)"
_KANN = "(kann|können|könnte|würde|werde|möchte|will|muss|darf)"
_SEHR = "((nur|sehr|absolut|wärmstens|unbedingt|gerne*|jederzeit|jedem|allen|immer|definitiv|zu) )*"
_KLARE = "((absolute|klare|volle|große|echte|ganz|eindeutige|uneingeschränkte|definitive|meine|unsere) )+"
_WE_CAN = "((i|we|i'd|we'd|i'll|can|would|will|do|could|only) )*"
_HIGHLY = (
    "((highly|strongly|definitely|thoroughly|really|totally|absolutely|heartily|warmly|happily|gladly|certainly"
    "|always|fully|100%) )*"
)

PHRASES: tuple[tuple[Stance, tuple[str, ...]], ...] = (
    # Neither: what looks like advice and is none.
    (
        Stance.INDIFFERENT,
        (
            # A question without its mark, a search, a condition, a doubt.
            f"(kann|könnt*|würd*|hat|does|can|could|would|has|did) {_SOMEONE} … (empfehl*|empfohl*|recommend*)",
            "wer (kann|könnte|hat) … (empfehl*|empfohl*)",
            "([not] )?(ob|wen|was|welche*|whether|if|what|which) … (empfehl*|empfohl*|recommend*)",
            "(suche*|brauche*|bitte um|danke für|thanks for|looking for|need|any) … *empfehlung*",
            "(thanks for|looking for|need|any) … recommend*",
            "((i|we) )?(würde*|would|i'd|we'd) … (empfehlen|recommend) … (wenn|falls|if|unless)",
            "(hätte*|would have|used to) … (empfohlen|recommend*)",
            "(weder|neither) … (empfehl*|recommend*) … (noch|nor) *",
            # What others said to the writer, and what is not about a brand.
            "(wurde|wird|worden|hat|bekam) … empfohlen",
            "(haben|habe) … (mir|uns) … empfohlen",
            "(was|were|been|got|came|are|is) recommended",
            "empfohlen … (worden|bekommen)",
            "recommended (by|to (me|us))",
            "(auf|nach|laut|dank) … empfehlung",
            "(unverbindliche*|ärztliche*) *empfehlung*",
            "empfehlung (des hauses|der redaktion|der woche|von)",
            f"{_WE_CAN}recommend* (that )?(they|you) *",
            f"{_WE_CAN}recommend* (booking|to book|reserving|calling|going early|arriving|bringing|asking)",
            "empfehle … zu (reservieren|buchen|bestellen|schulen|ändern|prüfen|überdenken)",
            "(bedingt|eingeschränkt) … empfehl*",
            "nur bedingt *empfehl*",
            # Liking, as strong as it may be.
            "(nie|niemals) (wieder|mehr) … (ohne|ander*|woanders*|weg|so *)",
            "never … (anything|anywhere|anyone|any other|another|without) … (else|again|brand|place|shop)?",
            "never again without",
            "(can't|cannot|couldn't|hard to|unable to) stay away",
            "(to|can|could|we|i|they|who|helps?|helped) avoid *",
        ),
    ),
    (
        Stance.PROMOTING,
        (
            # Negated words that praise.
            f"({_KANN} … )?[not] … (genug|oft genug|genügend|nur) … *empfehlen",
            "((i|we) )?(can't|cannot|can not|couldn't) … recommend … (enough|highly enough|more highly|more)",
            "(can't|cannot|can not) go wrong with",
            "(don't|do not) miss (out on )?(it|this|them|out)",
        ),
    ),
    (
        Stance.DETRACTING,
        (
            # Recommending, negated before or after.
            f"(({_KANN}|can|could|would|do) … )?[not] … (weiter)?empfehl*",
            f"({_KANN} … )?[not] … (weiter)?empfohlen",
            "(i |we |they )?(can |could |would |will |do |does )?(not|never|cannot|(ca|wo|would|could|do|does)n't) … recommend*",
            "(weiter)?empfehle … nicht( weiter| mehr)?",
            "(kein*|wenig|minder) … (*empfehlung*|empfehlenswert*)",
            "wenig empfehlenswert",
            "(absolute |klare |dringende )?(kaufwarnung|reisewarnung|nichtempfehlung)",
            # Advising against.
            "(kann|muss|möchte|würde|will) … (abraten|warnen)",
            "(rate|raten) … (davon |dringend )?ab",
            "(ich |wir )(warne|warnen) … (euch|jeden|alle|alle anderen|andere|davor|vor)",
            "(eine |als )?warnung (an|für) (alle|euch|andere)",
            "(i |we )?(must |have to |want to )?warn (you|everyone|everybody|others|people|anyone)",
            "(you have|you've) been warned",
            "[start] be warned",
            "(buyer )?beware( of)?",
            "boy(k|c)ott*",
            # Imperatives.
            "(lasst |lass |lieber |besser )?(die )?finger (davon|weg)( lassen)?( von)?",
            "finger weg( von)?",
            "(einen |nen )?(großen |riesen|weiten |riesigen )+bogen (um|machen)",
            "(unbedingt|besser|lieber|dringend|bitte) … meiden",
            "meidet *",
            "(spart euch|spar dir|erspart euch|erspar dir) (das|den|die|diesen|dieses) *",
            "(den weg|das geld) … sparen",
            "[start] vorsicht (vor|abzocke|betrug|[end])",
            "(lieber|besser) (woanders*|zur konkurrenz|anderswo)",
            f"(bloß|lieber|besser|bitte) nicht … {_VISIT}",
            f"auf keinen fall … {_VISIT}",
            "[start] (kauft|bestellt|bucht|kauf|bestell) … (nicht|nichts|niemals)",
            "[start] (geht|fahrt|geh|fahr) … nicht (da |dort )?(hin|dorthin)",
            f"[start] nicht … {_VISIT}",
            "[start] avoid[end]",
            f"[start] avoid {_THEM}( at all costs?| like the plague)?",
            f"(better|best|should|would|must|to) avoid … (this|that|these) … {_PLACE}",
            "(best|better) avoided",
            "avoid … (at all costs?|like the plague)",
            "(steer|stay) … clear( of)?",
            f"stay (far |well )*away( from ({_THEM}|any*|here)|[end])",
            "keep … away from (this|these|them|here|[Name])",
            (
                f"(do not|don't|would not|wouldn't) (ever |even )?{_BUY} ((from|at|in|to|with) )?"
                f"({_THEM}|here|there|any*)"
            ),
            "(do not|don't) waste … (time|money)",
            "[start] (do not|don't|never) (ever |even )?(bother|buy|go|order|trust)",
            "do yourself a fav* (and )?(avoid|skip|stay away|go elsewhere|don't)",
            "save (your|yourself) … (money|time|trouble|trip)",
            "(look|go|shop|buy|take your (business|money)) elsewhere",
            # Leaving for good, said aloud.
            "(einmal |und )?nie (mehr )?wieder",
            "(nie|niemals) mehr … (hin|kaufen|bestellen)",
            "never (ever )?again",
            "never … (buy|order|book|shop|eat|go|going|come|coming|stay|return|use|fly) … (again|back)",
        ),
    ),
    (
        Stance.PROMOTING,
        (
            f"{_KLARE}(kauf|weiter|lese)?empfehlung",
            "(kauf|weiter)empfehlung",
            "[start] empfehlung[end]",
            f"({_KANN} … )?{_SEHR}(weiter)?empfehl(en|bar)",
            (
                "(ich |wir )?(weiter)?empfehle*n? (ich |wir )?"
                "(jedem|allen|euch|es|sie|ihn|den|die|das|dieses*|gerne*|weiter|[Name])*"
            ),
            "(haben|habe|hab) … (weiter)?empfohlen",
            "(sehr |absolut |wirklich |nur |äußerst |mehr als |unbedingt )*empfehlenswert*",
            "(absoluter |echter |mein |kleiner )*(geheimtipp|geheimtip)",
            "(ein |absolutes |echtes )+(muss|must have)",
            "(müsst|musst|solltet|solltest|sollte) ((ihr|du|man|jeder) )?… (probieren|ausprobieren|testen|hin)",
            "(müsst|musst|solltet|solltest|sollte) ((ihr|du|man|jeder) )?… (hingehen|besuchen|kaufen)",
            "(müsst|musst|solltet|solltest|sollte|muss) … (gesehen|probiert) haben",
            "unbedingt (mal )?(hingehen|hinfahren|ausprobieren|probieren|vorbeischauen|zugreifen|kaufen|holen)",
            "[start] (geht|fahrt) (da|dort|unbedingt|mal|alle) … (hin|dorthin|vorbei)",
            "[start] probiert … aus",
            "(ans|an das) herz legen",
            "((ein|der|jeder) )?(besuch|weg|fahrt|ausflug|umweg) lohnt sich(?! [not])",
            "[start] (zugreifen|zuschlagen|kaufen|hingehen)[end]",
            f"{_WE_CAN}{_HIGHLY}recommend( (it|them|this|these|to (anyone|everyone|all|everybody)|[Name]))*",
            "(highly|strongly|thoroughly|definitely|warmly|much) recommended",
            "[start] recommended",
            "(i|we|i've|we've) ((have|already|just) )*recommended (it|them|this|[Name]) to",
            "((a|an|absolute) )+must(-| )(try|visit|have|see|buy|read|eat|go)",
            "(is|are) a must",
            (
                "(you|everyone|everybody) (guys )?(have to|has to|need to|needs to|must|gotta|should|really|definitely)+"
                f" ((really|definitely|totally|all) )*(try|visit|check out|get|buy|see|taste|go to) {_THEM}"
            ),
            "do yourself (a|the) fav*",
            "[start] (check|try) (it|them|this place|these guys) out",
            "(well |definitely |really |so )?worth (a|the) (visit|trip|try|detour|drive|journey)",
            "look no further",
            "(tell|told|telling) (everyone|everybody|all my friends|all of my friends) … (about|to)",
        ),
    ),
)
