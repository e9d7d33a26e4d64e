"""Whether a week is to be released, and if none is, why not and when the next one will be."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.ledger.commands import restored_at
from bot.policy.binding import Binding, binding
from bot.policy.terms import Terms
from bot.teams.calendar import CHECK_INS_KEPT, LEAVERS_KEPT, Span, cut_off, due_week, first_week_after, season_of
from bot.weeks import WEEK, day_words
from storage import releases, seasons
from storage.database import Session
from storage.tables import Season


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


def whether_due(session: Session, now: datetime) -> Due | NotDue:
    """Whether a week is to be released at `now`."""
    week, newest = due_week(now), releases.newest(session)
    # A week that a clock which ran ahead has passed over is not released after the later one.
    if newest is not None and newest.week >= week:
        reason = f"The week that began on {day_words(newest.week)} {newest.week.year} is released already."
        return NotDue(reason, cut_off(newest.week + WEEK))
    restored = restored_at(session)
    # It may have been released before that, and then comes out again with others who count.
    if restored is not None and restored >= cut_off(week):
        reason = "A backup was put in the place of the database when this week was due, and it may be released already."
        return NotDue(reason, cut_off(week + WEEK))
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
    since = due.bound.agreeable_since(season.opened_at if season else due.bound.now)
    if since is not None and not lasts_a_season(since):
        return _too_short(due, season)
    if season is None or set(season.viewers) & set(viewers):
        return due
    reason = "Nobody of those who may see this season's summaries may see any by the policy in force."
    return NotDue(reason, cut_off(due.span.next.first_week))


def lasts_a_season(terms: Terms) -> bool:
    """Whether by these terms nobody drops out of a season, before it is over, because what they reported is deleted."""
    kept = terms.retention_weeks
    return kept.check_ins >= CHECK_INS_KEPT and kept.leavers >= LEAVERS_KEPT


_WHY = "so people would drop out in the middle of a season, and that would show that they counted."
_MEND = (
    f"Publish retention_weeks.check_ins of {CHECK_INS_KEPT} or more and retention_weeks.leavers of {LEAVERS_KEPT} or "
    "more."
)


def _too_short(due: Due, season: Season | None) -> NotDue:
    if season is not None and lasts_a_season(due.bound.versions[-1].terms):
        reason = f"A policy since this season opened kept check-ins or what is held of leavers too short, {_WHY}"
        return NotDue(reason, cut_off(due.span.next.first_week))
    return NotDue(f"The policy keeps check-ins or what is held of leavers too short, {_WHY} {_MEND}", None)
