"""How many days a week people who count used their tools, as it is published: whole half days, of twenty and more."""

from collections.abc import Collection
from datetime import date

from bot.teams.rights import HR, allowed
from bot.usage.catalogue import SURFACES
from storage.database import Session
from storage.org_usage import Asked, UsedDays, used_days
from storage.tables import Season

# From so many people on one person's days, nought to seven, move the mean by less than the half day of a step.
FEWEST = 20
# Published steps are half days, rounded: 0 is what rounds to less than one day, 2 is 1 day, 10 is 5 days or more.
LESS_THAN_A_DAY, ONE_DAY, CAP = 0, 2, 10


def company_usage(session: Session, season: Season, week: date, viewers: Collection[str]) -> int | None:
    """What a release says of the use of everybody who counts; None where nothing is shown.

    Only HR sees it: where HR is not among the season's viewers, or no longer among `viewers`, it is not even worked
    out.
    """
    if not allowed(HR, season.viewers, viewers):
        return None
    return published(used_days(session, Asked(season.number, week, tuple(SURFACES))))


def published(used: UsedDays) -> int | None:
    """The step of a mean number of days; None below twenty people."""
    if used.people < FEWEST:
        return None
    step = (4 * used.days + used.people) // (2 * used.people)
    return min(step, CAP) if step >= ONE_DAY else LESS_THAN_A_DAY
