"""The pulse on the Home tab: for everybody, and the same whether they answered or not."""

from pathlib import Path

import pytest

from bot.pulse.closing import close, freeze
from bot.pulse.trustee.keyfile import PUBLIC, keygen, next_public
from tests.candor import HR, Candor, without_ids
from tests.database import statements
from tests.pulse.results.acts import NEVER, PURPOSE, home_blocks, home_text, posted, pulse, texts, tick_over
from tests.pulse.world import BELIEF, QUESTIONS, begin, finish, keys_away, keys_of, vote

ABOUT_PURPOSE = BELIEF.model_copy(update={"id": "belief:purpose", "clause": PURPOSE})
OTHERS = {"5": 6, "4": 6, "2": 8, "0": 4}


def test_before_the_first_pulse_it_says_that_there_is_none(office: Candor) -> None:
    assert "No pulse is open, and none has closed yet." in home_text(office)


@pytest.mark.parametrize("opted_in", [False, True])
def test_an_open_pulse_has_its_end_in_the_persons_own_time_and_its_button(office: Candor, opted_in: bool) -> None:
    if opted_in:
        office.opt_in("U01")
    office.join("U02", tz="America/New_York")
    wave = begin(office)
    assert "Pulse 1 is open until Wed 25 Nov, 13:00 your time" in home_text(office)
    assert "Pulse 1 is open until Wed 25 Nov, 07:00 your time" in home_text(office, "U02")
    buttons = [block["accessory"] for block in home_blocks(office, "U01") if "ballot.open" in str(block)]
    assert [button["value"] for button in buttons] == [f"anyone|{wave.id}"]


def test_home_is_the_same_before_and_after_somebody_answered(office: Candor) -> None:
    wave = begin(office)
    before = without_ids(home_blocks(office, "U01"))
    vote(office, wave, "U01")
    for number in range(20):
        vote(office, wave, f"U1{number}")
    assert without_ids(home_blocks(office, "U01")) == before


def test_hr_sees_no_number_of_answers_while_a_pulse_is_open(office: Candor) -> None:
    wave = begin(office)
    before = without_ids(home_blocks(office, HR))
    for number in range(20):
        vote(office, wave, f"U1{number}")
    assert without_ids(home_blocks(office, HR)) == before


def test_between_its_end_and_its_results_it_says_that_it_is_counted(office: Candor) -> None:
    wave = begin(office)
    office.clock.now = wave.closes_at
    assert "Pulse 1 takes no more answers." in home_text(office)
    freeze(office.sessions, wave.id)
    text = home_text(office)
    assert "It is being counted. The results come to everybody at the same moment." in text
    assert "ballot.open" not in str(home_blocks(office, "U01"))


@pytest.mark.parametrize("user", ["U01", HR])
def test_while_the_keys_are_away_everybody_is_told_that_no_answers_are_taken_and_there_is_no_button(
    office: Candor, user: str
) -> None:
    begin(office)
    before = without_ids(home_blocks(office, user))
    with keys_away(office):
        text = home_text(office, user)
        assert "Pulse 1 takes no answers at the moment: its keys cannot be read." in text
        assert "ballot.open" not in str(home_blocks(office, user)) and "is open until" not in text
    assert without_ids(home_blocks(office, user)) == before


@pytest.mark.parametrize("frozen", [False, True])
def test_a_pulse_whose_keys_are_away_is_not_said_to_be_counted(office: Candor, frozen: bool) -> None:
    wave = begin(office)
    office.clock.now = wave.closes_at
    if frozen:
        freeze(office.sessions, wave.id)
    with keys_away(office):
        text = home_text(office)
        assert "Pulse 1 cannot be counted at the moment: its keys cannot be read." in text
        assert "Nothing is lost and nothing is published; those who run Candor have to bring them back." in text
        assert "It is being counted" not in text
    assert "It is being counted" in home_text(office)


def test_what_home_says_of_keys_that_are_away_is_the_same_whether_or_not_people_have_answered(office: Candor) -> None:
    wave = begin(office)
    with keys_away(office):
        before = without_ids(home_blocks(office, "U01"))
    for number in range(6):
        vote(office, wave, f"U1{number}")
    vote(office, wave, "U01")
    with keys_away(office):
        assert without_ids(home_blocks(office, "U01")) == before


def test_a_pulse_that_is_with_the_trustee_says_so(office: Candor, tmp_path: Path) -> None:
    keygen(tmp_path)
    wave = begin(office, trustee=next_public(tmp_path / PUBLIC, ()))
    for number in range(6):
        vote(office, wave, f"U1{number}")
    office.clock.now = wave.closes_at
    close(office.sessions, keys_of(office), office.clock())
    assert "is with the trustee, who alone can open the ballots" in home_text(office)


def test_the_newest_pulse_is_in_words_and_belief_over_pulses_in_a_native_table(office: Candor) -> None:
    pulse(office, OTHERS)
    pulse(office, {"1": 12})
    blocks = home_blocks(office, "U01")
    text = "\n".join(texts(blocks))
    assert f"“{NEVER}”: up to 20 of 100 believe it is followed; up to 20 of 100 do not know." in text
    (table,) = [block for block in blocks if block["type"] == "table"]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows == [
        ["Promise", "Pulse 2, version 1", "Pulse 1, version 1"],
        [f"“{NEVER}”", "up to 20 believe it, up to 20 do not know", "60 to 80 believe it, up to 20 do not know"],
    ]


def test_a_pulse_that_shows_nothing_says_why_and_earlier_results_stay(office: Candor) -> None:
    pulse(office, OTHERS)
    pulse(office, {"1": 3})
    text = home_text(office)
    assert "There were too few answers to show anything." in text
    assert "60 to 80 believe it, up to 20 do not know" in text


def test_a_promise_of_which_no_pulse_in_the_table_has_results_has_no_row_there(office: Candor) -> None:
    pulse(office, OTHERS)
    pulse(office, {"1": 3}, question=ABOUT_PURPOSE.id, questions=(ABOUT_PURPOSE, *QUESTIONS[1:]))
    (table,) = [block for block in home_blocks(office) if block["type"] == "table"]
    assert [row[0]["text"] for row in table["rows"]] == ["Promise", f"“{NEVER}”"]


def test_everybody_sees_results_at_the_same_moment(office: Candor) -> None:
    """Home of HR, of a manager and of somebody who stayed out, and the channel: nothing before, all of it after."""
    office.opt_in("U01")
    office.join("U02")
    wave = begin(office)
    for number in range(12):
        vote(office, wave, f"U1{number}")
    for user in (HR, "U01", "U02"):
        assert "of 100" not in home_text(office, user)
    assert posted(office) == []
    tick_over(office, wave)
    shown = f"“{NEVER}”: 80 or more of 100 believe it is followed"
    assert all(shown in home_text(office, user) for user in (HR, "U01", "U02"))
    assert shown in posted(office)[0].text


def test_only_hr_has_the_button_to_manage(office: Candor) -> None:
    assert "pulse.manage" in str(home_blocks(office, HR))
    assert "pulse.manage" not in str(home_blocks(office, "U01"))


def test_invitations_can_be_refused_from_home(office: Candor) -> None:
    user = office.sandbox.user("U01")
    user.open_home()
    user.press("pulse.stop_inviting", view=office.sandbox.workspace.home("U01"))
    assert "pulse.invite_again" in str(home_blocks(office, "U01"))


def test_reading_the_home_tab_takes_no_more_statements_the_more_pulses_there_were(office: Candor) -> None:
    pulse(office, OTHERS)
    home_blocks(office, "U01")
    few = _statements(office)
    for _ in range(3):
        pulse(office, OTHERS)
    assert _statements(office) == few


def _statements(office: Candor) -> int:
    with statements(office.sessions) as seen:
        home_blocks(office, "U01")
    return len(seen)


def test_results_that_took_long_to_come_stay_of_the_month_in_which_they_were_asked(office: Candor) -> None:
    wave = begin(office)
    for number in range(12):
        vote(office, wave, f"U1{number}")
    office.clock.pass_by(days=40)
    finish(office, wave)
    assert "opened on 18 November 2026" in home_text(office)
