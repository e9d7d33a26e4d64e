"""Report a week, or correct it."""

from datetime import date
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import View
from bot.checkin import views
from bot.checkin.report import report, reportable
from bot.edge import Press, RefreshDigest, ShowHome, Submission, on_top
from bot.errors import CandorError, NotOptedIn, WeekClosed
from bot.people.known import known_person
from bot.weeks import Clock, closes_at, last_week
from storage import checkins, consents
from storage.checkins import Report
from storage.database import SessionFactory, reading
from storage.tables import Person


def register(app: App) -> None:
    app.view("checkin.submit")(submit)
    app.action("checkin.open")(open_form)
    app.action("checkin.newest")(open_form)


def open_form(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    person = known_person(sessions, client, press.user)
    week = date.fromisoformat(press.subject) if press.subject else last_week(clock(), person.tz)
    on_top(client, press, form_view(sessions, person, week, clock))


def form_view(sessions: SessionFactory, person: Person, week: date, clock: Clock) -> View:
    """The check-in form of this week; raises `NotOptedIn` or `WeekClosed`."""
    with reading(sessions) as session:
        if (own := consents.get(session, person.id)) is None:
            raise NotOptedIn
        held = checkins.get(session, person.id, week)
    if not reportable(week, clock(), person.tz):
        raise WeekClosed
    closes, may_count = closes_at(week, person.tz), own.consent.in_summaries
    return views.form(person.id, week, closes, person.tz, held, may_count=may_count)


def submit(
    ack: Ack,
    body: dict[str, Any],
    sessions: SessionFactory,
    clock: Clock,
    show_home: ShowHome,
    refresh_digest: RefreshDigest,
) -> None:
    form, now = Submission.parse(body), clock()
    week = date.fromisoformat(form.subject)
    check_in = Report(
        person_id=form.user,
        week=week,
        saved=form.chosen("saved"),
        rework=form.chosen("rework"),
        helped=form.ticked("helped"),
        note=form.typed("note"),
        reported_at=now,
    )
    try:
        report(sessions, check_in, now)
    except CandorError as error:
        ack(response_action="errors", errors={"saved": str(error)})
        return
    ack(response_action="clear")
    refresh_digest(form.user, week)
    show_home(form.user)
