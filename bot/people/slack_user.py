"""Slack's `user` object, parsed once."""

from functools import cache
from typing import Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field

Membership = Literal["member", "guest", "bot", "stranger", "deactivated"]

SLACKBOT = "USLACKBOT"
NO_ZONE = "UTC"


class _Lenient(BaseModel):
    # Errors name the field only: what Slack sent is personal and must not reach a log.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Profile(_Lenient):
    """The part of a profile that is shown or matched; nothing of it is stored by the roster."""

    email: str | None = None
    display_name: str = ""
    real_name: str = ""
    title: str = ""


class EnterpriseUser(_Lenient):
    """On an Enterprise organisation: the workspaces that the account belongs to."""

    teams: tuple[str, ...] = ()


class SlackUser(_Lenient):
    """One account as `users.list`, `users.info`, `team_join` and `user_change` show it."""

    id: str = Field(min_length=1)
    team_id: str | None = None
    handle: str = Field(default="", alias="name")
    real_name: str = ""
    tz: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_workflow_bot: bool = False
    is_connector_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    profile: Profile = Profile()
    enterprise_user: EnterpriseUser = EnterpriseUser()

    @classmethod
    def parse(cls, raw: Any, *, workspace_id: str | None = None) -> Self:
        """The account in `raw`, where null means absent. Raises `pydantic.ValidationError` if it is no account.

        With `workspace_id`, an account of another company (a shared channel brings them) is a stranger, also
        when Slack does not call it one.
        """
        user = cls.model_validate(_without_nulls(raw))
        if workspace_id is None or user._belongs_to(workspace_id):
            return user
        return user.model_copy(update={"is_stranger": True})

    def _belongs_to(self, workspace_id: str) -> bool:
        return self.team_id in (None, workspace_id) or workspace_id in self.enterprise_user.teams

    @property
    def name(self) -> str:
        """The name to show: what the person chose, else the full name, else the handle."""
        profile = self.profile
        return profile.display_name or profile.real_name or self.real_name or self.handle or self.id

    @property
    def email(self) -> str | None:
        """The profile's address in lower case; None without one, or without the scope to see it."""
        return (self.profile.email or "").strip().lower() or None

    @property
    def zone_is_known(self) -> bool:
        return self.tz in _zones()

    @property
    def zone(self) -> str:
        """The IANA zone; "UTC" when Slack gives none, or one that no clock here knows."""
        return self.tz if self.tz is not None and self.zone_is_known else NO_ZONE

    @property
    def membership(self) -> Membership:
        """Only a "member" is a person to us; all others get no row, no message and no collection."""
        if self.is_bot or self.is_workflow_bot or self.is_connector_bot or self.id == SLACKBOT:
            return "bot"
        if self.is_stranger:
            return "stranger"
        if self.deleted:
            return "deactivated"
        return "guest" if self.is_restricted or self.is_ultra_restricted else "member"


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _without_nulls(raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    return {key: _without_nulls(value) for key, value in raw.items() if value is not None}
