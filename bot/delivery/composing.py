"""Ask the features what to say, in one read for a whole batch; one bad message does not hold up the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery.messages import Answer, Composer
from storage.database import SessionFactory
from storage.tables import Delivery
from storage.trouble import of_one_row


class Composed(NamedTuple):
    """`answers` by delivery id; `failures`: what kept others from being composed, each with a delivery's id."""

    answers: dict[str, Answer]
    failures: dict[str, str]


def compose(
    sessions: SessionFactory, composers: Mapping[str, Composer], rows: Sequence[Delivery], now: datetime
) -> Composed:
    """The answer for each of these deliveries and no other; one that could not be composed is missing.

    The read transaction has ended when this returns. Database errors are raised.
    """
    done = Composed({}, {})
    for kind in {row.kind for row in rows}:
        _batch(_Asking(sessions, composers[kind], now, done), [row for row in rows if row.kind == kind])
    return done


@dataclass(frozen=True)
class _Asking:
    sessions: SessionFactory
    composer: Composer
    now: datetime
    done: Composed

    def answers(self, rows: Sequence[Delivery]) -> dict[str, Answer]:
        with self.sessions.begin() as session:
            said = self.composer(session, rows, self.now)
        # One that answers for somebody else's delivery must not be heard.
        return {row.id: said[row.id] for row in rows if isinstance(said.get(row.id), Answer)}


def _batch(asking: _Asking, rows: Sequence[Delivery]) -> None:
    try:
        answers = asking.answers(rows)
    except Exception as error:
        if isinstance(error, SQLAlchemyError) and not of_one_row(error):
            raise
        if len(rows) > 1:
            for row in rows:
                _batch(asking, [row])
        else:
            # The text of the error may hold figures; its type and place do not.
            asking.done.failures.setdefault(_place(error), rows[0].id)
        return
    asking.done.answers.update(answers)
    for row in rows:
        if row.id not in answers:
            asking.done.failures.setdefault("the composer gave no answer", row.id)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"
