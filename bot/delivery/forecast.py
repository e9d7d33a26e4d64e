"""Whether a week's digests will arrive in the hours that were promised, worked out before the week begins."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush

from bot.weeks import DIGEST_WINDOW, day_words

# Slack speaks of "several hundred" messages a minute for an app in one workspace; nobody publishes more than this.
MOST_PER_MINUTE = 525
MINUTE = timedelta(minutes=1)

Opening = tuple[datetime, datetime]


@dataclass(frozen=True)
class Group:
    """So many digests that may be sent in the same hours: `openings` are (from, until) in UTC, a day each, in order."""

    openings: tuple[Opening, ...]
    number: int

    @property
    def start(self) -> datetime:
        return self.openings[0][0]


@dataclass(frozen=True)
class Window:
    """Digests promised for the same three hours: `number` of them from `start` (UTC) on.

    `last` is when the last one arrives, `too_late` how many find no decent hour left in their week and are dropped.
    """

    start: datetime
    number: int
    last: datetime
    too_late: int

    @property
    def lateness(self) -> timedelta:
        """How long after the promised hours the last one arrives; nothing when it arrives in time."""
        return max(timedelta(0), self.last - self.start - DIGEST_WINDOW)

    @property
    def holds(self) -> bool:
        return not self.lateness and not self.too_late


@dataclass(frozen=True)
class Forecast:
    """What becomes of a week's digests at `per_minute`. `enough` is the least rate at which all arrive in time, None
    when Slack does not allow it."""

    per_minute: int
    windows: Sequence[Window]
    enough: int | None

    @property
    def number(self) -> int:
        return sum(window.number for window in self.windows)

    @property
    def late(self) -> list[Window]:
        """The windows that do not hold their digests, the worst one first."""
        late = [window for window in self.windows if not window.holds]
        return sorted(late, key=lambda window: (window.too_late, window.lateness), reverse=True)


def forecast(groups: Collection[Group], per_minute: int) -> Forecast:
    """Send these in the mind: the earliest due first, one after the other at `per_minute`, at decent hours only.

    Every digest counts, also one that will turn out to have nothing to say: the truth is at most as late as this.
    Notices have a share of the burst and none of the rate; the few there are come first and are left out. So is what
    goes to everybody: it waits for the digests.
    """
    windows = _windows(groups, per_minute)
    return Forecast(per_minute, windows, _enough(groups, windows, per_minute))


@dataclass(order=True)
class _Waiting:
    """What is still to be sent of a group, from the opening number `day` on."""

    start: datetime
    group: Group = field(compare=False)
    number: int = field(compare=False)
    day: int = field(default=0, compare=False)


def _windows(groups: Collection[Group], per_minute: int) -> list[Window]:
    queue = [_Waiting(group.start, group, group.number) for group in groups if group.number]
    heapify(queue)
    found: dict[datetime, Window] = {}
    free, interval = datetime.min.replace(tzinfo=UTC), MINUTE / per_minute
    while queue:
        each = heappop(queue)
        begin, end = max(each.start, free), each.group.openings[each.day][1]
        sent = min(each.number, max(0, (end - begin) // interval))
        free = begin + sent * interval if sent else free
        over = _put_off(each, each.number - sent)
        if over:
            heappush(queue, over)
        _note(found, each, sent, free, 0 if over else each.number - sent)
    return [found[start] for start in sorted(found)]


def _put_off(each: _Waiting, number: int) -> _Waiting | None:
    """The rest of a group, at its next opening; None when there is neither."""
    day = each.day + 1
    if not number or day == len(each.group.openings):
        return None
    return _Waiting(each.group.openings[day][0], each.group, number, day)


def _note(found: dict[datetime, Window], each: _Waiting, sent: int, free: datetime, too_late: int) -> None:
    start = each.group.start
    before = found.get(start, Window(start, 0, start, 0))
    last = max(before.last, free) if sent else before.last
    number = before.number + (each.group.number if each.day == 0 else 0)
    found[start] = Window(start, number, last, before.too_late + too_late)


def _enough(groups: Collection[Group], windows: Collection[Window], per_minute: int) -> int | None:
    """The least rate that is enough, by halving: a higher rate never makes anything later."""
    if all(window.holds for window in windows):
        return per_minute
    low, high = per_minute, MOST_PER_MINUTE + 1
    while high - low > 1:
        middle = (low + high) // 2
        if all(window.holds for window in _windows(groups, middle)):
            high = middle
        else:
            low = middle
    return high if high <= MOST_PER_MINUTE else None


def warning(forecast: Forecast) -> str | None:
    """What the operator is told before the week begins; None when all arrive in the hours promised."""
    if not forecast.late:
        return None
    worst = forecast.late[0]
    others = len(forecast.late) - 1
    more = f" {others} other window{' is' if others == 1 else 's are'} late too." if others else ""
    return (
        f"Next week {forecast.number:,} digests are due, more than {forecast.per_minute} a minute can bring in time. "
        f"{_of_window(worst, forecast.per_minute)}{more} {_mend(forecast)}"
    )


def _of_window(window: Window, per_minute: int) -> str:
    hours = DIGEST_WINDOW // timedelta(hours=1)
    holds = DIGEST_WINDOW // MINUTE * per_minute
    said = f"{day_words(window.start.date())}, from {window.start:%H:%M} UTC: {window.number:,} people; "
    said += f"{hours} hours hold {holds:,}"
    if window.lateness:
        said += f", and the last one arrives {_duration(window.lateness)} late"
    if window.too_late:
        said += f", and {window.too_late:,} get none that week"
    return said + "."


def _duration(length: timedelta) -> str:
    minutes = max(1, round(length / MINUTE))
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _mend(forecast: Forecast) -> str:
    ask = "sk people to choose other days or hours in their settings."
    if forecast.enough is None:
        return f"Not even the {MOST_PER_MINUTE} a minute that Slack is known to allow are enough: a{ask}"
    return f"Set CANDOR_MESSAGES_PER_MINUTE to {forecast.enough} (Slack allows up to {MOST_PER_MINUTE}), or a{ask}"
