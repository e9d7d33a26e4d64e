"""`candor pulse` as an operator, and the works council on a machine of its own, type it; Slack is out of reach."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from bot.policy.publishing.words import date_words
from bot.policy.versions import ensure_published
from bot.pulse.trustee.keyfile import PRIVATE, PUBLIC, grouped
from bot.settings import Settings
from storage import people, waves
from storage.database import SessionFactory, reading
from storage.tables import ChannelPost
from storage.waves import State
from tests.pulse.desk import NOW, Desk

SAMPLE: Path = Settings.model_fields["policy"].default


@pytest.fixture
def desk(sessions: SessionFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    with sessions.begin() as session:
        people.ensure_workspace(session, "T0HALDEN", "Halden Labs")
    ensure_published(sessions, SAMPLE, NOW - timedelta(days=90))
    return Desk(sessions, tmp_path, monkeypatch)


@pytest.fixture
def trusted(desk: Desk) -> Desk:
    """The same, with a trustee's keys."""
    desk.said("trustee", "keygen", "council", "--pulses", "2")
    desk.env["CANDOR_TRUSTEE"] = str(desk.folder / "council" / PUBLIC)
    return desk


def test_open_says_what_is_asked_and_of_whom_and_asks_first(desk: Desk) -> None:
    assert desk.refused("open", typed="n\n") == "no pulse was opened."
    said = desk.said("open", typed="y\n")
    assert "asks everybody, opted in or not, for one week" in said
    assert "Smallest group shown: 5. Comments are shown from 10 answers on." in said
    assert all(f"{number}. {question['text']}" in said for number, question in enumerate(desk.wave.questions, 1))
    assert "Sealed for the server, which opens the ballots when the pulse closes." in said
    assert (desk.wave.state, desk.wave.opened_by) == ("open", "command line")
    assert desk.wave.closes_at - desk.wave.opened_at == timedelta(days=7)


def test_open_takes_one_week_or_two_and_nothing_else(desk: Desk) -> None:
    for weeks in ("0", "3", "many"):
        assert desk.run("open", "--yes", "--weeks", weeks).exit_code == 2
    desk.said("open", "--yes", "--weeks", "2")
    assert desk.wave.closes_at - desk.wave.opened_at == timedelta(days=14)


def test_a_second_pulse_is_refused_in_words(desk: Desk) -> None:
    desk.said("open", "--yes")
    assert "Pulse 1 has not ended yet" in desk.refused("open", "--yes")
    desk.closed()
    assert "less than two weeks ago" in desk.refused("open", "--yes")


def test_status_never_says_how_many_have_answered(desk: Desk) -> None:
    first = desk.said("status")
    assert "There has been no pulse yet." in first
    assert f"Key directory: {desk.folder / 'keys'}: none yet, the next pulse makes it" in first
    desk.said("open", "--yes")
    before = desk.said("status")
    assert "Pulse 1 is open." in before and "shown to nobody" in before
    assert f"Key directory: {desk.folder / 'keys'}: well" in before
    desk.answered(13)
    assert desk.said("status") == before


def test_status_says_that_the_keys_are_lost(desk: Desk) -> None:
    desk.said("open", "--yes")
    desk.env["CANDOR_KEYS"] = str(desk.folder / "elsewhere")
    assert "cannot be read" in desk.said("status")


@pytest.mark.parametrize("words", [("close",), ("close", "--yes")])
def test_close_is_refused_in_the_first_48_hours_and_says_from_when_on(desk: Desk, words: tuple[str, ...]) -> None:
    desk.said("open", "--yes")
    desk.answered(12)
    assert "48 hours of weekdays after it opened" in desk.refused(*words, typed="y\n")
    assert (desk.wave.state, desk.wave.outcome) == ("open", None)


def test_close_asks_first_and_publishes_with_enough_answers(desk: Desk) -> None:
    desk.said("open", "--yes")
    desk.answered(12)
    desk.grown_old()
    assert desk.refused("close", typed="n\n") == "the pulse goes on."
    assert desk.wave.state == "open"
    said = desk.said("close", typed="y\n")
    assert said.splitlines()[-1] == "Pulse 1 has closed, and everybody sees its results."
    with reading(desk.sessions) as session:
        assert {post.kind for post in session.exec(select(ChannelPost))} == {"pulse opened", "pulse results"}
    assert desk.refused("close", "--yes") == "no pulse is under way."


def test_close_with_too_few_answers_deletes_them_unopened_and_says_so(desk: Desk) -> None:
    desk.said("open", "--yes")
    desk.answered(4)
    assert "too few answers to show anything. They were deleted unopened." in desk.closed()
    assert desk.wave.outcome == "too few"


def test_abandon_needs_its_yes_and_ends_the_pulse_with_the_reason_for_everybody(desk: Desk) -> None:
    desk.said("open", "--yes")
    desk.answered(12)
    refused = desk.refused("abandon", "--reason", "wrong questions")
    earliest = date_words(desk.wave.opened_at + timedelta(days=14))
    warned = f"The next pulse can open on {earliest} at the earliest, 14 days after this one opened."
    assert "say so with --yes" in refused and warned in refused
    assert desk.wave.state == "open"
    said = desk.said("abandon", "--yes", "--reason", " wrong\nquestions\u202e ")
    assert said.index(warned) < said.index("was stopped without results: wrong questions")
    assert "Its keys on this server are destroyed." in said
    assert (desk.wave.state, desk.wave.outcome, desk.wave.reason) == ("closed", "stopped", "wrong questions")
    assert desk.refused("abandon", "--yes", "--reason", "again") == "no pulse is under way."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "say it with --reason"),
        (("--reason", " … "), "say it with --reason"),
        (("--reason", "x" * 501), "501 characters; 500 are possible"),
    ],
)
def test_abandon_needs_a_reason_that_everybody_can_read(desk: Desk, words: tuple[str, ...], said: str) -> None:
    desk.said("open", "--yes")
    assert said in desk.refused("abandon", "--yes", *words)
    assert desk.wave.state == "open"


def test_abandon_says_when_the_keys_were_not_destroyed_and_what_to_do(desk: Desk) -> None:
    desk.said("open", "--yes")
    desk.env["CANDOR_KEYS"] = str(desk.folder / "elsewhere")
    said = desk.said("abandon", "--yes", "--reason", "the folder is gone")
    assert f"Its keys were not in {desk.folder / 'elsewhere'}, so they were NOT destroyed." in said
    assert "the running bot destroys them; destroy every other copy yourself" in said


def test_abandon_says_that_the_trustees_key_is_the_trustees_to_destroy(trusted: Desk) -> None:
    trusted.said("open", "--yes")
    assert "ask the trustee to destroy it" in trusted.said("abandon", "--yes", "--reason", "wrong questions")


def test_status_of_a_pulse_that_has_ended_says_when_and_nothing_of_what_is_to_come(desk: Desk) -> None:
    desk.said("open", "--yes")
    desk.said("abandon", "--yes", "--reason", "wrong questions")
    said = desk.said("status")
    assert f"Ended: {desk.wave.closed_at:%Y-%m-%d %H:%M} UTC." in said
    assert "Closes" not in said and "shown to nobody" not in said


def test_abandon_does_not_withdraw_what_was_counted(desk: Desk) -> None:
    desk.said("open", "--yes")
    desk.answered(12)
    with desk.sessions.begin() as session:
        waves.move(session, desk.wave.id, State.OPEN, State.COUNTED, outcome="results")
    said = desk.said("abandon", "--yes", "--reason", "we dislike what was found")
    assert "Pulse 1 has closed, and everybody sees its results." in said
    assert (desk.wave.outcome, desk.wave.reason) == ("results", None)


def test_results_are_what_everybody_sees_in_words_or_as_a_table(desk: Desk) -> None:
    assert "No pulse has closed yet." in desk.said("results")
    desk.said("open", "--yes")
    desk.answered(12)
    assert "No pulse has closed yet." in desk.said("results")
    desk.closed()
    said = desk.said("results")
    assert "80 or more of 100 believe it is followed; up to 20 of 100 do not know." in said
    assert "- Comment 03 [bold]as typed[/bold]" in said
    table = list(csv.reader(io.StringIO(desk.said("results", "--csv").removeprefix("\ufeff"))))
    assert len({len(row) for row in table}) == 1
    assert sum("Comment" in row[5] for row in table[1:]) == 12


def test_from_keygen_to_results_through_a_trustee(trusted: Desk) -> None:
    mark = next(line for line in trusted.said("trustee", "show", f"council/{PUBLIC}").splitlines() if "Finger" in line)
    said = trusted.said("open", "--yes")
    assert f"Sealed for the trustee, keys {mark.removeprefix('Fingerprint: ')}." in said
    trusted.answered(12)
    assert "is with the trustee" in trusted.closed()
    assert "is with the trustee" in trusted.said("status")
    announced = grouped(trusted.wave.export_mark or "")
    assert f"Its sealed answers have the fingerprint {announced};" in trusted.said("status")
    assert "How many have answered is shown to nobody, but to the trustee." in trusted.said("status")
    assert "already" in trusted.refused("close", "--yes")
    assert "Give it to the trustee" in trusted.said("export", "ballots.candor")
    server, trusted.env = trusted.env, dict.fromkeys(trusted.env)
    close = ("trustee", "close", "ballots.candor", "--keys", f"council/{PRIVATE}", "--out", "tallies.json")
    assert trusted.refused(*close, typed="n\n") == "nothing was opened."
    looked = trusted.said(*close, typed="y\n")
    assert announced in looked
    assert "Ballots: 12." in looked and "Opened and counted: 12 ballots." in looked and "Keys left: 1." in looked
    assert "The tallies were there already." in trusted.said(*close, "--yes")
    assert "Private keys, 1 of 2 left." in trusted.said("trustee", "show", f"council/{PRIVATE}")
    trusted.env = server
    assert "everybody sees its results" in trusted.said("tallies", "tallies.json")
    assert "Nothing happens a second time." in trusted.said("tallies", "tallies.json")
    assert "80 or more of 100 believe it is followed" in trusted.said("results")


def test_too_few_for_the_trustee_ends_without_one(trusted: Desk) -> None:
    trusted.said("open", "--yes")
    trusted.answered(4)
    assert "too few answers" in trusted.closed()
    assert trusted.refused("export", "ballots.candor") == "no pulse is under way."


def test_when_the_trustees_keys_are_used_up_no_pulse_opens(desk: Desk) -> None:
    desk.said("trustee", "keygen", "council", "--pulses", "1")
    desk.env["CANDOR_TRUSTEE"] = str(desk.folder / "council" / PUBLIC)
    desk.said("open", "--yes")
    desk.closed()
    with desk.sessions.begin() as session:
        wave = waves.newest(session)
        assert wave is not None
        wave.opened_at -= timedelta(days=15)
        session.add(wave)
    assert "All keys of the trustee have been used" in desk.refused("open", "--yes")
    assert desk.wave.number == 1


@pytest.mark.parametrize(
    "words",
    [
        ("tallies", "nothing.json"),
        ("trustee", "show", "nothing.json"),
        ("trustee", "close", "nothing", "--keys", f"council/{PRIVATE}", "--out", "tallies.json"),
        ("trustee", "close", "nothing", "--keys", "nothing.json", "--out", "tallies.json"),
    ],
)
def test_a_file_that_is_not_there_is_said_in_words(trusted: Desk, words: tuple[str, ...]) -> None:
    assert "No such file" in trusted.refused(*words)


def test_a_file_that_is_no_tallies_is_refused_in_words(trusted: Desk) -> None:
    (trusted.folder / "tallies.json").write_text("[]")
    assert "has no tallies of a pulse" in trusted.refused("tallies", "tallies.json")


def test_no_command_of_the_trustee_needs_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(app, ["pulse", "trustee", "keygen", "council"])
    assert result.exit_code == 0, result.output
    assert "Tell it to everybody yourself" in result.output
    assert len(list((tmp_path / "council").iterdir())) == 2
