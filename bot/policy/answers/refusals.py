"""What is not a question to the policy: nothing at all, too much, small talk, orders to the program."""

import re
from collections.abc import Iterator

from bot.policy.answers.patterns import patterns
from bot.policy.answers.tokens import words

# Longer than any question: a page of text, which is answered with the advice to ask in a sentence or two.
LONGEST = 2_000
# Tags and templates are for programs; people write none in a question.
_MARKUP = re.compile(r"</?[a-zA-Z]\w*[^<>]*>|\{\{")
_CLAUSE_END = re.compile(r"[.!?;:\n]+")


def is_empty(question: str) -> bool:
    """No letter and no digit: nothing, marks or emoji alone."""
    return not any(map(str.isalnum, question))


def is_too_long(question: str) -> bool:
    return len(question) > LONGEST


def is_injection(question: str) -> bool:
    """An order to the program, or a request to make something up."""
    order = patterns("injection")["order"]
    return bool(_MARKUP.search(question)) or any(order.search(" ".join(words(clause))) for clause in _clauses(question))


def is_chit_chat(question: str) -> bool:
    """Greetings, thanks and small talk, with nothing else in it."""
    return bool(patterns("chit_chat")["all"].fullmatch(" ".join(words(question))))


def _clauses(question: str) -> Iterator[str]:
    yield question
    yield from _CLAUSE_END.split(question)
