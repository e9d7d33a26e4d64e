"""Entries whose time is up go behind a signed checkpoint; without the key, or where one was changed, they stay."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import col, update

from bot.errors import OperatorError
from bot.ledger.heads import Head
from bot.ledger.pruning import LedgerBroken, prune
from bot.ledger.signing import FILE, KeyUnusable, SigningKeys, is_signed
from bot.ledger.trusting import name_new_key
from bot.ledger.verifying import compared
from bot.pulse.keys import KeyDirectory
from bot.weeks import WEEK
from storage import ledger
from storage.database import SessionFactory, reading
from storage.tables import LedgerCheckpoint, LedgerEntry
from tests.candor import START
from tests.ledger.world import entries_in, head_of, looked_at, write
from tests.policy.drafts import publish_next

KEPT = 26
# The policy is published here, and entries are written from a week later on, one a week.
PUBLISHED = datetime(2026, 1, 5, 12, tzinfo=UTC)
FIRST = PUBLISHED + WEEK
NUMBER = 8
# What is published leaves an entry too.
POLICY = 1


@pytest.fixture
def keys(tmp_path: Path) -> SigningKeys:
    return SigningKeys(tmp_path / "keys")


@pytest.fixture
def written(sessions: SessionFactory) -> SessionFactory:
    publish_next(sessions, PUBLISHED, effective="2026-01-05", retention_weeks={"ledger": KEPT})
    write(sessions, NUMBER, FIRST, WEEK)
    return sessions


def up(weeks: int) -> datetime:
    """When the time of the entries of so many weeks, from the first one on, is up."""
    return PUBLISHED + (KEPT + weeks) * WEEK


def checkpoint_of(sessions: SessionFactory) -> LedgerCheckpoint:
    with reading(sessions) as session:
        found = ledger.checkpoint(session)
    assert found is not None
    return found


def test_before_their_time_is_up_nothing_is_deleted(written: SessionFactory, keys: SigningKeys) -> None:
    assert prune(written, keys, up(0)) == 0
    assert len(entries_in(written)) == POLICY + NUMBER
    assert not keys.file.exists()


def test_what_is_too_old_goes_behind_a_signed_checkpoint_and_the_rest_still_hangs_together(
    written: SessionFactory, keys: SigningKeys
) -> None:
    assert prune(written, keys, up(3)) == 3
    made = checkpoint_of(written)
    assert (made.number, is_signed(made), made.public_key) == (3, True, keys.made().public)
    found = looked_at(written)
    assert (found.said, found.before.number) == ([], 3)
    (*_, newest) = entries_in(written)
    assert (newest.what, newest.who, newest.about) == (
        "retention", "rhythm", "entries 1 to 3 deleted: their time was up",
    )  # fmt: skip
    assert prune(written, keys, up(3)) == 0


def test_week_after_week_there_is_one_checkpoint_the_newest(written: SessionFactory, keys: SigningKeys) -> None:
    assert [prune(written, keys, up(week)) for week in (1, 2, 5)] == [1, 1, 3]
    with reading(written) as session:
        assert session.connection().execute(text("SELECT count(*) FROM ledger_checkpoint")).scalar_one() == 1
    assert (checkpoint_of(written).number, looked_at(written).said) == (5, [])


def test_also_when_every_entry_is_too_old_the_chain_goes_on_from_the_last(
    written: SessionFactory, keys: SigningKeys
) -> None:
    prune(written, keys, up(NUMBER + 100))
    write(written, 2, up(NUMBER + 100))
    assert (looked_at(written).said, head_of(written).number) == ([], POLICY + NUMBER + 3)


def test_an_entry_dated_late_keeps_those_after_it(sessions: SessionFactory, keys: SigningKeys) -> None:
    """The clocks of replicas differ: what is deleted is always the beginning of the chain."""
    publish_next(sessions, PUBLISHED, effective="2026-01-05", retention_weeks={"ledger": KEPT})
    write(sessions, 1, FIRST + 20 * WEEK)
    write(sessions, 1, FIRST)
    assert prune(sessions, keys, up(5)) == 1
    assert ([each.number for each in entries_in(sessions)], looked_at(sessions).said) == ([2, 3, 4], [])


def test_deleting_while_others_write_leaves_one_chain(written: SessionFactory, keys: SigningKeys) -> None:
    with ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(write, written, 6, up(3)) for _ in range(2)]
        deleting = [pool.submit(prune, written, keys, up(3)) for _ in range(2)]
        assert sorted(each.result() for each in deleting) == [0, 3]
        for each in writing:
            each.result()
    found = looked_at(written)
    assert (found.said, found.before.number, found.count) == ([], 3, POLICY + NUMBER - 3 + 12 + 1)


def test_a_posted_head_that_was_deleted_is_not_taken_for_one_that_differs(
    written: SessionFactory, keys: SigningKeys
) -> None:
    before = entries_in(written)
    prune(written, keys, up(3))
    posted = [Head(each.number, each.hash) for each in before[:4]]
    said = compared(posted, looked_at(written, [head.number for head in posted]))
    assert [said[head] for head in posted] == [
        "entries up to 3 were deleted when their time was up: compare a newer head",
        "entries up to 3 were deleted when their time was up: compare a newer head",
        None,
        None,
    ]


def test_what_was_deleted_is_owed_a_wiping(sessions: SessionFactory, keys: SigningKeys) -> None:
    engine = sessions.kw["bind"]
    with sessions.begin() as session:
        session.connection().execute(text("INSERT INTO workspace (id, name, scrub_owed) VALUES ('T1', 'Halden', 0)"))
    publish_next(sessions, PUBLISHED, effective="2026-01-05", retention_weeks={"ledger": KEPT})
    prune(sessions, keys, up(3))
    with sessions.begin() as session:
        owed = session.connection().execute(text("SELECT scrub_owed FROM workspace")).scalar_one()
    assert owed == (1 if engine.dialect.name == "sqlite" else 0)


def test_where_an_entry_that_is_too_old_was_changed_nothing_is_deleted_and_it_is_said(
    written: SessionFactory, keys: SigningKeys
) -> None:
    with written.begin() as session:
        session.exec(update(LedgerEntry).where(col(LedgerEntry.number) == 2).values(who="U9"))
    with pytest.raises(LedgerBroken, match="entry 2 was changed"):
        prune(written, keys, up(3))
    assert len(entries_in(written)) == POLICY + NUMBER


def test_where_the_key_is_lost_nothing_is_deleted_and_the_mend_is_said(
    written: SessionFactory, keys: SigningKeys
) -> None:
    prune(written, keys, up(1))
    keys.file.unlink()
    with pytest.raises(KeyUnusable, match=r"put the file back.*candor ledger new-key"):
        prune(written, keys, up(3))
    assert entries_in(written)[0].number == 2
    assert not keys.file.exists()


def test_another_key_signs_only_once_the_ledger_names_it(
    written: SessionFactory, keys: SigningKeys, tmp_path: Path
) -> None:
    prune(written, keys, up(1))
    other = SigningKeys(tmp_path / "other")
    other.made()
    with pytest.raises(KeyUnusable, match="another one than has signed the ledger so far"):
        prune(written, other, up(3))
    named = name_new_key(written, other, up(3))
    assert entries_in(written)[-1].about == f"ledger new-key: {named.fingerprint}"
    assert prune(written, other, up(3)) == 2
    assert (checkpoint_of(written).public_key, looked_at(written).said) == (named.public, [])


def test_a_lost_key_gives_way_to_a_new_one_that_the_ledger_names(written: SessionFactory, keys: SigningKeys) -> None:
    prune(written, keys, up(1))
    keys.file.unlink()
    name_new_key(written, keys, up(3))
    assert prune(written, keys, up(3)) == 2


def test_a_key_that_signs_already_is_not_named_again(written: SessionFactory, keys: SigningKeys) -> None:
    with pytest.raises(OperatorError, match="nothing was ever deleted"):
        name_new_key(written, keys, up(1))
    prune(written, keys, up(1))
    with pytest.raises(OperatorError, match="signs the ledger already"):
        name_new_key(written, keys, up(1))


def test_a_forged_checkpoint_is_found_and_nothing_more_is_deleted(written: SessionFactory, keys: SigningKeys) -> None:
    prune(written, keys, up(3))
    with written.begin() as session:
        session.exec(update(LedgerCheckpoint).values(number=2))
    assert "the checkpoint at entry 2 is not signed by its key: it was forged" in looked_at(written).said
    with pytest.raises(LedgerBroken, match="forged"):
        prune(written, keys, up(5))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["number", "hash", "made_at", "public_key", "signature"]), st.data())
def test_any_change_of_a_checkpoint_breaks_its_signature(column: str, data: st.DataObject) -> None:
    made = CHECKPOINT.model_copy()
    value = getattr(made, column)
    near: dict[type, st.SearchStrategy[object]] = {
        int: st.integers(0, 99),
        str: st.text(max_size=130) | st.integers(0, len(str(value)) - 1).map(lambda at: flipped(str(value), at)),
        datetime: st.datetimes(timezones=st.just(UTC)),
    }
    setattr(made, column, data.draw(near[type(value)].filter(lambda new: new != value)))
    assert not is_signed(made)


def flipped(digits: str, at: int) -> str:
    return digits[:at] + ("0" if digits[at] != "0" else "1") + digits[at + 1 :]


def _checkpoint() -> LedgerCheckpoint:
    with TemporaryDirectory() as folder:
        return SigningKeys(Path(folder) / "keys").made().checkpoint(Head(7, "ab" * 32), START)


CHECKPOINT = _checkpoint()


def test_the_key_is_made_once_for_its_account_alone_and_is_no_key_of_a_wave(keys: SigningKeys) -> None:
    first = keys.made()
    assert keys.made().public == first.public
    assert (keys.file.stat().st_mode & 0o777, keys.file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [file.name for file in keys.file.parent.iterdir()] == [FILE]
    assert KeyDirectory(keys.file.parent).waves() == frozenset()


def test_a_key_that_others_can_read_or_that_is_damaged_is_not_used(keys: SigningKeys) -> None:
    keys.made()
    keys.file.chmod(0o644)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        keys.found()
    keys.file.chmod(0o600)
    keys.file.write_bytes(b"candor 1 ledger\0short")
    with pytest.raises(KeyUnusable, match="damaged"):
        keys.found()


def test_the_policy_in_force_says_how_long(sessions: SessionFactory, keys: SigningKeys) -> None:
    publish_next(sessions, PUBLISHED, effective="2026-01-05", retention_weeks={"ledger": 4})
    write(sessions, NUMBER, FIRST, WEEK)
    assert prune(sessions, keys, PUBLISHED + 6 * WEEK + timedelta(days=1)) == 2


def test_a_version_with_fewer_weeks_deletes_nothing_that_was_written_before_it(
    sessions: SessionFactory, keys: SigningKeys
) -> None:
    """Else whoever looked could be rid of it, validly signed, by publishing one."""
    publish_next(sessions, PUBLISHED, effective="2026-01-05", retention_weeks={"ledger": 104})
    write(sessions, 2, FIRST)
    # This one and the publication itself are of version 2's own time.
    publish_next(sessions, FIRST + WEEK, retention_weeks={"ledger": 1}, title="Shorter")
    write(sessions, 1, FIRST + WEEK + timedelta(hours=1))
    assert prune(sessions, keys, FIRST + 103 * WEEK) == 0
    assert len(entries_in(sessions)) == 5
    # What was written later goes with what was written before: only the beginning of a chain can be deleted.
    assert prune(sessions, keys, FIRST + 108 * WEEK) == 5


def test_a_version_with_more_weeks_holds_for_everything_that_is_there(
    sessions: SessionFactory, keys: SigningKeys
) -> None:
    publish_next(sessions, PUBLISHED, effective="2026-01-05", retention_weeks={"ledger": 2})
    write(sessions, 1, FIRST)
    publish_next(sessions, FIRST + WEEK, retention_weeks={"ledger": 52}, title="Longer")
    assert [prune(sessions, keys, FIRST + weeks * WEEK) for weeks in (51, 52)] == [0, 1]
    assert prune(sessions, keys, FIRST + 54 * WEEK) == 2


def test_before_any_policy_is_in_force_nothing_is_deleted(sessions: SessionFactory, keys: SigningKeys) -> None:
    write(sessions, 2, FIRST)
    assert prune(sessions, keys, FIRST + 600 * WEEK) == 0
