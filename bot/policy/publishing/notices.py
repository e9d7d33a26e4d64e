"""One notice of a new version to everybody who opted in: planned once, and composed when it goes out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import cached_property

from sqlmodel import Session

from bot.delivery import Drop, Later, Message
from bot.policy.asking.library import Library
from bot.policy.asking.open_questions import answered_by
from bot.policy.bounds import LOOSER, Change, Version, compare, in_force, own
from bot.policy.publishing import telling_views as views
from bot.policy.publishing.decent import first_weekday, next_weekday_time
from bot.policy.publishing.named import named_changes
from bot.policy.publishing.telling_views import News
from bot.policy.publishing.words import of_direction, still_holding
from bot.policy.versions import ratchet_of, terms_of
from bot.weeks import WEEK, at_local, iso_week, local_day, monday
from storage import deliveries, notices, people, policies
from storage.database import SessionFactory, reading
from storage.deliveries import Owed
from storage.tables import Consent, Delivery, Person, PolicyVersion

KIND = deliveries.NOTICE
# One transaction each, as for digests.
BATCH = 5000


def plan(sessions: SessionFactory, workspace_id: str, now: datetime, *, batch: int = BATCH) -> int:
    """Plan the notices of the newest version; returns how many new ones there are.

    Safe to repeat, and to run in several processes at once. A person whose notice of this week is still to be composed
    gets that one only: it tells of this version too. Whoever has had this week's gets the next one a week later.
    """
    with reading(sessions) as session:
        newest, in_force = policies.newest(session), policies.in_force(session, now)
        if newest is None or in_force is None:
            return 0
        zones = notices.zones(session, newest.number)
    hour = terms_of(in_force).hours.invitations
    return sum(_plan_zone(sessions, _Round(workspace_id, newest.number, tz, hour, now), batch) for tz in zones)


class _Round:
    """The people of one zone, and when their notice comes: at such a local hour of the next weekday, or on the Monday
    after that."""

    def __init__(self, workspace_id: str, version: int, tz: str, hour: int, now: datetime) -> None:
        self.workspace_id, self.version, self.tz = workspace_id, version, tz
        day = first_weekday(now, hour, tz)
        self.slot, self.week = at_local(day, time(hour), tz), iso_week(day)
        later = monday(day) + WEEK
        self.next_slot, self.next_week = at_local(later, time(hour), tz), iso_week(later)


def _plan_zone(sessions: SessionFactory, turn: _Round, batch: int) -> int:
    planned = 0
    while True:
        with sessions.begin() as session:
            ids = notices.next_people(session, turn.version, turn.tz, batch)
            told = notices.told(session, turn.workspace_id, turn.week, ids)
            owed = [
                Owed(person, KIND, turn.next_week, turn.next_slot)
                if person in told
                else Owed(person, KIND, turn.week, turn.slot)
                for person in ids
            ]
            # What they were told before has to be read off first: by what is planned now nobody is told yet.
            notices.planned(session, turn.workspace_id, turn.version, ids)
            planned += deliveries.plan(session, turn.workspace_id, owed)
        if len(ids) < batch:
            return planned


class Notices:
    """What notices say. Keeps in memory which questions a version answers: they are the same for everybody."""

    def __init__(self) -> None:
        self._library = Library()

    def __call__(
        self, session: Session, batch: Sequence[Delivery], now: datetime
    ) -> Mapping[str, Message | Drop | Later]:
        """What each of these notices is to say, read for all of them at once."""
        shared = _Shared(policies.published(session), now)
        answered = answered_by(session, shared.newest, now, self._library)
        return _composed(session, batch, shared, answered)


class _Shared:
    """What the notices of a batch have in common: terms are validated, and versions compared, once for all of them."""

    def __init__(self, versions: Sequence[PolicyVersion], now: datetime) -> None:
        self.now, self.newest = now, versions[-1]
        self._versions = versions
        self._news: dict[tuple[int, int], News] = {}

    @cached_property
    def _ratchet(self) -> list[Version]:
        return ratchet_of(self._versions)

    @cached_property
    def hour(self) -> int:
        """The hour of notices by the version in force."""
        return (in_force(self._ratchet, self.now) or self._ratchet[0]).terms.hours.invitations

    def news(self, person_id: str, consent: Consent, agreed: int) -> News:
        """What this person is told, who agreed to version number `agreed`, older than the newest one."""
        ever = (agreed, consent.told, consent.read_version or 0)
        known = max(each for each in ever if each < self.newest.number)
        if (agreed, known) not in self._news:
            self._news[agreed, known] = self._compared(person_id, agreed, known)
        return replace(self._news[agreed, known], person_id=person_id)

    def _compared(self, person_id: str, agreed: int, known: int) -> News:
        newest, last_known = self.newest, self._versions[known - 1]
        after = own(self._ratchet, agreed, newest.number)
        looser = compare(after, self._ratchet[-1].terms)
        since = compare(self._ratchet[known - 1].terms, self._ratchet[-1].terms)
        return News(
            person_id=person_id,
            newest=newest,
            agreed=agreed,
            known=known,
            in_force=newest.in_force_from <= self.now,
            why=[line for version in self._versions if version.number > known for line in version.changes],
            stricter=of_direction(compare(own(self._ratchet, agreed, known), after), "stricter"),
            looser=of_direction(looser, *LOOSER) if known == agreed or _asks_more(looser, since) else (),
            neutral=of_direction(since, "neutral"),
            holding=still_holding(looser),
            named=named_changes(last_known, newest),
        )


def _asks_more(looser: Sequence[Change], since: Sequence[Change]) -> bool:
    """Whether something is looser that the person has not been asked about: of the rest they have been, once."""
    terms = {change.term for change in looser if change.direction in LOOSER}
    return any(change.term in terms and change.direction in LOOSER for change in since)


def _composed(
    session: Session, batch: Sequence[Delivery], shared: _Shared, answered: Sequence[str]
) -> Mapping[str, Message | Drop | Later]:
    ids = [delivery.person_id for delivery in batch]
    persons, held = people.among(session, ids), notices.consents_among(session, ids)
    latest = notices.latest_weeks(session, ids)
    answers: dict[str, Message | Drop | Later] = {}
    for delivery in batch:
        who = delivery.person_id
        person, consent = persons.get(who), held.get(who)
        back = _held_back(delivery, person, consent, latest.get(who, ""), shared)
        answers[delivery.id] = back or views.notice(shared.news(who, *held[who]), answered)
    return answers


def _held_back(
    delivery: Delivery,
    person: Person | None,
    consent: tuple[Consent, int] | None,
    latest_week: str,
    shared: _Shared,
) -> Drop | Later | None:
    if person is None or not person.active:
        return Drop("deactivated")
    if consent is None:
        return Drop("opted out")
    if consent[1] >= shared.newest.number:
        return Drop("already agreed")
    if delivery.week < latest_week and iso_week(local_day(shared.now, person.tz)) > delivery.week:
        return Drop("a later notice tells of it")
    later = next_weekday_time(shared.now, shared.hour, person.tz)
    return Later(later) if later else None
