"""A company in which everybody who acts has figures of their own that nobody else has: whoever sees one, has it leaked.

Ana is looked for by all the others.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import select

from bot.weeks import WEEK
from storage.database import SessionFactory
from storage.people import RosterRow
from storage.tables import CheckIn, Person, Team
from tests.candor import HR, START, Candor, in_roster, running
from tests.policy.publishing.acts import CHANNEL, drop, policy, publish
from tests.pulse.world import answered, begin, finish, vote
from tests.rows import add_usage, whole_week
from tests.teams.world import first_week, report, staff

ANA, BEN, MANAGER, LEADER = "U0ANA", "U0BEN", "U0MANAGER", "U0LEADER"
NEWCOMER, GUEST, STRANGER = "U0NEW", "U0GUEST", "U0STRANGER"
OPTED_IN = (ANA, BEN, MANAGER, LEADER)
EVERYBODY = (*OPTED_IN, HR, NEWCOMER, GUEST, STRANGER)
# What is counted of each tool.
TOOLS = {"claude-code": "sessions", "cursor": "requests"}
PAYMENTS, ENGINEERING = "Engineering / Payments", "Engineering"
OTHERS = {
    PAYMENTS: [f"U0PAY{number}" for number in range(9)],
    "Engineering / Mobile": [f"U0MOB{number}" for number in range(12)],
    "Sales": [f"U0SAL{number}" for number in range(12)],
}
PLACES = {ANA: PAYMENTS, BEN: PAYMENTS, MANAGER: PAYMENTS, LEADER: ENGINEERING, NEWCOMER: PAYMENTS}
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
# Of the week before that Monday, by person and tool: counts that nobody else has.
COUNTS = {
    person: {tool: 1000 * (3 + 2 * place + offset) + 719 + 13 * place for offset, tool in enumerate(TOOLS)}
    for place, person in enumerate(OPTED_IN)
}
COMMENT = "canary-comment-in-a-ballot"


def note_of(person: str) -> str:
    return f"canary-note-of-{person.lower()}"


def marks_of(person: str) -> re.Pattern[str]:
    """What only this person may see: what they wrote, their counts, the address their usage is matched by."""
    numbers = "|".join(f"{count // 1000},?{count % 1000:03}" for count in COUNTS[person].values())
    address = re.escape(f"{person.lower()}@haldenlabs.example")
    return re.compile(rf"{note_of(person)}|{address}|(?<![0-9A-Za-z.])(?:{numbers})(?![0-9A-Za-z])")


@contextmanager
def town(sessions: SessionFactory) -> Iterator[Candor]:
    """The company on a Monday morning: a week of summaries is out, one pulse is over, the next one is open, a draft of
    the policy lies with HR, and everybody opted in has their weekly message."""
    with running(sessions, channel=CHANNEL) as candor:
        candor.sandbox.workspace.add_channel(id=CHANNEL, name="policy", has_bot=True)
        candor.clock.now = START - 4 * WEEK
        _people(candor)
        _figures(candor)
        wave = finish(candor, answered(candor, 12))
        assert wave.outcome == "results"
        candor.clock.now = START
        vote(candor, begin(candor, channel=CHANNEL), ANA, comment=COMMENT)
        publish(candor, policy(candor, usage=20))
        drop(candor, policy(candor, days=40))
        for moment in (START, START + timedelta(hours=22), MONDAY):
            candor.tick_at(moment)
        yield candor


def _people(candor: Candor) -> None:
    for person in (*OPTED_IN, NEWCOMER):
        candor.join(person)
    candor.join(GUEST, is_restricted=True)
    candor.join(STRANGER, is_stranger=True)
    staff(candor.sessions, OTHERS)
    for person in OPTED_IN:
        # Ben wants no figures in his messages: he opens them.
        candor.opt_in(person, *TOOLS, private=person == BEN)
    in_roster(candor.sessions, RosterRow(NEWCOMER, "UTC"))
    with candor.sessions.begin() as session:
        teams = {team.path: team.id for team in session.exec(select(Team))}
        for person, path in PLACES.items():
            row = session.exec(select(Person).where(Person.id == person)).one()
            row.team_id, row.is_manager = teams[path], person in (MANAGER, LEADER)
            session.add(row)


def _figures(candor: Candor) -> None:
    last = MONDAY.date() - WEEK
    week = first_week(candor.sessions) - WEEK
    while week <= last:
        report(candor.sessions, week, [person for team in OTHERS.values() for person in team])
        _own_figures(candor.sessions, week)
        week += WEEK
    for person, counts in COUNTS.items():
        for tool, count in counts.items():
            counted: dict[str, Any] = {TOOLS[tool]: count}
            add_usage(candor.sessions, person, tool, *whole_week(last)[1:2], **counted)


def _own_figures(sessions: SessionFactory, week: date) -> None:
    """Ana reports what nobody else does."""
    with sessions.begin() as session:
        for person in OPTED_IN:
            saved, rework = ("gt4", "2to4") if person == ANA else ("lt1", "0")
            helped = ["support", "analysis"] if person == ANA else ["coding"]
            row: dict[str, Any] = {"saved": saved, "rework": rework, "helped": helped, "note": note_of(person)}
            session.add(CheckIn(person_id=person, week=week, reported_at=START, **row))
