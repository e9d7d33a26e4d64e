"""The sample company's past releases: each made at its cut-off by the product itself, from what was reported then."""

from collections.abc import Collection
from datetime import date

from bot.app import Services
from bot.sandbox.company import COMPANY
from bot.teams.calendar import cut_off, first_week_after
from bot.teams.releasing import Released, release_due
from bot.teams.viewing import planning
from bot.weeks import WEEK
from storage import deliveries, releases, viewing
from storage.deliveries import Owed


def release_past(services: Services, began: date) -> list[Released]:
    """Every release that was due up to now, oldest first, where the first policy took effect on the day `began`."""
    made, week, now = [], first_week_after(began), services.clock()
    while cut_off(week) <= now:
        release = release_due(services.sessions, cut_off(week), _hr())
        made += [release] if release else []
        week += WEEK
    return made


def count_as_told(services: Services) -> None:
    """The newest of them was told of at its time, before the demo: what is planned now only comes when it is over."""
    with services.sessions.begin() as session:
        release = releases.newest(session)
        if release is not None:
            key, over = planning.key_of(release.week), planning.over_at(release.week)
            told = [
                Owed(each.person_id, planning.KIND, key, over) for each in viewing.to_be_told(session, release, key)
            ]
            deliveries.plan(session, services.workspace_id, told)


def _hr() -> Collection[str]:
    return [person.id for person in COMPANY.employees if person.is_hr]
