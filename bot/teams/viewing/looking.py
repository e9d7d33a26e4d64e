"""A look at a summary: the right to it is checked, the ledger is written, and only then is anything shown."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.ledger.chain import EXPORTED, OPENED, record
from bot.teams.rights import NoRight, Right, SeasonOver, hr_right, own_right
from bot.teams.summary import Summary, read
from bot.teams.viewing.target import Target
from storage import deletions, events, viewing
from storage.database import Session, SessionFactory

COMPANY_WORDS = "the whole company"


@dataclass(frozen=True)
class Look:
    """Who wants to see what. `event` is what Slack calls this press of a button, the same when it is sent again; None:
    Slack did not say.

    That somebody is HR, where `target` says so, is for the caller to have asked.
    """

    who: str
    target: Target
    event: str | None


@dataclass(frozen=True)
class Kept:
    """Where in Slack the summary is going to stand: a message (its channel and ts)."""

    channel: str
    ts: str


def look(sessions: SessionFactory, wanted: Look, now: datetime, *, into: Kept | None = None) -> Summary:
    """Open a summary; the message that it goes into is remembered, so that it can be deleted again.

    Raises `NoRight` and `SeasonOver`. All of it is one transaction: where the ledger cannot be written, nothing is
    shown.
    """
    with sessions.begin() as session:
        right = right_to(session, wanted.who, wanted.target, now)
        if into is not None:
            deletions.note_sent(session, wanted.who, deletions.SUMMARY, into.channel, into.ts, now)
        return _seen(session, wanted, right, OPENED, now)


def export(sessions: SessionFactory, wanted: Look, now: datetime) -> Summary:
    """The same for a summary that is taken away as a file."""
    with sessions.begin() as session:
        right = right_to(session, wanted.who, wanted.target, now)
        return _seen(session, wanted, right, EXPORTED, now)


def right_to(session: Session, who: str, target: Target, now: datetime) -> Right:
    """The right of this person to this summary; raises `NoRight`, or `SeasonOver` where it was of an earlier season."""
    # Whoever takes the team away has what was opened of it deleted, and must not overlook this.
    viewing.hold(session, who)
    right = hr_right(session, who, target.team, now) if target.as_hr else own_right(session, who, now)
    if right is not None and target.season < right.season:
        raise SeasonOver
    if right is None or (right.season, right.team) != (target.season, target.team):
        raise NoRight
    return right


def as_seen(summary: Summary, right: Right) -> Summary:
    """The summary as it is shown to whoever has this right."""
    return replace(summary, weeks=tuple((week, None) for week, _ in summary.weeks)) if right.counts_in_it else summary


def _seen(session: Session, wanted: Look, right: Right, what: str, now: datetime) -> Summary:
    summary = read(session, right.season, right.team, right.since)
    if summary is None:
        raise NoRight
    if wanted.event is None or events.first_sight(session, f"{what} {wanted.event}", now):
        about = right.path or COMPANY_WORDS
        of = (right.team,)
        record(session, now, who=wanted.who, role=right.role, what=what, about=about, season=right.season, teams=of)
    return as_seen(summary, right)
