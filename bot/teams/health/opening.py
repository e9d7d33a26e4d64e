"""Looking at organisation health, which is looking at the whole company's summary: it stands in the ledger."""

from datetime import datetime

from bot.ledger.chain import OPENED, record
from bot.teams.health.reading import Health, read
from bot.teams.rights import HR
from storage import events
from storage.database import SessionFactory
from storage.seasons import COMPANY

ABOUT = "organisation health"


def open_health(sessions: SessionFactory, user: str, event: str | None, now: datetime) -> Health:
    """What HR is shown, written down before anybody sees it: one entry for each season of which weeks are shown.

    Whoever counts in one of these seasons finds it among the entries about them. `event` is what Slack calls this
    press: sent again, it is no second look. Where the ledger cannot be written to, this raises what the database does,
    and nothing is shown.
    """
    with sessions.begin() as session:
        health = read(session, user, now)
        for season in health.seasons:
            same = f"{OPENED} health {user} {season} {event}"
            if event is None or events.first_sight(session.connection(), same, now):
                record(session, now, who=user, role=HR, what=OPENED, about=ABOUT, season=season, teams=(COMPANY,))
    return health
