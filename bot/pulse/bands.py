"""Shares in bands of 20 points: [0, 20], (20, 40], (40, 60), [60, 80), [80, 100] per cent."""

BANDS = 5


def band(part: int, whole: int) -> int:
    """The band of a share, 0 to 4."""
    if part * 5 <= whole:
        return 0
    if part * 5 >= whole * 4:
        return 4
    return 1 if part * 5 <= whole * 2 else 2 if part * 5 < whole * 3 else 3


def span(number: int, whole: int) -> tuple[int, int] | None:
    """The fewest and the most of `whole`, at least one, whose share lies in this band; None where no count does."""
    edges = (0, whole // 5 + 1, whole * 2 // 5 + 1, _up(whole * 3), _up(whole * 4), whole + 1)
    fewest, most = edges[number], edges[number + 1] - 1
    return (fewest, most) if fewest <= most else None


def _up(fifths: int) -> int:
    return -(-fifths // 5)
