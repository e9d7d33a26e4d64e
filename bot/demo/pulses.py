"""The sample company's pulses, through the product's own doors: one that has closed, and answers to the one that is
open."""

from datetime import UTC, date, datetime, time, timedelta

from bot.app import Services
from bot.errors import OperatorError
from bot.pulse.casting import cast
from bot.pulse.closing import close
from bot.pulse.composing.starting import start
from bot.pulse.envelope import Ballot
from bot.pulse.keys import KeyDirectory
from bot.pulse.questions import Question
from bot.pulse.results.reading import read
from bot.pulse.results.replying import publish
from bot.sandbox.company import COMPANY
from bot.sandbox.company_pulse import answers
from storage import waves
from storage.database import reading
from storage.tables import Wave

_REPLY = (
    "The form for reviews now says in its first line that nothing from Candor may be used, and everybody who "
    "writes reviews has signed that. Not done yet: the form for promotions."
)


def hold_first(services: Services, monday: date) -> None:
    """The company's first pulse: HR opened it in the week of this Monday, and has answered to what it showed."""
    head = next(person.id for person in COMPANY.employees if person.is_hr)
    opened = datetime.combine(monday + timedelta(days=1), time(9), UTC)
    wave = start(services.sessions, services.settings, opened_by=head, now=opened)
    cast_all(services, wave, opened + timedelta(days=2))
    # No channel: what was posted then is not news now.
    closed = close(services.sessions, KeyDirectory(services.settings.keys), wave.closes_at)
    if closed is None or closed.state != waves.State.CLOSED.value:
        raise OperatorError("The demo's first pulse could not be closed. Is its database in use? Name another folder.")
    _reply(services, head, wave.closes_at + timedelta(days=6))


def answer_open(services: Services) -> None:
    """Whoever of the company takes part answers the pulse that is open; nothing while none is."""
    now = services.clock()
    with reading(services.sessions) as session:
        wave = waves.taking(session, now)
    if wave is not None:
        cast_all(services, wave, now)


def cast_all(services: Services, wave: Wave, now: datetime) -> None:
    """The ballots of those who take part in a wave."""
    questions = [Question.model_validate(each) for each in wave.questions]
    keys = KeyDirectory(services.settings.keys)
    for each in answers(COMPANY.employees, wave.number, {question.id: question.kind for question in questions}):
        ballot = Ballot(each.options, each.leader, each.comment)
        cast(services.sessions, keys, wave, each.person_id, ballot, now)


def _reply(services: Services, author: str, now: datetime) -> None:
    """ "You said, we did": about the last of the promises that were asked, what Candor is never used for."""
    with reading(services.sessions) as session:
        asked = [promise for promise in read(session, now).promises if promise.item is not None]
    publish(services.sessions, "demo", asked[-1], _REPLY, author, now)
