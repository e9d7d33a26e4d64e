"""Who keeps a clause: the program, where a term that is used stands behind it, or people."""

from collections.abc import Iterable

from bot.policy.asking.reply import Keeper
from bot.policy.document import Clause
from bot.policy.kept.enforcement import rule_of


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


def stands_behind(term: str, clause: Clause) -> bool:
    """Whether the clause names the term, or a group that it belongs to, as what is behind it."""
    return any(term == named or term.startswith(f"{named}.") for named in clause.terms)
