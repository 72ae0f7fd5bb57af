"""Who recommends, who warns, and who only seems to."""

import unicodedata

import pytest

from sentiment.phrases.stems import needs
from sentiment.stance import read
from storage.records import Stance

PROMOTING = [
    "Kann man nur empfehlen",
    "Wer gutes Brot mag, dem kann ich Acme empfehlen",
    "Habe Acme schon vielen Freunden weiterempfohlen",
    "I've recommended it to all my friends",
    "Kann ich nur empfehlen!",
    "Den Laden kann ich wirklich jedem nur weiterempfehlen.",
    "Absolute Empfehlung",
    "Klare Kaufempfehlung von mir.",
    "Sehr zu empfehlen, vor allem das Roggenbrot.",
    "Ich kann die Croissants gar nicht genug empfehlen.",
    "Ich kann euch Acme wärmstens empfehlen",
    "Kann ich euch waermstens empfehlen",
    "Nicht nur ich kann den Laden empfehlen.",
    "Müsst ihr unbedingt probieren!",
    "Muesst ihr unbedingt mal ausprobieren",
    "Absoluter Geheimtipp in Leipzig.",
    "Die Brezel ist ein Muss.",
    "Diese Bäckerei ist sehr empfehlenswert.",
    "Ich empfehle jedem, dort mal vorbeizuschauen.",
    "Ein Besuch lohnt sich auf jeden Fall.",
    "Früher: nie wieder. Heute: klare Empfehlung!",
    "Highly recommend this place.",
    "I can't recommend them enough!",
    "I cannot recommend Acme highly enough",
    "10/10 would recommend",
    "Highly recommended!",
    "Would definitely recommend it to anyone.",
    "You have to try their sourdough... you must visit this bakery!",
    "If you are in Leipzig, do yourself a favour and go.",
    "Definitely worth a visit.",
    "A must-try.",
    "Don't miss it!",
    "You can\u2019t go wrong with Acme.",
    "Not only do I recommend the bread, I recommend the cake too.",
    "Empfehlung!",
    "Tolles Team, jederzeit gerne weiterempfehlen",
    "Kann den Laden empfehlen, auch wenn es nicht billig ist.",
    "I told everyone about this bakery",
    "Zugreifen!",
    "Leute, geht da unbedingt hin!",
    "Unbedingt probieren 😍",
    "Top Laden, Weiterempfehlung!",
    "I'd recommend it to anyone who loves bread",
    "strongly recommended 👍",
]

DETRACTING = [
    "Würde ich nicht empfehlen.",
    "Kann ich leider niemandem empfehlen",
    "Nicht empfehlenswert!",
    "Ich kann diesen Laden absolut nicht weiterempfehlen.",
    "Ich empfehle diesen Laden nicht weiter.",
    "Nie wieder!",
    "NIE WIEDER ACME",
    "Einmal und nie wieder.",
    "Finger weg!",
    "Lasst die Finger davon.",
    "Finger weg von diesem Anbieter",
    "Keine Empfehlung von mir.",
    "Ich rate jedem davon ab.",
    "Da kann ich nur von abraten.",
    "Kann nur davor warnen.",
    "Macht einen großen Bogen um diesen Laden.",
    "Sollte man unbedingt meiden",
    "Kauft dort bloß nicht!",
    "Spart euch das Geld.",
    "Lieber woanders hingehen.",
    "Would not recommend.",
    "I wouldn't recommend this to my worst enemy.",
    "I can't recommend this place.",
    "I cannot recommend them",
    "Do not recommend!",
    "Not recommended.",
    "Avoid this place.",
    "AVOID!!!",
    "Please avoid Acme at all costs.",
    "Avoid like the plague",
    "Stay away from this shop.",
    "Stay away!",
    "Never again.",
    "I will never buy from Acme again",
    "Don't waste your money.",
    "Don\u2019t buy here",
    "Steer clear of these people.",
    "Save your money and go elsewhere.",
    "Buyer beware",
    "I dont recommend it",
    "I love the bread. But the service? Never again!",
    "Bitte nicht kaufen!",
    "Boykottiert diesen Laden!",
    "Acme? Nein danke, nie mehr wieder.",
    "Geht da bloß nicht hin",
    "Auf keinen Fall bestellen!",
    "Vorsicht, Abzocke!",
    "I'd stay away from them",
    "You should avoid this company",
    "Würd ich nich empfehlen",
    "Wuerde ich nicht weiterempfehlen",
    "Do yourself a favor and avoid this place",
    "kann man leider nicht mehr empfehlen",
]

INDIFFERENT = [
    "Kann man das empfehlen?",
    "Freunde haben mir Acme empfohlen",
    "Kann das jemand empfehlen?",
    "Kann jemand eine gute Bäckerei empfehlen",
    "Kann man nicht meckern.",
    "Da kann man wirklich nicht meckern!",
    "Lecker, das Brot schmeckt toll.",
    "Ich liebe diesen Laden!",
    "Der Laden wurde mir empfohlen.",
    "Mir wurde Acme empfohlen, bin gespannt",
    "Auf Empfehlung einer Freundin hier gelandet.",
    "Ich weiß nicht, ob ich es empfehlen würde.",
    "Welche Bäckerei könnt ihr in Leipzig empfehlen?",
    "Die unverbindliche Preisempfehlung liegt bei 3 Euro.",
    "Suche Empfehlungen für gutes Brot in Leipzig",
    "Nie wieder ohne mein Acme-Brot",
    "Ich will nie wieder woanders essen",
    "Hätte ich vor einem Jahr noch empfohlen.",
    "Can anyone recommend a bakery in Leipzig?",
    "I came early to avoid the queue.",
    "We avoided the crowds.",
    "How can I avoid this?",
    "Avoid the queue by ordering online.",
    "Would you recommend Acme?",
    "It was recommended by a friend.",
    "I recommend booking a table.",
    "I can't stay away from this place",
    "I will never buy anything else",
    "The recommended dose is two rolls a day.",
    "Looking for recommendations",
    "I love it, best bread ever.",
    "He stayed away from the meeting.",
    "They don't bother to answer mails",
    "I'd recommend they train their staff",
    "Bin zufrieden, gerne wieder.",
    "Ich würde es empfehlen, wenn es billiger wäre",
    "Acme eröffnet neue Filiale in Leipzig",
    "nicht schlecht",
    "Ich habe es nicht bereut",
    "I would recommend it if it were cheaper",
    "Wer kann mir ein gutes Brot empfehlen",
    "Avoid stress with our new app",
    "Die Empfehlung der Stiko ist klar",
    "Das Personal hat mir die Torte empfohlen",
    "Ich habe nie wieder so gutes Brot gegessen",
    "I have never had better bread again",
    "Geheimtipps gesucht!",
    "Any recommendations for Leipzig",
    "Vorsicht bei Kindern mit Allergien",
    "I would have recommended it last year",
    "Krieg? Nie wieder?",
    "I never thought I'd be back",
    "Das muss ich nicht empfehlen oder?",
    "Ich muss heute noch einkaufen gehen",
    "We don't buy bread on Sundays",
    "Kommt nicht wieder vor, versprochen",
    "Wir kaufen nicht bei jedem Händler ein",
    "Das lohnt sich nicht",
    "I don't trust the weather today",
    "Ihr müsst mal wieder aufmachen",
    "You have to buy a ticket first",
]


SPEAKING_FOR_OTHERS = [
    "Mein Nachbar meinte, nie wieder Acme.",
    "According to my sister you should avoid this place.",
    "„Finger weg!“ stand an der Tür.",
    "Früher war Acme eine klare Empfehlung.",
    "Wenn ihr die Preise senkt, kann ich Acme wieder empfehlen, falls sie halten",
    "Ich kündige, wenn das noch einmal passiert.",
    "Habe gekündigt, weil wir umziehen.",
    "Besuchen Sie uns, unbedingt probieren!",
]
OTHER_LANGUAGES = [
    (Stance.PROMOTING, "Je recommande vivement"),
    (Stance.DETRACTING, "Je ne recommande pas du tout"),
    (Stance.DETRACTING, "À éviter absolument"),
    (Stance.PROMOTING, "Lo consiglio a tutti"),
    (Stance.DETRACTING, "Non lo consiglio"),
    (Stance.DETRACTING, "Da evitare"),
    (Stance.PROMOTING, "Muy recomendable"),
    (Stance.DETRACTING, "No lo recomiendo"),
    (Stance.PROMOTING, "Recomendo muito"),
    (Stance.DETRACTING, "Não recomendo"),
    (Stance.PROMOTING, "Absolute aanrader"),
    (Stance.DETRACTING, "Niet aan te raden"),
]


@pytest.mark.parametrize("text", SPEAKING_FOR_OTHERS)
def test_what_does_not_speak_for_its_writer_here_and_now_is_indifferent(text: str) -> None:
    _is_read_as(Stance.INDIFFERENT, text)


@pytest.mark.parametrize(("stance", "text"), OTHER_LANGUAGES)
def test_other_languages_are_read_where_they_are_certain(stance: Stance, text: str) -> None:
    _is_read_as(stance, text)


def test_a_phrase_needs_the_words_that_may_not_be_missing() -> None:
    assert needs("(kann|will) (ich )?[^.]{0,9}empfehl*") == (
        frozenset({"empfehl"}),
        frozenset({"kann", "will"}),
    )
    with pytest.raises(ValueError, match="may be missing"):
        needs("(ich )?")


@pytest.mark.parametrize("text", PROMOTING)
def test_recommendations_promote(text: str) -> None:
    _is_read_as(Stance.PROMOTING, text)


@pytest.mark.parametrize("text", DETRACTING)
def test_warnings_detract(text: str) -> None:
    _is_read_as(Stance.DETRACTING, text)


@pytest.mark.parametrize("text", INDIFFERENT)
def test_what_is_no_advice_is_indifferent(text: str) -> None:
    _is_read_as(Stance.INDIFFERENT, text)


@pytest.mark.parametrize(
    "text", ["Das kann ich nur empfehlen", "Würde ich nicht weiterempfehlen", "Müsst ihr unbedingt probieren"]
)
def test_case_and_the_spelling_of_umlauts_do_not_matter(text: str) -> None:
    stance = read(text).stance
    plain = text.replace("ü", "ue")

    assert stance is not Stance.INDIFFERENT
    assert [read(other).stance for other in (text.upper(), plain, unicodedata.normalize("NFD", text))] == [
        stance
    ] * 3


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Tolles Brot 😍 KANN ICH NUR\nEMPFEHLEN!!", "KANN ICH NUR\nEMPFEHLEN"),
        ("Wuerde ich niemandem empfehlen, leider.", "Wuerde ich niemandem empfehlen"),
        ("Nice staff, but I can\u2019t recommend the coffee.", "I can\u2019t recommend"),
        ("Früher absolute Empfehlung. Heute nur noch: Finger weg!", "Finger weg"),
    ],
)
def test_evidence_is_the_phrase_as_written(text: str, evidence: str) -> None:
    assert read(text).evidence == evidence


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        (5, (Stance.PROMOTING, "5/5")),
        (2, (Stance.DETRACTING, "2/5")),
        (1.5, (Stance.DETRACTING, "1.5/5")),
        (4, (Stance.INDIFFERENT, None)),
        (3, (Stance.INDIFFERENT, None)),
    ],
)
def test_stars_decide_where_they_are_clear(rating: float, expected: tuple[Stance, str | None]) -> None:
    reading = read("Das Brot schmeckt.", rating)

    assert (reading.stance, reading.evidence) == expected


def test_stars_in_the_middle_leave_it_to_the_words() -> None:
    assert read("Sehr zu empfehlen", 4).stance is Stance.PROMOTING
    assert read("Nie wieder", 3).stance is Stance.DETRACTING


def test_stars_outrank_words() -> None:
    assert read("Nie wieder woanders. Finger weg von der Konkurrenz", 5).stance is Stance.PROMOTING


def _is_read_as(stance: Stance, text: str) -> None:
    reading = read(text)

    assert reading.stance is stance, reading.evidence
    assert (reading.evidence or "") in text
    assert (reading.evidence is None) is (stance is Stance.INDIFFERENT)
