"""What the weekly message says, composed when it goes out: whose right has ended by then gets none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.delivery import Drop, Later, Message
from bot.delivery.messages import Answer
from bot.policy.publishing.decent import next_weekday_time
from bot.teams.rights import own_right, policy_viewers
from bot.teams.viewing import planning, views
from storage import people, releases, viewing
from storage.database import Session
from storage.tables import Delivery, Person, Release

KIND = planning.KIND


def compose(session: Session, batch: Sequence[Delivery], now: datetime) -> Mapping[str, Answer]:
    """What each of these deliveries is to say."""
    release, hour = releases.newest(session), planning.hour_of_invitations(session, now)
    persons = people.among(session, [delivery.person_id for delivery in batch])
    if release is None or hour is None:
        return {delivery.id: Drop("no release") for delivery in batch}
    told = _Told(session, release, hour, policy_viewers(session, now), now)
    return {delivery.id: told.answer(delivery, persons.get(delivery.person_id)) for delivery in batch}


@dataclass(frozen=True)
class _Told:
    """What the messages of a batch have in common."""

    session: Session
    release: Release
    hour: int
    viewers: Collection[str]
    now: datetime

    def answer(self, delivery: Delivery, person: Person | None) -> Answer:
        if person is None or not person.active:
            return Drop("deactivated")
        if not person.summary_messages:
            return Drop("wants no messages")
        if delivery.week != planning.key_of(self.release.week) or self.now >= planning.over_at(self.release.week):
            return Drop("too late")
        return self._later(person) or self._said(person)

    def _later(self, person: Person) -> Drop | Later | None:
        later = next_weekday_time(self.now, self.hour, person.tz)
        if later is None:
            return None
        return Later(later) if later < planning.over_at(self.release.week) else Drop("too late")

    def _said(self, person: Person) -> Message | Drop:
        right = own_right(self.session, person.id, self.viewers)
        if right is None:
            return Drop("manages no team that may be opened")
        if right.counts_in_it or not viewing.is_shown(self.session, self.release.week, right.team):
            return Drop("nothing to show")
        return views.message(right, self.release.week, person)
