"""What a section is for (who sees, how long, how to leave, where to complain, ...), and which of it a question asks."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from bot.policy.answers.patterns import patterns
from bot.policy.answers.refusals import beginning

# A heading tells what a section is for; one of several author's questions tells less.
BY_QUESTION = 0.5
_CACHED = 1_000


def asked_for(question: str) -> frozenset[str]:
    """The functions that a question asks for."""
    found = _told(beginning(question), "q_")
    # "Can my manager see my figures?" asks who may look, not to look.
    return found - {"own"} if "access" in found else found


def functions_of(heading: str, questions: Iterable[str]) -> Mapping[str, float]:
    """Each function of a section, and how surely (0 to 1)."""
    found = dict.fromkeys((name for each in (heading, *questions) for name in asked_for(each)), BY_QUESTION)
    own = _told(beginning(heading), "h_") | (asked_for(heading) if heading.rstrip().endswith("?") else frozenset())
    return found | dict.fromkeys(own, 1.0)


def served(asked: Iterable[str], functions: Mapping[str, float]) -> float:
    """How well a section serves what is asked for, 0 to 1; 0 too when nothing is."""
    return max((functions.get(name, 0.0) for name in asked), default=0.0)


@cache
def _side(side: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    told = patterns("functions").items()
    return tuple((name.removeprefix(side), pattern) for name, pattern in told if name.startswith(side))


@lru_cache(maxsize=_CACHED)
def _told(plain: str, side: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _side(side) if pattern.search(plain))
