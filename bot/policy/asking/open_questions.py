"""Questions that the policy does not answer: for HR, without whoever asked; announced once a version answers them.

What is kept is the text and its week, the same text once. HR is shown them in batches of `FEWEST` or more, of weeks
that have ended, so that what is new to HR is never one question alone.
"""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
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
# Punctuation, blanks and what cannot be seen: questions that differ in nothing else are the same.
_BETWEEN = ("P", "Z", "C")


def this_week(now: datetime) -> date:
    """The Monday, in UTC, of the week that a question of this moment is kept with."""
    return monday(now.astimezone(UTC).date())


def keep(session: Session, text: str, now: datetime) -> None:
    """Keep a question for HR; the same question, of one person or of many, is kept once."""
    # PostgreSQL takes no NUL, and no encoding has half a character.
    kept = text.replace("\0", "").encode(errors="replace").decode()[:LONGEST]
    questions.add(session, fingerprint(kept), kept, this_week(now))


def fingerprint(text: str) -> str:
    """The same for questions that differ in case, blanks and punctuation only: a SHA-256, in hexadecimal."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(" " if unicodedata.category(sign)[0] in _BETWEEN else sign for sign in folded)
    return sha256((" ".join(bare.split()) or folded.strip()).encode()).hexdigest()


def release(sessions: SessionFactory, library: Library, now: datetime) -> int:
    """Let HR see what it cannot see yet of weeks that have ended, if that is `FEWEST` or more; returns how many.

    What the newest version answers already is left out, because HR would not be shown it. Several replicas may do this
    at once: the rows are held from reading to marking.
    """
    week = this_week(now)
    with reading(sessions) as session:
        if not questions.any_unreleased(session, week, FEWEST):
            return 0
        # The engine's work is done before anything is locked; the library keeps what it finds.
        _open(session, questions.of_weeks_before(session, week), library)
    with sessions.begin() as session:
        batch = _open(session, questions.hold_unreleased(session, week), library)
        if len(batch) < FEWEST:
            return 0
        for each in batch:
            each.released = week
    return len(batch)


def for_hr(session: Session, library: Library, now: datetime) -> list[str] | None:
    """The questions still open that were released, in no order; None while there are fewer than `FEWEST`."""
    texts = [each.text for each in _open(session, questions.released(session, this_week(now)), library)]
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
    library, before = library or Library(), _before(session, version)
    seen = _unanswered(questions.released(session, _published(version, now)), before, library)
    return sorted({line for each in seen if (line := library.answer_line(version, each.text))})


def forget_answered(sessions: SessionFactory, now: datetime) -> int:
    """Delete the questions that the newest version answers, once it was announced; returns how many those were.

    Before that, questions that are due are released: a version is published for those that HR could see. The bytes
    are owed to `database.scrub`.
    """
    library = Library()
    release(sessions, library, now)
    with reading(sessions) as session:
        newest = policies.newest(session)
        if newest is None or newest.published_at + ANNOUNCED > now:
            return 0
        before = questions.of_weeks_before(session, this_week(newest.published_at))
        gone = [each.id for each in before if library.answer_line(newest, each.text)]
    if gone:
        with sessions.begin() as session:
            questions.forget(session, gone)
    return len(gone)


def _open(session: Session, found: Sequence[OpenQuestion], library: Library) -> list[OpenQuestion]:
    """Without those that came before the newest version and are answered by it; what is asked in spite of it stays."""
    return _unanswered(found, policies.newest(session), library)


def _unanswered(found: Sequence[OpenQuestion], by: PolicyVersion | None, library: Library) -> list[OpenQuestion]:
    if by is None:
        return list(found)
    before = this_week(by.published_at)
    return [each for each in found if each.week >= before or not library.answer_line(by, each.text)]


def _before(session: Session, version: PolicyVersion | PolicyDocument) -> PolicyVersion | None:
    """The version that this one follows: what that one answered was announced with it."""
    if isinstance(version, PolicyVersion):
        return policies.by_number(session, version.number - 1)
    return policies.newest(session)


def _published(version: PolicyVersion | PolicyDocument, now: datetime) -> date:
    return this_week(version.published_at if isinstance(version, PolicyVersion) else now)
