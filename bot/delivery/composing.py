"""Ask the features what to say, in one read for a whole batch; one bad message does not hold up the others."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError

from bot.delivery.messages import Answer, Composer
from storage.database import SessionFactory
from storage.tables import Delivery

log = structlog.get_logger("candor.delivery")


def compose(
    sessions: SessionFactory, composers: Mapping[str, Composer], rows: Sequence[Delivery], now: datetime
) -> dict[str, Answer]:
    """The answer for each delivery, by id; one that could not be composed is missing.

    The read transaction has ended when this returns. Database errors are raised.
    """
    answers: dict[str, Answer] = {}
    for kind in {row.kind for row in rows}:
        answers.update(_batch(sessions, composers[kind], [row for row in rows if row.kind == kind], now))
    return answers


def _batch(
    sessions: SessionFactory, composer: Composer, rows: Sequence[Delivery], now: datetime
) -> Mapping[str, Answer]:
    try:
        with sessions.begin() as session:
            return composer(session, rows, now)
    except DBAPIError:
        raise
    except Exception as error:
        if len(rows) > 1:
            return {row.id: answer for row in rows for answer in _batch(sessions, composer, [row], now).values()}
        # The text of the error may hold figures; its type and place do not.
        log.error("a message could not be composed", delivery=rows[0].id, error=_place(error))
        return {}


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"
