"""Whose a summary is to open: decided anew at each look, and never wider than season and policy both allow."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.errors import CandorError
from bot.policy.versions import current_terms
from storage import belonging, seasons, viewing
from storage.database import Session
from storage.tables import Season
from storage.viewing import InOffice, Office

Role = Literal["managers", "leaders", "hr"]
HR: Role = "hr"


class NoRight(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "This summary is not yours to open, so nothing was opened. As far as the policy allows it, a team's "
            "summary is open to whoever manages the team now, from the first week that was released after they took it "
            "on; those of teams above others, and of the whole company, also to HR, unless all who count there are of "
            "one single team. What is yours is in Candor's Home tab."
        )


class SeasonOver(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "This message is of a season that is over, and its summary cannot be opened any more. The one of the "
            "season that is under way is in Candor's Home tab."
        )


@dataclass(frozen=True)
class Right:
    """What somebody may open: one team's summary, of weeks from `since` on (None: from the first).

    `counts_in_it`: they count in it themselves, because they took office in mid-season; then nothing of it is shown to
    them in that office until the season is over.
    """

    season: int
    team: int
    path: str
    role: Role
    since: date | None
    counts_in_it: bool


def role_of(office: Office | InOffice) -> Role:
    """Whoever manages a team that has teams below it leads others who manage."""
    return "leaders" if office.leads else "managers"


def allowed(role: Role, of_season: Collection[str], of_policy: Collection[str]) -> bool:
    """A looser policy does not reach a season that began before it; a stricter one holds at once."""
    return role in of_season and role in of_policy


def own_right(session: Session, person_id: str, viewers: Collection[str]) -> Right | None:
    """The right to the summary of the team that this person manages; None: they manage none, or took it on after the
    newest release, or `viewers`, those of the policy in force, do not include them."""
    office = viewing.office(session, person_id)
    if office is None or not allowed(role := role_of(office), office.viewers, viewers):
        return None
    counts = _counts_in(session, office.season, office.counted_in, office.team)
    return Right(office.season, office.team, office.path, role, office.since, counts)


def hr_season(session: Session, viewers: Collection[str]) -> Season | None:
    """The season whose summaries HR may open, `viewers` being those of the policy in force; None: none."""
    season = viewing.newest_season(session)
    return season if season and allowed(HR, season.viewers, viewers) else None


def hr_right(session: Session, person_id: str, team: int, viewers: Collection[str]) -> Right | None:
    """The right of somebody who is HR, which the caller has made sure of, to a team that has teams below it, unless all
    who count in it are of one single team."""
    opened = hr_season(session, viewers)
    path = viewing.upper_path(session, opened.number, team) if opened else None
    if opened is None or path is None:
        return None
    counted_in = seasons.place_of(session, person_id, opened.number)
    return Right(opened.number, team, path, HR, None, _counts_in(session, opened.number, counted_in, team))


def policy_viewers(session: Session, now: datetime) -> tuple[str, ...]:
    """Who may open summaries by the policy in force: some of "managers", "leaders" and "hr"."""
    terms = current_terms(session, now)
    return terms.who_sees.team_summaries if terms else ()


def _counts_in(session: Session, season: int, counted_in: int | None, team: int) -> bool:
    """Whether a team is the one that somebody counts in, or above it."""
    if counted_in is None:
        return False
    return any(node.number == team for node in belonging.upwards(session, season, [counted_in])[counted_in])
