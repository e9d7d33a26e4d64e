"""HR looks at the pulse, prepares the next one, opens it, or closes one before its time."""

from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import View
from bot.edge import Press, ShowHome, Submission
from bot.errors import CandorError
from bot.people.hr import Hr
from bot.pulse.ballot.standing import Voter
from bot.pulse.closing import close_early
from bot.pulse.composing import preview_views, views
from bot.pulse.composing.composition import (
    Composition,
    Faulty,
    PolicyChanged,
    carried,
    composed,
    questions_of,
)
from bot.pulse.composing.situation import Situation, situation, situation_with_keys
from bot.pulse.composing.starting import draft, start, trustee_of
from bot.pulse.keys import KeyDirectory
from bot.pulse.opening import NoWave
from bot.settings import Settings
from bot.weeks import Clock
from storage import people
from storage.database import SessionFactory, reading
from storage.tables import Person, Wave

log = structlog.get_logger("candor.pulse")


def register(app: App) -> None:
    app.action("pulse.manage")(manage)
    app.action("pulse.close")(close_now)
    app.view("pulse.compose")(look_at)
    app.view("pulse.open")(open_it)


def manage(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    hr: Hr,
) -> None:
    ack()
    press = Press.parse(body)
    hr.require(press.user)
    client.views_open(trigger_id=press.trigger_id or "", view=_standing(sessions, settings, press.user, clock))


def close_now(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    hr: Hr,
    show_home: ShowHome,
) -> None:
    ack()
    press = Press.parse(body)
    # A wave that was closed cannot be opened again: who is HR is asked of Slack now.
    hr.afresh().require(press.user)
    close_early(sessions, press.subject, clock())
    client.views_update(view_id=press.view_id or "", view=_standing(sessions, settings, press.user, clock))
    show_home(press.user)


def look_at(ack: Ack, body: dict[str, Any], sessions: SessionFactory, settings: Settings, clock: Clock, hr: Hr) -> None:
    form = Submission.parse(body)
    try:
        hr.require(form.user)
        composition = composed(form.values, int(form.subject))
        view = _preview(sessions, settings, clock, form.user, composition)
    except Faulty as fault:
        ack(response_action="errors", errors=fault.by_field)
    except CandorError as error:
        ack(response_action="update", view=views.refused(str(error)))
    else:
        ack(response_action="push", view=view)


def open_it(
    ack: Ack,
    body: dict[str, Any],
    sessions: SessionFactory,
    settings: Settings,
    clock: Clock,
    hr: Hr,
    show_home: ShowHome,
) -> None:
    form = Submission.parse(body)
    try:
        hr.afresh().require(form.user)
        wave = _open(sessions, settings, clock, form.user, carried(form.subject))
    except CandorError as error:
        ack(response_action="update", view=views.refused(str(error)))
        return
    ack(response_action="update", view=preview_views.opened(wave, _zone(_person(sessions, form.user))))
    log.info("HR opened a pulse", wave=wave.number)
    show_home(form.user)


def _open(sessions: SessionFactory, settings: Settings, clock: Clock, user: str, composition: Composition) -> Wave:
    now = clock()
    questions = questions_of(composition, _current(sessions, clock, composition).promises)
    return start(sessions, settings, opened_by=user, now=now, questions=questions, length=composition.length)


def _preview(sessions: SessionFactory, settings: Settings, clock: Clock, user: str, composition: Composition) -> View:
    seen = _current(sessions, clock, composition)
    questions = questions_of(composition, seen.promises)
    wave = draft(seen, questions, composition.length, trustee_of(sessions, settings))
    person = _person(sessions, user)
    voter = Voter(user, _zone(person), person is not None and person.is_manager)
    return preview_views.preview(voter, composition, wave)


def _current(sessions: SessionFactory, clock: Clock, composition: Composition) -> Situation:
    """Where the pulse stands now; raises `CandorError` when what was prepared no longer fits it."""
    seen = situation(sessions, clock())
    if seen.policy.number != composition.version:
        raise PolicyChanged
    if seen.refusal is not None:
        raise NoWave(seen.refusal)
    return seen


def _standing(sessions: SessionFactory, settings: Settings, user: str, clock: Clock) -> View:
    seen = situation_with_keys(sessions, KeyDirectory(settings.keys), clock())
    return views.manage(user, seen, _zone(_person(sessions, user)))


def _person(sessions: SessionFactory, user: str) -> Person | None:
    with reading(sessions) as session:
        return people.get(session, user)


def _zone(person: Person | None) -> str:
    return person.tz if person else "UTC"
