"""Reads where people stand with team summaries: for a batch of digests, for Home, for the summaries themselves."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.policy.versions import current_terms
from bot.teams import summary
from bot.teams.belonging.membership import Membership, offered
from bot.teams.calendar import Span
from bot.teams.summary import Summary
from storage import belonging, people, seasons
from storage.belonging import Stand
from storage.database import Session


def memberships(session: Session, person_ids: Sequence[str], viewers: Collection[str]) -> dict[str, Membership]:
    """Of those of these people who opted in; `viewers` are those of the policy in force."""
    newest = seasons.newest(session)
    season = Span(newest.number, newest.first_week) if newest else None
    stands = belonging.stands(session, season.number if season else None, person_ids)
    teams = {stand.team for stand in stands.values() if stand.team is not None}
    above = belonging.upwards(session, season.number, teams) if season else {}
    open_to = set(viewers) & set(newest.viewers) if newest else set(viewers)

    def of(stand: Stand) -> Membership:
        nodes = above.get(stand.team, []) if stand.team is not None else []
        return Membership(stand.wants, season, tuple(nodes), offered(nodes, open_to), bool(open_to))

    return {person_id: of(stand) for person_id, stand in stands.items()}


def membership(session: Session, person_id: str, viewers: Collection[str]) -> Membership | None:
    """Where one person stands; None when they have not opted in."""
    return memberships(session, [person_id], viewers).get(person_id)


def own_summary(session: Session, person_id: str, mine: Membership, team: int | None, *, is_hr: bool) -> Summary | None:
    """The summary of one of the teams in which the person counts, with every week of the season; of the first
    that is offered to them where `team` is None or none of these.

    Who has come to manage a team or to belong to HR (`is_hr`) since the season opened may open summaries of others: of
    those they are part of they are shown nothing until the next season.
    """
    assert mine.season is not None
    found = summary.read(session, mine.season.number, mine.team(team).number)
    person = people.get(session, person_id)
    if found is None or person is None or not (person.is_manager or is_hr):
        return found
    return found.with_nothing_shown()


def ledger_weeks(session: Session, now: datetime) -> int | None:
    """For how many weeks the policy in force keeps entries of the ledger; None before any is in force."""
    terms = current_terms(session, now)
    return terms.retention_weeks.ledger if terms else None
