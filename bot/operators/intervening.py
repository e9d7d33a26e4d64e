"""`candor deliveries retry|abandon`: an operator's decision about single deliveries, never a guess about one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from bot.delivery import DeliverySettings
from bot.delivery.posting import FINAL_ERRORS, INACTIVE
from bot.operators.words import clock_time
from bot.weeks import DIGEST_WINDOW, iso_week, local_day
from storage import interventions
from storage.database import SessionFactory, reading
from storage.deliveries import State
from storage.tables import Delivery

log = structlog.get_logger("candor.operators")

_GAVE_UP = "gave up after "
_BUSY = "it is being sent right now, so nothing was done. Look again in two minutes."
_MOVED = "it moved while you asked, so nothing was done. Look again with candor deliveries."


@dataclass(frozen=True)
class Answer:
    """What was done about the delivery of this id; `done` is False when nothing was."""

    id: str
    done: bool
    words: str


@dataclass(frozen=True)
class Move:
    """One statement that changes a delivery as it was seen; False: it has moved since. `words` say what it does."""

    change: Callable[[Session], bool]
    words: str


Decide = Callable[[Delivery, str, datetime], Move | str]
"""From a delivery, its person's zone and the time to what to do about it; words when nothing is to be done."""


def retry(sessions: SessionFactory, ids: Sequence[str], now: datetime, settings: DeliverySettings) -> Iterator[Answer]:
    """Send or look up each of these now; what Slack may have is looked up first and never sent again on a guess."""

    def decide(seen: Delivery, tz: str, now: datetime) -> Move | str:
        return _retry(seen, tz, now, settings)

    return _each(sessions, ids, now, decide, "retried")


def abandon(sessions: SessionFactory, ids: Sequence[str], now: datetime) -> Iterator[Answer]:
    """End each of these: nobody sends it or looks for it any more."""
    return _each(sessions, ids, now, _abandon, "abandoned")


def _each(
    sessions: SessionFactory, ids: Sequence[str], now: datetime, decide: Decide, outcome: str
) -> Iterator[Answer]:
    for delivery_id in dict.fromkeys(ids):
        found = None
        # Whatever is typed that no id can hold is not asked for.
        if delivery_id.isascii():
            with reading(sessions) as session:
                found = interventions.find(session, delivery_id)
        if found is None:
            yield Answer(delivery_id, False, "there is no such delivery: candor deliveries lists those in trouble.")
            continue
        answer = carry_out(sessions, found[0], decide(*found, now))
        log.info("delivery", delivery=delivery_id, outcome=outcome if answer.done else "left as it was")
        yield answer


def carry_out(sessions: SessionFactory, seen: Delivery, decision: Move | str) -> Answer:
    """Do it, unless the delivery has moved since it was seen."""
    if isinstance(decision, str):
        return Answer(seen.id, False, decision)
    with sessions.begin() as session:
        done = decision.change(session)
    return Answer(seen.id, done, decision.words if done else _MOVED)


def _retry(seen: Delivery, tz: str, now: datetime, settings: DeliverySettings) -> Move | str:
    match State(seen.state):
        case State.READY:
            soon = min(seen.not_before, now)
            return Move(lambda session: interventions.hasten(session, seen, soon), "it is due now.")
        case State.UNKNOWN:
            look_up_at = min(seen.not_before, _first_look(seen, now, settings))
            words = f"it is looked up from {clock_time(look_up_at)} on, and sent again only if Slack does not have it."
            return Move(lambda session: interventions.hasten(session, seen, look_up_at), words)
        case State.FAILED:
            return _retry_failed(seen, tz, now, settings)
        case State.SENT:
            return "it was sent, so nothing was done. A second one would be a double."
        case State.DROPPED:
            return f"it was dropped ({seen.reason}), so nothing was done. The next one is planned by itself."
        case State.CLAIMED | State.SENDING:
            return _BUSY


def _retry_failed(seen: Delivery, tz: str, now: datetime, settings: DeliverySettings) -> Move | str:
    if not _surely_not_sent(seen):
        look_up_at = _first_look(seen, now, settings)
        words = "Slack may have it: it is looked up first, and sent only if it is not there."
        return Move(lambda session: interventions.look_up_anew(session, seen, look_up_at), words)
    # As the composer counts it: a window that begins before midnight ends in the next day.
    if iso_week(local_day(now - DIGEST_WINDOW, tz)) > seen.week:
        return "too late: its week is over, so nothing was done."
    return Move(lambda session: interventions.send_anew(session, seen, now), "it is sent at the next tick.")


def _surely_not_sent(seen: Delivery) -> bool:
    """Only what is known to prove it counts; an outcome that is unknown stays so when it was abandoned."""
    reason = seen.reason or ""
    refused = reason in FINAL_ERRORS or reason == INACTIVE or reason.startswith(_GAVE_UP)
    return refused or seen.started_at is None


def _first_look(seen: Delivery, now: datetime, settings: DeliverySettings) -> datetime:
    """Now, but not before all that Slack accepted late has become visible."""
    if seen.started_at is None:
        return now
    # A post may begin up to the time-out after its start was written down.
    return max(now, seen.started_at + timedelta(seconds=settings.timeout_s) + settings.settle)


def _abandon(seen: Delivery, _tz: str, now: datetime) -> Move | str:
    match State(seen.state):
        case State.READY:
            words = "abandoned: it will not be sent."
        case State.UNKNOWN:
            words = "abandoned: it will not be sent again. If Slack has it after all, it stays in the person's DM."
        case State.FAILED:
            words = "abandoned: nobody sends it any more."
        case State.SENT:
            return "it was sent, so there is nothing to abandon."
        case State.DROPPED:
            return f"it was dropped ({seen.reason}), so there is nothing to abandon."
        case State.CLAIMED | State.SENDING:
            return _BUSY
    return Move(lambda session: interventions.abandon(session, seen, now), words)
