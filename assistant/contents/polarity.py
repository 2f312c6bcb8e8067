"""Whether a point speaks for something or against it, by the words that value it; where they do not tell, nothing is said.

A heading such as "Fragmentation" does not say that it is a drawback, its words do. What a word of value is denied or
prevented by counts for the other side ("prevents redundant work").
"""

import re
from collections.abc import Sequence

from assistant.words import stem, words

_FOR = frozenset(
    stem(word)
    for word in """
    able accelerate accurate advance agile align alignment autonomy benefit best better boost cheap cheaper cheapest
    clarity clear coherent collaborate easier easily embrace enjoy fast love safer simpler
    comprehensive confident consistent creative easy economical effective efficient efficiency empower enable encourage engage
    engagement enhance ensure enthusiastic excel faster fit flexible focus gain good grow helpful highest improve improvement innovative
    insight inspire loyal predictable motivate morale natural ownership productive quality quick quicker rapid rapidly ready relevant reliable
    resilient reusable robust safe save savings scalable secure simple smooth soar speed stable strength strong succeed success
    sustainable swift thrive timely transparent trust understand unify useful valuable versatile welcome win
    """.split()
)
_AGAINST = frozenset(
    stem(word)
    for word in """
    abandon ambiguous attrition hate dislike oppose riskier biased blind bottleneck breach breakdown burden burnout bureaucracy chaos clash complicate complicated
    conflict confuse confusion constraint costly damage danger dangerous defect delay demand dependence deteriorate difficult difficulty discourage
    disengage dispersing disrupt distance distant distrust drain drawback duplicate duplication error erode expensive expose exposure fail failure
    fatigue fear fragile fragment fragmentation friction frustrate gap hard harder harm hidden hinder imposed impossible inadequate incompatible
    inconsistent inefficient ineffective inflexible insecure insufficient isolated lack lacking leak limit limitation lock-in lose loss
    misalign misalignment mismatch miss missing mistake mistrust neglect obsolete obstacle opaque outdated overhead overlook overrun
    overwhelm poor problem redundant reject resent require resist resistance rigid risk rushed scarce scattered shortage short silo siloed
    slow slower stifle strain struggle threat tension unaware uncertain unclear uncoordinated uneven unfair unreliable unsafe unwanted
    vulnerable vulnerability waste weak weaken weakness worse
    """.split()
)
_TURNS = frozenset(
    stem(word)
    for word in """
    not no never without cannot can't don't doesn't isn't aren't won't few fewer less little avoid avoids prevent prevents reduce
    reduces eliminate eliminates lower lowers cut cuts minimise minimize remove removes ease eases overcome solve solves than instead spare
    localized limited contain contains might
    """.split()
)
_BUT = re.compile(r"^(?:but|yet|however|nevertheless|still|on the other hand)\b|, however,", re.IGNORECASE)
"""What goes on about a thing so, after what it is good for, speaks against it."""
UNLABELLED = 2
"""The least that tells of a statement which is not known to be a point at all."""
_REACH = 3
_OF_LABEL = 2
"""How much more the words before a colon count, which say what the point is."""


def speaks_for(text: str, label: str = "", least: int = 1) -> bool | None:
    """True for a point in favour, False for one against, None where its words do not tell.

    ``label`` is the heading over the point, if it has one; words before a colon are taken for one. ``least`` is how many
    more words must speak for one side than for the other.
    """
    head, colon, rest = text.partition(": ")
    if colon and len(words(head)) <= 5:
        label, text = label or head, rest
    value = _OF_LABEL * _value(label) + _value(text)
    if _BUT.search(text):
        value -= _OF_LABEL + 1
    return value > 0 if abs(value) >= least else None


def told_in_prose(sentences: Sequence[str]) -> list[bool | None]:
    """For each sentence of one paragraph whether it speaks for its subject, as `speaks_for` does.

    After "however" a paragraph goes on against it, and before that, from the first sentence that values it, for it; what
    plainly says otherwise is left as it is. A paragraph without such a turn needs plain words.
    """
    plain = [speaks_for(one, least=UNLABELLED) for one in sentences]
    turn = next((place for place, one in enumerate(sentences) if place and _BUT.search(one)), None)
    if turn is None:
        return plain
    first = next((place for place, one in enumerate(sentences[:turn]) if speaks_for(one)), turn)
    told = [True if place >= first and value is None else value for place, value in enumerate(plain[:turn])]
    return [*told, *(False if value is None else value for value in plain[turn:])]


def _value(text: str) -> int:
    total = 0
    for stretch in re.split(r"[.;:,]| (?:and|but|while|yet|or) ", text):
        stems = [stem(word) for word in words(stretch)]
        for place, one in enumerate(stems):
            worth = (one in _FOR) - (one in _AGAINST)
            turned = _TURNS.intersection(stems[max(0, place - _REACH) : place])
            total += -worth if turned else worth
    return total
