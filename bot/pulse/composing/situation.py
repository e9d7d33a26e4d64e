"""Where the pulse stands: what is under way, when the next wave can open, and what it can be made of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from bot.policy.terms import Terms
from bot.pulse.closing import gates
from bot.pulse.composing import rotation
from bot.pulse.composing.bank import promises
from bot.pulse.composing.rhythm import Rhythm, rhythm_at
from bot.pulse.health import keyless
from bot.pulse.keys import KeyDirectory
from bot.pulse.opening import NoPolicy, NoWave, require_possible
from bot.pulse.questions import Question
from storage import policies, waves
from storage.database import Session, SessionFactory, reading
from storage.tables import PolicyVersion, Wave


@dataclass(frozen=True)
class Situation:
    """`earlier`: every wave so far, oldest first. `refusal`: why no wave can be opened now, in words; None when one
    can. `needed`: with how many answers the wave under way would be opened if it ended now; None without one.
    `keyless`: the keys of the wave under way cannot be used, where that was looked at."""

    policy: PolicyVersion
    rhythm: Rhythm
    earlier: Sequence[Wave]
    refusal: str | None
    needed: int | None
    keyless: bool = False

    @property
    def now(self) -> datetime:
        return self.rhythm.now

    @property
    def terms(self) -> Terms:
        return self.rhythm.terms

    @property
    def unfinished(self) -> Wave | None:
        """The wave that has not closed."""
        return self.rhythm.unfinished

    @cached_property
    def promises(self) -> tuple[Question, ...]:
        """The questions about the promises of the policy in force."""
        return promises(self.policy.clauses, self.policy.text)

    @cached_property
    def asked(self) -> rotation.Asked:
        """When each question was last asked."""
        return rotation.Asked.of([wave.questions for wave in self.earlier])

    @property
    def default(self) -> tuple[Question, ...]:
        """What a wave asks unless HR chooses."""
        return rotation.default(self.promises, self.asked)

    def last_wave_with(self, question: Question) -> Wave | None:
        """The newest wave that asked this; None when none has."""
        place = self.asked.wave_of(question)
        return None if place is None else self.earlier[place]


def situation(sessions: SessionFactory, now: datetime) -> Situation:
    """Where the pulse stands at `now`; raises `NoPolicy` before a policy is in force."""
    with reading(sessions) as session:
        policy = policies.in_force(session, now)
        if policy is None:
            raise NoPolicy
        rhythm = rhythm_at(session, now)
        return Situation(
            policy=policy,
            rhythm=rhythm,
            earlier=waves.every(session),
            refusal=_refusal(session, now),
            needed=gates(session, rhythm.unfinished, now).smallest if rhythm.unfinished else None,
        )


def situation_with_keys(sessions: SessionFactory, keys: KeyDirectory, now: datetime) -> Situation:
    """As `situation`, with a look at the keys of the wave under way."""
    seen = situation(sessions, now)
    return replace(seen, keyless=keyless(sessions, keys, seen.unfinished))


def _refusal(session: Session, now: datetime) -> str | None:
    try:
        require_possible(session, now)
    except NoWave as error:
        return str(error)
    return None
