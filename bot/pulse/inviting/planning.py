"""One invitation to each person and wave, and one reminder to everybody: planned once, whatever breaks."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot.policy.publishing.decent import first_weekday
from bot.policy.versions import terms_of
from bot.weeks import at_local, iso_week
from storage import deliveries, invitations, policies, waves
from storage.database import SessionFactory, reading
from storage.deliveries import INVITATION, REMINDER, Owed
from storage.tables import Wave

# One transaction each, as for digests.
BATCH = 5000
# Who has less time than this left is not invited any more.
LEAST = timedelta(hours=2)


def plan(sessions: SessionFactory, workspace_id: str, now: datetime, *, batch: int = BATCH) -> int:
    """Plan the invitations and reminders of the wave that takes ballots; returns how many new ones there are.

    Safe to repeat, and to run in several processes at once. Whoever joins while the wave is open is invited too; from
    the time of the reminder on, their invitation is their only message.
    """
    with reading(sessions) as session:
        wave = waves.taking(session, now)
        if wave is None:
            return 0
        turns = [_Turn(workspace_id, wave, kind, hour_of(session, wave, now), now) for kind in _due(wave, now)]
    return sum(turn.plan(sessions, batch) for turn in turns)


def reminds(wave: Wave, now: datetime) -> bool:
    """Whether the time for the reminder has come."""
    return wave.reminder_from is not None and wave.reminder_from <= now


def _due(wave: Wave, now: datetime) -> list[str]:
    return [INVITATION, REMINDER] if reminds(wave, now) else [INVITATION]


def hour_of(session: Session, wave: Wave, now: datetime) -> int:
    """The local hour of invitations by the policy in force."""
    policy = policies.in_force(session, now) or policies.by_number(session, wave.policy_number)
    assert policy is not None
    return terms_of(policy).hours.invitations


def week_of(wave: Wave, kind: str) -> str | None:
    """The ISO week that a wave's messages of this kind have in their key, the same one for everybody: waves open
    further apart than a week, so no two share it. None: the wave has no such message."""
    moment = wave.reminder_from if kind == REMINDER else wave.opened_at
    return iso_week(moment.date()) if moment else None


@dataclass(frozen=True)
class _Turn:
    """Everybody's message of one kind."""

    workspace_id: str
    wave: Wave
    kind: str
    hour: int
    now: datetime

    def plan(self, sessions: SessionFactory, batch: int) -> int:
        with reading(sessions) as session:
            zones = invitations.zones(session, self.kind, self.wave.number)
        return sum(self._plan_zone(sessions, tz, batch) for tz in zones)

    def _plan_zone(self, sessions: SessionFactory, tz: str, batch: int) -> int:
        due, week = at_local(first_weekday(self.now, self.hour, tz), time(self.hour), tz), week_of(self.wave, self.kind)
        if week is None or due > self.wave.closes_at - LEAST:
            return 0
        # Told of it twice at nearly the same time, people would take it for pressure.
        told = _due(self.wave, self.now) if self.kind == INVITATION else [REMINDER]
        planned = 0
        while True:
            with sessions.begin() as session:
                ids = invitations.next_people(session, self.kind, self.wave.number, tz, batch)
                invitations.planned(session, told, self.wave.number, ids)
                owed = [Owed(person, self.kind, week, due) for person in ids]
                planned += deliveries.plan(session, self.workspace_id, owed)
            if len(ids) < batch:
                return planned
