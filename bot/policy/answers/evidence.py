"""How sure it is that the policy says something about a question."""

from collections.abc import Sequence

from bot.policy.answers.question import Term
from bot.policy.answers.ranking import Match
from bot.policy.answers.shelf import Features, Shelf

# Of a term, a neighbouring thing that is there is not the thing.
FOUND = 0.5
# More nearness than this adds nothing: long questions have more of it.
NEAREST = 1.5
# Fitted over eighteen policies by many hands, checked with one left out each time, then rounded (those of what is
# missing were set by hand). What tells most on a policy left out is the distance to the second section.
NEAR = 1.5
LIKE = 1.5
DISTANCE = 5.3
SERVES = 1.3
MISSING = 0.7
# The heaviest word that is missing speaks for itself, most of all one for a neighbouring subject, such as the canteen:
# a group of the thesaurus that weighs more than 1.
TELLING = 0.5
NEIGHBOURING = 2.5
# With questions of its author a section has more in which anything, also what it does not say, finds something like it.
MORE_TO_MATCH = 0.4


def evidence(terms: Sequence[Term], best: Match, second: Match | None, shelf: Shelf, serves: float) -> float:
    """The evidence that the best section answers: about -3 for none of it, 10 for all.

    The nearness, a heading or an author's question like it, the distance to the second section, and that it is for
    what is asked (`serves`, 0 to 1) speak for it; the share of the question that is missing, and the heaviest word
    that is, speak against it; the share lessens what the last two say.
    """
    lacking = [term.weight for term in terms if _match(term, shelf.whole) < FOUND]
    missing = sum(lacking) / (sum(term.weight for term in terms) or 1.0)
    heaviest = max(lacking, default=0.0)
    return (
        NEAR * min(NEAREST, best.score)
        + LIKE * best.like
        + (DISTANCE * _distance(best, second) + SERVES * serves) * (1 - missing)
        - MISSING * missing
        - TELLING * heaviest
        - NEIGHBOURING * max(0.0, heaviest - 1)
        - MORE_TO_MATCH * bool(shelf.of_questions)
    )


def _match(term: Term, section: Features) -> float:
    """How well a section has a term (0 to 1), however many other sections have it."""
    return min(1.0, max((strength * section.get(feature, 0.0) for feature, strength in term.features), default=0.0))


def _distance(best: Match, second: Match | None) -> float:
    if best.score <= 0:
        return 0.0
    return (best.score - second.score) / best.score if second else 1.0
