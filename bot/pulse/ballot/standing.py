"""Who may answer: every full member of the workspace, opted in or not.

That somebody asked leaves no row, and no statement that the database runs for it says who it was: see `roster`.
"""

from dataclasses import dataclass
from typing import ClassVar

from slack_sdk import WebClient

from bot.errors import CandorError, NotAMember
from bot.people.known import profile
from bot.pulse.ballot.roster import Roster
from storage.database import SessionFactory


class NotAsked(CandorError):
    WORDS: ClassVar = {
        "guest": "The pulse asks full members of this workspace. Guest accounts are not asked, and nothing was kept.",
        "bot": "The pulse asks people. Apps and bots are not asked, and nothing was kept.",
        "deactivated": "This account is switched off in Slack, so it is not asked, and nothing was kept.",
        "stranger": "The pulse asks members of this workspace. People of connected companies are not asked, and "
        "nothing was kept.",
    }

    def __init__(self, membership: str) -> None:
        super().__init__(self.WORDS[membership])


@dataclass(frozen=True)
class Voter:
    """Somebody who may answer: Slack id, IANA zone, and whether they lead people."""

    id: str
    tz: str
    leader: bool


def voter(roster: Roster, sessions: SessionFactory, client: WebClient, user: str) -> Voter:
    """Whoever is not in the roster is looked up in Slack, and counts as leading nobody.

    Raises `NotAsked` for guests, bots, people of other companies and closed accounts.
    """
    member = roster.member(sessions, user)
    if member is not None:
        return Voter(user, member.tz, member.is_manager)
    try:
        return Voter(user, profile(sessions, client, user).zone, leader=False)
    except NotAMember as error:
        raise NotAsked(error.membership) from None
