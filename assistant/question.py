"""Reading a question: its bounds, whether it is small talk, what kind of answer it asks for."""

import re
import unicodedata
from typing import Literal

from assistant.vague import OPEN
from assistant.words import content_set, content_words, in_sentences, words
from corpus.errors import UserError

MAX_CHARACTERS = 2_000

Kind = Literal["direct", "list", "compare", "advise"]
SmallTalk = Literal["greeting", "thanks", "about", "goodbye"]


def clean(question: str) -> str:
    """The question as it is answered: one line, without control characters.

    Raises ``UserError`` where nothing readable is left or the question is longer than ``MAX_CHARACTERS``.
    """
    if len(question) > MAX_CHARACTERS:
        raise UserError(
            f"The question has {len(question):,} characters; please ask in at most {MAX_CHARACTERS:,}, "
            "and add longer texts as documents."
        )
    kept = "".join(
        character if unicodedata.category(character)[0] != "C" else " "
        for character in unicodedata.normalize("NFC", question)
    )
    line = " ".join(kept.split())
    if not line:
        raise UserError("There is no question to answer; please type one.")
    if not any(character.isalnum() for character in line):
        raise UserError("The question has no words in it; please type it in plain words.")
    return line


_GREETING = re.compile(
    r"(hi|hello|hey|hiya|greetings|good (morning|afternoon|evening|day)|hallo|guten (tag|morgen|abend)|bonjour|salut|hola|ciao)"
    r"( (there|all|everyone|team|again|assistant))?( how are you( doing)?( today)?)?|how are you( doing)?( today)?"
)
_PRAISE = (
    r"(ok(ay)?|got it|understood|i see|cool|wow|nice|good (job|work|answer|stuff)|well done"
    r"|((that|this|it)('s| is| was) )?((very|really|so|most|super|quite|all) )?(great|perfect|good|helpful|useful|clear|nice|kind|awesome|excellent|all))"
)
_THANKS = re.compile(
    rf"({_PRAISE} )*(thanks|thank you|thx|ty|cheers|many thanks|merci|danke|gracias)"
    rf"( (a lot|very much|so much|a million|again|all|for (all )?(your|the|that|this)( \w+)?|{_PRAISE}))*"
    rf"|{_PRAISE}( {_PRAISE})*"
)
_GOODBYE = re.compile(r"(good ?bye|bye( bye)?|see you( later| soon)?|have a (good|nice) (day|evening|weekend))")
_ABOUT = re.compile(
    r"(so )?(who|what) are you|what('s| is) (your (name|purpose|job)|this( (tool|thing|assistant|app|about))?)|help( me| us)?( please)?"
    r"|(can|could) you help( me| us)?( please)?|who (made|built|created|wrote) (you|this)"
    r"|what (can|do|could|are) (you|this( (tool|thing|assistant|app))?) (able to )?(do|answer|know( about)?|help( (me|us))? with|cover)( for (me|us))?( here)?"
    r"|how (can|could|do) (you help( me| us)?|i use (this|you)|this work|you work|does this work)"
    r"|what (questions )?(can|could|should|may) (i|we) ask( you)?( here| about)?|how does this work|are you (a )?(human|robot|bot|ai|person|real)"
    r"|(can you )?(introduce|tell me about) yourself|what topics do you (cover|know)"
)


def small_talk(question: str) -> SmallTalk | None:
    """What a message is that asks nothing of the guidance; None for anything that might."""
    line = " ".join(words(question))
    if len(line) > 80:
        return None
    patterns: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = (
        ("greeting", _GREETING),
        ("thanks", _THANKS),
        ("goodbye", _GOODBYE),
        ("about", _ABOUT),
    )
    for name, pattern in patterns:
        if pattern.fullmatch(line):
            return name
    greeted = re.match(rf"(?:{_GREETING.pattern}) ", line)
    return "about" if greeted and _ABOUT.fullmatch(line[greeted.end() :]) else None


_COMPARE = re.compile(
    r"\b(compar\w+|versus|vs?|differ(?:s|ence|ences|ent|ing)?\b(?:[^?!]*\b(?:between|from|to)|(?=\W*$))|contrast\w*|weigh\b[^?.;]*\bagainst"
    r"|(?:better|worse|faster|slower|quicker|cheaper|safer|riskier|easier|harder|stronger|weaker)\b[^?.]*\bthan"
    r"|how (?:do|does|are|is|would|will) (?:they|(?:the |these |those )?(?:two|both|three|four)(?: \w+){0,2}) (?:differ|compare|(?:score|fare|perform|rate|hold up)(?=\W*$| (?:on|in|against|for|by|under|when|if)\b))"
    r"|how (?:do|does|are|is) [^?!]+ (?:and|or) [^?!]+ (?:differ|different|alike|similar)|similarit\w+ (?:between|of)|(?:separates?|distinguish(?:es)?) [^?.;]+ from|(?:sets?|tells?) (?:[\w'’-]+ ){1,6}apart from"
    r"|trade-?offs? (?:between|of|among)|pros and cons of [^?!]+ (?:and|or|versus|vs) |which (?:one )?of (?:the two|both|them both)|(?:put|lay|set|show|see|place|give|present|list|tell|want|get|have|need|look|both|two)\b[^?.!]* side by side|^side by side|next to (?:each other|one another)|(?:stacks?|measures?) up (?:on|against|for|in))\b"
    r"|\b(?:stack|measure) up\W*$|^(?:please )?rank (?:the|these|those|them|all|both|our)\b",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(
    r"\b(we are|we're|we have(?! to\b)|we've|we run|we operate|i run|i lead|i head|i manage|our (?:\w+ ){0,2}(?:organi[sz]ation|company|bank|firm|business"
    r"|agency|group|institution|hospital|team|teams|culture|budget|staff|people|industry|sector|board|department)|our (?:\w+ ){1,3}(?:is|are|has|have)|as an? )\b",
    re.IGNORECASE,
)
_WANTS_ADVICE = re.compile(
    r"\b((?<!why )should (?:we|i|our)|which (?:one|approach|model|way|path|route|option|strategy|direction)|what (?:approach|model|strategy|path|would you|do you"
    r"|should|fits|suits|is (?:best|right))|recommend\w*|advise|advice|suggest\w*|best (?:fit|approach|for us)|right (?:approach|for us|model|choice)|who should (?:drive|lead|run|steer|own|decide|start|hold|control|govern|be in charge|be responsible)"
    r"|suits? us|fits? us|where (?:do|should) we (?:start|begin)|how (?:do|should) we (?:start|begin|proceed|approach))\b",
    re.IGNORECASE,
)
_OFFERS = re.compile(r"\bor\b[^?]*\?", re.IGNORECASE)
_ASKS_WHICH_OF_OURS = re.compile(
    r"^(?:and |so )?(?:which|what|how many|how much|who|when|where) (?:of )?(?:all )?our\b", re.IGNORECASE
)
"""Asks for some of what there is ("which of our tools were stopped or refused?"), and not which to choose."""
_BY_NAME = re.compile(r", (?:the |an? )?[A-Z][\w-]*(?: [\w-]+)? or ")
"""Offers what to choose by name ("..., Acme or Bolt?")."""
_LIST = re.compile(
    r"\b((?<!\ba )(?<!\bthe )(?<!\bour )(?<!\bthis )(?<!\bthat )(?<!\bapproved )(?<!\bmailing )(?<!\bwaiting )list(?! (?:of|that|which|is|was|gets|goes)\b)"
    r"|(?:^|(?:please|give|show|send|make|want|need|get|have|provide|write|draft|create|compile|prepare|produce|me|us|you|to|and|or|just|see|full|complete|whole) )(?:me |us )?(?:an? |the )?(?:[\w-]+ )?list of|(?<!a )(?<!the )(?<!its )(?<!their )(?<!our )(?<!by )(?<!same )(?<!my )(?<!your )(?<!his )(?<!her )name(?! for\b)|enumerate|what are(?! (?:[\w-]+ ){1,4}(?:doing|trying|using|saying|planning)\b)|which (?:\w+ )?(?:are(?! \w+ing\b)|factors|things|risks|benefits)|what (?:\w+ )?(?:are (?:the|all)|risks|drawbacks|downsides|dangers"
    r"|benefits|advantages|factors|things|problems|conditions|steps|roles|reasons|criteria|strengths|weaknesses|disadvantages|considerations|principles)"
    r"|(?:give|show|send) (?:me|us) (?:every|each)\b|all (?:of )?the(?! (?:time|while|way|same|more|better)\b)|all (?:the )?(?:points|reasons|arguments|items)|every (?:single )?(?:argument|reason|point|advantage|benefit|drawback|downside|risk|duty|task)"
    r"|(?:run|walk|talk|take) (?:me|us) (?:through|thru)|everything (?:that|there is)|(?:complete|full|whole) (?:(?:check)?list|set|range)|which (?:\w+ )?(?:duties|tasks|responsibilities|jobs)"
    r"|(?:its|their|the|any|main|give me) (?:\w+ ){0,2}(?:drawbacks|downsides|disadvantages|advantages|benefits|upsides|strengths|weaknesses|pitfalls|pros|cons"
    r"|shortcomings|limitations|risks|dangers|merits)"
    r"|what (?:\w+ ){0,3}go(?:es|ing)? wrong|how (?:[\w-]+ ){1,7}go(?:es|ing)? wrong|the catch|(?:speaks|argues|is there to say|said) (?:for|against|in favou?r)(?! what)"
    r"|(?:strengths?|pros|advantages?|benefits?|upsides?|good|positives?) (?:and|or|&|vs) (?:the )?(?:\w+ )?(?:weakness(?:es)?|cons|disadvantages?|drawbacks?|downsides?|risks?|bad|negatives?)"
    r"|^(?:plus|minus|good|bad|strong|weak|positive|negative) (?:points|sides|things)|^(?:\w+ ){0,2}(?:cons|pros|drawbacks|downsides|disadvantages|advantages|benefits|upsides|strengths|weaknesses|pitfalls)\b(?! and)"
    r"|what (?:do|does|would|could|can|will|might|did) (?:we|i|you|one|they|an? \w+|our \w+) (?:gain|lose|risk|win|get out of)|who (?:\w+ ){0,4}(?:for what|does what)"
    r"|^(?:\w+ ){0,3}(?:drawbacks|downsides|disadvantages|advantages|benefits|upsides|strengths|weaknesses|pitfalls|risks|perks|snags|flaws|traps|gotchas) of"
    r"|(?:any|what are|what're|are there|list) (?:\w+ ){0,3}(?:perks|snags|flaws|traps|gotchas))\b",
    re.IGNORECASE,
)


_THEN_OF_EACH = re.compile(
    r"(?:and |so )*(?P<things>(?:what|which)\b[^?.!;,]*),? and "
    r"(?:who|whom|whose|what|which|when|where|how (?:long|much|many|often|soon)) (?:[\w'’-]+ ){0,4}?"
    r"each(?: one| bit| part| of (?:them|these|those))?"
    r"(?= (?:is|are|was|were|does|do|has|have|meant|intended|aimed|for|by|in|at|on|due|costs?|takes?|lasts?|runs?|held|given"
    r"|owned|about|covers?|means?)\b|\W*$)[^?.!]{0,40}\W*",
    re.IGNORECASE,
)
"""Asks for things, and then something of each ("which courses are there, and who is each one for?")."""
_ON_OFFER = re.compile(
    r"\b(?:is|are) (?:there|on offer|offered|available|provided|planned|given|in (?:use|place))\b", re.IGNORECASE
)
_ONE_BY_ONE = re.compile(
    r"\b(?:a|one) (?:short )?(?:line|sentence|word|phrase) (?:for |on |about )?each(?: one| of them)?(?=\W*$|,| please\b)"
    r"|^(?:please )?remind (?:me|us) (?:of|about) (?:all )?(?:the|our) "
    r"(?:(?!(?:of|on|for|in|to|with|from|about|that|who|which|where|when|by|at)\b)[a-z-]+ ){0,2}?"
    r"(?!news\b)[a-z-]{3,}(?<![suiy])s(?=\W*$| )",
    re.IGNORECASE,
)
"""Asks for things one by one."""


def asks_then_of_each(question: str) -> bool:
    """Whether a question is for several things and what is so of each of them: one question and not two."""
    match = _THEN_OF_EACH.fullmatch(question)
    return match is not None and bool(_PLURAL.search(f"{match['things']} ") or _ON_OFFER.search(match["things"]))


def kind(question: str) -> Kind:
    """What kind of answer the words of a question ask for; ``direct`` where none other shows."""
    if _WHICH_FACTORS.match(question):
        return "list"
    if _DESCRIBES.search(question) and _wants_advice(question):
        return "advise"
    if _COMPARE.search(question):
        return "compare"
    own = question.partition(" (")[0]
    if _LIST.search(question) or any(one.search(own) for one in (_IN_FULL, _ONE_BY_ONE)) or asks_then_of_each(own):
        return "list"
    return "direct"


def _wants_advice(question: str) -> bool:
    if _WANTS_ADVICE.search(question):
        return True
    some = _ASKS_WHICH_OF_OURS.match(question) and not _BY_NAME.search(question)
    return _OFFERS.search(question) is not None and not some


def asks_for_several(question: str) -> bool:
    """Whether several things answer a question: a list that it asks for, or "which mistakes should we avoid?"."""
    return kind(question) == "list" or _PLURAL.search(question) is not None or _OF_EACH.search(question) is not None


_IN_FULL = re.compile(
    r"\b(?:all of (?:it|them|this|that|these|those)|all (?:things|points)|the (?:whole|lot|full (?:list|set)|entire (?:list|set))(?: of (?:it|them))?"
    r"|(?:spell|write|set) (?:them|it|these) (?:all )?(?:out|down)|name (?:them|each|every one)|every (?:last )?one of them|in full)"
    r"(?:,? please)?\W*$|\bplease (?:list |name )?all\b[^?]{0,20}$",
    re.IGNORECASE,
)
"""Ends with how much is wanted."""
_PLURAL = re.compile(
    r"\b(?:which|what)\s+(?:[\w-]+\s+){0,2}(?!(?:is|does|has|was|this|its)\b)[\w-]+[^s\W]s\b(?:\s+of(?:\s+[\w-]+){1,4})?"
    r"\s+(?:do|does|did|should|can|is|are|were|must|would|will|could|has|have|may|might|shall|am)\b",
    re.IGNORECASE,
)
"""Asks for things in the plural."""
_OF_EACH = re.compile(
    r"\b(?:what|which|who|how much|how many)\b[^?]*\b(?:under|in|into|for|of|to|with|at|by|on|behind) (?:each|every)\b",
    re.IGNORECASE,
)
"""Asks for something of each of several ("what falls under each class?")."""


_WHICH_FACTORS = re.compile(
    r"(?:and |but |so )*(?:which|what) (?:\w+ ){0,2}(?:things|factors|aspects|conditions|circumstances|criteria|considerations|characteristics)\b",
    re.IGNORECASE,
)
"""Asks for what a choice goes by, though it may speak of "our organization" and what "we should" look at."""


_OPERANDS = (
    re.compile(r"\b(?:between|of) ([^:;?]+?) (?:and|or|versus|vs?\.?) ([^?.;]+)", re.IGNORECASE),
    re.compile(r"\bcompar\w+ ([^:;?]+?) (?:and|with|to|against|versus|vs?\.?) ([^?.;]+)", re.IGNORECASE),
    re.compile(r"\b(?:separates?|distinguish(?:es)?) ([^?.;]+?) from ([^?.;]+)", re.IGNORECASE),
    re.compile(r"\b(?:sets?|tells?) ((?:[\w\'’-]+ ){0,5}[\w\'’-]+) apart from ([^?.;]+)", re.IGNORECASE),
    re.compile(r"\bcontrast (.+?) (?:and|with|to|against) ([^?.;]+)", re.IGNORECASE),
    re.compile(
        r"(?:^|[,:;] ?|\bis |\bare |\bdoes |\bdo |\bhow )([^,:;?]+?) (?:versus|vs?\.?|differs? from|different from|compared? (?:to|with)|stack up against) ([^?.;]+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bhow (?:do|does|are|is) (.+?) (?:and|or) (.+?) (?:differ|different|alike|similar|compare|stack up|measure up|fare)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:^|[,:;] ?|\b(?:is|are|was|does|do|would|that|think|believe) )([^,:;?]+?) (?:(?:is|are|was|much|any|really|always|far) )*"
        r"(?:better|worse|faster|slower|quicker|cheaper|safer|riskier|easier|harder|stronger|weaker|superior|inferior)\b[^,:;?]*? (?:than|to) ([^?.;]+)",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:weigh) (.+?) against ([^?.;]+)", re.IGNORECASE),
    re.compile(r"([^,:;?]+?),? or ([^?.;,]+)", re.IGNORECASE),
)


_BY_WHAT = re.compile(
    r"\b(?:on|for|regarding|concerning|in terms of|with (?:regard|respect) to|as to|when it comes to)\b", re.IGNORECASE
)
"""After it stands what is compared by, and no more of what is compared."""
_IN_COMPARING = re.compile(
    r"^(?:when |in )?comparing (?:(?!\b(?:and|with|to|against|versus|vs|or)\b)[^,?]){3,60}, (?=(?:is|are|was|were|does|do|did|which|who|what|how)\b)",
    re.IGNORECASE,
)
"""Says in what something is compared, before it is asked how ("comparing costs, is A worse than B?")."""
_IN_TERMS = re.compile(r"(?<=\w),? (?:in terms of|with (?:regard|respect) to) [^?.;:]+", re.IGNORECASE)
"""What is compared by, where it stands behind what is compared."""


_ASKS_AFTER_DASH = re.compile(
    r"\s+[-–—]\s+(?=(?:and |so |but )?(?:what|which|who|how|why|where|when|is|are|does|do|can|could)\b)", re.IGNORECASE
)
"""Where what is compared ends and a question about it begins ("A versus B - how do I tell them apart?")."""
_LEADING = re.compile(
    r"^(?:(?:so|and|but|is|are|isn't|aren't|does|do|would|will|should|that|it|true|whether|if|why|how|think|believe)\s+)+(?=\w)",
    re.IGNORECASE,
)


def operands(question: str) -> tuple[str, ...]:
    """What a comparing question sets side by side, in the question's words; empty where it names nothing.

    An enumeration ("A, B and C") gives each of its members.
    """
    compared = _IN_TERMS.sub("", _IN_COMPARING.sub("", question))
    for pattern in _OPERANDS:
        match = pattern.search(compared)
        if match:
            *before, last = match.groups()
            last = _ASKS_AFTER_DASH.split(_BY_WHAT.split(last)[0])[0]
            parts = [
                piece for group in (*before, last) for piece in re.split(r",\s*(?:and |or )?|\s+(?:and|or)\s+", group)
            ]
            named = tuple(_LEADING.sub("", part.strip(" ?.!\"'")) for part in parts if content_words(part))
            if len(named) >= 2:
                return named
    return ()


_ASKS = re.compile(
    r"(?:and |but |so |also )*(?:what|which|who|whom|whose|how|why|when|where|whether|is|are|was|were|do|does|did|can|could|should|would"
    r"|will|must|may|has|have|tell|explain|describe|define|list|name|compare|give|show|summari[sz]e|advise|recommend)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|its|this|that|these|those|they|them|their|he|she|him|each|both|either|the (?:other|former|latter|same|two)|such|there|here|ones)\b",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^(?:(?:(?:ok(?:ay)?|hi|hello|hey|thanks|thank you|sorry|excuse me|please|hm+|(?:a |one |another |next |last |quick |more )+question)\b"
    r"(?: there| all| team| again| for \w+)?[,.:;!–-]*|(?:well|great|good|fine|right|now|nice|perfect|(?:(?:that|this|it) )?(?:sounds|looks|seems) (?:(?:too|very|quite|all|so|almost|really|pretty) ){0,2}(?:good|great|fine|nice|reasonable|lovely|easy|simple|tempting|perfect|promising|attractive|wonderful|ideal)(?: to be true)?|(?:that )?makes sense"
    r"|fair enough|i see|got it|understood|interesting|noted)[,.:;!–-]+)\s+)+(?=\w+\W+\w)",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:please |and |but |so )*(?:(?:can|could|would|will) (?:you|u) (?:please )?(?:tell|explain to|show|give) (?:me|us)"
    r"|(?:please )?(?:tell|explain to|let) (?:me|us)(?: know)?|(?:i|we)(?: would|'d)? (?:like|love|want|need|wish) to (?:know|understand|find out|hear)"
    r"|(?:i|we)(?: am|'m| are|'re| was| were)? (?:wonder|wondering|curious|asking myself)|do you know|any idea|remind (?:me|us))"
    r"(?: about)?[,:]? (?=(?:what|which|who|whom|whose|how|why|when|where|whether|if|about)\b)(?:about )?",
    re.IGNORECASE,
)


_TO_ASSISTANT = re.compile(
    r"(?:(?:and|but|so|now|please|ok(?:ay)?)[, ]+)*(?:you\b|your\b|pretend|ignore|forget|act\b|imagine you|from now on|hi\b|hello|hey|thanks|thank you)",
    re.IGNORECASE,
)
"""Speaks to the assistant, and tells nothing that a question could rest on."""
_ORDERS = re.compile(
    r"(?:(?:and|but|so|now|then|please|ok(?:ay)?)[, ]+)*"
    r"(?:(?:pretend|ignore|forget|disregard|act as|imagine|from now on|you are now)\b.*"
    r"\b(?:guidance|instructions?|prompts?|rules?|documents?|sources?|everything|anything|previous|above|assistant|persona)\b"
    r"|(?:print|show|reveal|repeat|translate|tell|give|output|display|quote|list)\b.*"
    r"\b(?:(?:your|the) (?:system|hidden|initial) (?:prompt|instructions)|your(?: own)? prompt)\b)",
    re.IGNORECASE,
)
"""Has the assistant do other than answer from the guidance."""
_FOR_ITSELF = 4
"""Content words with which a sentence that asks stands for itself: "what is the best cure?" rests on what was told."""


_TOLD = 200
"""Characters of what is told before a question that are put beside it."""
_TELLING = 3
"""So many of them say what it is about, and neither leave that open nor name the guidance."""
_OF_DOCUMENT = re.compile(
    r"\b(?:the|this|that|your|our) (?:[\w'’.-]+ ){0,4}?(?:playbook|framework|handbook|guide|guidance|policy|document|text|paper)s?\b",
    re.IGNORECASE,
)


_FILLER = re.compile(
    r",? \b(?:in return|in exchange|at the end of the day|when all is said and done|in a nutshell|if i may ask|by any chance)\b,?"
    r"(?=\W*$| \()|(?<= )(?:actually|basically|honestly|exactly|precisely) ",
    re.IGNORECASE,
)
"""Words that change nothing about what is asked, but much for a small model."""
_WANTS_ALL = re.compile(r"\b(?:complete|full|whole) (?:list|set)\b|\b(?:all|every one) of (?:them|it)\b", re.IGNORECASE)
"""What a sentence that asks nothing says of how much is wanted."""


def without_opener(question: str) -> str:
    """The question without the word or two that it is led in by ("ok,", "sounds good.")."""
    return _OPENER.sub("", question) or question


def only_orders(question: str) -> bool:
    """Whether a message has the assistant do other than answer from the guidance, and asks nothing."""
    return all(_ORDERS.match(sentence) for sentence in in_sentences(question))


def asked_for(question: str) -> str:
    """The question without what only leads to it: "ok", "could you tell me", sentences that ask nothing.

    A sentence that asks is taken alone only where it stands for itself. A description that a question rests on is kept.
    """
    question = without_opener(question)
    question = _alone(question)[0] or question
    plain = _FILLER.sub("", _COURTESY.sub("", question))
    return plain if content_words(plain) else question


def told_before(question: str) -> str:
    """What is told around the one sentence that asks, where that stands for itself; it may say what that is about.

    Empty where nothing is told, or only the assistant spoken to.
    """
    told = " ".join(sentence.strip(" .!?") for sentence in _alone(without_opener(question))[1])
    return re.sub(r"[()]", " ", told)[:_TOLD].strip() if content_words(told) else ""


def _alone(question: str) -> tuple[str, list[str]]:
    """The one sentence that asks, where it stands for itself, and what the others tell; ("", []) where none does."""
    sentences = in_sentences(question)
    asking = [sentence for sentence in sentences if sentence.endswith("?") or _ASKS.match(sentence)]
    if len(sentences) < 2 or len(asking) != 1 or _WANTS_ADVICE.search(question) or _POINTS.search(asking[0]):
        return "", []
    others = [sentence for sentence in sentences if sentence not in asking]
    told = [sentence for sentence in others if not _TO_ASSISTANT.match(sentence)]
    telling = len(content_set(_OF_DOCUMENT.sub(" ", asking[0])) - OPEN) >= _TELLING
    least = _FOR_ITSELF if told else 2
    if len(content_words(asking[0])) < least or (told and not telling) or any(map(_WANTS_ALL.search, others)):
        return "", []
    return asking[0], [sentence for sentence in told if not _ORDERS.match(sentence)]


_TAG = re.compile(
    r"^(?:(?:so|surely|but|and|well|you'd say|you would say|i (?:guess|suppose|assume|think)),? )*(?!(?:what|which|how|why|when|where|who|is|are|do|does|did|should|can|could|would|will)\b)(?P<claim>[^?]+?), (?:right|correct|no|yes"
    r"|(?:do|does|did|is|are|was|were|can|could|will|would|should|must|has|have)(?:n't|n’t)? (?:we|you|they|it|he|she|i|there|that|this|one))\?$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?P<auxiliary>is|are|was|were|has|have|had|could|would|should|must|need)(?:n['’]t| not)\b(?: really| actually)?"
    r"|\b(?:do|does|did)(?:n['’]t| not)\b(?: really| actually)?|\b(?P<can>can['’]t|cannot|can not)\b|\b(?P<will>won['’]t|will not)\b",
    re.IGNORECASE,
)


def _affirmed(match: re.Match[str]) -> str:
    if match["can"]:
        return "can"
    return "will" if match["will"] else match["auxiliary"] or ""


def untagged(question: str) -> str:
    """A claim with "isn't it?" behind it as the plain question whether it is so, put without its "not"."""
    match = _TAG.match(question) if "," in question else None
    if match is None or len(content_words(match["claim"])) < 2:
        return question
    claim = " ".join(_DENIED.sub(_affirmed, match["claim"], count=1).split())
    return f"Is it so that {claim if claim[1:2].isupper() else claim[:1].lower() + claim[1:]}?"


def clauses(question: str) -> tuple[str, ...]:
    """The stretches of a description ("regulated bank", "new to AI"), at most eight, for searching each by itself."""
    pieces = re.split(r"[,;:.?!]|\s+(?:and|but|with|who|that|which|yet|although|while)\s+", question)
    return tuple(piece.strip() for piece in pieces if content_words(piece))[:8]
