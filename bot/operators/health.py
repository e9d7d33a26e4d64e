"""Is everything as it should be? In words, without ids and without persons."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.operators.looking import DatabaseAwayError, Look
from bot.operators.snapshot import Snapshot, since
from bot.operators.words import clock_time, duration, stopped_words
from bot.weeks import DIGEST_WINDOW, Clock
from storage.deliveries import State

_OF_THE_DATABASE = ("schema", "sending", "deliveries", "unknown", "pulse keys")
_UNSEEN = "cannot be told without the database"
MOST_UNKNOWN = 20
LONGEST_UNKNOWN = timedelta(hours=1)


@dataclass(frozen=True)
class Check:
    """One thing looked at; `red` says in words what is wrong, None when it is well."""

    name: str
    red: str | None = None


class Health:
    """What this process and the outbox look like to whoever watches.

    `tick_age` is the time since this process's newest tick without trouble, `longest_tick` what it may come to,
    `schema` the newest one of this version, and `clock_trouble` says in words what is wrong with the clock.
    """

    def __init__(
        self,
        look: Look,
        clock: Clock,
        *,
        schema: str | None,
        tick_age: Callable[[], timedelta],
        longest_tick: timedelta,
        clock_trouble: Callable[[], str | None],
    ):
        self._look = look
        self._clock = clock
        self._schema = schema
        self._tick_age = tick_age
        self._longest_tick = longest_tick
        self._clock_trouble = clock_trouble

    def alive(self) -> str | None:
        """None when the database answers this process; else why not, in words."""
        try:
            self._look.answers()
        except DatabaseAwayError as error:
            return str(error)
        return None

    def checks(self) -> Iterator[Check]:
        """Every check, the same ones in the same order each time."""
        try:
            snapshot = self._look.snapshot()
        except DatabaseAwayError as error:
            yield Check("database", f"away ({error})")
            yield from (Check(name, _UNSEEN) for name in _OF_THE_DATABASE)
        else:
            yield Check("database")
            yield from self._outbox(snapshot, self._clock())
            yield Check("pulse keys", self._keys())
        yield Check("tick", self._late_tick())
        yield Check("clock", self._clock_trouble())

    def _outbox(self, snapshot: Snapshot, now: datetime) -> Iterator[Check]:
        old = f"the database has {snapshot.schema}, this version works with {self._schema}"
        yield Check("schema", None if snapshot.schema == self._schema else old)
        yield Check("sending", stopped_words(snapshot.sending))
        yield Check("deliveries", _late(snapshot, now))
        yield Check("unknown", _piled_up(snapshot, now))

    def _keys(self) -> str | None:
        try:
            return self._look.keys_trouble()
        except DatabaseAwayError:
            return _UNSEEN

    def _late_tick(self) -> str | None:
        age = self._tick_age()
        if age <= self._longest_tick:
            return None
        limit = duration(self._longest_tick)
        return f"the newest one without trouble was {duration(age)} ago, more than {limit}: see the log"


def _late(snapshot: Snapshot, now: datetime) -> str | None:
    lag = snapshot.lag(now)
    if lag <= DIGEST_WINDOW:
        return None
    return f"late: the oldest one has been due for {duration(lag)}, more than the {duration(DIGEST_WINDOW)} promised"


def _piled_up(snapshot: Snapshot, now: datetime) -> str | None:
    number, oldest = snapshot.number(State.UNKNOWN), snapshot.oldest_unknown()
    if number > MOST_UNKNOWN:
        return f"{number:,} messages have an unknown outcome, more than {MOST_UNKNOWN}"
    if oldest is not None and since(oldest, now) > LONGEST_UNKNOWN:
        return f"a message has had an unknown outcome since {clock_time(oldest)}"
    return None
