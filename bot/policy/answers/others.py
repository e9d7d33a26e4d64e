"""Questions for another person's data, as against questions about who may see whose."""

import re
from collections.abc import Callable, Iterator

from bot.policy.answers.patterns import patterns
from bot.policy.answers.refusals import beginning
from bot.policy.answers.tokens import words

_POSSESSIVE = re.compile(r"(?<!what)(?<!who)(?<!how)(?<!where)(?<!it)(?<!that)['’]s\b", re.IGNORECASE)
_MENTION = re.compile(r"<@[UW]\w*>")
_CAPITAL = re.compile(r"(?<![.!?:]\s)(?<!^)(?<![\w-])([A-Z][a-zà-öø-ÿ]+)\b")
_BEFORE_DATA = r"\b([^\W\d_]{{2,}})['’]s? (?:\w+ )?(?:{data})\b"
_BEFORE_ACT = r"\b(?:did|does|has|is|was) ([^\W\d_]{{2,}})(?: [A-Z]\w+)? (?:\w+ )?(?:{acts})\b"


def asks_for_another(question: str, known: Callable[[str], bool]) -> bool:
    """The question wants what somebody else did, said or used. `known` words are no names of persons."""
    of = patterns("another_person")
    plain = beginning(_POSSESSIVE.sub(" s", question))
    asked = of["prefix"].sub("", plain, count=1)
    wanted = of["shown"].sub("", asked)
    if of["whatever"].search(asked):
        return True
    if of["mine"].search(asked):
        return False
    if _MENTION.search(question) and not of["permitted"].match(_plain_of_mention(question)):
        return bool(of["anything"].search(asked))
    if _names_somebody(question, known) and (of["named"].match(asked) or not of["permitted"].match(asked)):
        return bool(of["anything"].search(asked))
    if wanted != asked and of["wanted"].search(wanted):
        return True
    return bool(of["asked"].search(wanted))


def _plain_of_mention(question: str) -> str:
    return beginning(_MENTION.sub(" ", question))


def _names_somebody(question: str, known: Callable[[str], bool]) -> bool:
    """A word where a person's name stands that is no word of the policy or of everyday English."""
    return any(not known(word) for place in _places_of_names(question) for word in words(place))


def _places_of_names(question: str) -> Iterator[str]:
    of = {name: pattern.pattern for name, pattern in patterns("another_person").items()}
    for place in (_BEFORE_DATA, _BEFORE_ACT):
        yield from re.findall(place.format(data=of["data"], acts=of["acts"]), question, re.IGNORECASE)
    if question.upper() != question and not question.istitle():
        yield from _CAPITAL.findall(question)
