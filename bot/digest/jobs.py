"""Planning and composing the weekly digest, and bringing a sent one up to date."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import structlog
from slack_sdk import WebClient
from sqlmodel import Session

from bot.delivery import Drop, Later, Message
from bot.digest import views
from bot.digest.digest import Digest, worth_sending
from bot.digest.reading import read_digests
from bot.digest.turns import Turns
from bot.slack_errors import BROKEN, error_code
from bot.weeks import DIGEST_WINDOW, WEEK, iso_week, local_day, next_decent_time
from storage import checkins, consents, deletions, deliveries, people, preferences
from storage.database import SessionFactory
from storage.deliveries import Owed
from storage.preferences import Due
from storage.tables import Delivery, Person, Preference

log = structlog.get_logger("candor.digest")

KIND = deliveries.DIGEST
# One transaction each: long enough that its commit is cheap, short enough that nobody else waits a second.
BATCH = 5000
EVERYBODY = 10_000_000


def plan(sessions: SessionFactory, workspace_id: str, now: datetime, *, batch: int = BATCH) -> int:
    """Plan the digests that are due at `now`; returns how many new ones there are.

    Safe to repeat, and to run in several processes at once: each batch is a transaction of its own, and whoever is in
    another's batch is left to that one. Only the week that `now` is in, where the person is, is ever planned.
    """
    turns, planned = Turns(now), 0
    while True:
        with sessions.begin() as session:
            due = preferences.due(session, now, batch)
            planned += _plan_batch(session, workspace_id, due, turns)
        if len(due) < batch:
            return planned


def _plan_batch(session: Session, workspace_id: str, due: Sequence[Due], turns: Turns) -> int:
    owed: list[Owed] = []
    following: dict[datetime, list[str]] = defaultdict(list)
    for person_id, tz, weekday, hour, since, anew in due:
        turn = turns.of(tz, weekday, time(hour))
        if turn.has_come(turns.now, tz, since, anew):
            owed.append(Owed(person_id, KIND, turn.week, turn.slot))
        following[turn.following].append(person_id)
    preferences.advance(session, following)
    return deliveries.plan(session, workspace_id, owed)


def count_due(session: Session, now: datetime) -> int:
    """How many digests `plan` would find at `now`; changes nothing."""
    turns, due = Turns(now), preferences.due(session, now, EVERYBODY, lock=False)
    return sum(turns.of(tz, day, time(hour)).has_come(now, tz, since, anew) for _, tz, day, hour, since, anew in due)


def reported_week(delivery_week: str) -> date:
    """The Monday of the week a digest tells of: the one before the ISO week it is sent in."""
    year, _, week = delivery_week.partition("-W")
    return date.fromisocalendar(int(year), int(week), 1) - WEEK


def compose(session: Session, batch: Sequence[Delivery], now: datetime) -> Mapping[str, Message | Drop | Later]:
    """What each of these deliveries is to say, read for all of them at once."""
    by_week: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in batch:
        by_week[delivery.week].append(delivery)
    answers: dict[str, Message | Drop | Later] = {}
    for week, group in by_week.items():
        ids = [delivery.person_id for delivery in group]
        digests = read_digests(session, ids, reported_week(week), now)
        persons, wanted = people.among(session, ids), preferences.among(session, ids)
        newest = checkins.newest(session, ids)
        for delivery in group:
            who = delivery.person_id
            held_back = _held_back(delivery, persons.get(who), wanted.get(who), now)
            answers[delivery.id] = held_back or _said(digests[who], newest.get(who))
    return answers


def _held_back(
    delivery: Delivery, person: Person | None, preference: Preference | None, now: datetime
) -> Drop | Later | None:
    if person is None or not person.active:
        return Drop("deactivated")
    if preference is None:
        return Drop("opted out")
    if preference.paused:
        return Drop("paused")
    if preference.skip_week == delivery.week:
        return Drop("skipped")
    # Three hours back: a window that begins before midnight ends in the next day, maybe in the next week.
    if iso_week(local_day(now - DIGEST_WINDOW, person.tz)) > delivery.week:
        return Drop("too late")
    later = next_decent_time(now, preference.hour, person.tz)
    if later is None:
        return None
    # Beyond the week it belongs to, it would share a week with the next one. After a move over the date line that week
    # may not have begun yet.
    return Later(later) if iso_week(local_day(later, person.tz)) <= delivery.week else Drop("too late")


def _said(digest: Digest, newest_check_in: date | None) -> Message | Drop:
    return views.message(digest) if worth_sending(digest, newest_check_in) else Drop("nothing to report")


def refresh(sessions: SessionFactory, client: WebClient, person_id: str, week: date, now: datetime) -> None:
    """Bring the digest that told of this week up to date, in place; nothing happens when none was sent."""
    with sessions.begin() as session:
        sent = deliveries.find_sent(session, person_id, KIND, iso_week(week + WEEK))
        if sent is None or sent.channel is None or sent.ts is None or not consents.hold(session, person_id):
            return
        message = views.message(read_digests(session, [person_id], week, now)[person_id])
        if message.holds_figures:
            # It may have been sent with a button only; opting out has to find it all the same.
            deletions.note_sent(session, person_id, "message", sent.channel, sent.ts, now)
    try:
        client.chat_update(channel=sent.channel, ts=sent.ts, text=message.text, blocks=message.blocks)
    except BROKEN as error:
        log.warning("digest not updated", delivery=sent.id, error=error_code(error))
