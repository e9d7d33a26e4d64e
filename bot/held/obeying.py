"""Making what is held obey the terms: what is too old, or of a tool or field that is no longer kept, is deleted."""

from datetime import UTC, datetime, time, timedelta

from bot.held.erase import forget_leavers
from bot.ledger.pruning import kept_from
from bot.policy.binding import Binding, binding
from bot.policy.terms import Terms
from bot.teams.calendar import newest_over
from bot.weeks import first_kept
from storage import retention, seasons
from storage.database import Session, SessionFactory, reading
from storage.retention import Holders


def obey(sessions: SessionFactory, now: datetime) -> None:
    """Delete what the terms of each person no longer let us keep, and leavers and questions whose time is up.

    What binds is `Binding`: of people with a consent the strictest terms since it. Messages and files in Slack are
    queued for `delete_in_slack`; the bytes of the rest are owed to `database.scrub`.
    """
    with reading(sessions) as session:
        bound = binding(session, now)
    for policy_hash, terms in bound.of_all_consents().items():
        _obey(sessions, Holders(policy_hash), terms, now)
    if bound.current is not None:
        # Nothing of theirs should be there; what is all the same does not stay for ever.
        _obey(sessions, Holders(None), bound.current, now)
    _forget_cohorts(sessions, bound)
    forget_leavers(sessions, lambda leaver: _leaver_until(bound, leaver), now)
    _forget_questions(sessions, bound)


def _obey(sessions: SessionFactory, whose: Holders, terms: Terms, now: datetime) -> None:
    kept = terms.retention_weeks
    with sessions.begin() as session:
        retention.delete_usage_before(session, whose, first_kept(kept.usage, now))
        retention.delete_check_ins_before(session, whose, first_kept(kept.check_ins, now))
        retention.delete_messages_before(session, whose, first_kept(kept.messages, now), now)
    with sessions.begin() as session:
        _obey_tools(session, whose, terms)


def _obey_tools(session: Session, whose: Holders, terms: Terms) -> None:
    retention.delete_other_tools(session, whose, terms.tools)
    for tool, fields in terms.tools.items():
        retention.delete_other_fields(session, whose, tool, fields)


def _forget_cohorts(sessions: SessionFactory, bound: Binding) -> None:
    """Who counted in a season is kept as long as the ledger tells of whoever looked at its summaries."""
    first = kept_from(bound)
    if first is None:
        return
    with sessions.begin() as session:
        seasons.forget_cohorts(session, newest_over(first))


def _leaver_until(bound: Binding, leaver: retention.Leaver) -> datetime | None:
    """Until when what is held of a leaver may stay; None while nothing says so."""
    own = bound.of_consent(leaver.policy_hash) if leaver.policy_hash else bound.since(leaver.left_at)
    return leaver.left_at + timedelta(weeks=own.retention_weeks.leavers) if own else None


def _forget_questions(sessions: SessionFactory, bound: Binding) -> None:
    """A question names nobody whose terms it could have: the strictest since the week it is of hold for it."""
    with sessions.begin() as session:
        for week in retention.question_weeks(session):
            own = bound.since(datetime.combine(week, time(0), UTC))
            if own and week < first_kept(own.retention_weeks.questions, bound.now):
                retention.delete_questions_of(session, week)
