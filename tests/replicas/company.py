"""People to whom a digest is owed now, put straight into the database: on the real clock, whatever it shows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert

from bot.sandbox.model import Message
from bot.sandbox.workspace import Workspace
from bot.weeks import WEEK, local_day, monday
from storage import policies
from storage.database import SessionFactory
from storage.tables import CheckIn, Consent, Person, Preference

LOCAL_HOUR = 15
WANTED_HOUR = 9
A_MONTH = timedelta(days=30)


def afternoon_zone(now: datetime) -> str:
    """A zone in which it is between 15:00 and 16:00 at `now` (UTC): hours away from midnight and from the night."""
    offset = (LOCAL_HOUR - now.hour + 12) % 24 - 12
    return f"Etc/GMT{-offset:+d}"


def opt_in(sessions: SessionFactory, ids: Sequence[str], now: datetime) -> None:
    """These people consent and have checked in, and their digest has been due since this morning.

    Needs a policy in force. To Slack they are not known by this.
    """
    tz = afternoon_zone(now)
    today = local_day(now, tz)
    granted, last_week = now - A_MONTH, monday(today) - WEEK
    with sessions.begin() as session:
        policy = policies.newest(session)
        assert policy is not None
        person = {"tz": tz, "is_manager": False, "active": True, "invitations": True}
        consent = {"policy_hash": policy.hash, "granted_at": granted, "figures_in_dm": True}
        preference = {"weekday": today.weekday(), "hour": WANTED_HOUR, "paused": False}
        check_in = {"week": last_week, "saved": "2to4", "rework": "lt1", "helped": [], "reported_at": granted}
        do = session.connection().execute
        do(insert(Person), [{"id": who, **person} for who in ids])
        do(insert(Consent), [{"person_id": who, "receipt_id": f"receipt-{who}", **consent} for who in ids])
        do(insert(Preference), [{"person_id": who, **preference} for who in ids])
        do(insert(CheckIn), [{"person_id": who, **check_in} for who in ids])


def join(workspace: Workspace, ids: Sequence[str]) -> None:
    """The same people, as members of the local workspace."""
    for who in ids:
        workspace.add_user(id=who, name=who, email=f"{who.lower()}@haldenlabs.example")


def posted(workspace: Workspace) -> list[Message]:
    """Every scheduled message that was ever posted, deleted ones too."""
    with workspace.lock:
        return [message for message in workspace.log if message.metadata]


def posted_to(workspace: Workspace, person_id: str) -> int:
    """How many scheduled messages this person was ever sent."""
    channel = workspace.dm(person_id)
    return sum(message.channel == channel for message in posted(workspace))
