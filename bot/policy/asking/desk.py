"""Where questions come in. Nothing of a question or of its answer is stored or logged.

That somebody was sent an answer with counts of what is held about them is kept, like any message that opting out has to
delete.
"""

import re

from bot.errors import CandorError
from bot.policy.asking import open_questions
from bot.policy.asking.answering import answered
from bot.policy.asking.library import Library
from bot.policy.asking.limiter import Limiter, Turn
from bot.policy.asking.open_questions import FEWEST
from bot.policy.asking.reply import Asked, Reply
from bot.policy.versions import require_in_force
from bot.weeks import Clock
from storage import events, policies, questions
from storage.database import SessionFactory, reading

_PRESSED = re.compile(r"(\d{1,9})\.(\d{1,9})\.([0-9a-f]{16})")


class Desk:
    """Answers questions about the policy. Keeps in memory the indexes of its versions and, for a minute, how many
    questions came from whom."""

    def __init__(self, sessions: SessionFactory, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock
        self._limiter = Limiter(lambda: clock().timestamp())
        self.library = Library()

    def turn(self, user: str) -> Turn:
        """Count a question of this person, and say whether it is to be answered."""
        return self._limiter.turn(user)

    def ask(self, user: str, question: str, about: str | None = None) -> Reply:
        """What the policy in force says to this; `about` is the heading that the question follows.

        Raises `CandorError` before a version is in force.
        """
        now = self._clock()
        policy = require_in_force(self._sessions, now)
        with reading(self._sessions) as session:
            return answered(self.library, session, policy, user, question, about, now)

    def heading(self, version: int, clause: int) -> str | None:
        """The heading of that clause of that version; None where there is none."""
        with reading(self._sessions) as session:
            found = policies.by_number(session, version)
        return self.library.book(found).heading(clause) if found else None

    def count(self, pressed: str, *, helpful: bool) -> None:
        """Count that a passage helped or did not, as its button says: "<version>.<clause>.<random number>".

        The random number is remembered for a day, so that the same press is counted once, and names nobody.
        """
        found = _PRESSED.fullmatch(pressed)
        if found is None:
            raise CandorError("This button is not one of Candor's, so nothing was counted.")
        version, clause, nonce = int(found[1]), int(found[2]), found[3]
        with reading(self._sessions) as session:
            policy = policies.by_number(session, version)
        heading = self.library.book(policy).heading(clause) if policy else None
        if policy is None or heading is None:
            return
        with self._sessions.begin() as session:
            if events.first_sight(session.connection(), f"helped {nonce}", self._clock()):
                questions.count(session, policy.hash, heading, helpful)

    def for_hr(self) -> Asked:
        """What people asked that the policy does not answer, and what of the version in force helped."""
        now = self._clock()
        policy = require_in_force(self._sessions, now)
        open_questions.release(self._sessions, self.library, now)
        with reading(self._sessions) as session:
            waiting = open_questions.for_hr(session, self.library, now)
            counts = questions.counts(session, policy.hash, FEWEST)
        return Asked(policy.number, waiting, {heading: _rounded(*both) for heading, both in counts.items()})


def _rounded(helped: int, not_helped: int) -> tuple[int, int]:
    """Down to fives, so that no single press can be seen to come."""
    return helped - helped % FEWEST, not_helped - not_helped % FEWEST
