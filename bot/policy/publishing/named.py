"""What happened to clauses from one version to another, named by the program and not by whoever wrote it."""

from collections.abc import Iterator

from bot.policy.marks import Clause
from bot.policy.publishing.difference import BEFORE_THE_FIRST, ClauseChange, difference
from storage.tables import PolicyVersion

# In this order: what is lost comes first.
_TITLES = (("removed", "Removed"), ("unpromised", "No longer a promise"), ("added", "New"), ("changed", "Reworded"))


def named_changes(old: PolicyVersion, new: PolicyVersion) -> list[str]:
    """One line for each kind of change with every clause that it happened to: "Removed: What it is never used for"."""
    changes = difference(old.text, new.text)
    found: list[tuple[str, str]] = [(change.kind, change.heading or BEFORE_THE_FIRST) for change in changes]
    found += [("unpromised", heading) for heading in _unpromised(old, new, changes)]
    said = {kind: [heading for each, heading in found if each == kind] for kind, _ in _TITLES}
    return [f"{title}: {'; '.join(said[kind])}" for kind, title in _TITLES if said[kind]]


def _unpromised(old: PolicyVersion, new: PolicyVersion, changes: list[ClauseChange]) -> Iterator[str]:
    """The clauses that are there still, under whatever heading, and are promised no more."""
    renamed = {change.old_heading: change.heading for change in changes if change.old_heading is not None}
    removed = {change.heading for change in changes if change.kind == "removed"}
    promised = _promises(new)
    for heading in _promises(old):
        now = renamed.get(heading, heading)
        if heading not in removed and now not in promised:
            yield now


def _promises(version: PolicyVersion) -> list[str]:
    clauses = map(Clause.model_validate, version.clauses)
    return [clause.heading for clause in clauses if clause.mark == "promise"]
