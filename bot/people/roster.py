"""The roster: who works here, in which zone, and who has left. Nothing else is kept of Slack's list."""

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient
from sqlmodel import Session

from bot.errors import OperatorError
from bot.people.listing import Progress, Sleep, list_users
from bot.people.slack_user import SlackUser
from storage import people
from storage.database import SessionFactory
from storage.people import RosterRow


class EmptyListing(OperatorError):
    """Slack listed no member at all. That is a fault of the listing and not a company without people."""

    def __init__(self) -> None:
        super().__init__("Slack listed no member at all, so the roster was left as it is. Try again later.")


@dataclass(frozen=True)
class SyncSummary:
    """How many accounts were read, what changed in the roster, and who is in the list without being a person."""

    read: int
    added: int
    changed: int
    left: int
    returned: int
    guests: int
    bots: int
    strangers: int
    deactivated: int
    unknown_zones: int


@dataclass(frozen=True)
class _Changes:
    added: list[RosterRow]
    changed: list[RosterRow]
    returned: list[RosterRow]
    left: list[str]


def sync(
    sessions: SessionFactory,
    client: WebClient,
    *,
    workspace_id: str | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
    sleep: Sleep = time.sleep,
) -> SyncSummary:
    """Reads Slack's whole list, then brings the roster up to it in one transaction.

    Whoever is not in it as a full member (left, deactivated, made a guest) becomes inactive at `now`, or with none
    given when the next tidying finds them so; the row stays until the policy's retention is over.
    Raises `EmptyListing` without changing anything when Slack lists nobody, and what `list_users` raises.
    """
    users = list_users(client, workspace_id=workspace_id, progress=progress, sleep=sleep).values()
    members = [user for user in users if user.membership == "member"]
    if not members:
        raise EmptyListing
    with sessions.begin() as session:
        changes = _compare(people.roster(session), [_row(user) for user in members])
        people.upsert_roster(session, changes.added + changes.changed + changes.returned)
        people.deactivate(session, changes.left, now)
    return _summary(users, members, changes)


def follow(session: Session, user: SlackUser, now: datetime) -> str | None:
    """Takes over one account's present state; returns "added", "changed", "returned", "left", or None.

    None means that the roster held just that already, or that the account is no person's.
    """
    person = people.get(session, user.id)
    known = {} if person is None else {user.id: RosterRow(person.id, person.tz, person.active)}
    changes = _compare(known, [_row(user)] if user.membership == "member" else [])
    people.upsert_roster(session, changes.added + changes.changed + changes.returned)
    people.deactivate(session, changes.left, now)
    return next((word for word in ("added", "changed", "returned", "left") if getattr(changes, word)), None)


def _row(user: SlackUser) -> RosterRow:
    return RosterRow(user.id, user.zone)


def _compare(known: Mapping[str, RosterRow], members: Collection[RosterRow]) -> _Changes:
    changes = _Changes([], [], [], [])
    for row in members:
        before = known.get(row.id)
        if before is None:
            changes.added.append(row)
        elif not before.active:
            changes.returned.append(row)
        elif before.tz != row.tz:
            changes.changed.append(row)
    present = {row.id for row in members}
    changes.left.extend(row.id for row in known.values() if row.active and row.id not in present)
    return changes


def _summary(users: Collection[SlackUser], members: Collection[SlackUser], changes: _Changes) -> SyncSummary:
    others = Counter(user.membership for user in users)
    return SyncSummary(
        read=len(users),
        added=len(changes.added),
        changed=len(changes.changed),
        left=len(changes.left),
        returned=len(changes.returned),
        guests=others["guest"],
        bots=others["bot"],
        strangers=others["stranger"],
        deactivated=others["deactivated"],
        unknown_zones=sum(not user.zone_is_known for user in members),
    )
