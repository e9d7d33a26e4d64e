"""What invitations, reminders and the post in the channel say, composed when they go out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.delivery import Composer, Drop, Later, Message
from bot.delivery.channel import PostComposer
from bot.policy.publishing.decent import next_weekday_time
from bot.pulse.health import trouble
from bot.pulse.inviting import views
from bot.pulse.inviting.planning import LEAST, hour_of, reminds, week_of
from bot.pulse.keys import KeyDirectory
from bot.pulse.opening import POST
from bot.settings import Settings
from storage import invitations, people, waves
from storage.deliveries import INVITATION, REMINDER
from storage.tables import ChannelPost, Delivery, Person, Wave

OVER = Drop("the pulse is over")
# Nobody is asked to answer what takes no answers: its keys are away, and this is when they are looked for again.
AGAIN = timedelta(hours=1)
# Nobody is reminded so soon after the invitation has come.
APART = timedelta(days=1)


def composers(settings: Settings) -> Mapping[str, Composer]:
    """By the kind of message."""

    def composed(session: Session, batch: Sequence[Delivery], now: datetime) -> Mapping[str, Message | Drop | Later]:
        return compose(session, KeyDirectory(settings.keys), batch, now)

    return {INVITATION: composed, REMINDER: composed}


def compose(
    session: Session, keys: KeyDirectory, batch: Sequence[Delivery], now: datetime
) -> Mapping[str, Message | Drop | Later]:
    """What each of these invitations or reminders is to say, read for all of them at once."""
    wave = waves.taking(session, now)
    if wave is None or wave.closes_at - now < LEAST:
        return {delivery.id: OVER for delivery in batch}
    ids = [delivery.person_id for delivery in batch]
    week = week_of(wave, INVITATION) or ""
    fresh = invitations.fresh(session, week, ids, now - APART)
    asked = _Asked(wave, hour_of(session, wave, now), fresh, trouble(keys, wave) is not None, now)
    persons = people.among(session, ids)
    return {delivery.id: asked.answer(delivery, persons.get(delivery.person_id)) for delivery in batch}


@dataclass(frozen=True)
class _Asked:
    """What the messages of a batch have in common; `fresh` are those who are just being invited, `keyless` says that
    the wave takes no answers, because its keys cannot be used."""

    wave: Wave
    hour: int
    fresh: frozenset[str]
    keyless: bool
    now: datetime

    def answer(self, delivery: Delivery, person: Person | None) -> Message | Drop | Later:
        if delivery.week != week_of(self.wave, delivery.kind):
            return OVER
        if person is None or not person.active:
            return Drop("deactivated")
        if not person.invitations:
            return Drop("wants no invitations")
        if delivery.kind == REMINDER and person.id in self.fresh:
            return Drop("just invited")
        return self._later(person.tz) or self._said(delivery.kind, person)

    def _later(self, tz: str) -> Drop | Later | None:
        later = next_weekday_time(self.now, self.hour, tz) or (self.now + AGAIN if self.keyless else None)
        if later is None:
            return None
        return Later(later) if later <= self.wave.closes_at - LEAST else OVER

    def _said(self, kind: str, person: Person) -> Message:
        if kind == REMINDER:
            return views.reminder(self.wave, person)
        one_more = self.wave.reminder_from is not None and not reminds(self.wave, self.now)
        return views.invitation(self.wave, person, one_more=one_more)


def opened(session: Session, post: ChannelPost, now: datetime) -> Message | Drop:
    """To the channel: a wave has opened. `post.key` is "pulse 3 opened"."""
    wave = waves.by_number(session, int(post.key.split(" ")[1]))
    if wave is None or wave.state != waves.State.OPEN or wave.closes_at - now < LEAST:
        return OVER
    return views.opened(wave)


POSTS: Mapping[str, PostComposer] = {POST: opened}
