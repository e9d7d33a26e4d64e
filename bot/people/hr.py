"""Who is HR: the people and user groups of the setting CANDOR_HR."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient

from bot.errors import HrOnly, HrUnknown
from bot.slack_errors import BROKEN, error_code
from bot.weeks import Clock

log = structlog.get_logger("candor.hr")

# Somebody who was taken out of the group is HR for so much longer.
FRESH = timedelta(minutes=5)
# While Slack does not answer, what it said last holds for so long; then nobody is HR by a group.
TRUSTED = timedelta(hours=1)
ASK_AGAIN = timedelta(minutes=1)


def group_members(client: WebClient, group: str) -> frozenset[str]:
    """The Slack ids of the people in a user group, as Slack says now; raises one of `BROKEN` when it does not."""
    users = client.usergroups_users_list(usergroup=group).get("users")
    if not isinstance(users, list) or not all(isinstance(user, str) for user in users):
        raise ValueError("usergroups.users.list gave no list of people")
    return frozenset(users)


@dataclass(frozen=True)
class _Said:
    """The members that Slack named at a moment, None while it never did; and when to ask it again."""

    members: frozenset[str] | None
    at: datetime
    again: datetime


class Hr:
    """The people of HR. `named`: Slack ids of people (U…, W…) and of user groups (S…).

    A group's members are asked of Slack and kept for a few minutes. Where it does not say, the last answer holds for
    a while, and without one nobody is HR by that group: trouble never opens anything wider.
    """

    def __init__(self, named: Collection[str], client: WebClient, clock: Clock) -> None:
        self._groups = sorted(each for each in named if each.startswith("S"))
        self._people = frozenset(named).difference(self._groups)
        self._client, self._clock = client, clock
        self._said: dict[str, _Said] = {}
        self._asking = threading.Lock()

    def __contains__(self, user: object) -> bool:
        return user in self._people or any(user in (self._members(group) or ()) for group in self._groups)

    def everybody(self) -> frozenset[str]:
        """The Slack ids of all who are known to be HR now."""
        return self._people.union(*(self._members(group) or () for group in self._groups))

    def is_known(self) -> bool:
        """Whether all who are HR are known: Slack has named every group's members lately."""
        return all(self._members(group) is not None for group in self._groups)

    def require(self, user: str) -> None:
        """Raises `HrOnly` for anybody who is not HR, `HrUnknown` while nobody can say whether they are."""
        if user not in self:
            raise HrOnly if self.is_known() else HrUnknown

    def afresh(self) -> "Hr":
        """The same people, asked of Slack now: for what cannot be undone, no answer of before counts."""
        return Hr([*self._people, *self._groups], self._client, self._clock)

    def _members(self, group: str) -> frozenset[str] | None:
        now, said = self._clock(), self._said.get(group)
        # A clock that ran ahead and was set right would hold on to an old answer until it is caught up.
        if said is None or not said.at <= now < said.again:
            # Who has an answer that holds does not wait for whoever is asking for a newer one.
            if self._asking.acquire(blocking=said is None or now >= said.at + TRUSTED):
                try:
                    self._ask(group, now)
                finally:
                    self._asking.release()
            said = self._said.get(group)
        return said.members if said is not None and now < said.at + TRUSTED else None

    def _ask(self, group: str, now: datetime) -> None:
        before = self._said.get(group)
        if before is not None and before.at <= now < before.again:
            return
        try:
            self._said[group] = _Said(group_members(self._client, group), now, now + FRESH)
        except BROKEN as error:
            log.warning("Slack does not say who is in HR's user group", group=group, error=error_code(error))
            members, at = (before.members, before.at) if before else (None, now)
            self._said[group] = _Said(members, at, now + ASK_AGAIN)
