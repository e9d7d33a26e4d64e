"""What is not a question to the policy: nothing at all, too much, small talk, orders to the program."""

import re
from collections.abc import Iterator

from bot.policy.answers.patterns import patterns
from bot.policy.answers.tokens import words

# Longer than any question: a page of text, which is answered with the advice to ask in a sentence or two.
LONGEST = 2_000
# Tags and templates are for programs; people write none in a question.
_MARKUP = re.compile(r"</?[a-zA-Z]\w*[^<>]*>|\{\{")
# Small talk is short, and what is asked for is said at the beginning; a pattern may take long over long repetitions.
SMALL_TALK = 10
BEGINNING = 30
_CLAUSE_END = re.compile(r"[.!?;:\n]+")


# How the answer is wished for, or a case that is put, before the question itself.
_WISH = re.compile(
    r"^\W*(?:please |just |so |ok )*(?:(?:say|answer|reply|tell me)(?: me)?,? (?:yes or no|in (?:one|a|two) (?:words?|"
    r"sentence)|briefly|in short|shortly|simply|quickly|honestly|in plain english)\s*[:,.\\u2013-]\s*|"
    r"say (?=who|what|how|when|where|why))|^\W*(?:pretend|imagine|suppose|assume|say)(?: that)? (?:i|we) (?:left|leave|"
    r"quit|resign\w*|retired?|opt\w*|join\w*|say no|said no|never \w+|refused?|stop\w*|moved?|died?|go|went|"
    r"am (?:fired|sick|ill|away|sacked|on leave))[^:;,.?]*[:;,.]\s*"
    r"(?=(?:what|who|how|when|where|can|could|will|would|do|does|is|are|may)\b)",
    re.IGNORECASE,
)
_WOULD_YOU = re.compile(r"^\W*(?:will|would|do|can|could|might) you ever\b[^.!\n]*$", re.IGNORECASE)


def unwrapped(question: str) -> str:
    """The question itself, without a wish about the form of the answer or a case that is put before it."""
    return _WISH.sub("", question, count=1) or question


def is_empty(question: str) -> bool:
    """No letter and no digit: nothing, marks or emoji alone."""
    return not any(map(str.isalnum, question))


def is_too_long(question: str) -> bool:
    return len(question) > LONGEST


def is_injection(question: str) -> bool:
    """An order to the program, or a request to make something up."""
    if _WOULD_YOU.match(question):
        return False
    order = patterns("injection")["order"]
    return bool(_MARKUP.search(question)) or any(order.search(beginning(clause)) for clause in _clauses(question))


def is_chit_chat(question: str) -> bool:
    """Greetings, thanks and small talk, with nothing else in it."""
    said = words(question)
    return len(said) <= SMALL_TALK and bool(patterns("chit_chat")["all"].fullmatch(" ".join(said)))


def beginning(question: str) -> str:
    """The first words of a question, as the patterns want them."""
    return " ".join(words(question)[:BEGINNING])


def _clauses(question: str) -> Iterator[str]:
    yield question
    yield from _CLAUSE_END.split(question)
