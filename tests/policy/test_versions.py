"""Publishing: one version after the other, once, and never earlier than was promised."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.errors import CandorError, PolicyFault
from bot.ledger.chain import FIRST_START
from bot.policy.chain import faults
from bot.policy.document import PolicyDocument
from bot.policy.versions import (
    earliest_effective,
    ensure_published,
    publish,
    refusals,
    require_in_force,
    require_newest,
    terms_of,
)
from storage import policies
from storage.database import SessionFactory, open_engine, session_factory, upgrade
from storage.tables import PolicyVersion
from tests.candor import START
from tests.policy.drafts import BODY, draft, file, publish_next

TODAY = START.date()


def all_of(sessions: SessionFactory) -> list[PolicyVersion]:
    with sessions.begin() as session:
        return list(policies.published(session))


def after(sessions: SessionFactory, document: PolicyDocument, now: datetime = START) -> PolicyVersion:
    return publish(sessions, document, publisher="U0HR", now=now, base_hash=all_of(sessions)[-1].hash)


def effective(days: int) -> str:
    return str(TODAY + timedelta(days=days))


def written(folder: Path, **changes: Any) -> Path:
    path = folder / "policy.md"
    path.write_text(file(**changes), encoding="utf-8")
    return path


def test_the_first_start_publishes_the_file_and_a_changed_file_changes_nothing(
    sessions: SessionFactory, tmp_path: Path
) -> None:
    first = ensure_published(sessions, written(tmp_path), START)
    again = ensure_published(sessions, written(tmp_path, smallest_group=9), START)
    assert again.hash == first.hash
    (version,) = all_of(sessions)
    assert (version.number, version.publisher, version.in_force_from) == (1, FIRST_START, START)
    assert terms_of(version).smallest_group == 5


def test_what_is_published_is_stored_as_it_was_rendered(sessions: SessionFactory) -> None:
    document = draft(retention_weeks={"usage": 8}, language="en-GB")
    version = publish(sessions, document, publisher="command line", now=START, base_hash=None)
    (stored,) = all_of(sessions)
    assert (stored.hash, stored.text, stored.source) == (document.hash, document.text, document.source)
    assert "Usage is deleted after 8 weeks." in stored.text
    assert (stored.publisher, stored.language, stored.published_at) == ("command line", "en-GB", START)
    assert terms_of(stored) == document.terms == terms_of(version)
    assert [clause["mark"] for clause in stored.clauses] == ["enforced", "promise"]


def test_a_version_is_in_force_from_its_day_or_from_publication_if_that_is_later(sessions: SessionFactory) -> None:
    publish_next(sessions, START)
    coming = publish_next(sessions, START, effective=effective(3), title="Coming")
    assert coming.in_force_from == datetime(2026, 11, 21, tzinfo=UTC)
    assert require_in_force(sessions, START).number == 1
    assert require_newest(sessions, START).number == 2
    assert require_in_force(sessions, coming.in_force_from).number == 2


def test_before_the_first_version_is_in_force_nobody_can_opt_in_and_is_told_when(sessions: SessionFactory) -> None:
    with pytest.raises(CandorError, match="No policy has been published yet"):
        require_in_force(sessions, START)
    publish_next(sessions, START, effective=effective(13))
    with pytest.raises(CandorError, match="takes effect on 01 December 2026"):
        require_newest(sessions, START)


def test_a_change_that_is_not_only_stricter_needs_the_notice_that_the_newest_version_promises(
    sessions: SessionFactory,
) -> None:
    publish_next(sessions, START, notice_days=14)
    for change in ({"smallest_group": 4}, {"title": "Other words"}, {"hours": {"digest": 8}}):
        early = draft(effective=effective(14), notice_days=3, **change)
        (said,) = refusals(early, all_of(sessions), START)
        assert "is too early" in said and "promises 14 days' notice" in said and "write 2026-12-03 or later" in said
        assert refusals(draft(effective=effective(15), **change), all_of(sessions), START) == []


def test_a_stricter_version_takes_effect_at_once(sessions: SessionFactory) -> None:
    publish_next(sessions, START, notice_days=14)
    stricter = draft(effective=effective(0), notice_days=14, retention_weeks={"usage": 8})
    assert after(sessions, stricter).in_force_from == START
    mixed = draft(effective=effective(0), notice_days=14, retention_weeks={"usage": 4, "messages": 27})
    with pytest.raises(PolicyFault, match="is too early"):
        after(sessions, mixed)


def test_no_version_takes_effect_before_the_one_it_follows(sessions: SessionFactory) -> None:
    publish_next(sessions, START)
    publish_next(sessions, START, effective=effective(5), title="Coming")
    with pytest.raises(PolicyFault, match="write 2026-11-23 or later"):
        publish_next(sessions, START, effective=effective(4), smallest_group=6, title="Coming")
    behind = publish_next(sessions, START - timedelta(hours=1), effective=effective(5), smallest_group=6)
    assert behind.in_force_from == datetime(2026, 11, 23, tzinfo=UTC)


def test_a_replica_whose_clock_is_behind_publishes_nothing_that_is_in_force_before_the_last(
    sessions: SessionFactory,
) -> None:
    first = publish_next(sessions, START)
    second = publish_next(sessions, START - timedelta(minutes=5), smallest_group=6)
    assert second.in_force_from == first.in_force_from == START


def test_a_date_in_the_past_is_refused_with_the_earliest_one(sessions: SessionFactory) -> None:
    publish_next(sessions, START)
    with pytest.raises(PolicyFault, match=r"effective: 2026-11-17 is in the past. Write 2026-11-18 or later\."):
        after(sessions, draft(effective=effective(-1), smallest_group=6))
    assert len(all_of(sessions)) == 1


def test_what_changed_has_to_be_said_from_the_second_version_on(sessions: SessionFactory) -> None:
    publish(sessions, draft(changes=[]), publisher="U0HR", now=START, base_hash=None)
    with pytest.raises(PolicyFault, match="changes: say in at most five lines what changed and why"):
        after(sessions, draft(changes=[], effective=effective(0), smallest_group=6))


def test_all_that_is_wrong_is_said_at_once(sessions: SessionFactory) -> None:
    publish_next(sessions, START)
    assert len(refusals(draft(changes=[], effective=effective(-3)), all_of(sessions), START)) == 2


def test_the_same_file_is_not_published_twice(sessions: SessionFactory) -> None:
    first = publish_next(sessions, START)
    publish_next(sessions, START, smallest_group=6)
    with pytest.raises(PolicyFault, match="This very file is version 1 already"):
        after(sessions, draft(effective=str(first.effective)))


def test_a_draft_whose_base_was_published_over_is_refused(sessions: SessionFactory) -> None:
    base = publish_next(sessions, START)
    publish_next(sessions, START, smallest_group=6)
    with pytest.raises(PolicyFault, match="Version 2 was published meanwhile"):
        publish(sessions, draft(smallest_group=7), publisher="U0HR", now=START, base_hash=base.hash)
    with pytest.raises(PolicyFault, match="Version 2 was published meanwhile"):
        publish(sessions, draft(smallest_group=7), publisher="U0HR", now=START, base_hash=None)


def test_of_two_who_publish_at_once_one_does_and_the_other_is_told(sessions: SessionFactory) -> None:
    base = publish_next(sessions, START)
    documents = [draft(effective=effective(0), smallest_group=group) for group in range(6, 10)]

    def attempt(document: PolicyDocument) -> str:
        try:
            publish(sessions, document, publisher="U0HR", now=START, base_hash=base.hash)
        except PolicyFault as fault:
            return str(fault)
        return "published"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, documents))
    assert outcomes.count("published") == 1
    assert sum("Version 2 was published meanwhile" in outcome for outcome in outcomes) == 3
    versions = all_of(sessions)
    assert [version.number for version in versions] == [1, 2]
    assert list(faults(versions)) == []


def test_the_earliest_day_is_the_one_that_is_then_accepted(sessions: SessionFactory) -> None:
    publish_next(sessions, START, notice_days=30)
    document = draft(effective=effective(400), title="Other words")
    day = earliest_effective(document, all_of(sessions), START)
    assert day == date(2026, 12, 19)
    assert refusals(draft(effective=str(day), title="Other words"), all_of(sessions), START) == []
    assert refusals(draft(effective=str(day - timedelta(days=1)), title="Other words"), all_of(sessions), START) != []


def test_a_process_killed_before_its_commit_has_published_nothing_and_publishing_goes_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'candor.db'}"
    engine = open_engine(url)
    upgrade(engine)
    sessions = session_factory(engine)
    publish_next(sessions, START)
    killed = subprocess.run([sys.executable, "-c", _DIES_BEFORE_COMMIT, url], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert len(all_of(sessions)) == 1
    assert publish_next(sessions, START, smallest_group=6).number == 2
    assert list(faults(all_of(sessions))) == []
    engine.dispose()


_DIES_BEFORE_COMMIT = """
import os, signal, sys
from sqlalchemy import event
from storage.database import open_engine, session_factory
from tests.candor import START
from tests.policy.drafts import publish_next

engine = open_engine(sys.argv[1])

@event.listens_for(engine, "commit")
def die(connection):
    if connection.exec_driver_sql("SELECT count(*) FROM policy_version").scalar_one() > 1:
        os.kill(os.getpid(), signal.SIGKILL)

publish_next(session_factory(engine), START, smallest_group=6)
"""


def test_versions_that_never_were_are_not_shown(engine: Engine) -> None:
    sessions = session_factory(engine)
    publish_next(sessions, START)
    with sessions.begin() as session:
        assert policies.by_number(session, 2) is None
        assert policies.newest_known(session) == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"body": BODY.replace("Performance reviews.", "Dismissal.")}, "the words of the text are different"),
        ({"body": BODY.replace("<!-- promise -->", "")}, "enforced or promised is different"),
        ({"notice_days": 3}, "promises fewer days, 3"),
        ({"title": "Other words"}, "the words of the text are different"),
    ],
)
def test_stricter_terms_beside_other_words_or_less_notice_need_notice(
    sessions: SessionFactory, change: dict[str, Any], why: str
) -> None:
    publish_next(sessions, START, notice_days=14)
    given: dict[str, Any] = {"effective": effective(0), "notice_days": 14, "retention_weeks": {"usage": 8}}
    (said,) = refusals(draft(**(given | change)), all_of(sessions), START)
    assert why in said and "write 2026-12-03 or later" in said
    # The number that the text takes from the terms, and a comment of the author's own, are no other words.
    assert refusals(draft(**given, body=f"<!-- mine -->\n\n{BODY}"), all_of(sessions), START) == []


def test_a_stricter_version_that_would_overtake_a_coming_one_is_refused_in_words(sessions: SessionFactory) -> None:
    publish_next(sessions, START)
    publish_next(sessions, START, effective=effective(5), retention_weeks={"usage": 20})
    (said,) = refusals(draft(effective=effective(0), retention_weeks={"usage": 8}), all_of(sessions), START)
    assert "no version can overtake the one it follows, not even a stricter one: write 2026-11-23 or later" in said
