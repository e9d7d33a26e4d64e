""" "You said, we did": what HR writes about a promise, for everybody."""

from datetime import datetime

from bot.errors import CandorError
from bot.pulse.results.reading import Promise, read
from storage import replies
from storage.database import SessionFactory, reading


class NeverAsked(CandorError):
    def __init__(self) -> None:
        super().__init__("No pulse that has closed asked about this promise, so there is nothing to answer yet.")


def asked_promise(sessions: SessionFactory, question: str, now: datetime) -> Promise:
    """The promise that the question with this id is about; raises `NeverAsked`."""
    with reading(sessions) as session:
        found = read(session, now).promise(question)
    if found is None:
        raise NeverAsked
    return found


def publish(sessions: SessionFactory, form: str, promise: Promise, text: str, by: str, now: datetime) -> bool:
    """Store what `by` of HR wrote in the form with this id; False when that form was sent before."""
    if promise.item is None:
        raise NeverAsked
    pulse = promise.item.answers[0].pulse
    with sessions.begin() as session:
        return replies.add(session, form, clause=promise.clause, wave=pulse, text=text, by=by, now=now)
