"""What is held: on screen, as a file, and deleted."""

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlmodel import select

from bot.sandbox.faults import Fault
from storage import consents, held
from storage.deliveries import DIGEST
from storage.tables import Base, Delivery, SlackDeletion
from tests.candor import START, Candor
from tests.rows import add_usage, whole_week

MONDAY = START + timedelta(days=5)


def ready(candor: Candor, user_id: str = "U01") -> None:
    candor.join(user_id)
    candor.opt_in(user_id, "claude-code")
    add_usage(candor.sessions, user_id, "claude-code", *whole_week(date(2026, 11, 16)), sessions=3)
    candor.check_in(user_id, note="canary-note")


def rows(candor: Candor, user_id: str = "U01") -> dict[str, list[dict[str, object]]]:
    with candor.sessions.begin() as session:
        return held.rows_of(session, user_id)


def test_every_table_that_names_a_person_is_shown_exported_and_deleted() -> None:
    """A new table with a person in it is found by its foreign key; a column that hides one would not be."""
    found = {table.name for table in held.personal_tables()}
    naming = {table.name for table in Base.metadata.sorted_tables for c in table.columns if "person" in c.name}
    assert found == naming


def test_the_screen_shows_every_row_and_turns_pages(candor: Candor) -> None:
    ready(candor)
    for weeks in range(1, 12):
        add_usage(candor.sessions, "U01", "claude-code", *whole_week(date(2026, 11, 16) - timedelta(weeks=weeks)))
    user = candor.sandbox.user("U01")
    user.press("held.open", view=candor.sandbox.workspace.home("U01"))
    shown = str(candor.top_modal("U01"))
    assert "page 1 of 2" in shown
    user.press("held.page.next")
    shown += str(candor.top_modal("U01"))
    assert "page 2 of 2" in shown
    assert shown.count("tool: claude-code · surface: cli") == 84
    assert "canary-note" in shown
    user.press("held.page.before")
    assert "page 1 of 2" in str(candor.top_modal("U01"))


def test_the_files_hold_every_row_of_every_table(candor: Candor) -> None:
    ready(candor)
    candor.tick_at(MONDAY)
    before = rows(candor)
    candor.sandbox.user("U01").say("export")
    files = {file.name: file.content for file in candor.sandbox.workspace.files.values()}

    exported = json.loads(files["candor-held.json"])
    assert {table: len(entries) for table, entries in exported.items()} == {t: len(r) for t, r in before.items()}
    lines = list(csv.DictReader(io.StringIO(files["candor-held.csv"].decode("utf-8-sig"))))
    assert {line["table"] for line in lines} == set(before)
    assert any(line["value"] == "canary-note" for line in lines)


@pytest.mark.parametrize("word", ["stop", "erase"])
def test_one_confirmation_deletes_everything_and_keeps_only_this_weeks_key(candor: Candor, word: str) -> None:
    ready(candor)
    candor.tick_at(MONDAY)
    candor.sandbox.user("U01").say(word)
    assert "Candor's messages and files in Slack" in str(candor.dms("U01")[-1].blocks)
    candor.sandbox.user("U01").press("held.erase_now")

    left = rows(candor)
    assert set(left) == {"person", "delivery"}
    (key,) = [row for row in left["delivery"] if row["kind"] == DIGEST]
    assert (key["week"], key["state"], key["channel"], key["ts"]) == ("2026-W48", "sent", None, None)
    assert candor.digests("U01") == []


def test_nothing_is_deleted_before_the_confirmation(candor: Candor) -> None:
    ready(candor)
    candor.sandbox.user("U01").say("stop")
    candor.sandbox.user("U01").press("held.stop", view=candor.sandbox.workspace.home("U01"))
    with candor.sessions.begin() as session:
        assert consents.get(session, "U01") is not None


def test_the_files_the_bot_uploaded_go_too(candor: Candor) -> None:
    ready(candor)
    workspace = candor.sandbox.workspace
    user = candor.sandbox.user("U01")
    user.say("export")
    user.press("consent.receipt", view=workspace.home("U01"))
    assert len(workspace.files) == 3
    user.press("held.stop", view=workspace.home("U01"))
    with candor.threads():
        user.fill_and_submit()
        assert candor.sandbox.wait_for(lambda w: "are deleted in Slack" in str(w.modals("U01")))
    assert all(file.deleted for file in workspace.files.values())


def test_what_slack_refuses_to_delete_now_is_told_and_deleted_later(candor: Candor) -> None:
    ready(candor)
    candor.tick_at(MONDAY)
    candor.sandbox.faults.add(Fault(method="chat.delete", kind="ratelimited", times=1, retry_after=1))
    user = candor.sandbox.user("U01")
    user.say("stop")
    user.press("held.erase_now")
    assert "Slack has not yet deleted 1" in candor.dms("U01")[-1].text
    assert len(candor.digests("U01")) == 1

    candor.clock.pass_by(minutes=6)
    candor.tick()
    assert candor.digests("U01") == []
    with candor.sessions.begin() as session:
        assert session.exec(select(SlackDeletion)).all() == []


def test_opting_out_and_in_again_in_one_week_brings_no_second_message(candor: Candor) -> None:
    ready(candor)
    candor.tick_at(MONDAY)
    user = candor.sandbox.user("U01")
    user.say("erase")
    user.press("held.erase_now")
    candor.opt_in("U01", "claude-code")
    candor.check_in("U01")
    user.press("digest.settings", view=candor.sandbox.workspace.home("U01"))
    user.fill_and_submit(values={"weekday": "2", "hour": "12", "figures": "dm", "paused": "no"})
    candor.tick_at(MONDAY + timedelta(days=2))
    assert candor.digests("U01") == []


def test_a_message_claimed_when_the_person_opts_out_is_dropped(candor: Candor) -> None:
    ready(candor)
    with candor.sessions.begin() as session:
        values = {"id": "d1", "workspace_id": candor.services.workspace_id, "person_id": "U01", "kind": "digest"}
        times = {"due": START, "not_before": START}
        state = {"week": "2026-W47", "state": "claimed", "fence": 3, "attempts": 0}
        session.connection().execute(insert(Delivery).values(**values, **times, **state))
        held.erase(session, "U01", open_week="2026-W47", now=START)
    with candor.sessions.begin() as session:
        delivery = session.get(Delivery, "d1")
    assert delivery is not None
    assert (delivery.state, delivery.reason, delivery.fence) == ("dropped", "opted out", 4)


def test_no_byte_of_it_is_left_in_the_sqlite_file_or_its_log(candor: Candor, tmp_path: Path) -> None:
    if candor.sessions.kw["bind"].dialect.name != "sqlite":
        return  # PostgreSQL's log and backups cannot be scrubbed; the README says so.
    candor.join("U02")
    candor.opt_in("U02", "claude-code")
    ready(candor)
    for number in range(200):
        candor.check_in("U01", note=f"canary-note-{number}-" + "x" * 200)
    candor.check_in("U02", note="kept-note")
    user = candor.sandbox.user("U01")
    user.say("stop")
    user.press("held.erase_now")
    on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("candor.db*"))
    assert b"canary-note" not in on_disk
    assert b"u01@haldenlabs.example" not in on_disk
    assert b"kept-note" in on_disk


def test_with_a_reader_holding_the_log_open_it_is_not_said_to_be_wiped_until_it_is(candor: Candor) -> None:
    engine = candor.sessions.kw["bind"]
    if engine.dialect.name != "sqlite":
        return  # The trap is SQLite's own.
    ready(candor)
    reader = engine.raw_connection()
    reader.cursor().execute("BEGIN").execute("SELECT * FROM check_in").fetchall()
    user = candor.sandbox.user("U01")
    user.say("stop")
    user.press("held.erase_now")
    assert "Traces may stay" in candor.dms("U01")[-1].text
    reader.rollback()
    reader.close()
    candor.tick()
    log = Path(engine.url.database + "-wal")
    assert not log.exists() or log.stat().st_size == 0


def test_whoever_closes_the_form_while_it_deletes_is_told_in_the_dm_that_it_is_done(candor: Candor) -> None:
    ready(candor)
    candor.sandbox.faults.add(Fault(method="views.update", kind="error_500_before"))
    user = candor.sandbox.user("U01")
    user.press("held.stop", view=candor.sandbox.workspace.home("U01"))
    user.fill_and_submit()
    assert "everything held about you is deleted" in candor.dms("U01")[-1].text
    assert "Something went wrong" not in str(candor.sandbox.workspace.modals("U01"))
