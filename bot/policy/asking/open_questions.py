"""Questions that the policy does not answer: for HR, without whoever asked; announced once a version answers them.

What is kept is the text and its week. HR is shown them only from `FEWEST` on, of weeks that have ended, so that none
can be told from the others by when it came.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import SystemRandom

from bot.policy.asking.library import Library
from bot.policy.document import PolicyDocument
from bot.weeks import monday
from storage import policies, questions
from storage.database import Session, SessionFactory, reading
from storage.tables import OpenQuestion, PolicyVersion

FEWEST = 5
LONGEST = 500
# Notices of a version go out within a week or two; as long, what it has answered is known.
ANNOUNCED = timedelta(days=14)


def this_week(now: datetime) -> date:
    """The Monday, in UTC, of the week that a question of this moment is kept with."""
    return monday(now.astimezone(UTC).date())


def keep(session: Session, question_id: str, text: str, now: datetime) -> None:
    """Keep a question for HR; `question_id` is random, and a question that comes twice with it is kept once."""
    # PostgreSQL takes no NUL.
    questions.add(session, question_id, text.replace("\0", "")[:LONGEST], this_week(now))


def for_hr(session: Session, library: Library, now: datetime) -> list[str] | None:
    """The questions still open, in no order; None while there are fewer than `FEWEST` of weeks that have ended."""
    waiting = questions.of_weeks_before(session, this_week(now))
    newest = policies.newest(session)
    done = {each.id for each in _answered(waiting, library, newest)} if newest else frozenset[str]()
    texts = [each.text for each in waiting if each.id not in done]
    if len(texts) < FEWEST:
        return None
    SystemRandom().shuffle(texts)
    return texts


def answered_by(
    session: Session, version: PolicyVersion | PolicyDocument, now: datetime, library: Library | None = None
) -> list[str]:
    """What this version answers of the questions that HR could see when it was published; for a draft, sees `now`.

    Each line once, in the author's words: the heading, or the question that the author lists under it and that is
    nearest. Never the asker's words. Whoever asks this again and again passes a `library` that keeps what it found.
    """
    seen = questions.of_weeks_before(session, _published(version, now))
    if len(seen) < FEWEST:
        return []
    library = library or Library()
    return sorted({line for each in seen if (line := library.answer_line(version, each.text))})


def forget_answered(sessions: SessionFactory, now: datetime) -> int:
    """Delete the questions that the newest version answers, once it was announced; returns how many those were.

    The bytes are owed to `database.scrub`.
    """
    with reading(sessions) as session:
        newest = policies.newest(session)
        if newest is None or newest.published_at + ANNOUNCED > now:
            return 0
        before = questions.of_weeks_before(session, this_week(newest.published_at))
        gone = [each.id for each in _answered(before, Library(), newest)]
    if gone:
        with sessions.begin() as session:
            questions.forget(session, gone)
    return len(gone)


def _answered(seen: Sequence[OpenQuestion], library: Library, newest: PolicyVersion) -> list[OpenQuestion]:
    """Those that came before the newest version and are answered by it; what is asked in spite of it stays open."""
    before = this_week(newest.published_at)
    return [each for each in seen if each.week < before and library.answer_line(newest, each.text)]


def _published(version: PolicyVersion | PolicyDocument, now: datetime) -> date:
    return this_week(version.published_at if isinstance(version, PolicyVersion) else now)
