"""The sweep: a message that is there twice goes.

It can be there twice only where one worker slept between its last look at the clock and the first byte for so long
that others had looked for the message, not found it, and sent it. Such rows carry a time to look again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient
from sqlmodel import Session

from bot.delivery import history
from bot.delivery.history import Found
from bot.stint import Stint
from storage import deletions, deliveries, leases, pace
from storage.database import SessionFactory
from storage.deliveries import DIGEST, State
from storage.tables import Delivery

log = structlog.get_logger("candor.delivery")

# A history that cannot be read is read again after this time.
AGAIN = timedelta(minutes=10)


def sweep(
    sessions: SessionFactory,
    client: WebClient,
    workspace_id: str,
    clock: Callable[[], datetime],
    stint: Stint,
) -> int:
    """Have the doubles of as many messages deleted as the `stint` takes; returns how many doubles were found.

    A history that is still being read when it ends is read again by a later one.
    """
    doubles = 0
    while stint.takes():
        with sessions.begin() as session:
            if not pace.lookups_open(session, workspace_id, clock()):
                return doubles
            delivery = leases.take_for_sweep(session, workspace_id, clock(), clock() + AGAIN)
            channel = deliveries.channel_of(session, delivery.person_id) if delivery else None
        if delivery is None:
            return doubles
        found = history.copies(client, delivery, channel, stint.goes_on)
        with sessions.begin() as session:
            if isinstance(found, list):
                doubles += _delete_extra(session, delivery, found, clock())
            elif found.final:
                deliveries.swept(session, delivery)
            elif found.wait is not None:
                pace.block_lookups(session, workspace_id, clock(), found.wait)
    return doubles


def _delete_extra(session: Session, delivery: Delivery, copies: Sequence[Found], now: datetime) -> int:
    kept = deliveries.swept(session, delivery)
    stamps = [copy.ts for copy in copies]
    if copies and delivery.state == State.FAILED:
        kept = _adopt(session, delivery, copies[-1], now)
    elif kept is not None and kept not in stamps:
        kept = stamps[-1] if stamps else None
    # Where the person opted out meanwhile, no copy is theirs to keep.
    extra = [copy for copy in copies if copy.ts != kept]
    for copy in extra:
        deletions.queue(session, "message", copy.channel, copy.ts, now)
    if extra:
        log.warning("a message was there twice: the other copies are deleted", delivery=delivery.id, copies=len(extra))
    return len(extra)


def _adopt(session: Session, delivery: Delivery, found: Found, now: datetime) -> str:
    """A message that was given up has arrived after all: it is remembered like any other, or goes with an opt-out."""
    figures = delivery.kind == DIGEST
    deliveries.mark_late(session, delivery, now, channel=found.channel, ts=found.ts, holds_figures=figures)
    return found.ts
