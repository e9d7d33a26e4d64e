"""The ratchet: whose terms are how strict. A stricter version binds everybody at once, a looser one nobody who has not
opted in again.

Collecting less, keeping shorter, larger smallest groups and fewer who see are stricter. Only the ledger is stricter the
longer it is kept: it protects those who count in a summary from whoever looks. Hours and the pulse's rhythm have no
order: they are always those of the version in force.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Literal

from bot.policy.terms import Retention, Terms, Value, WhoSees, flat

Direction = Literal["stricter", "looser", "mixed", "neutral"]
LOOSER: tuple[Direction, ...] = ("looser", "mixed")
LEDGER = "retention_weeks.ledger"
_LARGER_IS_STRICTER = ("smallest_group", "smallest_group_comments", LEDGER)
_NEUTRAL = ("pulse_weeks", "hours")


@dataclass(frozen=True)
class Version:
    """What the ratchet knows of a published version. Numbers and moments of taking effect rise together."""

    number: int
    terms: Terms
    in_force_from: datetime


@dataclass(frozen=True)
class Change:
    """One term that two versions have differently; None where a version does not have it."""

    term: str
    old: Value | None
    new: Value | None
    direction: Direction


def strictest(one: Terms, other: Terms) -> Terms:
    """Term by term the stricter of both; neutral terms are those of `other`.

    A tool of which the two have no field in common is left out, so `tools` may come out empty.
    """
    shared = {tool: _both(fields, other.tools.get(tool, ())) for tool, fields in one.tools.items()}
    # Not validated: no tool at all is more than strict, but nothing that a policy can say.
    return other.model_copy(
        update={
            "tools": {tool: fields for tool, fields in shared.items() if fields},
            "retention_weeks": _kept(one.retention_weeks, other.retention_weeks),
            "smallest_group": max(one.smallest_group, other.smallest_group),
            "smallest_group_comments": max(one.smallest_group_comments, other.smallest_group_comments),
            "who_sees": WhoSees(
                **{what: _both(viewers, getattr(other.who_sees, what)) for what, viewers in one.who_sees}
            ),
        }
    )


def _kept(one: Retention, other: Retention) -> Retention:
    shortest = {kind: min(weeks, getattr(other, kind)) for kind, weeks in one}
    return Retention(**shortest | {"ledger": max(one.ledger, other.ledger)})


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(item for item in one if item in other)


def in_force(versions: Sequence[Version], now: datetime) -> Version | None:
    """The newest of these versions, oldest first, that has taken effect; None before the first has."""
    return next((version for version in reversed(versions) if version.in_force_from <= now), None)


def bound(versions: Sequence[Version], consented: int, now: datetime) -> Terms:
    """The terms that bind what is held of somebody who opted in to version number `consented`.

    They are the strictest of all versions from that one to the one in force; somebody who agreed to a coming version
    is, until then, bound by the stricter of it and the one in force. `versions` are all that were published, oldest
    first; raises `LookupError` when the consented one is not among them.
    """
    agreed = next((version for version in versions if version.number == consented), None)
    if agreed is None:
        raise LookupError(f"version {consented} was never published")
    current = in_force(versions, now) or agreed
    since = [version for version in versions if min(consented, current.number) <= version.number <= current.number]
    return reduce(strictest, [agreed.terms, *(version.terms for version in since), current.terms])


def own(versions: Sequence[Version], consented: int, newest: int) -> Terms:
    """The terms that bind somebody who opted in to version number `consented` once all up to `newest` are in force."""
    return of_all([version.terms for version in versions if consented <= version.number <= newest])


def loosened(versions: Sequence[Version], consented: int, terms: Terms) -> list[Change]:
    """What `terms`, published after all of these versions, make looser than what then binds somebody who opted in to
    version number `consented`: of that they are asked."""
    changes = compare(strictest(own(versions, consented, versions[-1].number), terms), terms)
    return [change for change in changes if change.direction in LOOSER]


def of_all(terms: Sequence[Terms]) -> Terms:
    """The terms of something that is made of the data of several people: the strictest of all of theirs."""
    return reduce(strictest, terms)


def compare(old: Terms, new: Terms) -> list[Change]:
    """The terms that differ, in the order of the front matter, and which way they go."""
    before, after = flat(old), flat(new)
    names = [*before, *(name for name in after if name not in before)]
    return [
        Change(name, before.get(name), after.get(name), _direction(name, before.get(name), after.get(name)))
        for name in names
        if differ(before.get(name), after.get(name))
    ]


def differ(old: Value | None, new: Value | None) -> bool:
    """Whether two values of a term differ; the order in which a list names its items makes no difference."""
    if isinstance(old, tuple) and isinstance(new, tuple):
        return set(old) != set(new)
    return old != new


def _direction(name: str, old: Value | None, new: Value | None) -> Direction:
    if name.partition(".")[0] in _NEUTRAL:
        return "neutral"
    if isinstance(old, int) and isinstance(new, int):
        return "stricter" if (new > old) == (name in _LARGER_IS_STRICTER) else "looser"
    before, after = _items(old), _items(new)
    if after < before:
        return "stricter"
    return "looser" if before < after else "mixed"


def _items(value: Value | None) -> frozenset[str]:
    return frozenset(value) if isinstance(value, tuple) else frozenset()


def only_stricter(changes: Sequence[Change]) -> bool:
    """Whether something is stricter and nothing is anything else: then it needs no notice."""
    return bool(changes) and all(change.direction == "stricter" for change in changes)
