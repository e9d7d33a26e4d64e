"""The shared rate: never more than the burst and what was earned meanwhile, whoever asks and however often."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.pace import Gate, Rate
from tests.delivery.world import MONDAY

waits = st.integers(0, 5_000).map(lambda milliseconds: timedelta(milliseconds=milliseconds))
asks = st.lists(st.tuples(waits, st.integers(1, 30), st.booleans()), max_size=60)


@given(asks=asks, per_minute=st.integers(1, 1200), burst=st.integers(1, 60), share=st.floats(0, 0.9))
def test_no_window_holds_more_than_the_rate_and_the_burst(
    asks: list[tuple[timedelta, int, bool]], per_minute: int, burst: int, share: float
) -> None:
    rate = Rate(timedelta(minutes=1) / per_minute, burst, int(burst * share))
    now, tat, taken = MONDAY, None, []
    for wait, wanted, notices in asks:
        now += wait
        free = min(wanted, rate.free(tat, now, notices=notices))
        tat = rate.spend(tat, now, free)
        taken.append((now, free))
    for first, (begin, _) in enumerate(taken):
        for last in range(first, len(taken)):
            window = taken[last][0] - begin
            assert sum(tokens for _, tokens in taken[first : last + 1]) <= burst + window // rate.interval


@given(spent=st.integers(0, 100), burst=st.integers(5, 60))
def test_digests_always_leave_a_fifth_of_the_burst_to_notices(spent: int, burst: int) -> None:
    rate = Rate(timedelta(seconds=0.2), burst, int(burst * 0.2))
    digests = min(spent, rate.free(None, MONDAY, notices=False))
    tat = rate.spend(None, MONDAY, digests)
    assert rate.free(tat, MONDAY, notices=True) >= int(burst * 0.2)


@given(taken=st.integers(1, 50))
def test_a_spent_rate_opens_exactly_when_it_says(taken: int) -> None:
    rate = Rate(timedelta(seconds=0.2), taken, 0)
    tat = rate.spend(None, MONDAY, taken)
    opens = rate.opens_at(tat, notices=False)
    assert rate.free(tat, opens - timedelta(microseconds=1), notices=False) == 0
    assert rate.free(tat, opens, notices=False) == 1


def test_a_clock_that_ran_a_year_ahead_does_not_hold_back_sending_for_a_year() -> None:
    rate = Rate(timedelta(seconds=0.2), 50, 10)
    ahead = MONDAY + timedelta(days=365)
    assert rate.free(rate.spend(None, ahead, 50), MONDAY, notices=True) == 50
    assert Gate(False, ahead, None).open(MONDAY)


def test_a_block_by_slack_shuts_the_gate_until_it_ends() -> None:
    until = MONDAY + timedelta(seconds=30)
    gate = Gate(False, until, None)
    assert gate.shut_until(MONDAY) == until
    assert not gate.open(until - timedelta(microseconds=1))
    assert gate.open(until)
