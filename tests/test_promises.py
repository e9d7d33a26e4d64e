"""The promise to employees in the README, line by line: one test each, in its order."""

import io
import json
import re
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import text
from typer.main import get_command

from bot.cli import app as commands
from bot.demo.printing import as_text
from bot.ledger.heads import Head
from bot.ledger.verifying import compared
from bot.logs import configure_logs
from bot.people.sizes import reader_words, size_words
from bot.policy.chain import faults
from bot.schedule import tidy
from bot.teams.words import NOT_A_MEASURE, QUESTIONS
from bot.usage.importing import import_usage
from bot.weeks import WEEK
from storage import ballots, held, notices, policies
from storage.database import reading
from tests.candor import HR, START, Candor
from tests.database import without_table
from tests.ledger.world import head_of, looked_at, write
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.pulse.ballot.acts import send
from tests.pulse.forensics.places import written
from tests.pulse.world import begin, finish, keys_of, vote
from tests.rows import add_usage, whole_week
from tests.teams.belonging.world import ANA, MANAGER, OFFICE, company, home, place
from tests.teams.world import cells, first_week, published, regular, release, staff, withdraw

MONDAY = START + timedelta(days=5)
THIS_WEEK = date(2026, 11, 16)
README = Path(__file__).parents[1] / "README.md"


def csv_of(*lines: str, header: str = "email,tool,surface,day,prompts") -> io.BytesIO:
    return io.BytesIO("\n".join([header, *lines]).encode())


def held_of(candor: Candor, user_id: str) -> dict[str, list[dict[str, object]]]:
    with candor.sessions.begin() as session:
        return held.rows_of(session, user_id)


def test_each_promise_of_the_readme_has_its_test_here() -> None:
    promises = re.findall(r"^(\d+)\. \*\*", README.read_text(), flags=re.MULTILINE)
    tests = sorted(name for name in globals() if re.match(r"test_promise_\d\d_", name))
    assert [int(number) for number in promises] == [int(name.split("_")[2]) for name in tests] == list(range(1, 21))


def test_promise_01_nothing_is_collected_before_opting_in(candor: Candor) -> None:
    candor.join("U01", email="canary@haldenlabs.example")
    candor.join("U02")
    candor.opt_in("U02", "chatgpt")
    user = candor.sandbox.user("U01")
    user.open_home()
    user.press("consent.collected")
    user.say("help")
    import_usage(
        candor.sessions, csv_of("canary@haldenlabs.example,chatgpt,chat,2026-11-16,5"), "csv", now=candor.clock()
    )
    everything = held_of(candor, "U01")
    assert set(everything) == {"person"}
    assert set(everything["person"][0]) == {
        "id", "tz", "team_id", "is_manager", "active", "left_at", "invitations", "invited", "reminded",
        "summary_messages",
    }  # fmt: skip


def test_promise_02_only_chosen_tools_from_that_week_on_and_nobody_else(candor: Candor, tmp_path: Path) -> None:
    log = io.StringIO()
    configure_logs("DEBUG", log)
    candor.join("U01", email="one@haldenlabs.example")
    candor.opt_in("U01", "chatgpt")
    file = csv_of(
        "one@haldenlabs.example,chatgpt,chat,2026-11-15,1",
        "one@haldenlabs.example,chatgpt,chat,2026-11-16,2",
        "one@haldenlabs.example,cursor,ide,2026-11-16,3",
        "canary@haldenlabs.example,chatgpt,chat,2026-11-16,4",
        "canary@haldenlabs.example,chatgpt,chat,canary-day,-4",
    )
    summary = import_usage(candor.sessions, file, "csv", now=candor.clock())

    usage = held_of(candor, "U01")["usage_day"]
    assert [(row["tool"], row["day"], row["prompts"]) for row in usage] == [("chatgpt", date(2026, 11, 16), 2)]
    assert "canary" not in log.getvalue() + str(summary)
    assert b"canary" not in b"".join(path.read_bytes() for path in tmp_path.glob("candor.db*"))


def test_promise_03_nobody_else_is_shown_a_persons_figures(candor: Candor) -> None:
    """U01's figures are all 987987 or carry a mark; whoever else looks everywhere they can never meets either."""
    candor.join("U01")
    candor.join("UBOSS")
    candor.opt_in("U01", "claude-code")
    candor.opt_in("UBOSS", "claude-code")
    add_usage(candor.sessions, "U01", "claude-code", *whole_week(THIS_WEEK), sessions=987987)
    candor.check_in("U01", note="mark-of-u01")
    candor.tick_at(MONDAY)
    assert "6,915,909" in candor.digests("U01")[0].text

    for user_id in ("UBOSS", HR):
        user = candor.sandbox.user(user_id)
        user.open_home()
        for word in ("checkin", "held", "export", "settings", "policy", "help"):
            user.command("/candor", word)
        seen = str(candor.sandbox.workspace.home(user_id)) + str(candor.sandbox.workspace.modals(user_id))
        seen += str([(message.text, message.blocks) for message in candor.dms(user_id)])
        seen += str([file.content for file in candor.sandbox.workspace.files.values()])
        # Three digits alone also come up in the ids that Slack gives.
        for figure in ("987987", "987,987", "6,915,909", "mark-of-u01"):
            assert figure not in seen
    # "policy show" shows the policy, which is for everybody; "pulse trustee show" shows a fingerprint.
    own = {("policy",), ("pulse", "trustee")}
    paths = [path for path in command_paths(get_command(commands)) if not {path[:1], path[:2]} & own]
    command_words = {word for path in paths for word in path}
    assert not command_words & {"show", "person", "user", "users", "figures", "report", "list", "query", "shell"}


def command_paths(command: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    children = getattr(command, "commands", {})
    return [path] + [deeper for name, child in children.items() for deeper in command_paths(child, (*path, name))]


def test_promise_04_it_is_not_a_score(candor: Candor) -> None:
    for user_id, sessions in (("U01", 1), ("U02", 9000)):
        candor.join(user_id)
        candor.opt_in(user_id, "claude-code")
        add_usage(candor.sessions, user_id, "claude-code", *whole_week(THIS_WEEK), sessions=sessions)
    candor.tick_at(MONDAY)
    low, high = (candor.digests(user_id)[0] for user_id in ("U01", "U02"))
    # The same words for much and for little: only the numbers and whose it is differ.
    assert without_numbers(low.text) == without_numbers(high.text)
    assert without_numbers(as_text(low.blocks)) == without_numbers(as_text(high.blocks))
    shown = str(high.blocks).lower()
    for word in ("rank", "streak", "target", "average", "colleague", "team", "more than last", "great", "well done"):
        assert word not in shown


def without_numbers(text: str) -> str:
    return re.sub(r"[\d,]+", "#", text)


def test_promise_05_missing_is_never_shown_as_zero(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code", "cursor", "chatgpt")
    add_usage(candor.sessions, "U01", "claude-code", THIS_WEEK, sessions=0)
    add_usage(candor.sessions, "U01", "chatgpt", THIS_WEEK, surface="chat", prompts=None, active=True)
    candor.check_in("U01")
    candor.tick_at(MONDAY)
    text = candor.digests("U01")[0].text
    assert "0 sessions" in text
    assert re.findall(r"\b0 ", text) == ["0 "]
    assert "Cursor: No data for this week has reached us yet. That is not the same as zero" in text
    assert "Chat: used on 1 day" in text


def test_promise_06_one_message_a_week_at_the_chosen_hour_skipped_or_paused(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01")
    candor.check_in("U01")
    for hours in range(0, 14 * 24, 5):
        candor.tick_at(MONDAY + timedelta(hours=hours) - timedelta(hours=4))
    assert len(candor.digests("U01")) == 2
    candor.check_in("U01")
    candor.sandbox.user("U01").press("digest.skip", message=candor.digests("U01")[-1])
    candor.tick_at(MONDAY + timedelta(weeks=2))
    candor.sandbox.user("U01").say("pause")
    candor.tick_at(MONDAY + timedelta(weeks=3))
    assert len(candor.digests("U01")) == 2


def test_promise_07_figures_stay_out_of_messages_on_request(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code", private=True)
    add_usage(candor.sessions, "U01", "claude-code", *whole_week(THIS_WEEK), sessions=987)
    candor.check_in("U01", saved="gt4", note="mark-of-u01")
    candor.tick_at(MONDAY)
    candor.check_in("U01", saved="gt4", note="mark-of-u01")
    said = str([(message.text, message.blocks) for message in candor.dms("U01")])
    assert len(candor.digests("U01")) == 1
    for figure in ("6,909", "987", "more than 4 h", "mark-of-u01", "sessions"):
        assert figure not in said


def test_promise_08_every_row_is_shown_and_taken_away(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code")
    add_usage(candor.sessions, "U01", "claude-code", *whole_week(THIS_WEEK), sessions=987)
    candor.check_in("U01", note="mark-of-u01")
    candor.tick_at(MONDAY)
    before = held_of(candor, "U01")
    user = candor.sandbox.user("U01")
    user.command("/candor", "held")
    shown = str(candor.top_modal("U01"))
    assert shown.count("sessions: 987") == 7
    assert "mark-of-u01" in shown
    user.press("held.export")
    (as_json,) = [f.content for f in candor.sandbox.workspace.files.values() if f.name.endswith(".json")]
    assert {table: len(rows) for table, rows in json.loads(as_json).items()} == {t: len(r) for t, r in before.items()}


def test_promise_09_leaving_takes_one_confirmation_and_deletes_everything(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "claude-code")
    add_usage(candor.sessions, "U01", "claude-code", *whole_week(THIS_WEEK), sessions=987)
    candor.check_in("U01")
    candor.tick_at(MONDAY)
    user = candor.sandbox.user("U01")
    user.say("export")
    user.say("stop")
    user.press("held.erase_now")
    assert set(held_of(candor, "U01")) == {"person", "delivery"}
    assert candor.digests("U01") == []
    assert all(file.deleted for file in candor.sandbox.workspace.files.values())
    import_usage(candor.sessions, csv_of("u01@haldenlabs.example,chatgpt,chat,2026-11-23,5"), "csv", now=MONDAY)
    assert set(held_of(candor, "U01")) == {"person", "delivery"}


def test_promise_10_hr_learns_two_rounded_numbers_from_20_people_on(candor: Candor) -> None:
    def told() -> list[str]:
        candor.sandbox.user(HR).open_home()
        shown = json.dumps(candor.sandbox.workspace.home(HR))
        return re.findall(r"[^\"]*(?:have opted in|have said)[^\"]*", shown)

    def join_and_read(numbers: range) -> None:
        for number in numbers:
            candor.join(f"U{number:02d}")
            candor.opt_in(f"U{number:02d}")
            with candor.sessions.begin() as session:
                notices.mark_read(session, f"U{number:02d}", 1, candor.clock())

    join_and_read(range(19))
    assert told() == [size_words(0), reader_words(0, 1)]
    join_and_read(range(19, 22))
    assert told() == [
        "About 20 people have opted in, company-wide, rounded to 5.",
        "About 20 people have said that they read version 1 of the policy, rounded to 5.",
    ]


def test_promise_11_the_terms_of_the_policy_are_what_the_program_does(candor: Candor) -> None:
    candor.join("U01")
    candor.opt_in("U01", "chatgpt", "cursor")
    old = ("u01@haldenlabs.example,chatgpt,chat,2026-11-16,5", "u01@haldenlabs.example,cursor,ide,2026-11-16,6")
    import_usage(candor.sessions, csv_of(*old), "csv", now=candor.clock())
    candor.check_in("U01")
    tools = {"claude-code": "all", "cursor": "all", "chatgpt": ["active"]}
    publish_next(candor.sessions, START, tools=tools, retention_weeks={"check_ins": 1}, **AS_SHIPPED)
    candor.clock.now = START + timedelta(weeks=3)
    tidy(candor.services, candor.clock())
    import_usage(candor.sessions, csv_of(*old), "csv", now=candor.clock())
    found = held_of(candor, "U01")
    assert [(row["tool"], row["prompts"]) for row in found["usage_day"]] == [("cursor", 6)]
    assert "check_in" not in found
    candor.sandbox.user("U01").command("/candor", "held")
    assert "check-ins after 1" in str(candor.top_modal("U01"))


def test_promise_12_stricter_terms_hold_at_once_and_looser_ones_only_after_a_new_consent(candor: Candor) -> None:
    for user_id in ("U01", "U02"):
        candor.join(user_id)
        candor.opt_in(user_id, "cursor")
        add_usage(
            candor.sessions, user_id, "cursor", THIS_WEEK, THIS_WEEK - timedelta(weeks=3), surface="ide", prompts=1
        )
    later = START + timedelta(days=15)
    publish_next(candor.sessions, START, effective=str(START.date()), retention_weeks={"usage": 6}, **AS_SHIPPED)
    publish_next(candor.sessions, START, effective=str(later.date()), retention_weeks={"usage": 40})
    candor.clock.now = later
    # Both open the form; one of them only saves it, the other one says yes to the looser version.
    boxes: dict[str, dict[str, list[str]]] = {"U01": {}, "U02": {"stay": []}}
    for user_id, said in boxes.items():
        user = candor.sandbox.user(user_id)
        user.open_home()
        user.press("consent.open", view=candor.sandbox.workspace.home(user_id))
        assert "Weeks that usage is kept: 40, until now 6" in str(candor.top_modal(user_id))
        assert user.fill_and_submit(values={"tools": ["cursor"], **said}).ok
    candor.clock.now = START + timedelta(weeks=5)
    tidy(candor.services, candor.clock())
    assert [len(held_of(candor, each).get("usage_day", [])) for each in ("U01", "U02")] == [1, 2]


def test_promise_13_a_published_version_is_never_changed_unnoticed(candor: Candor) -> None:
    publish_next(candor.sessions, START, effective=str((START + timedelta(days=15)).date()))
    with candor.sessions.begin() as session:
        one, two = policies.published(session)
        assert list(faults([one, two])) == []
        one.text += " "
        assert [said.split(":")[0] for said in faults([one, two])][:1] == ["version 1"]
        session.rollback()


def test_promise_14_the_database_and_the_logs_say_nothing_of_who_answered_what(candor: Candor) -> None:
    """Nobody's answer is anywhere but in their sealed ballot, and no ballot can be tied to a person without its key."""
    log = io.StringIO()
    configure_logs("DEBUG", log)
    wave = begin(candor)
    for number in range(6):
        candor.join(f"U0CANARY{number}")
        send(candor, wave, f"U0CANARY{number}", gaming="5", comment=f"canary-words-{number}")
    with reading(candor.sessions) as session:
        boxes = list(ballots.sealed(session, wave.id))
    assert len(boxes) == 6
    assert len({len(tag + sealed) for tag, sealed in boxes}) == 1
    everything = b"".join(written(candor.sessions.kw["bind"]).values()) + log.getvalue().encode()
    assert b"canary-words" not in everything
    assert b"U0CANARY" not in everything
    for number in range(6):
        assert sha256(f"{wave.id}U0CANARY{number}".encode()).digest() not in everything
    finish(candor, wave)
    assert not [file for file in keys_of(candor).path.iterdir() if file.stat().st_size]


def test_promise_15_few_answers_are_never_opened_and_only_bands_are_kept(candor: Candor) -> None:
    few = begin(candor)
    for number in range(4):
        vote(candor, few, f"U{number}", comment="nobody reads this")
    assert finish(candor, few).outcome == "too few"
    candor.clock.pass_by(days=14)
    enough = begin(candor)
    for number in range(11):
        vote(candor, enough, f"U{number}", {"gaming": "5" if number < 7 else "1"})
    assert finish(candor, enough).outcome == "results"
    with reading(candor.sessions) as session:
        kept = ballots.tallies(session)
        assert ballots.count(session, few.id) == ballots.count(session, enough.id) == 0
    assert [(each.wave, each.question, each.share, each.unsure) for each in kept] == [(enough.id, "gaming", 3, 0)]


def test_promise_16_everybody_sees_the_results_at_the_same_moment(candor: Candor) -> None:
    everybody = ("U01", "UBOSS", HR)
    candor.join("U01")
    candor.join("UBOSS")
    wave = begin(candor)
    for number in range(6):
        vote(candor, wave, f"U1{number}", {"gaming": "5"})

    def seen() -> list[bool]:
        for user_id in everybody:
            candor.sandbox.user(user_id).open_home()
        return ["80 or more of 100" in str(candor.sandbox.workspace.home(user_id)) for user_id in everybody]

    assert seen() == [False, False, False]
    finish(candor, wave)
    assert seen() == [True, True, True]


def managed(candor: Candor) -> None:
    """Payments with Ana in it and whoever manages it, and the first release, of a team in which seven count."""
    week = company(candor)
    candor.join(MANAGER)
    home(candor, MANAGER)
    place(candor, MANAGER, OFFICE, manages=True)
    assert release(candor.sessions, week) is not None


def in_modal(candor: Candor, user_id: str, action: str) -> str:
    """What a button of the Home tab opens."""
    user = candor.sandbox.user(user_id)
    user.open_home()
    user.press(action, view=candor.sandbox.workspace.home(user_id))
    return str(candor.top_modal(user_id))


def test_promise_17_a_summary_cannot_be_worked_back_to_a_person(candor: Candor) -> None:
    """Of three people nothing is published, nor what is left of the teams above when the shown ones are taken off; when
    one of six leaves, the difference is not published either."""
    payments, mobile = [f"U1{number}" for number in range(6)], [f"U2{number}" for number in range(3)]
    staff(candor.sessions, {"Engineering / Payments": payments, "Engineering / Mobile": mobile})
    week = regular(candor.sessions, payments + mobile, first_week(candor.sessions) + WEEK)
    assert release(candor.sessions, week) is not None
    assert list(cells(candor.sessions, week)) == ["Engineering / Payments"]
    before = published(candor.sessions)
    withdraw(candor.sessions, "U10", candor.clock())
    assert release(candor.sessions, week + WEEK) is not None
    assert cells(candor.sessions, week + WEEK) == {}
    assert published(candor.sessions)["release_cell"] == before["release_cell"]


def test_promise_18_you_see_the_summaries_that_you_are_part_of_and_can_leave_them(candor: Candor) -> None:
    managed(candor)
    candor.sandbox.user(MANAGER).open_home()
    candor.sandbox.user(MANAGER).press("summary.home")
    theirs, own = str(candor.sandbox.workspace.home(MANAGER)), in_modal(candor, ANA, "belonging.open")
    for said in ("Summary of Payments", NOT_A_MEASURE, "per person: *1.5 h*", "*for 80 % or more of", *QUESTIONS):
        assert said in theirs and said in own
    candor.sandbox.user(ANA).close_modal()
    assert "cohort" in held_of(candor, ANA)
    in_modal(candor, ANA, "belonging.leave")
    assert "cohort" not in held_of(candor, ANA)
    assert {"consent", "preference", "check_in"} <= set(held_of(candor, ANA))


def test_promise_19_whoever_looks_is_written_down_before_they_see_anything(candor: Candor) -> None:
    managed(candor)
    candor.sandbox.user(MANAGER).open_home()
    assert f"{MANAGER}>, manager of Payments" not in in_modal(candor, ANA, "belonging.looked")
    candor.sandbox.user(MANAGER).press("summary.home")
    assert "Hours saved, per person" in str(candor.sandbox.workspace.home(MANAGER))
    candor.sandbox.user(ANA).close_modal()
    said = in_modal(candor, ANA, "belonging.looked")
    assert f"<@{MANAGER}>, manager of Payments, opened the Payments summary on 18 November 2026" in said
    with without_table(candor.sessions, "ledger_entry"):
        candor.sandbox.user(MANAGER).open_home()
        candor.sandbox.user(MANAGER).press("summary.home")
    assert "Hours saved, per person" not in str(candor.sandbox.workspace.home(MANAGER))


def test_promise_20_the_ledger_is_not_changed_unnoticed(candor: Candor) -> None:
    write(candor.sessions, 5)
    newest = head_of(candor.sessions)
    posted = Head(newest.number, newest.hash)
    assert looked_at(candor.sessions).said == []
    with candor.sessions.begin() as session:
        session.connection().execute(text("UPDATE ledger_entry SET who = 'U0OTHER' WHERE number = 3"))
    assert "entry 3" in looked_at(candor.sessions).said[0]
    # Whoever holds the database may write all of it anew, so that it fits together: the posted line does not fit it.
    with candor.sessions.begin() as session:
        session.connection().execute(text("DELETE FROM ledger_entry"))
        session.connection().execute(text("DELETE FROM ledger_head"))
    write(candor.sessions, posted.number, since=START + timedelta(minutes=1))
    rewritten = looked_at(candor.sessions, [posted.number])
    assert rewritten.said == []
    assert compared([posted], rewritten)[posted] is not None
