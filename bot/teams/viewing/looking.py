"""A look at a summary: the right to it is checked, the ledger is written, and only then is anything shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.ledger.chain import EXPORTED, OPENED, record
from bot.teams.rights import NoRight, Right, SeasonOver, hr_right, own_right, policy_viewers
from bot.teams.summary import COMPANY_WORDS, Summary, read
from bot.teams.viewing.target import Target
from storage import deletions, events, viewing
from storage.database import Session, SessionFactory


@dataclass(frozen=True)
class Look:
    """Who wants to see what. `event` is what Slack calls this press of a button or this form, the same when it is sent
    again; None: Slack did not say.

    That somebody is HR, where `target` says so, is for the caller to have asked.
    """

    who: str
    target: Target
    event: str | None


@dataclass(frozen=True)
class Kept:
    """The message in Slack (its channel and ts) that a summary is going to stand in."""

    channel: str
    ts: str


def look(sessions: SessionFactory, wanted: Look, now: datetime, *, into: Kept | None = None) -> Summary:
    """Open a summary; what it goes into, a message or (None) the Home tab, is remembered, so that it can be taken away
    again.

    Raises `NoRight` and `SeasonOver`. All of it is one transaction: where the ledger cannot be written, nothing is
    shown.
    """
    with sessions.begin() as session:
        right = right_to(session, wanted.who, wanted.target, now)
        if into is None:
            deletions.note_sent(session, wanted.who, home_kind(wanted.target), None, wanted.who, now)
        else:
            deletions.note_sent(session, wanted.who, deletions.SUMMARY, into.channel, into.ts, now)
        return _seen(session, wanted, right, OPENED, now)


def export(sessions: SessionFactory, wanted: Look, now: datetime) -> Summary:
    """The same for a summary that is taken away as a file."""
    with sessions.begin() as session:
        right = right_to(session, wanted.who, wanted.target, now)
        return _seen(session, wanted, right, EXPORTED, now)


def home_kind(target: Target) -> str:
    """What a Home tab that a summary is opened in is remembered as."""
    return deletions.HR_HOME if target.as_hr else deletions.SUMMARY_HOME


def forget_if_lost(sessions: SessionFactory, wanted: Look, kind: str, refs: Collection[str], now: datetime) -> None:
    """What was on its way to whoever lost the team meanwhile may have been deleted before it was there."""
    with sessions.begin() as session:
        try:
            right_to(session, wanted.who, wanted.target, now)
        except (NoRight, SeasonOver):
            # Where the season ended meanwhile, whether the team is still theirs cannot be told here.
            for each in refs:
                deletions.queue(session, kind, None, each, now)


def right_to(session: Session, who: str, target: Target, now: datetime) -> Right:
    """The right of this person to this summary; raises `NoRight`, or `SeasonOver` where it was of an earlier season."""
    # Whoever takes the team away has what was opened of it deleted, and must not overlook this.
    viewing.hold(session, who)
    viewers = policy_viewers(session, now)
    right = hr_right(session, who, target.team, viewers) if target.as_hr else own_right(session, who, viewers)
    if right is not None and target.season < right.season:
        raise SeasonOver
    if right is None or (right.season, right.team) != (target.season, target.team):
        raise NoRight
    return right


def _seen(session: Session, wanted: Look, right: Right, what: str, now: datetime) -> Summary:
    summary = read(session, right.season, right.team, right.since)
    if summary is None:
        raise NoRight
    # One form can be sent more than once, for another team each time: each of them is a look of its own.
    same = f"{what} {wanted.who} {wanted.target.written()} {wanted.event}"
    if wanted.event is None or events.first_sight(session.connection(), same, now):
        about = right.path or COMPANY_WORDS
        of = (right.team,)
        record(session, now, who=wanted.who, role=right.role, what=what, about=about, season=right.season, teams=of)
    return summary.with_nothing_shown() if right.counts_in_it else summary
