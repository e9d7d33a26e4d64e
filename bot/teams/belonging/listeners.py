"""What somebody can do about the summaries that they count in: see them, see who looked, leave them, come back."""

from datetime import UTC
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.blocks import View
from bot.edge import Press, ShowHome, on_top
from bot.errors import NotOptedIn
from bot.ledger import reading as ledger_reading
from bot.people.hr import Hr
from bot.people.known import holder, known_person
from bot.teams.belonging import views, words
from bot.teams.belonging.leaving import count_again, leave_summaries
from bot.teams.belonging.reading import ledger_weeks, membership, own_summary
from bot.teams.rights import policy_viewers
from bot.weeks import Clock
from storage.database import SessionFactory, reading
from storage.tables import Person


def register(app: App) -> None:
    app.action("belonging.open")(open_own)
    app.action("belonging.choose")(choose)
    app.action("belonging.leave")(leave)
    app.action("belonging.again")(again)
    app.action("belonging.looked")(open_looked)
    app.action("belonging.looked.older")(turn_looked)
    app.action("belonging.looked.newest")(turn_looked)


def open_own(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    on_top(client, press, own_view(sessions, hr, known_person(sessions, client, press.user), clock))


def choose(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, hr: Hr, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    person = known_person(sessions, client, press.user)
    team = int(press.chosen) if press.chosen and press.chosen.isdecimal() else None
    client.views_update(view_id=press.view_id or "", view=own_view(sessions, hr, person, clock, team))


def own_view(sessions: SessionFactory, hr: Hr, person: Person, clock: Clock, team: int | None = None) -> View:
    """The summary of a team in which the person counts, at first of their own; raises `NotOptedIn`."""
    # Slack may be asked who is HR: before the transaction, not in it.
    now, is_hr = clock(), person.id in hr
    with reading(sessions) as session:
        mine = membership(session, person.id, policy_viewers(session, now))
        if mine is None:
            raise NotOptedIn
        summary = own_summary(session, person.id, mine, team, is_hr=is_hr) if mine.may_look else None
    if summary is None:
        in_office = person.is_manager or is_hr
        return views.nothing_view(words.in_home(mine, now.astimezone(UTC).date(), in_office=in_office))
    return views.summary_view(person.id, mine, summary)


def leave(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, show_home: ShowHome) -> None:
    ack()
    press = Press.parse(body)
    leave_summaries(sessions, holder(sessions, client, press.user).id)
    on_top(client, press, views.has_left())
    show_home(press.user)


def again(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, show_home: ShowHome) -> None:
    ack()
    press = Press.parse(body)
    count_again(sessions, known_person(sessions, client, press.user).id)
    on_top(client, press, views.comes_back())
    show_home(press.user)


def open_looked(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    on_top(client, press, looked_view(client, sessions, press.user, clock))


def turn_looked(ack: Ack, body: dict[str, Any], client: WebClient, sessions: SessionFactory, clock: Clock) -> None:
    ack()
    press = Press.parse(body)
    before = int(press.subject) if press.subject.isdecimal() else None
    view = looked_view(client, sessions, press.user, clock, before)
    client.views_update(view_id=press.view_id or "", view=view)


def looked_view(
    client: WebClient, sessions: SessionFactory, user: str, clock: Clock, before: int | None = None
) -> View:
    """What the ledger holds that concerns `user`, of entries with numbers below `before`."""
    person = known_person(sessions, client, user)
    with reading(sessions) as session:
        page = ledger_reading.page(session, user, before)
        kept = ledger_weeks(session, clock())
    return views.looked_view(user, page, person.tz, kept)
