"""Leaving the summaries without leaving the digest, and counting again."""

from bot.errors import NotOptedIn
from storage import belonging, consents, seasons
from storage.database import SessionFactory


def leave_summaries(sessions: SessionFactory, person_id: str) -> None:
    """The person's check-ins count in no summary any more, at once; raises `NotOptedIn`.

    A season that is being opened is waited for. A release that is being made may still hold them, none after it does.
    """
    with sessions.begin() as session:
        seasons.leave(session, person_id)
        if not consents.hold(session, person_id):
            raise NotOptedIn
        belonging.set_wanted(session, person_id, False)


def count_again(sessions: SessionFactory, person_id: str) -> None:
    """The person counts again when the next season opens; raises `NotOptedIn`."""
    with sessions.begin() as session:
        if not consents.hold(session, person_id):
            raise NotOptedIn
        belonging.set_wanted(session, person_id, True)
