"""Hours in bands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkin.bands import REWORK, SAVED, net, net_words

SPANS = st.tuples(st.sampled_from(list(SAVED.values())), st.sampled_from(list(REWORK.values())))


@pytest.mark.parametrize(
    ("saved", "rework", "words"),
    [
        ("2to4", "lt1", "between 1 and 4 h"),
        ("0", "0", "0 h"),
        ("lt1", "1to2", "between −2 and 0 h"),
        ("gt4", "lt1", "more than 3 h"),
        ("1to2", "gt4", "less than −2 h"),
        ("gt4", "gt4", "cannot be told from these answers"),
        ("cost", "lt1", "less than 0 h"),
    ],
)
def test_the_net_is_never_more_exact_than_what_was_reported(saved: str, rework: str, words: str) -> None:
    assert net_words(SAVED[saved], REWORK[rework]) == words


@given(SPANS, st.floats(0, 1), st.floats(0, 1))
def test_any_hours_within_the_two_bands_have_a_net_within_the_net(bands: tuple, x: float, y: float) -> None:  # type: ignore[type-arg]
    saved, rework = bands
    low, high = saved.low if saved.low is not None else -40, saved.high if saved.high is not None else 40
    lost = rework.low + y * ((rework.high if rework.high is not None else 40) - rework.low)
    true_net = low + x * (high - low) - lost
    least, most = net(saved, rework)
    assert least is None or true_net >= least - 1e-9
    assert most is None or true_net <= most + 1e-9
