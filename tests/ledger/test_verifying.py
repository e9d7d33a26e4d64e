"""Whatever is done to the chain is found, and said in words; a posted head shows what the chain itself cannot."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ledger.chain import entry_hash
from bot.ledger.heads import Head
from bot.ledger.verifying import Looked, compared, look
from storage.tables import LedgerEntry, LedgerHead

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
# On a machine that others use, how long one example takes says nothing.
unhurried = settings(deadline=None)
COLUMNS = tuple(column.name for column in LedgerEntry.__table__.columns)  # type: ignore[attr-defined]
LENGTH = 6
NOT_THE_HEAD = "entry 6 is not the one that the head of the ledger names: one of the two was exchanged"


def entry(number: int, previous: str, who: str = "U1") -> LedgerEntry:
    made = LedgerEntry(
        number=number, at=NOW + timedelta(hours=number), who=who, role="managers", what="opened", about="Engineering",
        season=1, teams=[1, 2], previous=previous, hash="",
    )  # fmt: skip
    made.hash = entry_hash(made)
    return made


def chain(length: int = LENGTH, who: Sequence[str] = ()) -> list[LedgerEntry]:
    """An unbroken chain; `who` may give whoever acted in some first entries."""
    made: list[LedgerEntry] = []
    for number in range(1, length + 1):
        previous = made[-1].hash if made else ""
        made.append(entry(number, previous, who[number - 1] if number <= len(who) else "U1"))
    return made


def head_of(entries: Sequence[LedgerEntry]) -> LedgerHead:
    return LedgerHead(number=entries[-1].number, hash=entries[-1].hash)


def said(entries: Sequence[LedgerEntry], head: LedgerHead | None = None) -> list[str]:
    return look(entries, None, head or head_of(chain())).said


def test_nothing_is_wrong_with_a_chain_that_nobody_touched() -> None:
    assert said(chain()) == []
    assert look([], None, None).said == []


def test_every_column_of_an_entry_is_under_its_hash() -> None:
    for name in COLUMNS:
        entries = chain()
        setattr(entries[2], name, _other(getattr(entries[2], name)))
        assert said(entries) != [], name


def _other(value: Any) -> Any:
    match value:
        case datetime():
            return value + timedelta(microseconds=1)
        case int():
            return value + 1
        case str():
            return value + " "
        case list():
            return [*value, 9]
    raise AssertionError(f"a column of type {type(value).__name__} is new here")


@unhurried
@given(st.integers(0, LENGTH - 1), st.sampled_from(COLUMNS), st.data())
def test_any_change_of_any_column_is_found(which: int, column: str, data: st.DataObject) -> None:
    entries = chain()
    value = getattr(entries[which], column)
    near: st.SearchStrategy[Any] = {
        datetime: st.datetimes(timezones=st.just(UTC)),
        int: st.none() | st.integers(0, 99),
        str: st.text(max_size=70),
        list: st.lists(st.integers(0, 9), max_size=4),
    }[type(value)]
    changed = data.draw(near.filter(lambda new: new != value))
    if column == "number" and changed is None:
        return
    setattr(entries[which], column, changed)
    assert said(sorted(entries, key=lambda each: each.number)) != []


def changed(entries: list[LedgerEntry]) -> None:
    entries[2].who = "U9"


def changed_with_its_hash(entries: list[LedgerEntry]) -> None:
    entries[2].who = "U9"
    entries[2].hash = entry_hash(entries[2])


def removed(entries: list[LedgerEntry]) -> None:
    del entries[2:4]


def first_removed(entries: list[LedgerEntry]) -> None:
    del entries[0]


def removed_and_numbered_anew(entries: list[LedgerEntry]) -> None:
    del entries[2]
    for number, each in enumerate(entries, 1):
        each.number = number
        each.hash = entry_hash(each)


def cut_off(entries: list[LedgerEntry]) -> None:
    del entries[4:]


def forked(entries: list[LedgerEntry]) -> None:
    entries.insert(3, entry(3, entries[1].hash, "U9"))


def put_in_at_the_end(entries: list[LedgerEntry]) -> None:
    entries.append(entry(LENGTH + 1, entries[-1].hash))


def put_in_with_its_own_hash(entries: list[LedgerEntry]) -> None:
    entries[3] = entry(4, "0" * 64)


def exchanged_at_the_end(entries: list[LedgerEntry]) -> None:
    entries[-1] = entry(LENGTH, entries[-2].hash, "U9")


def two_exchanged(entries: list[LedgerEntry]) -> None:
    entries[2], entries[3] = entries[3], entries[2]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (changed, ["entry 3 was changed"]),
        (changed_with_its_hash, ["entry 4 does not follow entry 3: one of the two was exchanged or put in"]),
        (removed, ["entries 3 to 4 are missing: removed"]),
        (first_removed, ["entry 1 is missing: removed"]),
        (cut_off, ["entries 5 to 6 are missing: cut off at the end"]),
        (forked, ["entry 3 is there twice: the chain was forked"]),
        (put_in_at_the_end, ["entry 7 is not known to the head of the ledger (entry 6): put in"]),
        (exchanged_at_the_end, [NOT_THE_HEAD]),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)  # fmt: skip
def test_what_was_done_is_said_in_words(act: Callable[[list[LedgerEntry]], None], words: list[str]) -> None:
    entries = chain()
    act(entries)
    assert said(entries) == words


@pytest.mark.parametrize("act", [removed_and_numbered_anew, put_in_with_its_own_hash, two_exchanged])
def test_what_cannot_be_told_apart_is_found_all_the_same(act: Callable[[list[LedgerEntry]], None]) -> None:
    entries = chain()
    act(entries)
    assert said(entries) != []


def test_the_head_taken_away_is_found() -> None:
    assert look(chain(), None, None).said == [
        "entries 1 to 6 are not known to the head of the ledger (entry 0): put in"
    ]


POSTED = Head(4, chain()[3].hash)


def against(entries: list[LedgerEntry], *posted: Head) -> dict[Head, str | None]:
    return compared(posted, looked(entries, *posted))


def looked(entries: list[LedgerEntry], *posted: Head) -> Looked:
    return look(entries, None, head_of(entries), {each.number for each in posted})


def test_a_chain_that_grew_still_contains_what_was_posted_also_by_its_first_digits() -> None:
    assert against(chain(LENGTH + 3), POSTED) == {POSTED: None}
    short = Head(4, POSTED.hash[:16])
    assert against(chain(LENGTH + 3), short) == {short: None}


def test_a_chain_that_was_rewritten_as_a_whole_fits_together_and_not_to_what_was_posted() -> None:
    rewritten = chain(LENGTH, who=("U1", "U9"))
    assert looked(rewritten).said == []
    said = against(rewritten, POSTED)[POSTED]
    assert said is not None
    assert said.startswith("entry 4 is another one than was posted")
    assert said.endswith("the ledger was rewritten from one of the entries 1 to 4 on")


def test_several_posted_heads_say_from_where_it_was_rewritten() -> None:
    original, rewritten = chain(), chain(LENGTH, who=("U1", "U1", "U9"))
    posted = [Head(number, original[number - 1].hash) for number in (2, 3, 5)]
    said = against(rewritten, *posted)
    assert said[posted[0]] is None
    assert str(said[posted[1]]).endswith("the ledger was rewritten from entry 3 on")
    assert str(said[posted[2]]).endswith("the ledger was rewritten from one of the entries 3 to 5 on")


def test_where_the_chain_is_broken_before_what_was_posted_it_is_said_from_where() -> None:
    entries = chain()
    changed_with_its_hash(entries)
    entries[3] = entry(4, "1" * 64)
    assert str(against(entries, POSTED)[POSTED]).endswith("rewritten from entry 4 on, or from an earlier one")


def test_what_was_posted_may_be_there_though_an_entry_before_it_was_changed() -> None:
    entries = chain()
    changed(entries)
    assert against(entries, POSTED) == {POSTED: "entry 4 is as it was posted, but not all before it: see above"}


def test_a_chain_that_was_cut_off_before_what_was_posted_says_so_though_its_head_fits() -> None:
    assert looked(chain(3)).said == []
    assert against(chain(3), POSTED) == {
        POSTED: "the ledger ends with entry 3: it was cut off, or an older backup was restored"
    }


def test_an_entry_that_was_posted_and_removed_is_missing() -> None:
    entries = chain()
    del entries[3]
    assert against(entries, POSTED) == {POSTED: "entry 4 is missing"}


def test_a_wrong_head_beside_one_that_fits_is_no_sign_that_anything_was_rewritten() -> None:
    """What fits stands for all before it: the other one was never posted, whatever its number up to there."""
    entries = chain()
    right = Head(5, entries[4].hash)
    wrong = [Head(number, digest * 64) for number, digest in ((4, "0"), (5, "0"), (5, "f"))]
    said = against(entries, right, *wrong)
    assert said.pop(right) is None
    assert set(said) == set(wrong)
    assert all(str(each).startswith("not a head of this ledger: one of entry 5 fits") for each in said.values())
    later = Head(6, "0" * 64)
    assert str(against(entries, right, later)[later]).endswith("the ledger was rewritten from entry 6 on")
