"""A company whose terms are the tests' own, and what is held of its people."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel import select

from bot.consent.opt_in import Choice, opt_in
from storage import deletions, held, people, policies
from storage.people import RosterRow
from storage.tables import CheckIn, OpenQuestion, PolicyVersion
from tests.candor import START, Candor, in_roster
from tests.policy.drafts import publish_next
from tests.rows import add_usage

LONG = {"usage": 200, "check_ins": 200, "messages": 200, "leavers": 200, "questions": 200}


def begin(candor: Candor, **changes: Any) -> PolicyVersion:
    """A version after the sample policy, so that what people agree to is the test's own."""
    return publish_next(
        candor.sessions, candor.clock(), effective=str(candor.clock().date() + timedelta(days=15)), **changes
    )


def rows(candor: Candor, user_id: str, table: str) -> list[dict[str, Any]]:
    with candor.sessions.begin() as session:
        return held.rows_of(session, user_id).get(table, [])


def agree(candor: Candor, user_id: str, *tools: str) -> None:
    """Opt in, or agree again, to the newest version."""
    in_roster(candor.sessions, RosterRow(user_id, "UTC"))
    with candor.sessions.begin() as session:
        person, newest = people.get(session, user_id), policies.newest(session)
    assert person is not None and newest is not None
    choice = Choice(tools, figures_in_dm=True, email=f"{user_id.lower()}@haldenlabs.example")
    opt_in(candor.sessions, person, choice, newest, candor.clock())


def publish(candor: Candor, **changes: Any) -> PolicyVersion:
    """A version in force at once."""
    return publish_next(candor.sessions, candor.clock(), **changes)


def this_monday(candor: Candor) -> date:
    today = candor.clock().date()
    return today - timedelta(days=today.weekday())


def fill(candor: Candor, user_id: str, weeks_ago: Sequence[int]) -> None:
    """A usage day, a check-in and a message with figures of each of these weeks, and a question to HR."""
    for number in weeks_ago:
        week = this_monday(candor) - timedelta(weeks=number)
        moment = datetime.combine(week, time(0), UTC)
        add_usage(candor.sessions, user_id, "cursor", week, surface="ide", requests=number)
        with candor.sessions.begin() as session:
            session.add(CheckIn(person_id=user_id, week=week, saved="0", rework="0", helped=[], reported_at=START))
            deletions.note_sent(session, user_id, "message", "D1", f"{user_id} {number}", moment)
            session.add(OpenQuestion(id=f"{user_id} {number}", week=week, text="What is this?"))


def weeks_held(candor: Candor, user_id: str) -> dict[str, list[int]]:
    """How many weeks old what is held is, by the name of its term."""
    monday = this_monday(candor)
    ages = {
        "usage": [row["day"] for row in rows(candor, user_id, "usage_day")],
        "check_ins": [row["week"] for row in rows(candor, user_id, "check_in")],
        "messages": [row["sent_at"].date() for row in rows(candor, user_id, "sent_item")],
    }
    with candor.sessions.begin() as session:
        ages["questions"] = [row.week for row in session.exec(select(OpenQuestion)) if row.id.startswith(user_id)]
    return {kind: sorted((monday - day).days // 7 for day in days) for kind, days in ages.items()}
