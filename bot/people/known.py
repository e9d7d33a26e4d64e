"""Who is asking: a member of the company, with a row from the first time they turn up."""

from slack_sdk import WebClient

from bot.errors import NotAMember
from bot.people.slack_user import SlackUser
from storage import consents, people
from storage.database import Session, SessionFactory, reading
from storage.tables import Person


def profile(sessions: SessionFactory, client: WebClient, user_id: str) -> SlackUser:
    """The Slack account, read at this moment; raises `NotAMember` for guests, bots, strangers and closed accounts."""
    with reading(sessions) as session:
        workspace_id = people.workspace_id(session)
    user = SlackUser.parse(client.users_info(user=user_id)["user"], workspace_id=workspace_id)
    if user.membership != "member":
        raise NotAMember(user.membership)
    return user


def on_record(session: Session, user_id: str) -> Person | None:
    """The row of a member; None for everybody whom `known_person` would look up in Slack."""
    person = people.get(session, user_id)
    return person if person is not None and person.active else None


def known_person(sessions: SessionFactory, client: WebClient, user_id: str) -> Person:
    """The person's row; somebody the roster has not seen yet is looked up in Slack and added.

    Raises `NotAMember` for guests, bots, strangers and closed accounts.
    """
    with reading(sessions) as session:
        person = on_record(session, user_id)
    if person is not None:
        return person
    user = profile(sessions, client, user_id)
    with sessions.begin() as session:
        people.upsert_roster(session, [people.RosterRow(user.id, user.zone)])
        added = people.get(session, user_id)
    assert added is not None
    return added


def holder(sessions: SessionFactory, client: WebClient, user_id: str) -> Person:
    """The person for whom something may be held: also a member who has become a guest can see and delete it."""
    with reading(sessions) as session:
        person = people.get(session, user_id)
        if person is not None and consents.get(session, user_id) is not None:
            return person
    return known_person(sessions, client, user_id)
