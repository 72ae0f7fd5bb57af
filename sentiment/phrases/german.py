"""How people recommend, warn and leave in German (with the commonest Austrian and Swiss forms)."""

from sentiment.phrases.notation import Kind, Table

_EMPFEHL = "(weiter|weiterzu|wiiter|weida)?empf(eh|e|äh)l(e|en|n|t)?"
_EMPFOHLEN = "(weiter)?empf(oh|o|eh)l(en|n)"
_SOMEONE = "(jemand|wer|einer|ihr)"
_ICH_KANN = "((ich|wir|kann|können|würde|würden|nur|man|also|jedem|allen|euch) )*"
_KANN = "(kann|kan|können|könnte|würd|würde|würden|werde|werden|möchte|will|muss|darf|chan|ko|tät|täte)"
_SEHR = (
    "((nur|sehr|absolut|wärmstens|bestens|unbedingt|gern|gerne|jederzeit|jedem|allen|euch|immer|definitiv|zu|ich|wir"
    "|uneingeschränkt|vollkommen|wirklich|ruhigen|guten|besten|gewissens|ohne bedenken|bedenkenlos|auch|mit freude) )*"
)
_KLARE = (
    "((absolute|absoluter|klare|klarer|volle|große|großer|echte|echter|ganz|eindeutige|uneingeschränkte|definitive"
    "|meine|unsere|dicke|dicker|fette|fetter|riesen|riesige|heiße|heißer|super|top|unbedingte|wärmste|herzliche|100%) )+"
)
_HIN = "(hin|dorthin|dahin|rein|vorbei)"
_VISIT = "(kaufen|bestellen|buchen|besuchen|hingehen|hinfahren|herkommen|hin|essen|abschließen|unterschreiben|wechseln)"
_GET = (
    "(holt|kauft|bestellt|bucht|ladet|ladt|nehmt|nutzt|probiert|testet|besucht|schaut|schauts|gönnt|legt|meldet|wechselt|abonniert"
    "|kommt|lest|hört|hol|kauf|bestell|buch|buche|nimm|nutz|nutze|probier|probiere|teste|gönn|wechsel|wechsle|gehts|holts|kaufts|probierts)"
)
_DONT_GET = (
    "(kauf|kauft|kaufts|bestell|bestellt|bestellts|buch|buche|bucht|buchts|fall|fallt|falle|unterschreib|unterschreibt|nehmt|nimm"
    "|flieg|fliegt|geh|geht|gehts|gehst|fahr|fahrt|esst|iss|mach|macht|nutzt|vertraut|vertrau|verschwende|verschwendet|lasst|lass"
    "|gebt|gib|ladet|lade|zahlt|mietet|schließt|wechselt|tu|tut|tuts|holt|hol)"
)
_MUSS = "(müsst|musst|solltet|solltest|sollte|sollten|muss|müssts|soitets|sollt)"
_PROBIEREN = (
    "(probieren|ausprobieren|testen|hingehen|hinfahren|besuchen|kaufen|vorbeischauen|vorbeikommen|reinschauen|frühstücken"
    "|anschauen|ansehen|anhören|lesen|holen|runterladen|herunterladen|installieren|bestellen|buchen|erleben|zugreifen|zuschlagen|einkehren|essen|übernachten|kennenlernen|mitmachen|abonnieren"
    "|spielen|gucken|gönnen|hören|nutzen|mitnehmen|reinhören|kosten)"
)
_ME = "(ich|wir|i|mir)"
_DORT = "(hier|dort|da|bei euch|bei ihnen|bei denen|in diesem laden|dorthin)"
_HERE = "(dies*|hier|hierher)"

_NO = "(… )?(nein|nee|nö|nie|niemals|nie wieder|auf (gar )?keinen fall|(bloß|sicher|eher|bestimmt|absolut|definitiv|garantiert|lieber|ganz sicher|ganz bestimmt) nicht)"
_YES = (
    "(ja|jawohl|jein|unbedingt|auf jeden fall|absolut|definitiv|immer|sofort|na klar|klar|und wie|jederzeit)"
)

PHRASES: Table = (
    (
        Kind.WARNS,
        (
            f"[start] [^.!?\n]{{0,60}}({_EMPFEHL}|wieder hin|hingehen|lohnt)[^.!?\n]{{0,40}}\\? {_NO}",
            f"{_EMPFEHL}( ich)?( nur)? … (ärgste*|schlimmste*|größte*|erz)*feind*",
            f"{_EMPFEHL}( ich)?( nur)? (ärgste*|schlimmste*|größte*|mein*|unser*|dem|den|ihrem) (ärgste*|schlimmste*|größte* )?…?feind*",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            f"[start] [^.!?\n]{{0,60}}({_EMPFEHL}|wieder hin|hingehen|lohnt)[^.!?\n]{{0,40}}\\? {_YES}",
            f"(nicht|ned|unmöglich) nicht (zu )?{_EMPFEHL}",
            "(keiner|niemand) sollte … (verlassen|verpassen|weg|heimfahren|abreisen)( ohne *)*",
            "(darf|dürfen|sollte) … (nicht|in kein*) … fehlen",
            "(darf|dürfen|sollte|sollten) in kein* … fehlen",
        ),
    ),
    (
        Kind.NOTHING,
        (
            # A question without its mark, a search, a condition, a doubt.
            f"(kann|könnt*|würd*|hat) {_SOMEONE} … (empfehl*|empfohl*)",
            "wer (kann|könnte|hat) … (empfehl*|empfohl*)",
            "([not] )?(ob|wen|was|welche*|wie sehr) (ich|wir|man|ihr|du|es|das|jemand) … (empfehl*|empfohl*)",
            "welche* … (empfehl*|empfohl*)",
            "(suche*|brauche*|bitte um|danke für|hat wer|hätte gern) … *empfehlung*",
            "(hätte*|hätten) … (empfohlen|geraten|gewarnt)",
            f"weder … {_EMPFEHL} … noch *",
            "empfehlen (kann|könnte|würde) (ich|man|wir) (es|das|sie|ihn)? *(erst|noch)? (erst|noch) *",
            "nicht genug empfohlen",
            "(wird|werden|wurde|wurden) … (nicht|nie) … empfohlen",
            "(von|durch) (der|meiner|meinem|dem|unserer) * … (gekündigt|abgeraten|empfohlen)",
            "geheimtipps? (gesucht|gefragt|für|bitte)",
            "(mir|uns|ihm|ihr|ihnen) (wurde|wird|hat|haben|hat man|wurden) [^.!?\n]{0,60} (gekündigt|storniert|gelöscht|gesperrt)",
            # Double negation.
            f"({_KANN} )?[not] … (abraten|abzuraten|warnen)",
            "(keine|nicht als) … *warnung",
            "(rate|raten|warne|warnen) … nicht *",
            # What others said to the writer, and what is not about a brand.
            "(wurde|wird|werden|wurden|worden|hat|hatte|hatten|bekam) … (empfohlen|abgeraten|gewarnt)",
            "(haben|habe) … (mir|uns) … (empfohlen|abgeraten)",
            "(empfohlen|abgeraten|gewarnt) … (worden|bekommen|hat|hatte|wurde|wird)",
            "(auf|nach|laut|dank|durch|eine|die|der) (eine |einer |die |der |deren |seine |seiner |ihre |ihrer )?(kauf|weiter)?empfehlung(en)? *",
            "(unverbindliche*|ärztliche*) *empfehlung*",
            "preisempfehlung*",
            "empfehlung* (des|der|vom|von (der|dem|den|meine*|freund*|bekannt*|kolleg*|einer|einem))",
            "unsere empfehlung",
            "(der|die|mit|von|trotz) … (kaufwarnung|kaufempfehlung|reisewarnung|weiterempfehlung)",
            f"{_ICH_KANN}{_SEHR}(empfehle|empfehlen|rate|raten) [^.!?\n]{{0,60}}(früh*|rechtzeitig|vorher|vorab|voraus|voranmeldung|reservierung|anmeldung|zeitig|frühzeitig|schuhe|jacke|kleidung|sonnencreme|bargeld|geduld)",
            f"{_ICH_KANN}(feste|warme|gute|dicke|bequeme|eine|einen|viel|etwas) … (schuhe|jacke|kleidung|geduld|regenschirm|sonnencreme|reservierung|termin) … empfehlen",
            (
                f"{_ICH_KANN}{_SEHR}(empfehle|empfehlen|rate|raten) (?![^.!?\n]*(hier|dort|dies|hinzu|vorbei|auszu|woanders|probier|testen|zu besuchen|zu kaufen|zum kauf))"
                "[^.!?\n]{0,50}(zu *en|*zu*en)"
            ),
            "(empfehle|empfehlen) (ihnen|dem|der) (team|chef*|betreiber|inhaber|geschäftsführ*|personal|bahn)",
            "(bedingt|eingeschränkt|vorsichtig) … empfehl*",
            "nur bedingt *empfehl*",
            # Liking, as strong as it may be, and coming back.
            "nie (wieder|mehr) … (aufwachen|aufstehen|trinken|alkohol|schlafen|verlassen|loslassen|gehen lassen|vergessen|krieg)",
            "(nie|niemals) (wieder|mehr) … (ohne|ander*|woanders*|weg|so *|zu spät|her)",
            "nie (wieder|mehr) (was|etwas) (ander*|besser*)",
            "nicht das letzte mal",
            "(nicht|nichts) … entgehen (lassen|ließ*)",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            # Negated words that praise.
            f"({_KANN} … )?[not] … (genug|oft genug|genügend|nur) … *empfehlen",
            f"{_EMPFEHL} … nicht (nur|bloß|allein) *",
            f"nicht (nur|bloß|allein) … {_EMPFEHL}",
            f"(wüsste*|kenne|sehe|gibt|weiß|fällt) … [not] … (warum|wieso|weshalb|grund) [^.!?\n]{{0,30}}(nicht|kein*) [^.!?\n]{{0,30}}({_EMPFEHL}|hingehen|kaufen|sollte)",
            "(lasst|lass|lassts) … (nicht|nichts|ned) … entgehen",
            "(macht|machst|machen|kann|könnt|mach) … (nichts|nix) (falsch|verkehrt)( machen)?",
            "(nicht|nichts|ned) (verpassen|entgehen lassen)",
            "(werdet|wirst|werden) … (nicht|ned) (bereuen|bereun|enttäuscht)*",
            "(ihr|du|man) (bereut|bereust) … (nicht|ned)",
            "(wer) … nicht (kennt|probiert|bestellt|hingeht|war|kauft) [^.!?\n]{0,30}(selber|selbst) schuld",
            "(wer) … nicht (kennt|probiert|da war|dort war|hingeht|kauft)( hat)? (hat (was|etwas) verpasst|verpasst (was|etwas))",
            "(wer|der|die) [^.!?\n]{0,60}(ist|sind|seid ihr) (hier|dort|da|bei *) … (genau richtig|richtig|bestens aufgehoben|gut aufgehoben)",
            "(seid ihr|bist du|ist man) (hier|dort|da|bei *) … (genau richtig|goldrichtig|bestens aufgehoben|gut aufgehoben)",
            "[start] (hier|dort|da) (seid ihr|bist du) … (richtig|aufgehoben)",
            f"(erst|anfangs|früher) … {_EMPFEHL} … nicht *",
        ),
    ),
    (
        Kind.WARNS,
        (
            # Recommending, negated before or after.
            f"({_KANN} … )?[not] … {_EMPFEHL}",
            f"({_KANN} … )?[not] … {_EMPFOHLEN}",
            f"{_EMPFEHL} {_KANN} … [not]( mehr| weiter)?",
            f"(ich |wir )?{_EMPFEHL} … (nicht|nich|ned|net|nit|keinem|niemandem)( weiter| mehr)?",
            f"(kein|keine|keiner|nicht|niemand*|keinen) … *(,? (der|die|das|den|dem|wo|was)) … (ich|man|wir) … {_EMPFEHL}",
            "(kein*|wenig|minder|null|0|alles andere als|nicht) … (*empfehlung|*empfehlenswert*|empfelenswert)",
            "(absolute |klare |dringende |eine )?(kaufwarnung|reisewarnung|nichtempfehlung|nicht-empfehlung|antiempfehlung)",
            "(ärgste*|schlimmste*|größte*) feind* … (nicht )?(wünschen|empfehl*|gönn*|antun)",
            f"(jahrelang|immer|früher|lange|damals|stets) [^.!?]{{0,60}}{_EMPFOHLEN}[^.!?]{{0,30}}[.!,] (das ist|ist|damit ist|jetzt|heute|nun|inzwischen) (jetzt |nun |leider )*(vorbei|schluss|geschichte|nicht mehr|ende)",
            # Advising against.
            "(kann|muss|möchte|würde|will|könnte|können|müssen|werde|werden) … (abraten|abratten|warnen)",
            "(abraten|warnen) (kann|muss|möchte|würde) (ich|man|wir)",
            "(woanders|anderswo) (hin)?(zu )?(buchen|kaufen|gehen|hinzugehen|bestellen|hingehen|suchen|umsehen|umzusehen|einkaufen|einzukaufen)",
            "(statt|anstatt) (hier|dort|da|dies*|bei denen) … *",
            "(ist|wäre|nur|dringend|leider|davon|jedem|eher) … abzuraten",
            "(ich |wir )?(rate|raten) (ich |wir )?… (davon |dringend |nur |allen |jedem )*ab",
            "(ich|wir) (warne|warnen|warn)( … (euch|jeden|alle|alle anderen|andere|davor|vor|hiermit|ausdrücklich))?",
            "[start] (warne|warnen) (euch|jeden|alle|davor|vor|ausdrücklich)",
            "(eine |als )?warnung (an|für) (alle|euch|andere|jeden)",
            "[start] warnung(:|!+) *",
            "seid gewarnt",
            "[start] boykott(iert|iere|ieren|ier)?( *)?",
            "(hätte|wäre) … (vorher|früher|besser|lieber) … (gelesen|gehört|gewarnt|woanders*)",
            "(macht|mach) (ja )?nicht (denselben|den selben|den gleichen|meinen) fehler",
            "(zu|in|bei) … würde … (niemanden|keinen|niemand|keine freunde) … (schicken|bringen)",
            "(würde|schicke) … (niemanden|keinen) … (hin|dorthin|dahin|schicken|hinschicken)",
            # Imperatives.
            "(lasst |lass |lassts |lieber |besser |bloß |ja )*(die )?(finger|hände|pfoten|griffel) (davon|weg|von|raus)( lassen)?( von)?",
            "(lasst|lass) … (die )?(finger|hände|pfoten) (davon|weg|von)",
            "(einen |an |nen |'nen )?(großen |riesen |weiten |riesigen |ganz )+bogen( … (um|machen|macht|herum|drum))*",
            "(unbedingt|besser|lieber|dringend|bitte|tunlichst|zu|zum|ist|sollte|sollten) … (ver)?(zu)?meiden",
            "(zum|zu) (ver)?meiden",
            "meidet … *",
            "(spart|sparts|erspart|spar|erspar|sparen sie) (euch|dir|ihr euch|sich) *( (das|den|die|diesen|dieses|lieber|bloß|geld|ärger|weg|stress|nerven))*",
            "(den weg|das geld|den ärger|die mühe|die zeit|den stress|den besuch|die fahrt) … (ersparen|sparen)",
            "[start] vorsicht (vor … (laden|shop|anbieter|firma|händler|verkäufer|seite|verein|diese*|denen|[Name] (gmbh|ag))|abzocke*|abzock*|betrug|betrüger|falle|abofalle)",
            "[start] (vorsicht|obacht)[!.]*$",
            "(lieber|besser|dann) (woanders*|zur konkurrenz|anderswo|wo anders)",
            "(geht|sucht|schaut|kauft|gebt|bestellt|bucht|fahrt|geh|such|kauf) … (woanders*|anderswo|wo anders|zur konkurrenz)",
            "(sucht|suchts|such|sucht euch|such dir|holt euch|nehmt|nimm) (euch |dir |lieber |besser )*(was|etwas|einen|eine|ein) (andere*|besser*|gscheits|gscheit*)",
            f"(such*|nehm*|nimm*|fliegt|geht|kauft|bestellt|fahrt|wählt|bucht|flieg|geh) (euch |dir |sich )?(lieber|besser|stattdessen)(?! {_HERE})( … (konkurrenz|ander*|selbst|nebenan))?",
            f"(lieber|besser) (?!{_HERE})(zum|zur|bei|beim|nebenan|selbst|selber|mit|ein|eine|einen|gleich|zu [Name]) … (gehen|geht|kaufen|kauft|bestellen|bestellt|fahren|essen|esst|buchen|nehmen|fliegen|wechseln|hin|mit jemand* ander*)",
            "(sucht|suchen) … (lieber|besser)? ?(euch|sich|dir) … (eine andere|einen anderen|was anderes|etwas anderes)",
            "(wer) … (nerven|geld|zeit|ärger) [^.!?\n]{0,40}(meidet|woanders|andere*|finger|bogen)",
            "(kauft|bestellt|bucht|holt|nehmt|ladet) … (stattdessen|statt dessen)",
            "(löscht|deinstalliert|kündigt|lösch|deinstallier|verlasst) (den|das|die|diese*|einfach|es|sofort|alle|lieber|euer*)( (mist|app|dreck|ding|konto|schrott|abo|konten|endlich))*",
            f"(bloß|lieber|besser|bitte|ja|auf keinen fall|auf gar keinen fall|keinesfalls|niemals|nie|unter keinen umständen) (nicht |nichts |nie )?…? ?(da |dort |hier |bei * )?{_VISIT}",
            f"(bloß|lieber|besser|bitte) (nicht|nichts|nie) … {_VISIT}",
            f"(auf keinen fall|auf gar keinen fall|keinesfalls|niemals) … {_VISIT}",
            f"[start] {_DONT_GET} (da |dort |hier |euch |dir |ja |bloß |bitte |niemals |bei denen |drauf |darauf )*(nicht|nichts|nix|niemals|nie|bloß|ned|net|kein*|ja nicht|eich) … (hin|dort|da|hier|bei *|von *|rein|herein|drauf|auf|dorthin|nicht|ned|[end])",
            "*(t|ts) (da |dort |hier |euch |denen |bei * |ihnen )*bloß (nicht|nichts|kein*|ned|net|nix|nie)( … (hin|dort|da|mit|bei|rein|rauf) ?*)?",
            f"{_DONT_GET} (da |dort |hier |euch |ja |bitte |ihr )*(bloß|ja|nur) (nicht|nichts|nix|ned|kein*)",
            f"[start] {_DONT_GET} (hier|dort|da|bei *|bei diese* *|euch|dir|da ja|es|das|sowas|drauf|darauf|dem|denen|diese* *) … (nicht|nichts|niemals|nix|ned|net)",
            f"{_MUSS} (man|ihr|du|niemand) … (nicht|nichts|niemals|besser nicht|lieber nicht|die finger|einen bogen|[not]) … ({_VISIT}|{_HIN}|kaufen|lassen|machen)",
            "(sollte|soll) … (niemand|keiner) … *",
            "(lasst|lass|lassts) (es|das|den scheiß|den quatsch|des)( (lieber|einfach|bloß|besser))* (bleiben|sein|bleibn|sei)",
            "[start] (tut|tu|tuts|macht|mach) (es|das|euch das|des|dir das|eich des) (bloß |lieber |bitte |einfach )?(nicht|ned|nicht an|bloß nicht)( an)?",
            "[start] nicht … (kaufen|bestellen|buchen|besuchen|hingehen|hinfahren|machen|unterschreiben|installieren|herunterladen|reinfallen)",
            "[start] (lauft|renn|rennt|flieht|flüchtet|haut ab|lauf|weg da|nix wie weg|nichts wie weg|bloß weg|schnell weg)( (weg|schnell|um euer leben|so schnell|solange))?[end]",
            "(lauft|rennt|renn|lauf) (so schnell|solange|um euer leben|weit weg|weg|schnell weg)",
            "(nix|nichts|bloß|schnell|nur) wie weg",
            "(nix|nichts) wie (weg|raus)",
            "(bleibt|bleib|halt|haltet) (euch |dich )?(bloß |besser |lieber |ja |da |dort |hier )*(weg|fern|davon fern)( von)?",
            "(abstand|abst) (nehmen|halten|davon)",
            "(rausgeschmissen|rausgeworfen|verschwendet|verbrannt|hinausgeworfen)*es geld",
            "(nicht|nie) (auf)? … (reinfallen|hereinfallen)",
            "(fallt|fall) … (nicht|ned) … (rein|herein)",
        ),
    ),
    (
        Kind.WARNS,
        (
            # Leaving for good, said aloud.
            "(und |plus |einmal |ein mal |1 mal |1x |erstes mal |und dann )*nie (mehr )?wieder",
            "niewieder|niemehrwieder|niemehr|einmalundniewieder|fingerweg|nichtempfehlenswert",
            "(einmal|ein mal) … (nie|nicht) (mehr|wieder)",
            "(ein )?(zweites|drittes|nächstes|weiteres|viertes) mal (gibt|gibts|wird|gab) … (nicht|nie)( mehr| geben)?",
            "kein (zweites|drittes|nächstes|weiteres|viertes|einziges) mal( (mehr|wieder))?",
            "(nicht|nich|ned|net|nie|nimmer|nimma) mehr (da |dort )?hin",
            "(nie|niemals|nicht|garantiert nicht|ganz sicher nicht) mehr … (hin|hingehen|hinfahren|kaufen|bestellen|buchen|fliegen|dort|bei euch|bei ihnen|betreten|essen|besuchen)",
            "(nimmer|nimma) … (hin|kaufen|bestellen|kauf|bestell|wieder|her)",
            f"(geh|gehe|fahre|fahr|komme|komm|bringe|kaufe|bestelle|buche|bestell|kauf|esse|fliege|flieg) {_ME}? ?… (da |dort |hier |bei euch |sicher |garantiert |bestimmt )*(nichts|nicht|nie|nimmer|nimma|nie) (mehr|wieder)?( … (hin|her|ein|rein))?[end]",
            f"{_DORT} … (kaufe|bestelle|buche|esse|gehe|fahre|bringe|geh|kauf|bestell|fliege|komme|kommen|kaufen|bestellen|buchen|gehen) {_ME} … (nichts|nicht|nie|nimmer|nimma) (mehr|wieder)?( … (hin|her|ein|rein))?",
            f"(kaufe|bestelle|buche|esse|gehe|fahre|geh|kauf|bestell|fliege|komme|bringe|kommen|kaufen|bestellen|buchen|gehen|setze|setzen|betrete|betreten) {_ME} … (nie|niemals|nicht|nichts|keinen|keine|nimmer|nimma) (mehr|wieder|fuß|cent|euro)",
            "(ich|wir) (kaufe|bestelle|buche|esse|gehe|fahre|geh|kauf|bestell|fliege|komme|bringe|kommen|kaufen|bestellen|buchen|gehen|werde|werden|setze|betrete) … (nie|niemals|nicht|nichts|kein*|nimmer) … (mehr|wieder|fuß)",
            "(keinen|keine|kein) (cent|euro|fuß|pfennig|groschen) (mehr|wieder)",
            "(mich|uns|meine familie) (seht|sehen|sieht|habt|sehts) (ihr|sie|die|man|der laden|es) … ((nie|nicht|nimmer|nimma|sicher nicht) ?(mehr|wieder)*|zum letzten mal|das letzte mal|verloren|los|gesehen)",
            "auf nimmerwiedersehen",
            "(war|ist|bleibt) (definitiv |wohl |auch |sicher |dann |somit )*(mein|meine|unser|unsere) (letzter|letzte|letztes) (einkauf|besuch|bestellung|flug|aufenthalt|urlaub|auftrag|mal|kauf|reise|fahrt)",
            "nimmerwiedersehen",
            "(erster und letzter|erste und letzte|erstes und letztes|erste und das letzte|erste und zugleich letzte|ersten und letzten|erstmals und letztmals)( (mal|besuch|einkauf|bestellung|aufenthalt|flug))?",
            "(war|bleibt|ist|wars|war's) … (das|definitiv|mein|meine|unser|unsere|der|die|wohl|garantiert|sicher|auch|dann|heute|hier|somit|damit) *( das| mein| unser)? (letzte|letzter|letztes)( (mal|besuch|einkauf|bestellung|aufenthalt|flug|kauf|urlaub|auftrag|fahrt|reise))",
            "(das letzte mal|zum letzten mal|mein letzter *|meine letzte bestellung) (dort|hier|da|bei|gewesen|bestellt|gekauft|war|[end])",
            "(für mich|für uns) (ist |sind )?(gestorben|erledigt|gegessen|abgehakt|tabu)",
            "(ist|sind) … (für (mich|uns)|bei (mir|uns)) … (gestorben|erledigt|unten durch|abgehakt|tabu)",
            "(bei mir|bei uns) (seid ihr|sind die|ist *|habt ihr) … (unten durch|verspielt|verschissen)",
        ),
    ),
    (
        Kind.LEAVES,
        (
            "(kunde*|fahrgast|gast|abonnent*|leser*|mitglied|stammkunde*|vertrauen) … (als (kunde*|kundin|fahrgast|gast|abonnent*|leser*|stammkunde*|käufer*|mitglied) )?(verloren|weniger|los|vergrault)",
            "(habt|hat|haben) (mich|uns) (als *) (verloren|gehabt|vergrault)",
            f"{_ME} … (kündige|kündigen|künde|kündig)(?! (an|euch|ihm|ihr))",
            "(kündige|kündig|künde) (ich|i|jetzt|heute|hiermit|morgen|sofort|mein*|den|das|endlich|deshalb|daher|nun|gerade|meinen)",
            "[start] (kündige|kündig)[end]",
            "(habe|hab|haben|ist|wird|sind|wurde|werde|werden) (ich |mein* |unser* |das |den |heute |jetzt |gestern |deshalb |daher |soeben |gerade |abo |vertrag |alles |konto |bereits |schon |mitgliedschaft |sofort |wieder |nun )*(gekündigt|kündigen|storniert|deinstalliert|abbestellt|gewechselt)",
            "(abo|vertrag|konto|mitgliedschaft|versicherung|abonnement|account|app|tarif|profil|handyvertrag|premium) (ist |sind |wird |wurde |sofort |heute |jetzt |wieder |gestern |endlich |soeben |schon |gerade )*(gekündigt|gelöscht|deinstalliert|storniert|abbestellt|wieder runter|runtergeschmissen|weg)",
            "[start] (gekündigt|deinstalliert|gelöscht|abbestellt|storniert)[end]",
            "(app |sie |es )?(sofort|gleich|wieder|direkt|umgehend) (wieder )?(deinstalliert|gelöscht|gekündigt|abbestellt)",
            "kündigung (ist|geht|raus|liegt|eingereicht|abgeschickt|folgt)( (ist|geht|schon|bereits|heute|unterwegs))*( raus| unterwegs)?",
            "(wechsle|wechsel|wechseln|wechsl) (ich|wir|jetzt|i|nun|daher|deshalb|zur|zu|zum|ab|den|die|das)( … (anbieter|bank|konkurrenz|versicherung|krankenkasse|stromanbieter|vertrag))?",
            f"{_ME} (wechsle|wechsel|wechseln|wechsl|werde|werden) … (zur|zu|zum|anbieter|bank|konkurrenz|versicherung|krankenkasse|wechseln|stromanbieter|werkstatt|arzt|studio|kasse)",
            "(bin|sind) (jetzt |nun |damit |dann |endgültig |hier |ich |wir |bereits |schon |gerade )*(weg|raus|fort|gewechselt|umgestiegen)[end]",
            "(bin|sind) (jetzt|nun|bereits|schon|inzwischen|seit *|ich|wir|ab *)? ?(zur konkurrenz|bei der konkurrenz|zu * gewechselt|zu * umgestiegen)",
            "(verlasse|verlassen|verlass) (ich|wir|euch|diese*|den|die)( (diese*|euch|den|die))?( *)?",
            "(geschäftsbeziehung|zusammenarbeit|vertrag|mitgliedschaft|abo) … (beende*|beenden|zu beenden|aufgelöst)",
            "(beende|beenden) (ich|wir|hiermit|die|unsere|den|mein*)( … (vertrag|zusammenarbeit|geschäftsbeziehung|abo|mitgliedschaft))?",
            "(bin|sind) (ich |wir |jetzt |endgültig )*(weg|raus)",
            "(das konto|girokonto|depot|konto|domain|nummer|webseite) … (umziehen|um)[end]",
            "(ziehe|nehme|hole|bringe) (ich |jetzt |nun )?(mein*) (konto|depot|geld|kontakte|nummer) … (um|weg|ab|woanders*|raus)",
            "(das|des) (war's|war es|wars|wars dann|war es dann) … (mit (uns|euch|denen)|für mich|für uns)",
            "(gebe|trage|bringe|lasse) … (mein geld|meine kohle) … (woanders*|anderswo|zur konkurrenz)",
            "(steige|steigen|stieg) (ich|wir) … (um|aus)[end]",
            "(mache|mach|macht|ist) (ich |bei mir |für mich |jetzt )*(schluss|feierabend) … (mit|hier|bei) *",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            f"{_KLARE}(kauf|weiter|lese|besuchs|hör|bestell|ausflugs|reise|download)?(empfehlung|tipp|tip)",
            "(kauf|weiter|lese|hör|download)empfehlung",
            "(eine|meine|ne) (empfehlung) (von|wert|meinerseits)",
            "[start] (empfehlung|geheimtipp)[end]",
            f"(wenn) (ich|wir|man) (nur|bloß) … {_EMPFEHL}",
            f"({_KANN} … )?{_SEHR}(weiter)?(zu)?empf(eh|e)l(en|bar)",
            f"({_KANN} … )?{_SEHR}{_EMPFEHL}",
            (
                "(ich |wir )?(weiter)?empf(eh|e)le?( (ich|i))?"
                "( (jedem|allen|euch|es|sie|ihn|den|die|das|dieses*|gerne*|weiter|uneingeschränkt|definitiv|[Name]))*"
            ),
            "(wir) … (weiter)?empfehlen",
            "(weiter)?empfehlen (wir|ich|kann ich|können wir|würde ich|werde ich|werden wir|würden wir|kann man|tu ich)( … (weiter|beide|alle|jedem|es))*",
            f"(haben|habe|hab) [^.!?\n]{{0,60}}{_EMPFOHLEN}",
            "(keiner|niemand) * (bereuen|bereut)",
            "(also|dann|los|schnell|alle|drum|darum|deshalb|und) ab (in|ins|zu|zum|zur|nach) *",
            "[start] ab (ins|zum|zur|zu|in (den|die|das)) [Name]",
            "(worauf|auf was) (wartet ihr|wartest du|warten sie)( noch)?( … )?[?!]+",
            "[start] traut euch",
            "(zieht|zieh) (euch|dir|sie|es|ihn) (euch |dir |das |die |den )*(rein|* rein)",
            "[start] (kauft|bestellt|bucht|esst|geht) (bei|zu) (denen|ihnen|dies*|diesen *|dem|hier)(?! … (nicht|nichts|nie))(?! (nicht|nichts|nie|bloß|ja|kein*))",
            "[start] (kauft|bestellt|geht|bucht|esst|fahrt|kommt) (da|dort|hier|her) (ruhig|einfach|unbedingt|alle|gerne|auf jeden fall|alle mal|öfter)",
            f"{_EMPFOHLEN} (habe|hab|haben) *",
            "(sehr |absolut |wirklich |nur |äußerst |mehr als |unbedingt |sehr sehr )*(empfehlenswert*|empfelenswert*|empfehlswert*|empfehlungswürdig*)",
            "(absoluter |echter |mein |kleiner |der |ein |wahrer )*(geheimtipp|geheimtip|geheimtipps)",
            "(ein |absolutes |echtes |wahres )+(muss|must have|musthave|must-have|pflichtbesuch)",
            "(pflichtprogramm|pflichttermin|pflichtbesuch|pflichtlektüre)",
            "mein (absoluter |heißer |persönlicher |ganz |großer )*(tipp|tip|rat)( (an|für))?( (alle|euch|jeden))?(:| -|!| ist)",
            "(kann|können|würde) (ich |man |wir )?(hier|dort|da|es|das|ihr|euch)? ?(nur |jedem |euch |wirklich )*(dazu |zum kauf )?(raten|zuraten|anraten)",
            "(rate|raten) (ich |wir )?(jedem|allen|euch) … (dazu|zum kauf|zu dies*|hinzugehen)",
            "(nur|wärmstens|jedem|euch|allen|dringend) … (ans|an das|an's) herz (zu )?legen",
            "(ans|an das|an's) herz (zu )?(legen|gelegt|gewachsen sei)",
            "(lege|legen) … (ans|an das|an's) herz",
            f"{_MUSS} ((ihr|du|man|jeder|jede|unbedingt|da|dort|hier|mal|einfach|es|ihn|sie|des|das) )*(?!nicht)… {_PROBIEREN}",
            f"{_MUSS} (man|ihr|du|jeder|jede|da man|es|einfach|unbedingt) … (gesehen|probiert|gewesen|gegessen|erlebt|gelesen|gehört|getrunken|besucht)( haben| sein)?",
            f"{_MUSS} (ihr|du|man|jeder) … (hin|rein)[end]",
            "(unbedingt|alle|einfach|nur) … hin(gehen|gehn| gehn| gehen|fahren)?[end]",
            "unbedingt hin *",
            f"(sollte|sollten|solltet|muss|müsste) … (jeder|jede|alle|unbedingt) … ({_PROBIEREN}|haben|kennen|machen|nutzen)",
            f"(jeder|jede|alle|man) (sollte|muss|müsste) … ({_PROBIEREN}|haben|kennen|machen|nutzen|gewesen sein|gegessen haben|gesehen haben)",
            f"(unbedingt|auf jeden fall|definitiv|dringend) (mal |alle |dort |da |auch |selbst )*({_PROBIEREN}|kennenlernen|mitnehmen|gönnen|essen gehen|machen|nutzen)",
            "[start] (geht|fahrt|gehts|fahrts|geh|fahr|schaut|kommt|schau|schauts) (da|dort|unbedingt|mal|alle|einfach|hier|bei denen|ruhig|trotzdem|selbst|bitte|lieber|ihr|gerne|gern|dahin|auch)( |…|\\s)*(hin|dorthin|vorbei|rein|dahin|her)",
            "[start] (geht|gehts|fahrt|fahrts|geh|fahr|schaut|schauts|kommt) (hin|dorthin|vorbei|rein)",
            "[start] (nix|nichts) wie (hin|rein)",
            "(nix|nichts) wie hin",
            "[start] (hin da|alle hin|auf gehts|also hin|ab da hin|hin mit euch|rein da|ab dahin|hin und *)",
            "[start] (probiert|probier|testet|teste) … (aus|selbst|es|das|ihn|sie|mal|unbedingt)",
            f"[start] {_GET} (euch|dir|eich|sie|es|ihn) (das|die|den|des|dieses|diese|diesen|dort|da|hier|unbedingt|selbst|mal|endlich|alle|es|ihn|sie)( … (an|ab|runter|herunter|zu|aus|ein))?",
            f"[start] {_GET} (dort|da|hier|unbedingt|lieber hier|selbst|endlich|diese*|alle|mal|es|das ding|den|die|das|ihn|sie)(?! (nicht|nichts|nie|bloß|ja|ned|net|woanders*|lieber))( … (an|ab|runter|herunter|zu|aus|ein|vorbei|bei))?[end]",
            "[start] (überzeugt|überzeug) (euch|dich) (selbst|selber)",
            "(geht|geh|fahrt|schaut) … (hin|vorbei) und",
            "(wechselt|abonniert|holt euch|kauft euch|bucht) (endlich|alle|unbedingt|sofort|jetzt|lieber zu dies*)",
            "((ein|der|jeder|allemal|definitiv) )?(besuch|weg|fahrt|ausflug|umweg|abstecher|kauf|anfahrt|eintritt|hinfahren|hingehen) lohnt( sich)?(?! [not])",
            "(einen|den|jeden|ein) (besuch|ausflug|umweg|abstecher|blick|versuch|weg|kauf) … wert",
            "[start] (zugreifen|zuschlagen|kaufen|hingehen|hinfahren|bestellen|ausprobieren|probieren|anschauen|reinschauen|vorbeischauen|herkommen|genießen|gönnen|lesen)[end]",
            "[start] (zugreifen|zuschlagen|kaufen|hingehen|hinfahren|ausprobieren|reinschauen) (leute|solange|bevor|so lange)",
            "(kann|könnt|können|dürft|darf) (hier |dort |da |ihr |man |es |bei * )*(bedenkenlos|getrost|blind|ohne bedenken|beruhigt|mit gutem gewissen|ruhigen gewissens) *",
            "(ohne bedenken|bedenkenlos|blind|getrost) (kaufen|buchen|bestellen|hingehen|zugreifen|zuschlagen|vertrauen)",
            "(klare|absolute|beide|beiden|zwei) daumen (hoch|nach oben) … empfehl*",
            "(werde|werden|erzähle|erzähl|sage|sag) … (allen|jedem|überall|meinen freunden|all meinen) … (davon|erzählen|weitersagen|weitererzählen|hinzugehen|dass sie)",
            "(bringt|bringe|schicke|schick|schicken) … (alle|jeden|freunde|freundinnen|meine *) … (hin|dorthin|her)",
            "[start] (worauf|auf was) (wartet ihr|wartest du)( noch)?\\?? (hin|los|kauf*|geht*|hol*|bestell*)*",
            "(kauft|holt|bucht|nehmt|unterstützt) (es|den|die|das|ihn|sie|diese*|bei diese*|euch)[end]",
        ),
    ),
)
"""Who recommends, who warns, who leaves, and who only seems to."""
