"""HR chooses one team at a time: from one list where it is short enough for Slack, else by name first."""

from datetime import datetime

from bot.blocks import View
from bot.errors import CandorError
from bot.teams.rights import NoRight, hr_season, policy_viewers
from bot.teams.summary import path_words
from bot.teams.viewing import views
from storage import viewing
from storage.database import SessionFactory, reading

# What a list in Slack may have.
MOST = 100


class NotFound(CandorError):
    def __init__(self) -> None:
        super().__init__(
            "No team that has teams below it has that in its name. Teams without any are not HR's to open."
        )


class TooMany(CandorError):
    def __init__(self) -> None:
        super().__init__(f"More than {MOST} teams have that in their name. Type more of it.")


def first_form(sessions: SessionFactory, user: str, now: datetime) -> View:
    """What HR is asked first; raises `NoRight` where HR may open none."""
    season, teams = _teams(sessions, now)
    return views.choose_form(user, season, teams) if len(teams) <= MOST else views.find_form(user)


def found_form(sessions: SessionFactory, user: str, part: str, now: datetime) -> View:
    """The list of those that have this in their name; raises `NotFound`, `TooMany` and `NoRight`."""
    season, teams = _teams(sessions, now)
    found = [team for team in teams if part.casefold() in path_words(team.path).casefold()]
    if not found:
        raise NotFound
    if len(found) > MOST:
        raise TooMany
    return views.choose_form(user, season, found)


def _teams(sessions: SessionFactory, now: datetime) -> tuple[int, list[viewing.Upper]]:
    with reading(sessions) as session:
        season = hr_season(session, policy_viewers(session, now))
        if season is None:
            raise NoRight
        teams = viewing.upper_teams(session, season.number)
    if not teams:
        raise NoRight
    return season.number, teams
