"""Whatever is changed in what was published, it is found."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select, update

from bot.policy.chain import faults, link
from bot.policy.document import parse_policy
from bot.policy.versions import store
from storage import policies
from storage.database import SessionFactory, open_engine, session_factory, upgrade
from storage.tables import ChannelPost, Consent, Person, PolicyVersion
from tests.candor import START
from tests.policy.drafts import draft, publish_next

# On a machine that others use, how long one example takes says nothing.
unhurried = settings(deadline=None)
COLUMNS = tuple(column.name for column in PolicyVersion.__table__.columns)  # type: ignore[attr-defined]


def three() -> list[PolicyVersion]:
    """Three versions as they are read from a database."""
    engine = open_engine("sqlite://")
    upgrade(engine)
    sessions = session_factory(engine)
    publish_next(sessions, START)
    publish_next(sessions, START, smallest_group=6)
    publish_next(sessions, START + timedelta(days=3), smallest_group=7, body="# Only\n\nWords – «déjà».\n")
    with sessions.begin() as session:
        found = list(policies.published(session))
    engine.dispose()
    return found


THREE = three()


def copies() -> list[PolicyVersion]:
    return [PolicyVersion(**version.model_dump()) for version in THREE]


def test_what_nobody_has_touched_has_no_fault() -> None:
    assert list(faults(copies())) == []
    assert list(faults([])) == []


def test_every_column_of_a_version_is_under_the_seal() -> None:
    """A column that comes later is not forgotten: each is changed here."""
    for name in COLUMNS:
        versions = copies()
        setattr(versions[1], name, _other(getattr(versions[1], name)))
        assert list(faults(versions)) != [], name


def _other(value: Any) -> Any:
    match value:
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            return value + timedelta(days=1)
        case int():
            return value + 1
        case str():
            return value + " "
        case list():
            return [*value, "more"]
        case dict():
            return value | {"more": 1}
    raise AssertionError(f"a column of type {type(value).__name__} is new here")


@unhurried
@given(st.sampled_from(range(3)), st.sampled_from(COLUMNS), st.data())
def test_any_changed_byte_of_any_column_is_found(which: int, column: str, data: st.DataObject) -> None:
    versions = copies()
    value = getattr(versions[which], column)
    changed = data.draw(_near(value).filter(lambda new: new != value))
    setattr(versions[which], column, changed)
    assert list(faults(versions)) != []


def _near(value: Any) -> st.SearchStrategy[Any]:
    """Values that differ from this one by little: one character, one item, one moment; or nothing at all."""
    match value:
        case datetime():
            return st.timedeltas().map(lambda by: _moved(value, by))
        case date():
            return st.dates()
        case int():
            return st.integers(0, 999)
        case str():
            return st.just("") | st.tuples(st.integers(0, len(value)), st.text(max_size=1)).map(
                lambda put: value[: put[0]] + put[1] + value[put[0] + 1 :]
            )
        case list():
            return st.permutations(value) | st.just(value[:-1]) | st.just([])
        case _:
            return st.sampled_from(sorted(value)).map(lambda name: {k: v for k, v in value.items() if k != name})


def _moved(value: datetime, by: timedelta) -> datetime:
    try:
        return value + by
    except OverflowError:
        return value


def test_another_history_in_front_of_a_version_is_found_though_each_part_fits_together() -> None:
    engine = open_engine("sqlite://")
    upgrade(engine)
    other = publish_next(session_factory(engine), START, title="What never was")
    engine.dispose()
    assert list(faults([other])) == []
    (said,) = faults([other, *copies()[1:]])
    assert said.startswith("version 2: ") and said.endswith("the chain is broken")


def test_a_source_that_was_taken_away_is_found() -> None:
    versions = copies()
    versions[2].source = None
    assert list(faults(versions)) == [
        "version 3: what is stored is not what was published, or a version before it was changed: the chain is broken"
    ]


@pytest.mark.parametrize(
    "cut",
    [lambda v: v[1:], lambda v: [v[0], v[2]], lambda v: [v[1], v[0], v[2]], lambda v: [v[0], v[2], v[1]]],
    ids=["the first", "in between", "swapped", "swapped at the end"],
)
def test_a_version_that_is_missing_or_swapped_is_found(
    cut: Callable[[list[PolicyVersion]], list[PolicyVersion]],
) -> None:
    assert any("is missing" in said for said in faults(cut(copies())))


def test_two_versions_that_change_numbers_are_found() -> None:
    one, two, three = copies()
    two.number, three.number = 3, 2
    assert list(faults([one, three, two])) != []


def test_a_chain_that_was_cut_off_at_its_end_is_found_by_what_else_knows_of_it(sessions: SessionFactory) -> None:
    publish_next(sessions, START)
    with sessions.begin() as session:
        assert policies.newest_known(session) == 0
        session.add(ChannelPost(key="policy 2", kind="policy", channel="C1", state="posted", not_before=START))
        session.add(ChannelPost(key="policy x", kind="policy", channel="C1", state="posted", not_before=START))
        versions = policies.published(session)
        assert list(faults(versions, policies.newest_known(session))) == ["version 2 is missing"]
        session.add(Person(id="U01", tz="UTC"))
        session.flush()
        session.add(Consent(person_id="U01", receipt_id="r", policy_hash=versions[0].hash, granted_at=START, noticed=3))
        session.flush()
        assert list(faults(versions, policies.newest_known(session))) == [
            "version 2 is missing",
            "version 3 is missing",
        ]


def test_whoever_seals_the_whole_chain_anew_is_found_by_the_file(sessions: SessionFactory) -> None:
    """The chain alone could be made anew by who can write; the file's own fingerprint is the version's name."""
    publish_next(sessions, START)
    with sessions.begin() as session:
        (version,) = policies.published(session)
        version.text, version.title = version.text.replace("26", "99"), "Another title"
        version.chain = link(version, None)
        assert list(faults([version])) == ["version 1: text, title: not as in the stored file"]
        version.source = (version.source or "").replace("26", "99")
        version.chain = link(version, None)
        assert list(faults([version])) == [
            "version 1: the stored file does not have the fingerprint that was published"
        ]


def test_a_change_behind_the_programs_back_is_found_on_both_databases(sessions: SessionFactory) -> None:
    for group in (5, 6, 7):
        publish_next(sessions, START, smallest_group=group)
    with sessions.begin() as session:
        assert list(faults(policies.published(session))) == []
        session.exec(update(PolicyVersion).where(col(PolicyVersion.number) == 1).values(contact="somebody else"))
    with sessions.begin() as session:
        said = list(faults(session.exec(select(PolicyVersion).order_by(col(PolicyVersion.number))).all()))
    assert [row.split(":")[0] for row in said] == ["version 1", "version 1"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_whatever_the_words_are_they_come_back_from_the_database_as_they_were_sealed(
    sessions: SessionFactory, words: str
) -> None:
    document = draft(
        "# A\n\n<!-- questions\n" + words.replace("-->", "") + "\n-->\n\nText.\n" + words.replace("<!--", "")
    )
    with sessions() as session:
        version = store(session, document, publisher="U0HR", now=START)
        digest = version.hash
        session.flush()
        session.expire_all()
        stored = policies.by_hash(session, digest)
        assert list(faults([stored])) == []
        assert parse_policy((stored.source or "").encode(), "x").text == stored.text
        session.rollback()
