"""Deleting entries whose time is up: they go behind a signed checkpoint, so that what is left can still be checked."""

from datetime import UTC, date, datetime, time
from itertools import pairwise

from bot.errors import OperatorError
from bot.ledger.chain import BY_ITSELF, RETENTION, record
from bot.ledger.signing import SigningKeys
from bot.ledger.trusting import trusted
from bot.ledger.verifying import through
from bot.policy.binding import Binding, binding
from bot.weeks import first_kept
from storage import ledger
from storage.database import Session, SessionFactory, reading


class LedgerBroken(OperatorError):
    """Entries that do not fit together: a checkpoint behind them would hide it."""


def prune(sessions: SessionFactory, keys: SigningKeys, now: datetime) -> int:
    """Delete the entries that none of the policies since they were written lets us keep; returns how many.

    Raises `KeyUnusable`, or `LedgerBroken` when they are not as they were written: then nothing is deleted.
    """
    with reading(sessions) as session:
        last = _last_due(session, now)
    if last is None:
        return 0
    with sessions.begin() as session:
        ledger.hold_head(session)
        before = ledger.checkpoint(session)
        found = through(ledger.up_to(session, last), before)
        if found.said:
            raise LedgerBroken(
                f"the ledger is not as it was written ({found.said[0]}), so nothing is deleted from it: "
                "candor ledger verify shows all"
            )
        if not found.count:
            return 0
        made = trusted(session, keys).checkpoint(found.last, now)
        ledger.put_behind(session, made)
        about = f"entries {found.before.number + 1} to {found.last.number} deleted: their time was up"
        record(session, now, who=BY_ITSELF, what=RETENTION, about=about)
    return found.count


def _last_due(session: Session, now: datetime) -> int | None:
    """The last of the first entries that are all too old to be kept; None when there is none."""
    first = kept_from(binding(session, now))
    return ledger.last_before(session, _midnight(first)) if first else None


def kept_from(bound: Binding) -> date | None:
    """The first day whose entries are kept, and all after it; None before any policy is in force.

    An entry is kept for the longest time that any version in force since it was written says: whoever publishes a
    shorter one cannot be rid of what was written before.
    """
    began = [version.in_force_from for version in bound.versions if version.in_force_from <= bound.now]
    for moment, until in pairwise([*began, bound.now]):
        terms = bound.since(moment)
        first = first_kept(terms.retention_weeks.ledger, bound.now) if terms else None
        # Of a later version's time all is younger, and only the beginning of a chain can be deleted.
        if first is not None and _midnight(first) < until:
            return first
    return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)
