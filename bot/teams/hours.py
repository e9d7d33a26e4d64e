"""Hours as they are added up and published: whole half hours, clipped on the way in, coarse on the way out."""

from bot.checkin.bands import REWORK, SAVED, Band

# Ten hours: what one person adds at most.
CLIP = 20
# Published steps: 0 is less than one hour, then half hours from 1 h (2) on, up to 3 h or more. The less lies between
# the lowest and the highest, the less a fall from one to the other says of those who reported in between (`gates`).
LESS_THAN_AN_HOUR, ONE_HOUR, CAP = 0, 2, 6


def clipped(hours: float) -> int:
    """Hours as they count: half hours, 0 to 20."""
    return min(max(round(hours * 2), 0), CLIP)


def _counted(bands: dict[str, Band]) -> dict[str, int]:
    return {code: clipped(band.drawn) for code, band in bands.items()}


# The most that one answer counts, and so much of it stays open of everybody: four hours.
LARGEST, OPEN = 10, 8
# By the answer's code. "It cost me time" counts as no hours saved; what it cost is in the hours lost.
COUNTED_SAVED, COUNTED_REWORK = _counted(SAVED), _counted(REWORK)


def step(total: int, people: int) -> int:
    """The published step of a mean: `total` half hours of so many people, at least one."""
    if total < ONE_HOUR * people:
        return LESS_THAN_AN_HOUR
    return min((2 * total + people) // (2 * people), CAP)


def upper_edge(step: int, people: int) -> int:
    """What a total published as this step is known to lie below (of the highest step: not above), in quarter hours."""
    each = 2 * CLIP if step == CAP else 2 * ONE_HOUR if step == LESS_THAN_AN_HOUR else 2 * step + 1
    return each * people


def drawn(step: int) -> int:
    """Where a step counts when several are put together, in half hours: less than one hour as half an hour."""
    return 1 if step == LESS_THAN_AN_HOUR else step
