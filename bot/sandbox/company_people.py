"""The accounts of the sample company's workspace."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.sandbox import company_roster as roster
from bot.sandbox.company_roster import Member


@dataclass(frozen=True)
class CompanyPerson:
    """An account of the sample workspace. `email` is what the Slack profile shows; `address` what tools know."""

    id: str
    name: str
    title: str
    tz: str
    address: str
    email: str | None
    team: str = ""
    is_manager: bool = False
    is_hr: bool = False
    is_bot: bool = False
    is_guest: bool = False
    deleted: bool = False

    @property
    def department(self) -> str:
        return self.team.split(" / ")[0]

    @property
    def is_employee(self) -> bool:
        return not (self.is_bot or self.is_guest or self.deleted)

    @property
    def login(self) -> str:
        """The GitHub login that the identity provider has for them."""
        return self.address.split("@")[0].replace(".", "-") + "-hl"

    def account(self) -> dict[str, Any]:
        """The arguments of `Workspace.add_user`."""
        return {
            "id": self.id, "name": self.name, "email": self.email, "tz": self.tz, "title": self.title,
            "team": self.team.split(" / ")[-1], "group": self.department, "deleted": self.deleted,
            "is_bot": self.is_bot, "is_restricted": self.is_guest,
        }  # fmt: skip


class CompanyChannel(NamedTuple):
    id: str
    name: str


class CompanyGroup(NamedTuple):
    """A user group; `users` are ids of people."""

    id: str
    handle: str
    users: tuple[str, ...]


def everyone() -> Iterator[CompanyPerson]:
    """The 60 employees, then a guest, a leaver and another app's bot."""
    for number, (team, member, manages) in enumerate(roster.lines(), start=1):
        yield _person(f"U0HL{number:03d}", member, team=team, is_manager=manages)
    yield _person("U0HLGUEST", roster.GUEST, is_guest=True)
    yield _person("U0HLLEFT", roster.LEAVER, team="Engineering / Payments", deleted=True)
    yield _person("U0HLBOT", roster.OTHER_BOT, is_bot=True)


def _person(
    person_id: str,
    member: Member,
    *,
    team: str = "",
    is_manager: bool = False,
    is_guest: bool = False,
    is_bot: bool = False,
    deleted: bool = False,
) -> CompanyPerson:
    address = f"{_ascii(member.name)}@{roster.DOMAIN}"
    return CompanyPerson(
        id=person_id,
        name=member.name,
        title=member.title,
        tz=member.tz,
        address=address,
        email=None if is_bot or member.name == roster.WITHOUT_EMAIL else address,
        team=team,
        is_manager=is_manager,
        is_hr=member.name in roster.HR,
        is_bot=is_bot,
        is_guest=is_guest,
        deleted=deleted,
    )


def _ascii(name: str) -> str:
    """The first part of an address: "Inês Caldeira" gives "ines.caldeira"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return ".".join(plain.lower().split())
