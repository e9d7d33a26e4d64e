"""Whether a week is to be released, and if none is, why not and when the next one will be."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.policy.binding import Binding, binding
from bot.teams.calendar import Span, cut_off, due_week, first_week_after, season_of
from bot.weeks import WEEK, day_words
from storage import releases, seasons
from storage.database import Session


@dataclass(frozen=True)
class Due:
    """A week that is to be released, the season that holds it, and the policy as it binds."""

    week: date
    span: Span
    bound: Binding


@dataclass(frozen=True)
class NotDue:
    """Why no week is to be released, as a sentence, and when the next one will be; None: nobody can say yet."""

    reason: str
    next_at: datetime | None


def look(session: Session, now: datetime) -> Due | NotDue:
    """Whether a week is to be released at `now`."""
    week, newest = due_week(now), releases.newest(session)
    # A week that a clock which ran ahead has passed over is not released after the later one.
    if newest is not None and newest.week >= week:
        reason = f"The week that began on {day_words(newest.week)} {newest.week.year} is released already."
        return NotDue(reason, cut_off(newest.week + WEEK))
    bound = binding(session, now)
    if bound.current is None:
        return NotDue("No policy is in force yet.", None)
    if not bound.current.who_sees.team_summaries:
        return NotDue("The policy in force lets nobody see team summaries.", None)
    began = bound.versions[0].in_force_from.date()
    span = season_of(week, began)
    if span is None:
        return NotDue("The first season's first week cannot be released yet.", cut_off(first_week_after(began)))
    return _in_season(session, Due(week, span, bound), bound.current.who_sees.team_summaries)


def _in_season(session: Session, due: Due, viewers: tuple[str, ...]) -> Due | NotDue:
    season = seasons.by_number(session, due.span.number)
    if season is None or set(season.viewers) & set(viewers):
        return due
    reason = "Nobody of those who may see this season's summaries may see any by the policy in force."
    return NotDue(reason, cut_off(due.span.next.first_week))
