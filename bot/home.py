"""The Home tab, put together from the features' sections."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from slack_bolt import App
from slack_sdk import WebClient

from bot.blocks import Block, View, actions, button, context, divider, enter_field, header, section
from bot.checkin.report import reportable
from bot.consent import views as consent_views
from bot.digest.timing import next_day
from bot.edge import ref
from bot.errors import HELD_BEFORE, NotAMember
from bot.held import views as held_views
from bot.invitation import views as invitation_views
from bot.people.hr import Hr
from bot.people.known import known_person, on_record
from bot.people.sizes import Programme
from bot.pulse.composing import views as composing_views
from bot.pulse.inviting import views as inviting_views
from bot.pulse.keys import KeyDirectory
from bot.pulse.results.home import home_section
from bot.pulse.results.standing import Standing, standing, with_keys
from bot.settings import Settings
from bot.teams.belonging import views as belonging_views
from bot.teams.belonging.membership import Membership
from bot.teams.belonging.reading import membership
from bot.teams.belonging.words import only_you
from bot.teams.health.views import health_button
from bot.teams.rights import policy_viewers
from bot.teams.viewing import home as viewing_home
from bot.teams.viewing.home import Openable, openable
from bot.usage.catalogue import IDENTIFIERS
from bot.weeks import Clock, arrival, day_words, last_week, week_words
from storage import checkins, consents, matching, notices, policies, preferences
from storage.consents import ConsentRecord
from storage.database import Session, SessionFactory, reading
from storage.tables import Person, Preference


@dataclass(frozen=True)
class Mine:
    """What the Home tab of one person is made of. `newer`: whether a version was published after the one they agreed
    to. `programme` is None for everybody but HR."""

    person: Person
    held: ConsentRecord | None
    preference: Preference | None
    week: date
    reported: bool
    unmatched: tuple[str, ...]
    newer: bool
    programme: Programme | None
    pulse: Standing
    membership: Membership | None
    openable: Openable


class Home:
    """Publishes Home tabs. Holds no state of its own."""

    def __init__(self, sessions: SessionFactory, settings: Settings, hr: Hr, clock: Clock) -> None:
        self._sessions, self._settings, self._hr, self._clock = sessions, settings, hr, clock

    def publish(self, client: WebClient, user: str) -> None:
        """Publish the Home tab of `user` as it is now; guests and bots are told why there is none."""
        try:
            mine = self._read(client, user)
        except NotAMember as error:
            blocks = [header("Candor"), section(str(error)), *self._still(user)]
            client.views_publish(user_id=user, view=_home(user, blocks))
            return
        client.views_publish(user_id=user, view=render(mine, self._clock()))

    def _still(self, user: str) -> list[Block]:
        """What somebody who is no longer a member can do about what is still held of them."""
        with reading(self._sessions) as session:
            held = consents.get(session, user) is not None
        return held_views.remaining(user) if held else []

    def _read(self, client: WebClient, user: str) -> Mine:
        mine = self._stored(client, user)
        keys = KeyDirectory(self._settings.keys)
        return replace(mine, pulse=with_keys(mine.pulse, self._sessions, keys, self._clock()))

    def _stored(self, client: WebClient, user: str) -> Mine:
        """Read in one transaction, but for somebody who has no row yet."""
        # Slack may be asked who is HR: before the transaction, not in it.
        now, is_hr = self._clock(), user in self._hr
        with reading(self._sessions) as session:
            if (person := on_record(session, user)) is not None:
                return _mine(session, person, now, is_hr=is_hr)
        person = known_person(self._sessions, client, user)
        with reading(self._sessions) as session:
            return _mine(session, person, now, is_hr=is_hr)


def _mine(session: Session, person: Person, now: datetime, *, is_hr: bool) -> Mine:
    week = last_week(now, person.tz)
    held, newest = consents.get(session, person.id), policies.newest_hash(session)
    viewers = policy_viewers(session, now)
    return Mine(
        person=person,
        held=held,
        preference=preferences.get(session, person.id) if held else None,
        week=week,
        reported=checkins.is_reported(session, person.id, week),
        unmatched=tuple(sorted(matching.unmatched(session, held, IDENTIFIERS))) if held else (),
        newer=bool(held and newest and held.consent.policy_hash != newest),
        programme=_programme(session) if is_hr else None,
        pulse=standing(session, now),
        membership=membership(session, person.id, viewers) if held else None,
        openable=openable(session, person, viewers, is_hr=is_hr),
    )


def _programme(session: Session) -> Programme:
    newest = policies.newest(session)
    version = newest.number if newest else 0
    return Programme(consents.count(session), notices.readers(session, version), version)


def render(mine: Mine, now: datetime) -> View:
    """The Home tab as a view."""
    blocks = _joined(mine, now) if mine.held and mine.preference else _outside(mine.person.id)
    blocks += viewing_home.home_section(mine.person, mine.openable)
    blocks += [*home_section(mine.person, mine.pulse), *inviting_views.invitation_choice(mine.person)]
    if mine.programme is not None:
        blocks += invitation_views.hr_section(mine.person.id, mine.programme)
        asked = button("What people asked", "asking.questions", ref(mine.person.id))
        blocks.append(actions(asked, composing_views.manage_button(mine.person.id)))
        blocks += viewing_home.hr_section(mine.person.id, mine.openable, [health_button(mine.person.id)])
    return _home(mine.person.id, blocks)


def _home(person_id: str, blocks: list[Block]) -> View:
    # A field carries nothing with what is typed into it: whose it is, the view says.
    return {"type": "home", "private_metadata": ref(person_id), "blocks": blocks}


def _outside(person_id: str) -> list[Block]:
    return [
        header("Candor"),
        *consent_views.promise(),
        consent_views.invitation_buttons(person_id),
        context(HELD_BEFORE),
        divider(),
        *_ask(),
        actions(_kept(person_id), belonging_views.looked_button(person_id)),
    ]


def _joined(mine: Mine, now: datetime) -> list[Block]:
    top = [header("Candor"), *_week(mine, now), divider(), *_message(mine, now)]
    return [*top, divider(), *_policy(mine), divider(), *_summaries(mine, now), *_yours(mine)]


def _summaries(mine: Mine, now: datetime) -> list[Block]:
    if mine.membership is None:
        return []
    today = now.astimezone(UTC).date()
    in_office = mine.person.is_manager or mine.programme is not None
    own = belonging_views.home_section(mine.person.id, mine.membership, today, in_office=in_office)
    return [*own, divider()]


def _policy(mine: Mine) -> list[Block]:
    mine_ref = ref(mine.person.id)
    changed = [button("What changed since I opted in", "policy.changed", mine_ref)] if mine.newer else []
    return [*_ask(), actions(button("Read the policy", "policy.read", mine_ref), _kept(mine.person.id), *changed)]


def _ask() -> list[Block]:
    field = enter_field("asking.field", "Ask about the policy", placeholder="How long is my data kept?")
    return [field, context("The answer is in the policy's own words. Candor does not keep what you ask.")]


def _kept(person_id: str) -> Block:
    return button("What the machine keeps", "policy.kept", ref(person_id))


def _week(mine: Mine, now: datetime) -> list[Block]:
    title = f"*The week of {week_words(mine.week)}*"
    value = ref(mine.person.id, str(mine.week))
    if not reportable(mine.week, now, mine.person.tz):
        return [section(f"{title}\nIt can no longer be reported.")]
    if mine.reported:
        seen = only_you(may_count=mine.membership is not None and mine.membership.may_look)
        return [section(f"{title}\nYou have reported it. {seen}", button("Correct it", "checkin.open", value))]
    text = f"{title}\nNothing reported yet. It takes under 20 seconds, and leaving it out is fine."
    return [section(text, button("Report this week", "checkin.open", value, style="primary"))]


def _message(mine: Mine, now: datetime) -> list[Block]:
    assert mine.preference is not None
    paused = mine.preference.paused
    switch = button(
        "Resume messages" if paused else "Pause messages",
        "digest.pause",
        ref(mine.person.id, "resume" if paused else "pause"),
    )
    buttons = [button("Settings", "digest.settings", ref(mine.person.id)), switch]
    if not paused:
        buttons.insert(1, button("Skip the next one", "digest.skip", ref(mine.person.id)))
    return [section(f"*Your weekly message*\n{_next_words(mine, now)}"), actions(*buttons)]


def _next_words(mine: Mine, now: datetime) -> str:
    assert mine.preference is not None
    when = arrival(mine.preference.weekday, mine.preference.hour)
    if mine.preference.paused:
        return (
            "Paused. If the policy changes, one notice still comes. So do invitations to a pulse, unless you end those "
            "below. Your usage is still collected; to end that, opt out."
        )
    return f"Comes {when}. The next one: {day_words(next_day(mine.preference, mine.person.tz, now))}."


_OPTING_OUT = (
    "Opting out costs nothing and takes one confirmation, which says what stays. It deletes everything else that is "
    "held about you; published summaries stay, and name nobody."
)


def _yours(mine: Mine) -> list[Block]:
    assert mine.held is not None
    mine_ref = ref(mine.person.id)
    blocks = [section(f"*What you agreed to*\n{consent_views.agreed(mine.held)}")]
    if mine.unmatched:
        blocks.append(context(consent_views.unmatched_words(mine.unmatched)))
    return [
        *blocks,
        actions(
            button("What we hold about me", "held.open", mine_ref),
            button("Download my receipt", "consent.receipt", mine_ref),
            button("Change tools", "consent.open", mine_ref),
            button("See exactly what is collected", "consent.collected", mine_ref),
        ),
        actions(
            button("Opt out", "held.stop", ref(mine.person.id, "stop"), style="danger"),
            button("Erase and start again", "held.erase_ask", ref(mine.person.id, "erase")),
        ),
        context(_OPTING_OUT),
    ]


def register(app: App) -> None:
    app.event("app_home_opened")(opened)


def opened(event: dict[str, str], client: WebClient, home: Home) -> None:
    if event.get("tab") == "home":
        home.publish(client, event["user"])
