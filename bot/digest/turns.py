"""Whose digest has come at a moment, and when the next one comes: what planning goes by, for any time of day."""

from dataclasses import dataclass
from datetime import datetime, time

from bot.weeks import iso_week, local_day, next_slot, week_slot


@dataclass(frozen=True)
class Turn:
    """The digest of the local week that a moment is in: its `slot` (UTC), its `week` ("2026-W47"), and the next slot.

    Nobody can be planned into another week than that, however wrong a stored time is.
    """

    slot: datetime
    week: str
    following: datetime

    def has_come(self, now: datetime, tz: str, since: datetime, anew: bool) -> bool:
        """Whether it is to be planned at `now`, for somebody whose digest was due `since` then.

        A week that was missed altogether is not made up. With `anew`, all that is known is that they opted in at
        `since`.
        """
        if self.slot > now:
            return False
        # New rules of the tz database may have moved the slot to before the stored time: the week is what counts.
        return since <= self.slot or (not anew and iso_week(local_day(since, tz)) == self.week)


class Turns:
    """The turns at one moment, each worked out once for everybody with the same zone, day and time."""

    def __init__(self, now: datetime):
        self.now = now
        self._known: dict[tuple[str, int, time], Turn] = {}

    def of(self, tz: str, weekday: int, at: time) -> Turn:
        """The turn of people who want their digest on `weekday` (0 is Monday) at `at`, local time."""
        key = (tz, weekday, at)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._turn(*key)
        return found

    def _turn(self, tz: str, weekday: int, at: time) -> Turn:
        today = local_day(self.now, tz)
        return Turn(week_slot(today, weekday, at, tz), iso_week(today), next_slot(self.now, weekday, at, tz))
