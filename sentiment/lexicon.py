"""Words that praise and words that complain: a start for the model where its training texts say little.

All languages share two signs, so that a language with few labelled texts learns from one with many. The words
are the program's own choice, from service, food, shops, travel and everyday talk. A star stands for
any ending; umlauts are written out, as ``sentiment.features`` folds them. A word that means something else
in another of the languages (German "die", "war", "fast", "Kind"; French "pain") is left out, since no one
says which language a text is in.
"""

from functools import cache

WORDS = {
    "german +": """
        angenehm* aufmerksam* ausgezeichnet* begeister* beeindruck* bequem* beste bester bestes bestens
        besser* charmant* danke* dankbar* einwandfrei* empfehl* empfohl* erfolg* erholsam* exzellent*
        fantastisch* flott* freu freude freue* freut freuen freundlich* frisch* froh* gefaellt gefallen
        geil* gelobt gelungen* gemuetlich* geniess* genial* gepflegt* gerne gern gewonnen gewinn*
        gluecklich* glueckwunsch* gratul* grossartig* grosszuegig* guenstig* gut gute guten guter gutes
        hammer herrlich* hervorragend* herzlich* hilfsbereit* hochwertig* hoeflich* huebsch* hurra
        idyllisch* jubel* juhu klasse klappt koestlich* komfortabel* kompetent* kostenlos* lecker* lieb
        liebe lieben liebling* liebevoll* lob lohnt lustig* mag nett nette* netter perfekt* phantastisch*
        praktisch* preiswert* prima problemlos* puenktlich* reibungslos* reichhaltig* ruhig* sauber*
        schmackhaft* schnell* schoen* sehenswert* spannend* spitze stolz* super sympathisch* tadellos* toll
        tolle* toller top traumhaft* ueberzeugt* ueberzeugend* unkompliziert* unterhaltsam* verbesser*
        vielfaeltig* vorbildlich* witzig* wunderbar* wunderschoen* zufrieden* zuverlaessig* zuvorkommend*
    """,
    "german -": """
        abgelaufen* abgenutzt* abgestuerzt abzock* aerger* geaergert aergerlich* angst* arrogant* armselig*
        ausfall ausgefallen* bedauer* beschaedigt* beschwer* betrogen betrueg* betrug bloed* boese* brutal*
        chaos chaotisch* defekt* dreck* dreist* dumm* doof* ekel* eklig* enttaeusch* entsetzlich* fehler*
        fehlt frech* frust* furchtbar* geklaut gelogen genervt gestohlen* gestoert gestrichen gewartet
        grauenhaft* grauenvoll* grausam* hass hasse hassen heruntergekommen* idiot* ignorant* inakzeptabel*
        inkompetent* kacke kaputt* katastroph* kompliziert* kotz* krank* krise kuendig* laecherlich* lahm*
        langsam* langweil* lauwarm* leider lieblos* luege* luegen* mangel* mangelhaft* matschig* meide*
        miserabel* mies miese* mieser mist muell* nachteil* negativ* nerv nervt nervig* nerven oede
        peinlich* problem* reklam* respektlos* sauerei* schade schaebig* scheiss* scheisse schimmel*
        schlecht* schlimm* schmerz* schmutzig* schrecklich* schrott* schuld schwach* skandal* sorge sorgen
        stinkt stinken* stoerung* stornier* streik* teuer teure* traurig* ueberfuellt* ueberteuert* umsonst
        umstaendlich* unbequem* unfaehig* unfall unfreundlich* ungeniessbar* ungepflegt* unhoeflich*
        unmoeglich* unertraeglich* unpuenktlich* unterirdisch* unuebersichtlich* unverschaemt* unzumutbar*
        unzuverlaessig* verarsch* veraltet* vergeblich* vergess* verlier* verloren* versagt* versagen
        verschimmelt* verschmutzt* versalzen* verspaet* warn* wartezeit* warten weh widerlich* wut wuetend*
        wucher* zumutung* zweifel*
    """,
    "english +": """
        adore* affordable amazing* appreciat* attentive awesome* beautiful* best better blessed bless
        brilliant* charming* clean comfortable comfy congrat* convenient cool courteous cozy cosy cute*
        delicious* delight* easily easy elegant enjoy* entertaining epic excellent* excited exciting*
        fabulous* fair fantastic* favorite* favourite* flawless* fresh friendly fun funny glad glorious good
        gorgeous* grateful* great* happier happiest happy helpful hero hilarious* hope hopefully impress*
        incredible* inspir* intuitive kudos laugh* legend like liked likes love loved loves lovely loving
        magnificent* nice nicely nicer nicest outstanding* perfect* pleasant* pleased polite pretty
        professional proud* quick recommend* reliable satisf* seamless* smile* smooth solid stoked stunning*
        stylish success* superb superior sweet tasty terrific* thank* thrilled thx welcoming win winner
        winning wins won wonderful* worth wow yay yum yummy
    """,
    "english -": """
        abysmal* afraid anger angry annoy* appalling* atrocious* attack* awful* awkward* bad badly bland
        bored boring* broke broken bug buggy bugs cancel* cheat* complain* confus* corrupt* crap* crash*
        cruel* cry crying damage* damn* dead death defect* delay* depress* died dirty disappoint* disaster*
        disgust* disrespect* dreadful* dull dumb* dying embarrass* error* evil expensive* fail failed fails
        failure* fault* fear fears filthy fraud* frustrat* fuck* furious garbage glitch* hate hated hates
        hating horribl* hurt hurts idiots ignor* ill incompeten* irritat* issue* joke junk killed killing
        lame late liar* lied lies lose losers loser losing lost lying mad miss missed missing mistake*
        moron* nasty nightmare* overcooked overpriced painful* pathetic* pissed pointless* poor poorly
        problems racist* refund* regret* ridiculous* rip-off ripoff rotten rubbish rude* sad sadly scam*
        scared scary shame* shit* sick slow slower smelly stale steal* stolen stuck stupid* suck sucked
        sucks terribl* terror* threat* trash* trouble* ugh ugly unacceptabl* unclear uncomfortabl*
        unfortunate* unfriendly unhappy unhelpful* unprofessional* unreliable* upset* useless* victim*
        waited waiting waste* weak weird* worr* worse worst worthless* wrong wtf
    """,
    "romance +": """
        adoro* ador amei amo aimer aime adorei bella bellissim* bello belle bien bom boa bon bonita bonito
        bonne bravo brava buen buena bueno buon buona content contento encanta excelente* felice* felices
        feliz genial gracias grazie heureu* hermos* linda lindo magnifique* maravilhos* maravillos*
        meilleur* mejor melhor meraviglios* merci miglior* obrigad* otim* ottim* parabens perfett* perfeit*
        perfecto perfecta
    """,
    "romance -": """
        asco brutt* cazzo* chato colere decu deteste* honte horrible* horrivel* malo mala malos malas
        mauvais* merda mierda merde nul nulle odeio odio peggio* peor pessim* pior putain ruim schifo
        triste* vergogna* vergonha* verguenza*
    """,
    "signs +": """
        :) :-) =) :)) ;) ;-) :d :-d :p xd <3 ^^ ^_^ 😀 😁 😂 😃 😄 😅 😆 😉 😊 😋 😍 😎 😘 🙂 🤗 🥰 🤩 ❤ 💕 💖 💗 💙 💚 💛 💜 👍 👏 🙏
        💪 🎉 🎊 ✨ 🌟 ⭐ 🔥 😻 🥳 ☺ ♥ 🙌 💯
    """,
    "signs -": """
        :( :-( =( :(( :'( :/ :-/ :\\ -_- -.- >:( :@ 😞 😟 😠 😡 😢 😣 😤 😥 😦 😧 😨 😩 😪 😫 😬 😭 😰 😱 😒 😓 😔 😕 🙁 ☹ 🙄 👎 💔 🤬
        🤮 🤢 😷 🤦 💩 😾
    """,
}


def polarity(word: str) -> str | None:
    """``+`` or ``-``; None for most words."""
    known, stems = _table()
    if word in known:
        return known[word]
    return next((stems[word[:end]] for end in range(len(word), 2, -1) if word[:end] in stems), None)


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Whole words and stems with their signs."""
    entries = {entry: name[-1] for name, words in WORDS.items() for entry in words.split()}
    stems = {entry[:-1]: sign for entry, sign in entries.items() if entry.endswith("*")}
    return {entry: sign for entry, sign in entries.items() if not entry.endswith("*")}, stems
