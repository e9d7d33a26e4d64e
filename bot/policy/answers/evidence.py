"""How sure it is that the policy says something about a question."""

import math
from collections.abc import Sequence

from bot.policy.answers.features import strongest
from bot.policy.answers.question import Term
from bot.policy.answers.ranking import Match
from bot.policy.answers.shelf import Features, Shelf

# A term counts as found when it, or another word for the same thing, is there; a neighbouring thing will not do.
FOUND = 0.7
HALF_FOUND = 0.5
# Words that say at least this much are what the question is about.
TELLING = 0.6
# More of either adds nothing: long questions have more of both.
MOST_FOUND = 2
MOST_MISSING = 2.0
NEAREST = 1.5
# What tells most on policies that these were not fitted to: the distance to the second, and what the section is for.
DISTANCE = 2.0
SERVES = 1.5
# With two thirds of the question missing, neither counts for anything.
SHARE = 1.5


def evidence(terms: Sequence[Term], best: Match, second: Match | None, shelf: Shelf, serves: float) -> float:
    """The evidence that the best section answers: about -2 for none of it, 9 for all.

    What is found of the question, most of all in one sentence, the nearness, a heading or an author's question
    like it, the distance to the second section, and that it is for what is asked (`serves`, 0 to 1) speak for it;
    what is missing speaks against it, and lessens the last two.
    """
    matches = _matches(terms, shelf.whole)
    told = strongest([shelf.of_heading, shelf.of_units[best.unit or 0]])
    missing = sum(weight for weight, match in matches if match < HALF_FOUND)
    share = missing / (sum(weight for weight, _ in matches) or 1.0)
    return (
        _covered(matches)
        + min(MOST_FOUND, sum(match >= FOUND for weight, match in _matches(terms, told) if weight >= TELLING))
        - min(MOST_MISSING, missing)
        + best.like
        + min(NEAREST, best.score)
        + (DISTANCE * _distance(best, second) + SERVES * serves) * max(0.0, 1 - SHARE * share)
    )


def _matches(terms: Sequence[Term], section: Features) -> list[tuple[float, float]]:
    """How well each term is found (0 to 1) beside its weight."""
    return [(term.weight, _match(term, section)) for term in terms]


def _match(term: Term, section: Features) -> float:
    """How well a section has a term (0 to 1), however many other sections have it."""
    return min(1.0, max((strength * section.get(feature, 0.0) for feature, strength in term.features), default=0.0))


def _covered(matches: Sequence[tuple[float, float]]) -> float:
    """The share of the question that is found, 0 to 1; words that say much count for more."""
    whole = sum(weight * weight for weight, _ in matches)
    return math.sqrt(sum(weight * weight * match for weight, match in matches) / whole) if whole else 0.0


def _distance(best: Match, second: Match | None) -> float:
    if best.score <= 0:
        return 0.0
    return (best.score - second.score) / best.score if second else 1.0
