"""What happens around an invitation, and what people get of it."""

from sqlmodel import col, select

from bot.sandbox.model import Message
from storage import people
from storage.deliveries import INVITATION, REMINDER
from storage.people import RosterRow
from storage.tables import Delivery, Person
from tests.candor import Candor, in_roster

CHANNEL = "C0POLICY"


def join(candor: Candor, *users: str, tz: str = "Europe/Madrid") -> None:
    """Members of the company whom nobody has asked anything yet: Candor knows them by the roster only."""
    for user in users:
        candor.join(user, tz=tz)
    in_roster(candor.sessions, *(RosterRow(user, tz) for user in users))


def told(candor: Candor, user: str) -> list[Message]:
    """Invitations and reminders in this person's DM, oldest first."""
    return [message for message in candor.dms(user) if "ballot.open" in str(message.blocks)]


def reminders(candor: Candor, user: str) -> list[Message]:
    return [message for message in told(candor, user) if "only reminder" in message.text]


def outcomes(candor: Candor, user: str) -> list[tuple[str, str, str | None]]:
    """(kind, state, reason) of what was planned for this person."""
    with candor.sessions() as session:
        rows = session.exec(select(Delivery).where(Delivery.person_id == user).order_by(col(Delivery.kind))).all()
    return [(row.kind, row.state, row.reason) for row in rows if row.kind in (INVITATION, REMINDER)]


def person(candor: Candor, user: str) -> Person:
    with candor.sessions() as session:
        found = people.get(session, user)
    assert found is not None
    return found
