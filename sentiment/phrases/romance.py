"""How people recommend, warn and leave in French, Italian, Spanish and Portuguese: what is certain."""

from sentiment.phrases.notation import Kind, Table

_FR_BIEN = "(vivement |fortement |chaudement |absolument |vraiment |sans hésiter |sans hésitation |plus que |très |à 100% |les yeux fermés |donc )*"
_FRENCH: Table = (
    (
        Kind.NOTHING,
        (
            "(m'a|m'ont|nous a|nous ont|m'avait|été|était|est|lettre|colis|envoi|courrier|dose) … (recommandé*|conseillé*|déconseillé*)",
            "(quelqu'un|qui|que|pouvez-vous|vous) (me |nous |peut |pourrait )*(recommand*|conseill*)",
            "(recommande|conseille|recommandons|conseillons) … (de|d') … (réserver|venir tôt|arriver|appeler|demander|prendre)",
            "(je )?(recommanderais|conseillerais) … si *",
            "plus jamais … (sans|ailleurs|autre)",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            "(ne|n') … (recommander|conseiller|recommanderai) … (jamais assez|assez)",
            "(ne |n')?(hésitez|hésite) (surtout )?pas",
            "(ne )?(le |la |les )?(ratez|manquez|loupez) (surtout )?pas",
            "(vous )?(ne )?(serez|seras) pas déçu*",
            "(vous )?(ne )?(le )?(regretterez|regretteras) pas",
            "à ne pas (manquer|rater|louper)",
        ),
    ),
    (
        Kind.WARNS,
        (
            "(je |nous )?(ne |n')(le |la |les |vous |y |peux |saurais |pourrais |pouvons )*(recommand*|conseill*) (pas|plus|vraiment pas|absolument pas|à personne)*",
            f"(je |nous |on |[start] )(le |la |les |vous )?{_FR_BIEN}(déconseill*)",
            "(pas|non|peu) (du tout )?(recommandable|recommandé|à recommander|conseillé)",
            "à (fuir|éviter|bannir|boycotter)( absolument| à tout prix)?",
            "[start] (fuyez|évitez|fuir|éviter|fuis|évite)( (cet|ce|cette|ces|absolument|à tout prix|les|le|la|ça|comme la peste|pauvres fous))*",
            "(passez|passe) (votre|ton|vôtre) chemin",
            "(allez|va|achetez) (plutôt )?(ailleurs|voir ailleurs|à la concurrence)",
            "(n'allez|n'y allez|n'achetez|n'achète|ne commandez|ne réservez|n'y va|ne perdez|ne faites|ne téléchargez|ne prenez|n'utilisez|ne signez) (surtout |rien |jamais )?(pas|rien|jamais|plus|confiance|votre|chez|ici)",
            "(gardez|économisez) votre argent",
            "[start] (plus jamais|jamais plus|plus jamais ça|une fois mais pas deux)[end]",
            "plusjamais",
            "(plus jamais|jamais plus) (chez|je|ici|cet|cette|dans) *",
            "(je |nous |on )(n'y |ne )(retournerai|retournerons|reviendrai|reviendrons|remettrai|commanderai|achèterai|remets|reviens)* (plus|pas|jamais)",
            "(première et dernière|dernière) (fois|commande|visite)",
            "(méfiez-vous|méfiez vous|attention arnaque)",
        ),
    ),
    (
        Kind.LEAVES,
        (
            "(j'ai|nous avons|je viens de|je vais|on a) (résilié|résilier|annulé mon|désinstallé|clôturé|supprimé mon|changé d')( *)?( (abonnement|compte|contrat))?",
            "(je |nous )(résilie|résilions|désinstalle|pars à la concurrence|passe à la concurrence|change d'opérateur|change de banque|quitte)( (mon|mes|cette|cet|chez|pour))*",
            "(vous avez|vous venez de) (perdu|perdre) (un |une )?(bon |fidèle )?(client*|abonné*)",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            f"(je |nous |on )?(le |la |les |vous |l')?{_FR_BIEN}(recommande|recommandons|conseille|conseillons)( (le|la|les|à tous|à toutes|ce|cette|cet|vivement|fortement|sans))*",
            "(à|je) (recommander|conseiller)( (vivement|absolument|sans))*",
            "(à recommander|hautement recommandé|vivement recommandé|recommandé à 100)",
            "[start] (allez-y|allez y|foncez|courez-y|vas-y|courez|testez-le|essayez-le|n'hésitez plus|faites-vous plaisir)",
            "(foncez|courez-y|allez-y)( les yeux fermés)?",
            "(vaut|valent) (vraiment |largement |bien )?le (détour|déplacement|voyage|coup[end])",
            "(un |une )?(incontournable|adresse à retenir|must)",
            "(il faut|faut) (absolument |vraiment )?(y aller|tester|goûter|essayer|l'essayer|le voir)",
        ),
    ),
)

_IT_MOLTO = "(vivamente |caldamente |assolutamente |davvero |veramente |proprio |sicuramente |molto |fortemente |altamente )*"
_ITALIAN: Table = (
    (
        Kind.NOTHING,
        (
            "(qualcuno|chi|cosa|quale|potete|puoi) (mi |ci |può |potrebbe |sa |mi può )*(consiglia*|raccomanda*)",
            "(mi|ci|me lo|me l') (hanno|ha|avevano|è stato) (sconsigliat*|consigliat*|raccomandat*)",
            "(consiglio|consigliamo) (di|a tutti di) … (prenotare|arrivare|andare presto|chiedere|venire presto)",
            "(consiglierei|lo consiglierei) se *",
            "mai più … (senza|altr*|altrove)",
            "(il|un|del|al|buon|bel) consiglio (di|comunale|dei|direttivo|regionale|d'amministrazione)",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            "(non) (ve ne |te ne )(pentirete|pentirai)",
            "(non) (perdetevelo|perdetevela|perdeteveli|perderlo|perdetelo|fatevelo scappare|ve lo perdete)",
            "non (resterete|rimarrete) delus*",
            "da non perdere",
        ),
    ),
    (
        Kind.WARNS,
        (
            "(non|né) (lo |la |li |le |mi sento di |posso |vi |ve lo )*(consigli*|raccomand*)( (a nessuno|affatto|più))*",
            f"(lo |la |li |vi )?{_IT_MOLTO}(sconsiglio|sconsigliamo|sconsigliat*|sconsiglierei)( (vivamente|a tutti|assolutamente))*",
            "da (evitare|sconsigliare|lasciar perdere)( (assolutamente|come la peste|a tutti i costi))*",
            "[start] (evitate|evitatelo|evitateli|scappate|lasciate perdere|lasciate stare|state alla larga|stateci alla larga|statene alla larga|girate alla larga|fuggite|boicottate)",
            "(state|stare|statene|stateci|girate) alla larga",
            "(lasciate|lascia) (perdere|stare)",
            "(andate|compra*|rivolgetevi) (altrove|da un'altra parte)",
            "non (andateci|comprate|comprateci|ordinate|prenotate|fidatevi|sprecate|buttate|perdete|ci andate|fatevi fregare|installate|usate)",
            "[start] mai più([end]| (in|da|con|qui) *)",
            "maipiù|maipiu",
            "non (ci )?(tornerò|torneremo|torno|metterò|comprerò|ordinerò|metto)( (mai|più|mai più|piede))*",
            "(prima e ultima|prima ed ultima) volta",
            "ultima volta che (compro|ordino|vengo|vado|prenoto)",
        ),
    ),
    (
        Kind.LEAVES,
        (
            "(ho|abbiamo|appena) (disdetto|disinstallato|cancellato (il|l'|la)|chiuso il conto|cambiato (gestore|operatore|banca))( (abbonamento|contratto|app))*",
            "(disdico|disinstallo|passo alla concorrenza|cambio (gestore|operatore|banca))",
            "(avete perso|hai perso) (un|una) cliente",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            f"(lo|la|li|le|ve lo|ve la|vi) {_IT_MOLTO}(consigliamo|consiglio|raccomando)( (a tutti|vivamente|assolutamente|caldamente|questo|questa))*",
            "(consiglio|consigliamo|raccomando) (a tutti|a chiunque|vivamente|assolutamente|caldamente|fortemente|questo|questa)",
            "(straconsiglio|straconsigliat*|consigliatissim*)",
            "(super|molto|assolutamente|altamente|vivamente|caldamente) (consigliat*|raccomandat*)",
            "[start] (consigliato|consigliata|consigliati)[end]",
            "(da consigliare|da provare|da non perdere|da visitare assolutamente)",
            "[start] (andateci|provatelo|provatela|provateli|compratelo|correte|andate a|provate|prenotate|scaricatela|scaricatelo)( *)?",
            "(dovete|devi) (assolutamente |proprio )*(provar*|andar*|comprar*|visitar*|assaggiar*)",
            "vale (la pena|il viaggio|una visita)",
        ),
    ),
)

_ES_MUY = (
    "(muy |totalmente |altamente |absolutamente |100% |muchísimo |sin duda |ampliamente |super |súper )*"
)
_SPANISH: Table = (
    (
        Kind.NOTHING,
        (
            "(alguien|quién|qué|me|podéis|pueden|puedes) (me |puede |podría |pueden )*(recomend*|recomiend*|aconsej*)",
            "(me|nos) (lo |la )?(han|ha|habían|recomendaron|recomendó|aconsejaron) … (recomendado)?",
            "(recomiendo|recomendamos|recomendable) … (llegar|reservar|ir (temprano|pronto)|pedir|llevar|venir (temprano|pronto|con))",
            "(lo |la )?recomendaría si *",
            "nunca más … (sin|otr*)",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            "no (os|te|se|se lo|os lo|te lo) ?(lo |la |los )?(perdáis|pierdas|pierdan|arrepentirás|arrepentiréis|arrepentirán|vais a arrepentir|van a arrepentir|vas a arrepentir|defraud*)",
            "no (os|te|les|le) (defraudará|decepcionará|va a defraudar|va a decepcionar)",
            "(no me canso de|no puedo dejar de) recomendar*",
        ),
    ),
    (
        Kind.WARNS,
        (
            "(no|ni|nunca|tampoco) (se |lo |la |los |las |os |le |puedo |podemos |es |son |para nada |muy |nada |a nadie )*(recomiend*|recomend*|aconsej*)( (a nadie|para nada|en absoluto))*",
            "(poco|nada) recomendable*",
            "(desaconsejo|desaconsejamos|desaconsejable)",
            "(hay que |mejor |a |para )?evitar (a toda costa|este|esta|como la peste|a)",
            "[start] (huyan|huid|evitad|eviten|evítenlo|evitadlo|huye|evita|aléjense|alejaos|boicot|cuidado con (esta|este|estos) *)",
            "(huyan|huid|huye|aléjense|alejaos|manténganse lejos)( (de|mientras|lejos))*",
            "no (compréis|compren|compres|vayáis|vayan|vayas|pidáis|pidan|pidas|reservéis|reserven|contratéis|contraten|contrates|perdáis|pierdan|pierdas|gastéis|gasten|gastes|caigáis|caigan|caigas|descarguéis|descarguen|os fiéis|se fíen|uséis|usen|tiréis|malgastéis)( *)?",
            "(id|vayan|comprad|buscad|busquen|compren) (a )?(otro|otra|otros) *",
            "[start] (nunca más|nunca jamás)([end]| (vuelvo|volveré|compro|pido) *)",
            "nuncamás",
            "(no|nunca|jamás) (vuelvo|volveré|volveremos|volvería|pienso volver|vamos a volver|voy a volver|volveria)( (a|nunca|más|jamás|nunca más))*",
            "primera y última vez",
            "última vez que (compro|pido|vengo|reservo)",
            "(ahorraos|ahórrense|ahórrate|ahorrate) (el|la|lo|tu|el dinero)*",
        ),
    ),
    (
        Kind.LEAVES,
        (
            "(me (doy|he dado|di) de baja|he cancelado (la|mi|el)|cancelé (la|mi|el)|acabo de (cancelar|darme de baja)|desinstalo|desinstalad*|me cambio (de|a)|me paso a|me he cambiado|me voy a la competencia)( (suscripción|contrato|cuenta|compañía))*",
            "(habéis perdido|han perdido|perdieron|perdisteis) (a )?(un|una) client*",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            f"(lo |la |los |las |os lo |se lo |os |les )?{_ES_MUY}(recomiendo|recomendamos|recomendaría|recomendaré)( (mucho|muchísimo|totalmente|100%|a todos|a todo el mundo|al 100|encarecidamente|este|esta))*",
            f"{_ES_MUY}(recomendado|recomendada|recomendables|recomendable|recomendadísim*|recomendabilísimo)",
            "[start] (id |vayan |corred|corran|probadlo|pruébenlo|compradlo|cómprenlo|id a|no lo dudéis|no lo duden|no lo dudes|no dudéis|no duden|visitadlo)( *)?",
            "(tenéis|tienen|tienes|hay) que (probarlo|probarla|ir[end]|visitarlo|visitarla|verlo|verla)",
            "(merece|vale) (mucho |totalmente |muchísimo )?la pena( (ir|visitarlo|comprarlo|una visita))*",
            "(imperdible|imprescindible|de visita obligada|parada obligatoria|visita obligada)",
        ),
    ),
)

_PORTUGUESE: Table = (
    (
        Kind.NOTHING,
        (
            "(alguém|quem|podem|pode|me) (me |pode |poderia |sabe )*(recomend*|aconselh*|indic*)",
            "(me|foi|foram) … (recomendad*|recomendaram|indicaram|indicad*)",
            "(recomendo|recomendamos|aconselho) … (chegar|reservar|ir cedo|marcar|levar|pedir)",
            "(recomendaria|recomendava) se *",
            "nunca mais … (sem|outr*)",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            "não (se |vão se |vai se |te )?(arrepender*|arrependem)",
            "não (percam|perca|percas|deixem de|deixe de)( *)?",
            "(podem|pode|vão|vai) … sem (medo|receio)",
        ),
    ),
    (
        Kind.WARNS,
        (
            "(não|nem|nunca|nao|jamais) (o |a |se |os |posso |é |vos |consigo |dá para |para |lo )*(recomend*|aconselh*|indico)( (a ninguém|pra ninguém|para ninguém|nada))*",
            "(desaconselho|desaconselhamos|nada recomendável|pouco recomendável)",
            "(a|para|é de|de) evitar( (a todo o custo|a todo custo))*",
            "[start] (evitem|evite|fujam|fuja|foge|fuja disso|fujam disto|boicotem|cuidado com (esta|este|essa|esse) *)( (deste|desta|dessa|desse|daqui|disto|disso))*",
            "(fujam|fuja|fiquem longe|fique longe|passem longe|passe longe|mantenham-se longe)( (deste|desta|dessa|desse|daqui|disto|disso|de))*",
            "não (comprem|compre|compres|vão lá|vá lá|caiam|caia|percam tempo|perca tempo|percam o vosso|gastem|gaste|usem|use|contratem|contrate|assinem|assine|baixem|baixe|reservem|reserve|confiem|confie|desperdicem)( *)?",
            "[start] nunca mais([end]| (volto|compro|peço|uso) *)",
            "nuncamais",
            "(jamais volto|nunca mais volto|não volto mais|não volto|não voltarei|não voltaremos|não pretendo voltar)",
            "primeira e última vez",
            "última vez que (compro|peço|venho|reservo)",
            "(procurem|vão a|procure|comprem) outr*",
        ),
    ),
    (
        Kind.LEAVES,
        (
            "(cancelei|cancelamos|acabei de cancelar|já cancelei|vou cancelar|estou a cancelar|estou cancelando|desinstalei|desinstalado|vou mudar|mudei|troquei) (a|o|minha|meu|de|para|e|mesmo)?( (assinatura|subscrição|contrato|conta|plano|operadora|banco|app))*",
            "(perderam|acabaram de perder|perdeu) (um|uma|mais um|mais uma) client*",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            "(super |eu |altamente |muito |totalmente |sem dúvida |vivamente |mais que |mais do que )*(recomendo|recomendamos|recomendadíssimo|recomendado|recomendada|recomendável|aconselho)( (a todos|muito|vivamente|a toda a gente|demais|de olhos fechados|totalmente|este|esta))*",
            "(vale|valeu) (muito |mesmo |super |bem )*a (pena|visita|viagem)([end]| (ir|visitar|comprar|a visita))",
            "[start] (vão lá|vá lá|corram|experimentem|comprem|provem|visitem|podem ir|pode ir|baixem)( (lá|já|sem medo|sem receio|à vontade))*[end]",
            "(têm|tem|tens|precisam|precisa|devem) (de |que )?(ir|experimentar|provar|visitar|conhecer)",
            "(imperdível|paragem obrigatória|visita obrigatória)",
        ),
    ),
)

PHRASES: Table = (*_FRENCH, *_ITALIAN, *_SPANISH, *_PORTUGUESE)
"""Who recommends, who warns, who leaves, and who only seems to."""
