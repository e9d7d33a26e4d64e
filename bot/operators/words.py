"""How operators are told of times and of what keeps messages back."""

from datetime import UTC, datetime, timedelta

from storage.delivery_report import Sending


def duration(time: timedelta) -> str:
    """A length of time as people say it: "45 s", "12 min", "5 h", "3 days"."""
    seconds = int(time.total_seconds())
    for most, size, unit in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < most:
            return f"{seconds // size} {unit}"
    return f"{seconds // 86_400} days"


def clock_time(moment: datetime) -> str:
    """A moment to the second: "2026-11-23 09:00:05 UTC"."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def stopped_words(sending: Sending | None) -> str | None:
    """Why nothing is sent at all, and the mend; None when messages may go out."""
    if sending is None:
        return "the workspace is not known yet: start the bot once with candor run"
    if sending.stopped_at is None:
        return None
    return (
        f"stopped since {clock_time(sending.stopped_at)} ({sending.stop_reason}): find out why with candor doctor, "
        "mend it (where the token is void, install the app anew), and start the bot again; nothing is lost meanwhile"
    )
