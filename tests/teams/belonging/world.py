"""A small company with a season and its first release, and somebody in it who acts through Slack."""

from datetime import date

from sqlmodel import select

from bot.weeks import WEEK
from storage.tables import Season
from tests.candor import Candor
from tests.teams.world import change, first_week, release, report, staff

ANA, MANAGER = "U01", "U09"
PAYMENTS = [f"U1{number}" for number in range(6)]
MOBILE = [f"U2{number}" for number in range(6)]
OFFICE = "Engineering / Payments"


def opted_in(candor: Candor, user_id: str = ANA, path: str | None = OFFICE) -> None:
    """Somebody of the workspace who opted in through the Home tab, put into a team."""
    candor.join(user_id)
    candor.opt_in(user_id)
    if path is not None:
        place(candor, user_id, path)


def place(candor: Candor, user_id: str, path: str, *, manages: bool = False) -> None:
    """Put somebody into a team, as an import of the directory does."""
    change(candor.sessions, user_id, team=path, is_manager=manages)


def company(candor: Candor) -> date:
    """Payments with Ana in it and Mobile, both of Engineering, who report in the week before the season and in its
    first; returns that week. Nothing is released yet."""
    staff(candor.sessions, {OFFICE: PAYMENTS, "Engineering / Mobile": MOBILE})
    opted_in(candor)
    week = first_week(candor.sessions)
    for each in (week - WEEK, week):
        report(candor.sessions, each, [*PAYMENTS, *MOBILE, ANA])
    return week


def released(candor: Candor) -> date:
    """The same with its first release; returns the week of it."""
    week = company(candor)
    assert release(candor.sessions, week) is not None
    return week


def next_season(candor: Candor) -> date:
    """Everybody but Ana reports on, and the next season's first week is released; returns it."""
    week = first_week(candor.sessions) + 12 * WEEK
    for each in (week - WEEK, week):
        report(candor.sessions, each, [*PAYMENTS, *MOBILE])
    assert release(candor.sessions, week) is not None
    with candor.sessions.begin() as session:
        assert session.exec(select(Season).where(Season.number == 2)).one().first_week == week
    return week


def home(candor: Candor, user_id: str = ANA) -> str:
    """All that somebody's Home tab says, opened anew."""
    candor.sandbox.user(user_id).open_home()
    return str(candor.sandbox.workspace.home(user_id))
