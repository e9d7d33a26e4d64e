"""Times that were written down as still to come, and whether to believe them."""

from datetime import datetime, timedelta

# By so much may the clocks of two machines be apart.
CLOCK_SLACK = timedelta(seconds=60)


def still_ahead(moment: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Whether `moment` is still to come, and was written at most `longest` before it.

    One that is farther ahead was written by a clock that ran ahead: it has to end.
    """
    return moment is not None and now < moment <= now + longest + CLOCK_SLACK
