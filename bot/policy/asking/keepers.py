"""Who keeps a clause: the program, where a term stands behind it, or people."""

from collections.abc import Iterable, Mapping

from bot.policy.asking.reply import Keeper
from bot.policy.document import Clause
from bot.policy.publishing.words import label
from bot.policy.terms import Value, in_words


def keeper(clause: Clause, terms: Iterable[str]) -> Keeper | None:
    """Who keeps what the clause says; None where its author does not say. `terms` are the names of all terms."""
    if clause.mark is None:
        return None
    if clause.mark == "promise":
        return "people"
    # A clause may name a tool that this version does not have.
    return "program" if any(stands_behind(term, clause) for term in terms) else "not used"


def kept_values(clause: Clause, terms: Mapping[str, Value]) -> tuple[str, ...]:
    """What the program keeps of the clause, in words: "Weeks that usage is kept: 26". `terms` are all, with values."""
    behind = ((term, value) for term, value in terms.items() if stands_behind(term, clause))
    return tuple(f"{label(term)}: {in_words(term, value)}" for term, value in behind)


def stands_behind(term: str, clause: Clause) -> bool:
    """Whether the clause names the term, or a group that it belongs to, as what is behind it."""
    return any(term == named or term.startswith(f"{named}.") for named in clause.terms)
