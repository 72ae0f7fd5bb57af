"""How people recommend, warn and leave in Dutch: what is certain."""

from sentiment.phrases.notation import Kind, Table

_NIET = "(niet|nooit|geen|niemand|nergens)"

PHRASES: Table = (
    (
        Kind.NOTHING,
        (
            "(kan|kunnen|heeft|weet|wie) (iemand|jullie|wie|je|er iemand|kan) … (aanraden|aanbevelen|aanrader*|tip*)",
            "(werd|was|is|mij|me|ons) … (aangeraden|aanbevolen)( (door|in))*",
            "(raad|raden) … aan om … (te reserveren|op tijd|vroeg|te bellen)",
            "(zou) … (aanraden|aanbevelen) als *",
            "nooit meer … (zonder|ander*)",
            f"{_NIET} … (afraden|af te raden)",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            "(geen|nooit) … spijt … van",
            "(niet|zeker niet) (te )?(missen|missen!|overslaan)",
            "(kan|kun|kunt) … (niet|niets) … (genoeg aanraden|verkeerd (doen|mee))",
            f"{_NIET} … genoeg … (aanraden|aanbevelen)",
        ),
    ),
    (
        Kind.WARNS,
        (
            f"{_NIET} … (aan te raden|aan te bevelen|aanraden|aanbevelen|aanrader|aanbevelenswaardig)",
            "(absolute |echte |grote |een )*afrader",
            "(af te raden|zou ik afraden|kan ik afraden|moet ik afraden|iedereen afraden|ten zeerste afraden|sterk afraden)",
            "(raad|raden) (ik |wij |we )?… (iedereen |ten zeerste |sterk )*af",
            "blijf* (hier |er |daar )?(ver |heel ver )?(uit de buurt|weg|vandaan)",
            "(vermijd|vermijden|mijd|mijden|boycot)( (deze|dit|die|dat))?",
            "(trap|trappen) … niet in",
            "(koop|bestel|boek|ga|gebruik|download|teken|verspil|geef) (hier |er |daar |je |dit |deze |jullie |vooral |bij * )*(niet|niks|niets|nooit|geen)( *)?",
            "(ga|koop|bestel|kijk|zoek) (lieber |liever |maar )?(ergens anders|een ander|elders|naar een ander)",
            "niet doen[end]",
            "(handen|blijf) (af|ervan af|er van af|eraf)",
            "(bespaar|spaar) (je|jezelf|jullie) *",
            "(nooit|nóóit|noooit) (meer|weer)|nooitmeer",
            "(eens maar|eenmaal en|één keer en) nooit (meer|weer)",
            "(laatste keer|eerste en laatste)",
            "(kom|komen|ga|gaan|koop|bestel) … (hier|er|daar|ik|we|wij) … (niet meer|nooit meer|niet terug|niet weer)",
        ),
    ),
    (
        Kind.LEAVES,
        (
            "(abonnement|contract|lidmaatschap|account|rekening|app) (is |nu |direct |meteen |heb ik |per direct |vandaag )*(opgezegd|verwijderd|opgeheven|gestopt)",
            "(heb|hebben|ik|wij|we) … (opgezegd|overgestapt)",
            "(ik|we|wij|dus|daarom) (zeg|zeggen) … op",
            "(stap|stappen|stapte) (ik|we|wij|nu|dus)? ?… over( (naar|op))?",
            "(ik ben|wij zijn|ben|zijn) … (weg|klaar mee|er klaar mee|klaar met (deze|dit|jullie))[end]",
            "(klant|klanten) (kwijt|verloren|minder|armer)",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            "(absolute |echte |grote |dikke |een |zeker een |enorme )*(aanrader|aanraders|musthave|aanbeveling waard)",
            "(zeker |zeer |absoluut |sterk |warm |echt |iedereen |van harte |erg )*(aan te raden|aan te bevelen|aanbevolen|aanbevelenswaardig)",
            "(kan|zou|wil) … (aanraden|aanbevelen|aanraden aan|aanbevelen aan)",
            "(raad|raden|beveel|bevelen) (ik |we |wij )?… aan",
            "[start] (gaan|gewoon gaan|doen|gewoon doen|gewoon kopen|kopen|ga er heen|ga erheen|ga hierheen|ga hier heen|proberen|snel heen|probeer het|erheen)[!.,]",
            "(gewoon|zeker|vooral|snel) (doen|kopen|gaan|boeken|proberen|bestellen|heengaan|langsgaan)[end]",
            "(moet|moeten) (je|jullie|u|iedereen) … (geprobeerd|gezien|geweest|proberen|bezoeken|heen|gaan|hebben|lezen)",
            "(bezoek|omweg|rit|ritje) … (waard)",
            "(zeker|absoluut|echt) (een bezoek|de moeite|een omweg) waard",
        ),
    ),
)
"""Who recommends, who warns, who leaves, and who only seems to."""
