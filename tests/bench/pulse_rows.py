"""A wave that a whole company has answered: sealed as the product seals, stored without waiting for each ballot."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, insert, text

from bot.policy.versions import ensure_published, require_in_force, terms_of
from bot.pulse.envelope import Ballot, pack
from bot.pulse.keys import KeyDirectory, WaveKeys
from bot.pulse.opening import open_wave
from bot.pulse.questions import Question
from bot.pulse.sealing import CIPHERTEXT, seal, tag
from bot.settings import Settings
from storage import ballots, people
from storage.database import SessionFactory, reading, session_factory
from storage.tables import Base, Wave
from tests.bench.digest_rows import CHUNK, person_id
from tests.candor import PUBLISHED, START

QUESTIONS = (
    Question(id="belief:0123456789ab", kind="belief", text="I believe the first is followed.", clause="The first"),
    Question(id="belief:ba9876543210", kind="belief", text="I believe the second is followed.", clause="The second"),
    Question(id="clarity.1", kind="clarity", text="How clear is it?", scale="extent"),
    Question(id="gaming", kind="gaming", text="I used AI mainly to make my usage look higher."),
    Question(id="comment", kind="comment", text="What else?", scale=None),
)
ASKED = [question.id for question in QUESTIONS if question.scale]
# One in so many leads people, and one in so many writes a comment.
LEADING, WRITING = 11, 5
APART = timedelta(days=28)

_TABLES = Base.metadata.tables


def prepare(engine: Engine, number: int) -> None:
    """A workspace with the sample policy in force and so many people."""
    sessions = session_factory(engine)
    with sessions.begin() as session:
        people.ensure_workspace(session, "T1", "Bench")
    ensure_published(sessions, Path(Settings.model_fields["policy"].default), PUBLISHED)
    for chunk in _chunks(number):
        with engine.begin() as connection:
            rows = [{"id": person_id(n), "tz": "UTC", "is_manager": not n % LEADING} for n in chunk]
            connection.execute(insert(_TABLES["person"]), rows)


def _chunks(number: int) -> Iterator[range]:
    return (range(start, min(start + CHUNK, number)) for start in range(0, number, CHUNK))


def begin(sessions: SessionFactory, keys: KeyDirectory, number: int) -> Wave:
    """Open the wave with this number, a month after the one before it."""
    now = opened_at(number)
    terms = terms_of(require_in_force(sessions, now))
    return open_wave(sessions, keys, QUESTIONS, terms, opened_by="command line", now=now)


def opened_at(number: int) -> datetime:
    return START + APART * number


def fill(engine: Engine, keys: KeyDirectory, wave: Wave, number: int) -> None:
    """So many people's ballots, in the order in which they came: by their tags that is any order."""
    secret = keys.load(wave.id, wave.key_mark)
    for chunk in _chunks(number):
        with engine.begin() as connection:
            connection.execute(insert(_TABLES["ballot"]), [_row(wave, secret, n) for n in chunk])
    if engine.dialect.name == "postgresql":
        # What the server does by itself within a minute.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _row(wave: Wave, keys: WaveKeys, number: int) -> dict[str, object]:
    where = tag(keys.secret, wave.id, person_id(number))
    sealed = seal(pack(ballot(number)), keys.public, keys.secret, wave.id, where)
    return {"tag": where, "wave": wave.id, "sealed": sealed}


def ballot(number: int) -> Ballot:
    """What the person with this number answers."""
    answers = {question: str((number // 7**place) % 6) for place, question in enumerate(ASKED)}
    words = f"Person {number} would like to know sooner what is planned, and why it is planned." * 2
    return Ballot(answers, leader=not number % LEADING, comment=None if number % WRITING else words)


def ciphertexts(sessions: SessionFactory, wave: Wave) -> Iterator[bytes]:
    """What the wave's private key opens, of each of its ballots."""
    with reading(sessions) as session:
        for _tag, sealed in ballots.sealed(session, wave.id):
            yield sealed[:CIPHERTEXT]
