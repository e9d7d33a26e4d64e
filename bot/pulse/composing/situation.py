"""Where the pulse stands: what is under way, when the next wave can open, and what it can be made of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.policy.terms import Terms
from bot.policy.versions import terms_of
from bot.pulse.closing import gates
from bot.pulse.composing import rotation
from bot.pulse.composing.bank import promises
from bot.pulse.composing.rhythm import due_from, is_due, next_hour
from bot.pulse.health import keyless
from bot.pulse.keys import KeyDirectory
from bot.pulse.opening import NoWave, require_possible
from bot.pulse.questions import Question
from storage import policies, waves
from storage.database import Session, SessionFactory, reading
from storage.tables import PolicyVersion, Wave


@dataclass(frozen=True)
class Situation:
    """`promises`: the questions about the promises of the policy in force. `earlier`: every wave so far, oldest first.
    `refusal`: why no wave can be opened now, in words; None when one can. `first_in_force`: when the first version of
    the policy took effect. `needed`: with how many answers the wave under way would be opened if it ended now; None
    without one. `keyless`: the keys of the wave under way cannot be used, where that was looked at."""

    policy: PolicyVersion
    promises: tuple[Question, ...]
    earlier: Sequence[Wave]
    refusal: str | None
    first_in_force: datetime
    needed: int | None
    now: datetime
    keyless: bool = False

    @property
    def terms(self) -> Terms:
        return terms_of(self.policy)

    @property
    def unfinished(self) -> Wave | None:
        """The wave that has not closed."""
        return next((wave for wave in self.earlier if wave.state != waves.State.CLOSED.value), None)

    @property
    def asked(self) -> rotation.Asked:
        return rotation.Asked.of([wave.questions for wave in self.earlier])

    @property
    def default(self) -> tuple[Question, ...]:
        """What a wave asks unless HR chooses."""
        return rotation.default(self.promises, self.asked)

    @property
    def due_from(self) -> datetime:
        """From when on the next wave is due by the policy's rhythm."""
        return due_from(self.terms, self.first_in_force, self._last_opened)

    @property
    def due(self) -> bool:
        """Whether the next wave opens by itself now."""
        return self.unfinished is None and is_due(self.due_from, self.now)

    @property
    def opens_by_itself(self) -> datetime:
        """When the next wave opens unless HR opens one before."""
        return next_hour(max(self.due_from, self.now))

    @property
    def _last_opened(self) -> datetime | None:
        return self.earlier[-1].opened_at if self.earlier else None

    def last_wave_with(self, question: Question) -> Wave | None:
        """The newest wave that asked this; None when none has."""
        place = self.asked.wave_of(question)
        return None if place is None else self.earlier[place]


def situation(sessions: SessionFactory, now: datetime) -> Situation:
    """Where the pulse stands at `now`; raises `NoWave` before a policy is in force."""
    with reading(sessions) as session:
        return situation_within(session, now)


def situation_with_keys(sessions: SessionFactory, keys: KeyDirectory, now: datetime) -> Situation:
    """As `situation`, with a look at the keys of the wave under way."""
    seen = situation(sessions, now)
    return replace(seen, keyless=keyless(sessions, keys, seen.unfinished))


def situation_within(session: Session, now: datetime) -> Situation:
    """As `situation`, in the caller's session."""
    policy = policies.in_force(session, now)
    if policy is None:
        raise NoWave("No policy is in force yet, so there is nothing to ask about.")
    unfinished = waves.unfinished(session)
    return Situation(
        policy=policy,
        promises=promises(policy.clauses, policy.text),
        earlier=waves.every(session),
        refusal=_refusal(session, now),
        first_in_force=policies.outlines(session)[0].in_force_from,
        needed=gates(session, unfinished, now)[0] if unfinished else None,
        now=now,
    )


def _refusal(session: Session, now: datetime) -> str | None:
    try:
        require_possible(session, now)
    except NoWave as error:
        return str(error)
    return None
