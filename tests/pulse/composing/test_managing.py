"""HR prepares, opens and closes a pulse in Slack, and sees no more of it than everybody does."""

import copy
from datetime import timedelta

import pytest

from bot.pulse.composing.composition import NOTHING, OWN, SLOTS
from bot.sandbox.errors import Misuse
from storage import ballots
from storage.database import SessionFactory, reading
from tests.candor import HR, START, Candor, running
from tests.policy.drafts import AS_SHIPPED, publish_next
from tests.policy.publishing.test_at_once import together
from tests.pulse.composing.acts import all_waves, asked, at, end, manage, open_it, prepare, shown
from tests.pulse.world import begin, keys_away, keys_of, vote

NEVER = "What it is never used for"


def test_hr_opens_the_wave_whose_turn_it_is_in_three_presses(candor: Candor) -> None:
    result = open_it(candor)
    assert result.ok, result
    (wave,) = all_waves(candor)
    assert (wave.state, wave.opened_by, wave.opened_at) == ("open", HR, START)
    assert wave.closes_at == START + timedelta(days=7)
    assert [question["kind"] for question in wave.questions] == ["belief", "belief", "clarity", "gaming", "comment"]
    assert (wave.smallest_group, wave.smallest_group_comments) == (5, 10)
    assert "Pulse 1 is open until 25 November 2026, 13:00, your time" in shown(candor.top_modal(HR))


def test_hr_chooses_the_questions_their_order_and_how_long_and_adds_one(candor: Candor) -> None:
    chosen = dict(zip(SLOTS, ["comment", OWN, "candour.4", NOTHING, "action"], strict=True))
    assert open_it(candor, **chosen, own="I know whom to ask.", weeks="2").ok
    (wave,) = all_waves(candor)
    assert [question["text"] for question in wave.questions][1] == "I know whom to ask."
    assert [question["kind"] for question in wave.questions] == ["comment", "own", "candour", "action"]
    assert wave.closes_at == START + timedelta(days=14)


def test_before_it_opens_hr_sees_what_everybody_gets_and_that_it_cannot_be_changed(candor: Candor) -> None:
    assert prepare(candor, q4=OWN, own="Is <!channel> & <@U0HR> clear?").ok
    page = shown(candor.top_modal(HR))
    assert "nothing of fewer than 5 answers" in page and "if 10 or more people answer" in page
    assert "I believe “What this is for” is followed in practice." in page
    assert "Strongly disagree" in page and "DORA" in page
    assert "HR's question: Is &lt;!channel&gt; &amp; &lt;@U0HR&gt; clear?" in page and "<!channel>" not in page
    assert "nobody can change its questions" in page
    assert all_waves(candor) == []


def test_what_is_wrong_is_said_at_its_field_and_nothing_opens(candor: Candor) -> None:
    result = prepare(candor, q1="gaming", own="I know whom to ask.")
    assert not result.ok
    assert set(result.errors) == {"own", "q4"}
    assert all_waves(candor) == []


@pytest.mark.parametrize("action", ["pulse.manage", "pulse.close"])
def test_nobody_but_hr_comes_to_the_pulse(candor: Candor, action: str) -> None:
    """Also with a button that was made up: of somebody else's view, or under one's own name."""
    wave = begin(candor)
    candor.join("U01")
    person = candor.sandbox.user("U01")
    person.open_home()
    with pytest.raises(Misuse):
        person.press(action, view=candor.sandbox.workspace.home("U01"))
    candor.clock.pass_by(days=2)
    manage(candor)
    view = candor.top_modal(HR) if action == "pulse.close" else candor.sandbox.workspace.home(HR)
    person.press(action, view=view, value=f"U01|{wave.id}")
    assert "Only HR can do this" in shown(candor.top_modal("U01"))
    assert all_waves(candor)[0].closes_at == wave.closes_at


def test_who_is_no_longer_hr_cannot_open_what_they_prepared(sessions: SessionFactory) -> None:
    with running(sessions, hr=frozenset({"S0HR"})) as candor:
        group = candor.sandbox.workspace.add_usergroup(id="S0HR", handle="hr", users=[HR])
        assert prepare(candor).ok
        group.users[:] = []
        assert candor.sandbox.user(HR).fill_and_submit().ok
        assert "Only HR can do this" in shown(candor.top_modal(HR))
        assert all_waves(candor) == []


def test_while_a_wave_is_open_hr_sees_until_when_and_never_how_many_have_answered(candor: Candor) -> None:
    wave = begin(candor)
    empty = shown(manage(candor))
    assert "*Pulse 1 is open until 25 November 2026, 13:00, your time.*" in empty
    for number in range(7):
        vote(candor, wave, f"U0{number}")
    voted = manage(candor)
    assert shown(voted) == empty
    assert voted["submit"] is None


def test_hr_closes_early_and_with_too_few_ballots_they_are_destroyed_unopened(candor: Candor) -> None:
    wave = begin(candor)
    for number in range(4):
        vote(candor, wave, f"U0{number}")
    candor.clock.pass_by(days=2)
    manage(candor)
    candor.sandbox.user(HR).press("pulse.close")
    assert "has ended and is being counted" in shown(candor.top_modal(HR))
    candor.tick()
    (closed,) = all_waves(candor)
    assert (closed.state, closed.outcome) == ("closed", "too few")
    assert [file for file in keys_of(candor).path.iterdir() if file.stat().st_size] == []
    with reading(candor.sessions) as session:
        assert ballots.count(session, wave.id) == 0


def test_before_it_is_closed_hr_is_asked_and_told_what_may_come_of_it(candor: Candor) -> None:
    begin(candor)
    candor.clock.pass_by(days=2)
    page = shown(manage(candor))
    assert "If fewer than 5 people have answered, all answers are destroyed unopened" in page
    assert "it cannot be opened again" in page


def test_the_number_that_hr_is_told_is_the_strictest_of_all_versions_since_the_wave_opened(candor: Candor) -> None:
    begin(candor)
    publish_next(candor.sessions, START, effective="2026-11-19", smallest_group=8, **AS_SHIPPED)
    candor.clock.pass_by(days=2)
    assert "If fewer than 8 people have answered" in shown(manage(candor))


def test_before_48_hours_there_is_no_button_but_from_when_on_there_is_one_where_the_reader_is(candor: Candor) -> None:
    begin(candor)
    candor.clock.pass_by(hours=47, minutes=59)
    page = shown(manage(candor))
    assert (
        "You can close it earlier, but only from 20 November 2026, 13:00, your time on, 48 hours of weekdays after it"
        in page
    )
    assert "pulse.close" not in page
    candor.clock.pass_by(minutes=1)
    page = shown(manage(candor))
    assert "You can close it earlier, but" not in page and "pulse.close" in page


def test_a_button_that_was_made_up_closes_nothing_before_48_hours_and_says_from_when_on(candor: Candor) -> None:
    wave = begin(candor)
    candor.clock.pass_by(hours=47)
    manage(candor)
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    payload["trigger_id"] = candor.sandbox.workspace.views.new_trigger(HR)
    payload["actions"][0] |= {"action_id": "pulse.close", "value": f"{HR}|{wave.id}"}
    candor.sandbox.send_raw(payload, "interactive")
    assert "can be closed before its time from 20 November 2026, 12:00 UTC on" in shown(candor.top_modal(HR))
    assert (all_waves(candor)[0].state, all_waves(candor)[0].closes_at) == ("open", wave.closes_at)


def test_a_button_that_closes_an_earlier_wave_leaves_the_one_that_is_open_alone(candor: Candor) -> None:
    begin(candor)
    candor.clock.pass_by(days=2)
    old = manage(candor)
    end(candor)
    candor.clock.pass_by(days=14)
    wave = begin(candor)
    candor.sandbox.user(HR).press("pulse.close", view=old)
    assert all_waves(candor)[-1].closes_at == wave.closes_at
    assert "Pulse 2 is open until" in shown(candor.top_modal(HR))


def test_for_two_weeks_after_a_wave_opened_there_is_no_form_and_the_reason_is_said(candor: Candor) -> None:
    begin(candor)
    end(candor)
    view = manage(candor)
    assert view["submit"] is None
    assert "The next one can open on 2 December 2026" in shown(view)
    assert "the next opens by itself, with the questions whose turn it is, on 8 February 2027" in shown(view)


def test_of_two_who_prepared_one_the_first_opens_it_and_the_other_is_told(candor: Candor) -> None:
    assert prepare(candor).ok
    begin(candor)
    assert candor.sandbox.user(HR).fill_and_submit().ok
    assert "Pulse 1 has not ended yet" in shown(candor.top_modal(HR))
    assert len(all_waves(candor)) == 1


def test_two_of_hr_who_open_at_the_same_moment_open_one(sessions: SessionFactory) -> None:
    with running(sessions, hr=frozenset({HR, "U0HR2"})) as candor:
        candor.join("U0HR2")
        for user in (HR, "U0HR2"):
            assert prepare(candor, user).ok
        together(*(candor.sandbox.user(user).fill_and_submit for user in (HR, "U0HR2")))
        said = sorted("is open until" in shown(candor.top_modal(user)) for user in (HR, "U0HR2"))
        assert (len(all_waves(candor)), said) == (1, [False, True])


def test_what_was_prepared_under_an_older_version_does_not_open(candor: Candor) -> None:
    publish_next(candor.sessions, START, effective="2026-12-03")
    assert prepare(candor).ok
    candor.clock.now = at(3, 12, month=12)
    assert candor.sandbox.user(HR).fill_and_submit().ok
    assert "Another version of the policy took effect meanwhile" in shown(candor.top_modal(HR))
    assert all_waves(candor) == []


def test_hr_sees_when_each_promise_was_last_asked_about_or_that_it_never_was(candor: Candor) -> None:
    assert "• “What this is for”: never" in shown(manage(candor)).replace("\\n", "\n")
    assert open_it(candor).ok
    end(candor)
    page = shown(manage(candor))
    assert "“What this is for”: pulse 1, 18 November 2026" in page
    assert page.index("What it costs you") < page.index("What this is for")


def test_a_promise_that_is_due_is_chosen_from_the_start(candor: Candor) -> None:
    assert open_it(candor).ok
    end(candor)
    candor.clock.pass_by(days=14)
    assert open_it(candor).ok
    first, second = all_waves(candor)
    assert not set(asked(first)[:2]) & set(asked(second)[:2])
    assert asked(second)[2] == "candour.1"


def test_a_key_directory_that_cannot_be_used_is_said_to_hr_and_nothing_opens(candor: Candor) -> None:
    keys_of(candor).path.chmod(0o755)
    assert open_it(candor).ok
    assert "is open to other accounts" in shown(candor.top_modal(HR))
    assert all_waves(candor) == []


def test_a_policy_with_very_many_and_very_long_promises_fits_into_the_form(candor: Candor) -> None:
    body = "\n\n".join(f"# {number} <!channel> {'承諾' * 150}\n<!-- promise -->\n\nWords." for number in range(140))
    publish_next(candor.sessions, START, effective="2026-12-03", body=body)
    candor.clock.now = at(3, 12, month=12)
    assert "… and 80 more" in shown(manage(candor))
    assert open_it(candor).ok
    assert [question["kind"] for question in all_waves(candor)[0].questions][:2] == ["belief", "belief"]


def test_a_policy_without_promises_still_has_a_pulse(candor: Candor) -> None:
    publish_next(candor.sessions, START, effective="2026-12-03", body="# Only text\n\nNothing is marked.\n")
    candor.clock.now = at(3, 12, month=12)
    assert "marks no clause as a promise" in shown(manage(candor))
    assert open_it(candor).ok
    assert asked(all_waves(candor)[0]) == ["clarity.1", "action", "gaming", "comment"]


def test_a_stored_wave_keeps_the_words_and_limits_it_opened_with(candor: Candor) -> None:
    assert open_it(candor).ok
    (before,) = all_waves(candor)
    publish_next(candor.sessions, START, effective="2026-12-03", smallest_group=8, **AS_SHIPPED)
    candor.clock.now = at(3, 12, month=12)
    (after,) = all_waves(candor)
    assert (after.questions, after.smallest_group) == (before.questions, 5)


def test_while_the_keys_are_away_hr_is_told_that_no_answers_are_taken(candor: Candor) -> None:
    begin(candor)
    words = "Pulse 1 takes no answers at the moment: its keys cannot be read."
    with keys_away(candor):
        assert words in shown(manage(candor))
    assert words not in shown(manage(candor))


def test_a_pulse_whose_keys_are_away_is_not_said_to_have_results_within_minutes(candor: Candor) -> None:
    wave = begin(candor)
    candor.clock.now = wave.closes_at
    with keys_away(candor):
        page = shown(manage(candor))
        assert "Pulse 1 cannot be counted at the moment: its keys cannot be read." in page
        assert "within minutes" not in page
    assert "within minutes" in shown(manage(candor))
