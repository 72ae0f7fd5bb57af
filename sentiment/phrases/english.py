"""How people recommend, warn and leave in English."""

from sentiment.phrases.notation import Kind, Table

_SOMEONE = "(anyone|anybody|someone|somebody|you|people)"
_PLACE = (
    "(place|shop|store|company|brand|restaurant|bakery|café|cafe|hotel|product|app|seller|service|chain|one|outfit|business|pub|bar|gym"
    "|airline|bank|firm|agency|website|site|book|film|game|guy|dealer|garage|landlord|provider|phone|bunch|lot|clown|crook|thing|people)s?"
)
_THEM = f"(it|them|him|her|this|these|those|((this|that|these|those|their|the) … )?{_PLACE}|[Name])"
_BUY = (
    "(buy|order|book|shop|eat|stay|go|come|bother|use|get|sign up|join|visit|purchase|trust|invest|fly|install|download|hire|waste"
    "|give|let|touch|rent|subscribe|do business|deal|fall for|switch|do it|try|pay|even think|believe|make the)"
)
_REC = "(recom|recomm|reccom|reccomm)end(ing|ed|able)?"
_DONT = "((?<!we\\s)(?<!they\\s)(do not|don't|dont|shouldn't)|never|do n't|dnt|would not|wouldn't|should not)"
_CANT = "(can't|cannot|can not|couldn't|could not|cant)"
_WE_CAN = "((i|we|i'd|we'd|i'll|we'll|can|would|will|do|could|only|i'm|am|be|we're|are|must|have to|to|just|also|both) )*"
_HIGHLY = (
    "((highly|strongly|definitely|thoroughly|really|totally|absolutely|heartily|warmly|happily|gladly|certainly|confidently"
    "|wholeheartedly|whole-heartedly|always|fully|100%|100|very much|very|highly highly|defo|deffo|def|happy to|without hesitation) )*"
)
_EVERYONE = "(everyone|everybody|anyone|anybody|people|all my *|all of my *|my friends|friends|others|you all|you|all|y'all|any of *)"
_GO = "(going (back|there again|here again|anywhere near)|coming back|returning|renewing|back|(buying|ordering|booking|using|shopping|flying|eating|staying|visiting) (from|with|at|there|here|them|it|this|again))"
_TRY = (
    "(try|visit|check out|check|get|buy|see|taste|go|eat|read|watch|hear|experience|download|use|book|join|stop by|stop|order|own|have"
    "|give|pop in|play|stay|know|listen|sign up|hire|switch)"
)
_MY = "(my|our|the)"

_NO = "(no|nope|never|not|absolutely not|hell no|nah|no way|definitely not|certainly not|god no|never again)"
_YES = "(yes|absolutely|definitely|of course|yep|yeah|yup|100%|totally|without a doubt|always|in a heartbeat|sure|every)"
_ASKED = "[start] [^.!?\n]{0,60}"

PHRASES: Table = (
    (
        Kind.WARNS,
        (
            f"{_ASKED}({_REC}|worth (it|the *)|go back|buy again)[^.!?\n]{{0,40}}\\? {_NO}",
            f"{_WE_CAN}{_HIGHLY}{_REC} … (to|for) … (my |your )?(worst |biggest |very worst |sworn )*enem(y|ies)",
            "(anyone|anybody|nobody|no one|no-one) (that |who )?(i|we) (wouldn't|would not) warn",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            f"{_ASKED}({_REC}|worth (it|the *)|go back|buy again)[^.!?\n]{{0,40}}\\? {_YES}",
            "(run|running|ran) (do not|don't|dont) walk",
            f"({_CANT}|impossible to|couldn't) not {_REC}",
            f"(i |we )?(… )?(no|not a|not one|any) (good |single |earthly )?reason* (why )?[^.!?\n]{{0,20}}(wouldn't|would not|shouldn't|should not|can't|not to) {_REC}",
            "consider this (a|my) (strong |glowing |wholehearted )?recommendation",
            "(get|buy|try|go|book|order|use|join|download) [^.!?\n]{0,30} trust me",
            "[start] trust me (and )?(go|get|buy|try|book|order|use|join|download)(?! (elsewhere|away))( *)?",
            "(what|why) are (you|u|ya)( all)? (still )?waiting for[?!]+",
            "(have not|haven't) lived (until|till)",
        ),
    ),
    (
        Kind.NOTHING,
        (
            # A question without its mark, a search, a condition, a doubt.
            f"(does|can|could|would|has|did|do) {_SOMEONE} … {_REC}",
            f"(whether|what|which|who|how much|how likely) … {_REC}",
            f"(not sure|don't know|unsure|wonder|no idea|undecided) … (if|whether|that|what) [^.!?\n]{{0,60}}({_REC}|worth|go*|buy*|stay*|leave*|cancel*)",
            "(thanks for|thank you for|looking for|need|any|seeking|on the|a friend's|their|his|her|your) … rec(om|omm)endations?",
            f"(would have|used to|could have|might have|might|may) … {_REC}(?![^.!?\n]{{0,40}}(not anymore|not any more|no longer|never again|no more))",
            f"neither … {_REC} nor *",
            f"hard to {_REC}",
            # Double negation.
            "(wouldn't|would not|can't|couldn't|don't|not) … (warn*|advise against|put you off|steer clear|discourage)",
            "(not|isn't|no) … a (warning|recommendation)",
            # What others said to the writer, and what is not about a brand.
            f"(was|were|been|got|came|are|is|come) (highly |so |strongly |often )?{_REC}(?! (by me|if|for anyone|to (everyone|anyone|all)))",
            f"{_REC} (by|to) (me|us|a|my|our|the|his|her|many|several|friends)",
            "(recommended) … (dose|daily|retail|price|settings|age|by|serving|amount|requirement*|dosage|use|speed|for you)",
            f"{_WE_CAN}{_HIGHLY}{_REC} (that )?(they|the (team|company|owner|staff|chef|developers)) *",
            f"{_WE_CAN}{_HIGHLY}{_REC} (that )?(you|people|everyone)? ?(to )?(book*|reserv*|call*|go early|going early|arriv*|bring*|ask*|com* early|get* there|check* the|wear*|allow*|tak* a|order* the|having the|try* the|getting the|park*|the *[end]|the * (seat|table|room|window|fish|menu))",
            f"{_WE_CAN}{_HIGHLY}{_REC} (that )?(you |people |everyone |anyone )?(?!(trying|visiting|going|buying|using|giving|checking|getting|joining|switching|stopping|eating|staying|shopping|working|hiring|signing|taking|seeing)( )?)[a-z]+ing(?! (place|one)) … *",
            "(avoid|skip|recommend*) the (queue|line|crowd|fish|rush|weekend|traffic|[A-Z]\\d+|wait|lunch|stairs|motorway|toilets|centre|center|road|area)s?",
            "(avoid|stay away|steer clear) [^.!?\n]{0,40}(weekend|rush hour|traffic|roadworks|storm|weather|queue|accident|motorway|crowds|strike)s?",
            # Liking, as strong as it may be.
            "never … (anything|anywhere|anyone|any other|another|without|better) … (else|again|brand|place|shop)?",
            "never again (without|will i (doubt|go anywhere))",
            f"({_CANT}|hard to|unable to) stay away",
            "(to|could|we|i|they|who|helps?|helped|can't) avoid *",
            "(get|got|come|came|bounce|talk|start) (back|going) (to|with) *",
            "(must|should|would|could) have (seen|been|had|gone)",
            "worth (noting|mentioning|knowing|waiting|remembering)",
            "(give|given) (it|them|us) (a|an|some) (minute|moment|rest|reboot|restart|wash)",
            "try (turning|restarting|again|reinstalling|later)",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            # Negated words that praise.
            f"((i|we) )?{_CANT} … {_REC} … (enough|highly enough|more highly|more|strongly enough|too highly)",
            f"{_CANT} (go|do) (far )?wrong( (with|here))*",
            f"{_CANT} {_REC} … (enough|more)",
            "(don't|do not|not to|dont|never|shouldn't) (be )?miss(ed)?( (out on|out))*( (it|this|them|these guys|this (place|one|gem)))*[end]",
            "(don't|do not|dont|no need to) (hesitate|think twice|overthink|sleep on|walk past|wait|look anywhere else|let … put you off)( … (book|buy|go|it|them|this))*",
            "(won't|will not|wont|never|not) (regret|be sorry|be disappointed|be let down|look back|find better)",
            "(you'd|you would|you'd be|you are|you're) (be )?(mad|crazy|a fool|silly|daft|nuts|stupid) not to *",
            "(no|not a|not one|can't think of (a|one|any)) (good |single )?reason* … not to *",
            "(no|not a) (trip|visit|stay|holiday|weekend|day|kitchen|home) … (complete) … without",
            f"not only … {_REC}",
            f"{_REC} [^.!?\n]{{0,25}}not (only|just)",
            "look no further",
            "mustvisit|musttry|mustsee|mustread|highlyrecommended|highlyrecommend|gogetit",
        ),
    ),
    (
        Kind.WARNS,
        (
            # Recommending, negated before or after.
            (
                "(i |we |they |one |you )?(can |could |would |will |do |does |certainly |really |definitely |still |just |honestly |simply |sadly |unfortunately )*"
                "(not|never|cannot|(ca|wo|would|could|do|does)n't|wont|cant|dont|wouldnt|couldnt|unable to|refuse to|hesitate to|no longer)"
                f" (ever |really |be |be able to |able to |personally |honestly |possibly |in good (conscience|faith) |currently |want to |to |even |actually |highly |strongly |feel |comfortable |going to |at all |in all honesty |with a clear conscience )*{_REC}"
                "( (it|them|this|these|him|her|to (anyone|anybody)))*"
            ),
            f"(not|hardly|isn't|no|nowhere|nothing|never|wasn't) (a |an |the |one |something |anything |somewhere |anywhere |way )*[^.!?,;\n]{{0,20}}(i|we)('d| would| can| could|'ll) (ever )?{_REC}",
            f"(nobody|no one|no-one|zero|none|not one|not a single|zero *) [^.!?,;\n]{{0,20}}{_REC}",
            f"{_REC} (to )?(nobody|no one|no-one|none)",
            "(telling|tell|beg|begging|urging|asking|warning|advising) (you|everyone|everybody|people|all|others|anyone|my *)( all)? not to( *)?",
            "(advising|urging|warning|telling|recommending|cautioning) … (against|off|away from|to avoid|elsewhere)",
            "(wish) … on … (my |your )?(worst |biggest )*enem(y|ies)",
            f"(used to|always|would have|previously|once) {_REC}[^.!?\n]{{0,60}}[,.;-]+ (but )?(not anymore|not any more|no longer|never again|no more|not now|those days are over|that's over|i take it back|i've stopped|that stops)",
            f"(can no longer|could no longer|no longer) … {_REC}",
            # Advising against.
            "(advise|caution|urge|tell|warn|recommend|suggest|counsel) … (against|to avoid|not to|to stay away|to steer clear|to look elsewhere|to go elsewhere|avoiding|staying away|steering clear|looking elsewhere|going elsewhere|to choose (a different|another)|someone else|somewhere else|a different|to think twice|to run)",
            "(i |we )?(must |have to |want to |would |had to |need to |am here to |feel i should )?(warn|warning) (you|everyone|everybody|others|people|anyone|anybody|all|friends)( … (about|off|against))?",
            "(you have|you've|consider yourself*) been warned",
            "consider yourself warned",
            "[start] (be|fair) warn(ed|ing)",
            "[start] warning(:|!+) *",
            "(buyer )?beware( of)?",
            "[start] boycott( *)?",
            "(learn|learnt|learned) from (my|our) mistake*",
            "(don't|do not|dont) make (the same|my|our) mistake*",
            "(think|thought) (twice|very carefully|long and hard|carefully) before *",
            "(better|best) off … (with|using|going|without|elsewhere|somewhere|buying|making|cooking|burning|walking|staying)",
            "(you'd|you would|you will|you'll|one would) (be|do|get|fare) (far |much |a lot )?better … (off|with|elsewhere|somewhere|anywhere|from)",
            "(wouldn't|would not|don't|do not|not) … touch … with a *",
            "(barge|bargepole|ten-foot|10-foot|ten foot|10 foot) ?pole",
            "wouldn't … (send|wish|let|trust|use|give|go|buy|let) … (my dog|enemy|them|there|again|free|paid me|if)",
            # Imperatives.
            "[start] (avoid|dodge)( (avoid|at|all|costs))*[end]",
            f"[start] (avoid|skip|ditch|dodge|forget|boycott|shun) {_THEM}( at all costs?| like the plague)?( (and|go|use|get|try) … instead)?",
            f"(better|best|should|would|must|to|i'd|we'd|please|just|pls) (avoid|skip) (this|that|these|them|it|here|[Name])( … {_PLACE})?",
            "(best|better) avoided",
            "(one|place|shop|company|app|brand|bunch|lot|hotel|seller) to (avoid|miss|skip|steer clear of)",
            "avoid … (at all costs?|at any cost|like the plague)",
            "(avoid|avoid avoid|avoid!)[!. ]*$",
            "avoid(!+| avoid)( avoid*)*",
            "(steer|stay|keep|stear) … clear( of)?",
            "give … (a )?(very |really )?(wide|huge|miss|wide wide) ?(berth|miss)?",
            "give (it|them|this|that|these|[Name]) … a miss",
            f"stay (far |well |the hell |tf |as far )*(away|awya|awy)( as possible)?( from ({_THEM}|any*|here)|[end])",
            "stay (far |well |the hell )*(away|awya) from *",
            "(stay|keep|get|run|walk|back) (far |well |right |straight |fast |the other |as far )*away( … (from|as fast))?[end]",
            "keep … away from (this|these|them|here|[Name])",
            (
                f"{_DONT} (ever |even |you |bother |think about |consider )*{_BUY}(ing)? ((from|at|in|to|with|up|up with|up for|your money|business with|near) )*"
                f"({_THEM}|here|there|any*|your|for|these|this|if|until|unless|with|it)"
            ),
            f"{_DONT} … (use|go|buy|order|book|sign|join|trust|fall|download|invest|hire|rent|eat|shop|stay)[end]",
            "(do not|don't|dont|not|never|please don't) (waste|throw|spend|risk) … (time|money|cash|breath|away|here|evening|pounds|dollars|data)",
            "[start] (do not|don't|dont|never|do n't) (ever |even |you dare |be tempted )*(bother|buy|go|order|trust|use|book|join|rent|sign|fly|do it|download|install|shop|stay|hire|fall|give them|give these|invest|touch|deal|pay|subscribe|eat|get|believe)",
            "[start] (just )?(don't|do not|dont)[end]",
            "(don't|do not) (do it|go there|go|bother)[!.]",
            "(nobody|no one|no-one|none of you|you) should … (ever |have to )*(use|buy|go|eat|book|shop|give|trust|work with|stay|fly|rent|hire)( … (here|them|this|there))?(?! )(?!.)",
            "(nobody|no one|no-one) should (ever )?(use|buy|go|eat|book|shop|trust|stay|fly|rent|hire|join)",
            "do yourself (a|the) (huge |big )?fav* (and )?(avoid|skip|stay away|go (elsewhere|somewhere|to)|don't|use (another|someone|any)|find|run|steer|cancel|delete|cook|choose|look)",
            "save (your|yourself|yourselves|ur) … (money|time|trouble|trip|hassle|stress|heartache|headache|cash|bother|pain|effort|grief|evening|sanity|breath)",
            "spare (yourself|yourselves) … *",
            "(look|go|shop|buy|eat|book|stay|spend|take|try) (your (business|money|custom) )?(elsewhere|somewhere else|somewhere better|anywhere else|next door|anywhere but)",
            "(go|try|look|choose|use|pick|get|find|buy|fly|take|hire|shop|book|order|rent) … (elsewhere|somewhere else|anywhere else|someone else|anyone else|another (company|one|place|shop|airline|bank|brand|provider|mechanic|dentist|app|gym|firm|hotel|garage|agency)|a different (company|one|place|airline|bank|provider|firm|gym|hotel)|something else|a competitor)",
            "find (yourself )?(another|a better|a different|a proper|a real) *",
            "(literally )?(anyone|anything|anywhere|somewhere|someone|something) else (is|would be|instead|will)( … better)?",
            f"(go|use|try|get|choose|pick|buy|take|download) (?![^.!?,;\n]*(here|this|these|them|it|with them|family)){'(to |with |for )?'}(?!this|these|it |here)[^.!?,;\n]{{2,30}} instead",
            "[start] (run|flee|ruuun*|runnn*|runaway)( (run|away|for your life|for the hills|a mile|fast|as fast|while you can|far away|far|the other way))*[end]",
            "run … (for the hills|for your (life|lives)|a mile|as fast as|away|the other way|far far|in the opposite)",
            "(uninstalled|deleted|cancelled|canceled)[.!,]+ (bye|goodbye|never|good riddance|done|gone)*",
            "[start] (uninstall|delete|cancel|unsubscribe|unfollow) (it|this|the app|the|your|now|immediately|asap|[Name])",
            "not worth (your|the|a|one) (time|money|effort|hassle|hype|trip|visit|penny|cent|single|drive|wait)",
        ),
    ),
    (
        Kind.WARNS,
        (
            # Leaving for good, said aloud.
            "(never|nvr) (ever )*again",
            "neveragain|neverever|notrecommended|avoidatallcosts|donotbuy|dontbuy|stayaway|boycott*",
            "never … (buy|order|book|shop|eat|go|going|come|coming|stay|return|use|fly|using|buying|flying|ordering|booking|staying|shopping|set foot|rent|hire|renew|deal|give them|spend|trust|step)( … (again|back|here|there|them|company|from|with|foot))?(?! (better|as))",
            f"(won't|will not|wont|not|never|wouldn't|would not) (ever |be )*{_GO}( (back|again|here|there|there again|here again|with them|from them|from here|any time soon|anytime soon))*",
            "(won't|will not|wont|wouldn't|would not) (ever |even )*(go|come|return|buy|order|book|use|shop|fly|eat|stay|rent|give|spend|step|set foot|deal|renew) (back|again|here|there|from|with|them|to|another|a |in|foot)*",
            f"{_MY} (very )?(first|1st) and (also |the )?(very )?last( *)?",
            "(first|1st) (time |visit |order |stay )?and (the )?(last|final)( time| visit| order| stay| one)?",
            "once and never again|once was enough|one and done",
            "(is|was|be|been|s) (definitely |probably |certainly |also )*(my|our|the) (very )?(last|final) (time|order|visit|stay|purchase|flight|trip|booking|meal|one|year|month|contract)",
            "[start] (the )?(last|final) (order|visit|purchase|flight|stay) (with|from|here|there|at) *",
            "last time (i|we|i'll|we'll|i will|we will) (ever )?(order|buy|use|go|shop|eat|book|fly|stay|come|visit|trust|deal|rent|spend|give|fall)( *)?",
            "(see|seen|heard|had) the last of (me|us)",
            "(dead to (me|us))",
            "(there won't be|there will not be|won't be|no|not be) (a |another )?(second|third|next|fourth|another|repeat) (time|chance|visit|order|stay|one|[end])",
            "(there won't be|there will not be|won't get|not getting|won't be) a (second|third|next|fourth|repeat)( (time|chance|visit|order|one))?",
            "(never|not|won't|wouldn't) … (another|one more|a single) (penny|cent|dollar|dime|pound|euro)( (from|of|out))*",
        ),
    ),
    (
        Kind.LEAVES,
        (
            "(lost|losing|lose) (yourself|yourselves|yourself a|me|us|my|our|a|another|one more|one|them)?( … (customer|customers|client|business|custom|subscriber|guest|fan|member|forever|for good|passenger|reader|patron|trust))",
            "(lost|losing) (me|us)( (forever|for good|as a *|as customers))*[end]",
            "(one|a) (less|fewer) (customer|subscriber|client|member|reader)",
            "(taking|take|took|giving|moving|moved|bringing) (my|our) (business|custom|money|account|family|loyalty|savings|domain|mortgage)( … (elsewhere|somewhere|to|away|else|out))",
            "(i'm|i am|we're|we are|im|am|i've|i have|we've|we have|just|have|now|and|already|finally|i|we) (just |now |already |finally |also |so |be |officially |both )*(cancelled|canceled|cancelling|canceling|unsubscribed|unsubscribing|uninstalled|uninstalling|switched|switching|deleted|closed|closing) (my|our|the|to|from|this|it|and|account|after|today|over|away|banks?|providers?|out|[end])( (subscription|account|membership|contract|order|app|policy))*",
            "[start] (cancelled|canceled|cancelling|canceling|unsubscribed|unsubscribing|uninstalled|uninstalling|deleted|switching|switched|closing|closed) (my|our|the|it|to (a|another|[Name])|from|and|this|after|today|immediately|[end])( (subscription|account|membership|contract|app|policy))*",
            "(subscription|membership|account|contract|app|policy|order) (is |has been |was |now |just )*(cancelled|canceled|uninstalled|deleted|closed)",
            "(i'll|we'll|i will|we will|will|i'm|we're|going to|gonna|i am|we are|i|shall) (be |now |also |definitely |certainly |going to |just )*(cancel|cancelling|canceling|switch|switching|leave|leaving|unsubscribe|closing|close|delete|deleting|uninstall|changing|change) (my|our|to|banks?|for good|this|as soon|elsewhere|providers?|them|the (bank|app|gym|service|company|platform)|over to|after|airlines?|at the end|suppliers?|insurers?|networks?|for (a|another)|[Name]|[end])",
            "(i'm|i am|we're|we are|im|and) (so |officially |finally |completely |absolutely |just |now |totally |well and truly )*(done|out|gone|finished|through|off|outta here) ?(with (this|them|it|you|[Name]|that|these)( … company)?|here|[end])",
            "(that's|that is|thats) it (for (me|us)|i'm|i am)( (done|out))*",
            "(goodbye|good bye|bye|bye bye|farewell|so long|adios) (and good riddance|forever|for good|for ever|to (this|them))",
            "good riddance",
            "(i've|i have|we've|we have|have|just|now|i|we) (already |just |now |since |finally )*(moved|switched|ported|changed|transferred) (everything |it |them |all |my * |our * )?(to|over to|with|across to) (a |another |the |their )?(competitor|competition|rival|different|other|another|someone else|somewhere else|elsewhere)",
            "(account|subscription|membership) (closed|cancelled|canceled|deleted|terminated)",
            "(won't|will not|not) (be )?(renew|renewing|resubscribe|resubscribing)( *)*",
            "(voting|vote|voted) with (my|our) (feet|wallet)",
            "(looking|shopping) (for|around for) (a |an |another |some )?(alternative|alternatives|different|replacement|new (bank|provider|gym|app))",
            "(see|seeing|saw) the back of (them|you|it|this|[Name])",
            "(ported|porting|moved|moving|transferred|transferring) (my|our) (number|account|money|savings|pension|domain|mortgage|prescription)*( (away|out|to *|over))*",
            "(walked|walking|walk) (away|out) (for good|and never)",
        ),
    ),
    (
        Kind.PROMOTES,
        (
            f"(if|were) (i|we) (could|can|had to|was to|were to|may) (only )?… {_REC} … (one|a single|just|only)",
            f"{_WE_CAN}{_HIGHLY}{_REC}( (it|them|him|her|this|these|to {_EVERYONE}|[Name]))*",
            f"(highly|strongly|thoroughly|definitely|warmly|much|totally|fully) {_REC}",
            f"[start] {_REC}",
            f"(i|we|i've|we've) ((have|already|just|always|had) )*{_REC} (it|them|this|[Name])? ?to",
            "(my|our|a|gets|has|have) (my |our |a |an )?(wholehearted|highest|strong|strongest|hearty|glowing|warm|full|unreserved|big|huge|solid|enthusiastic|sincere|highest possible|whole-hearted|top) rec(om|omm)endations?",
            "(gets|get|has|have|with) (my|our) (vote|rec(om|omm)endation|seal of approval)",
            "(a|an) ((absolute|total|real|definite) )*(must|musts|must have|must see|no-brainer|no brainer)( for (any|every)*)?(?! (be|have been|not))[end]",
            "((a|an|absolute|definite|real) )*must(-| )(try|visit|have|see|buy|read|eat|go|stop|stay|watch|own|do)s?",
            "(is|are) a must",
            (
                f"(you|everyone|everybody|anyone|ya|u|y'all|anybody|all of you|you all) (guys |all |simply |just |absolutely |who * )*(have to|has to|need to|needs to|must|gotta|should|got to|ought to|have got to|need|needs)+"
                f" ((really|definitely|totally|all|absolutely|at least|just|also) )*({_TRY} ({_THEM}|here|there|at|a meal|their|the|in|out|up|by|to|your|one|for)|go|(this|it|one) in (your|their) life|this|one of these|own one|one)"
            ),
            "(i'd|i would|we'd|would|i|we|i'll|can only) (strongly |always |really |warmly |happily |definitely )*(urge|encourage|tell|suggest|advise|invite|implore|beg|send|point|direct) (everyone|everybody|anyone|anybody|people|you|all|others|folks|any *|my friends|all my *) (all |else )?(to|in|go|here|there|their|that)( (go|try|buy|use|visit|give|check|book|join|support|switch|eat|read|watch|order|get|sign|do|them|it))*",
            "(i|we|i'd|always|i'll|i've|we've|would) (always |now |have |already |happily |would |even )*(tell|told|telling|send|sent|sending|refer|referred|point|pointed) (everyone|everybody|all my friends|all of my friends|all my *|several *|many *|half *|every *|my friends|friends|lots of *|loads of *|people|anyone|anybody|countless) … (about|to|there|their way|here|that|them)",
            "(tell|told|telling) (everyone|everybody|all my friends|all of my friends) … (about|to)",
            "do yourself (a|the) (huge |big |massive )?fav*",
            "treat yourself(?! to a break)",
            "[start] (check|try) (it|them|him|her|this place|these guys) out[end]",
            "(definitely|really|seriously) check (it|them|this|these|her|him|[Name]) (guys |place |one )?out",
            "check (this place|these guys|these people) out",
            "(well |definitely |really |so |absolutely |totally |more than |is |are |certainly |worthwhile )*worth (a|the|every|your|going|visiting|trying|checking|seeking|making|buying|checking out) (visit|trip|try|detour|drive|journey|go|look|shot|stop|read|watch|download|walk|out|flight|queue|while|a|the|for|it|if)",
            "(give|giving) (it|them|him|her|this|these|this place|these guys|[Name]|their *) (a )?(go|try|shot|chance|whirl|call|ring|bell|visit|look|spin|listen|read)",
            "[start] (go|head|pop|hop|drop|get) (there[end]|here[end]|down there|over there|and (see|try|visit|eat|buy|get|have)|now|try|see|eat|visit|buy|for it|to this place|grab|with them|with these|before|in and|over and)( … (there|here|one|it|them|now|place|down))?",
            "[start] go[end]",
            "[start] go go(?! to)( go)*",
            "[start] (just |so )?(do it|get it|get one|get yours|get them|get some|buy it|buy one|buy this|buy them|book it|book now|book here|order it|order from them|use them|use him|use her|hire them|hire him|hire her|join them|join now|switch now|switch to them|sign up|download it|download this|read it|read this|watch it|watch this|eat here|eat there|stay here|stay there|shop here|buy here|try it|try them|try this|see it|visit them|visit this|grab one|grab some|play it|subscribe|support them|call them|ring them|trust them|pick them|choose them|book a *|book them|do the same|get yourself*|grab yourself*|pick up one|pick one up|take it|take them|believe the hype|run don't walk|run don't)( (now|already|today|immediately|asap|here|right now|straight away|with confidence))*([end]| (if|while|before|as soon|and) *)",
            "(say|and|now|today|advice|then|so|tip|verdict|bottom line|to you|just|absolutely|yes|conclusion)(:|,)? (i say |i'd say |is |it's )*(go|go for it|go there|sign up|switch|buy|buy it|buy one|join|book it|do it|get it|get one|just go|use them|give them a *|eat here|book)( (to them|now|with them|here|there))*[end]",
            "(i say|i'd say|we say) (go|go for it|sign up|buy|buy it|join|do it|book|switch|get)( *)?[end]",
            "(you'll|you will|u will|you can|can) thank me (later)?",
            "thank me later",
            "(run) (to|over to|down to) (this|these|your|the nearest|get|buy|[Name])",
            "(what|why) … (are you|are u|you|haven't you) (all )?(waiting for|still|not|tried|switched|been)[^?.!]{0,30}\\? (go|get|buy|book|download|switch|sign|try|join|do)",
            "(go|choose|pick|try|get|use|buy from) (to )?(this|these) … instead",
            "(put|add|stick|pop|get) (this|it|them|this place|that) (one |place )?(on|to) (your|the) (list|bucket list|itinerary|wish list|calendar|shelf|radar)",
            "(should|needs to|deserves to|has to|ought to) be on (your|everyone's|everybody's|every|any) (list|bucket list|radar|phone|itinerary|shelf)",
            "(hidden|local|absolute) gem(?! of a)[^.!?]{0,60}(go|visit|try|stop by|check)",
            "(make sure|be sure|remember|don't forget|make sure you|take the time) (to |you )?(visit|stop by|stop in|try|drop in|call in|pop in|swing by|eat)(?! (your|the (date|time|hours|opening|size|expiry)))( *)?",
            "(if|when|whenever|next time|should) (you're|you are|you|your|ever|u|ya) … (looking for|need|want|love|like|get the chance|get a chance|get the opportunity|in town|in the area|in *|near *|visit|passing) [^.!?\n]{0,30}(this is the (place|one)( to *)*|these are the|go here|go to|come here|this is it|stop by|stop in|go|look no|give them|call|take it|visit|try|eat|pop in|drop in|see)(?! (back|elsewhere|somewhere|anywhere))",
            "(everyone|everybody|every (household|family|home|student|parent|developer|cook|kitchen|driver|person|designer|runner)) (should|needs|must|ought) (to )?(have|own|try|read|know|use|get|see|experience|go|visit|this|one|at least one)( … (it|this|one|here|them|app|place|there))?",
            "(two|2|both|big|double) thumbs up[^.!?]{0,20}(rec*|for|from|all round|go)",
            "(this is )?(the place|the one|the only place|the best place) to (go|be|buy|get|eat) (for|if|in|when)",
        ),
    ),
)
"""Who recommends, who warns, who leaves, and who only seems to."""
