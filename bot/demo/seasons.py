"""The sample company's past releases: each made at its cut-off by the product itself, from what was reported then."""

from collections.abc import Collection
from datetime import date

from bot.app import Services
from bot.sandbox.company import COMPANY
from bot.teams.calendar import cut_off, first_week_after
from bot.teams.releasing import Released, release_due
from bot.weeks import WEEK


def release_past(services: Services, began: date) -> list[Released]:
    """Every release that was due up to now, oldest first, where the first policy took effect on the day `began`."""
    made, week, now = [], first_week_after(began), services.clock()
    while cut_off(week) <= now:
        release = release_due(services.sessions, cut_off(week), _hr())
        made += [release] if release else []
        week += WEEK
    return made


def _hr() -> Collection[str]:
    return [person.id for person in COMPANY.employees if person.is_hr]
