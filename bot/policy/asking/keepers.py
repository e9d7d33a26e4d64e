"""Who keeps a clause: the program, where a term that is used stands behind it, or people."""

from collections.abc import Iterable, Mapping

from bot.policy.asking.reply import Keeper
from bot.policy.document import Clause
from bot.policy.kept.enforcement import rule_of
from bot.policy.publishing.words import label
from bot.policy.terms import Value, in_words


def keeper(clause: Clause, terms: Iterable[str]) -> Keeper | None:
    """Who keeps what the clause says; None where its author does not say. `terms` are the names of all terms."""
    if clause.mark is None:
        return None
    if clause.mark == "promise":
        return "people"
    used = {rule_of(term) is not None for term in terms if stands_behind(term, clause)}
    if used == {True, False}:
        return "program in part"
    return "program" if True in used else "not used yet"


def kept_values(clause: Clause, terms: Mapping[str, Value]) -> tuple[str, ...]:
    """What the program keeps of the clause, in words: "Weeks that usage is kept: 26". `terms` are all, with values."""
    behind = ((term, value) for term, value in terms.items() if stands_behind(term, clause) and rule_of(term))
    return tuple(f"{label(term)}: {in_words(term, value)}" for term, value in behind)


def stands_behind(term: str, clause: Clause) -> bool:
    """Whether the clause names the term, or a group that it belongs to, as what is behind it."""
    return any(term == named or term.startswith(f"{named}.") for named in clause.terms)
