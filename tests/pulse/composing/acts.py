"""What HR does with the pulse, as HR does it in Slack."""

import json
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.writing import Result
from storage import waves
from storage.database import reading
from storage.tables import Wave
from tests.candor import HR, Candor, without_ids
from tests.pulse.world import finish


def manage(candor: Candor, user: str = HR) -> dict[str, Any]:
    """Press "Manage the pulse" on the Home tab; returns the modal."""
    person = candor.sandbox.user(user)
    while candor.sandbox.workspace.modals(user):
        person.close_modal()
    person.open_home()
    person.press("pulse.manage", view=candor.sandbox.workspace.home(user))
    return candor.top_modal(user)


def prepare(candor: Candor, user: str = HR, **values: str | None) -> Result:
    """Open the form, change these fields, and ask for the page that people will see."""
    manage(candor, user)
    return candor.sandbox.user(user).fill_and_submit(values=values)


def open_it(candor: Candor, user: str = HR, **values: str | None) -> Result:
    """Prepare a wave and open it from the page that people will see."""
    prepared = prepare(candor, user, **values)
    assert prepared.ok, prepared
    return candor.sandbox.user(user).fill_and_submit()


def shown(view: dict[str, Any]) -> str:
    """All that a view says, as text; without the ids that Slack gives its blocks."""
    blocks = without_ids(view["blocks"])
    return json.dumps(blocks, ensure_ascii=False)


def all_waves(candor: Candor) -> list[Wave]:
    with reading(candor.sessions) as session:
        return list(waves.every(session))


def asked(wave: Wave) -> list[str]:
    """The ids of a wave's questions, in order."""
    return [question["id"] for question in wave.questions]


def end(candor: Candor) -> None:
    """Let the newest wave's time pass, and close it."""
    finish(candor, all_waves(candor)[-1])


def at(day: int, hour: int = 0, minute: int = 0, *, month: int = 11) -> datetime:
    """A moment of 2026, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)
