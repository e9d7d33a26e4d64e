"""Deleting entries whose time is up: they go behind a signed checkpoint, so that what is left can still be checked."""

from datetime import UTC, datetime, time

from bot.errors import OperatorError
from bot.ledger.chain import BY_ITSELF, RETENTION, record
from bot.ledger.signing import SigningKeys
from bot.ledger.trusting import trusted
from bot.ledger.verifying import through
from bot.policy.binding import binding
from bot.weeks import first_kept
from storage import ledger
from storage.database import Session, SessionFactory, reading


class LedgerBroken(OperatorError):
    """Entries that do not fit together: a checkpoint behind them would hide it."""


def prune(sessions: SessionFactory, keys: SigningKeys, now: datetime) -> int:
    """Delete the entries that the policy in force no longer lets us keep; returns how many.

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
    terms = binding(session, now).current
    if terms is None:
        return None
    first = first_kept(terms.retention_weeks.ledger, now)
    return ledger.last_before(session, datetime.combine(first, time(0), UTC))
