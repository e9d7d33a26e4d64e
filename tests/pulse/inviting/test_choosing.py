"""What an invitation says and offers, and that everybody can end invitations and have them again."""

import copy
import io
from datetime import timedelta

from bot.edge import ref
from bot.logs import configure_logs
from bot.pulse.inviting import views
from bot.sandbox.model import Message
from storage.tables import Person
from tests.candor import Candor
from tests.policy.publishing.test_spoken import require_all_said
from tests.pulse.inviting.acts import join, person, told
from tests.pulse.inviting.test_inviting import DAY, MONDAY, THURSDAY
from tests.pulse.world import begin


def invited(candor: Candor, user: str = "U01") -> Message:
    """Somebody who has their invitation to the first wave."""
    join(candor, user)
    begin(candor)
    candor.tick()
    candor.tick_at(THURSDAY)
    return told(candor, user)[-1]


def test_an_invitation_says_what_it_is_until_when_for_whom_and_that_nobody_keeps_who_answered(candor: Candor) -> None:
    text = invited(candor).text
    for said in (
        "Pulse 1 is open",
        "4 questions, about a minute, until Wed 25 Nov, 13:00 your time; HR may close it earlier.",
        "Everybody is asked, opted in to Candor or not. Leaving it out has no consequences.",
        "There is no list of who has answered. That is why the one reminder goes to everybody too.",
        "Buttons: Answer the pulse; Don't invite me again.",
    ):
        assert said in text
    for word in ("thank", "great", "please", "!", "valued", "only takes"):
        assert word not in text.lower()


def test_all_that_the_messages_say_is_in_their_text_for_whoever_has_them_read_out(candor: Candor) -> None:
    require_all_said(invited(candor))
    candor.tick_at(MONDAY)
    require_all_said(told(candor, "U01")[-1])


def test_the_invitation_of_the_last_days_promises_no_reminder(candor: Candor) -> None:
    begin(candor)
    candor.clock.now = MONDAY
    join(candor, "U01")
    candor.tick()
    (message,) = told(candor, "U01")
    assert "There is no list of who has answered." in message.text
    assert "reminder" not in message.text


def test_a_message_carries_the_same_for_everybody_but_whose_it_is(candor: Candor) -> None:
    join(candor, "U02")
    first = invited(candor)
    (second,) = told(candor, "U02")
    assert first.text == second.text
    mine, theirs = ([without_id(block) for block in message.blocks] for message in (first, second))
    assert str(mine).replace("U01", "U02") == str(theirs)
    assert first.metadata is not None and second.metadata is not None
    assert first.metadata["event_payload"].keys() == second.metadata["event_payload"].keys() == {"id"}


def without_id(block: dict[str, object]) -> dict[str, object]:
    """A block as it was sent: Slack gives each a random id."""
    return {key: value for key, value in block.items() if key != "block_id"}


def test_the_button_asks_once_more_ends_invitations_and_reminders_and_says_how_to_get_them_again(
    candor: Candor,
) -> None:
    message = invited(candor)
    (button,) = [each for each in message.blocks[-1]["elements"] if each["action_id"] == "pulse.stop_inviting"]
    assert "You can still answer" in button["confirm"]["text"]["text"]
    candor.sandbox.user("U01").press("pulse.stop_inviting", message=message)
    assert views.STOPPED in str(candor.top_modal("U01"))
    assert not person(candor, "U01").invitations
    assert told(candor, "U01") == [message]
    candor.tick_at(MONDAY)
    assert told(candor, "U01") == [message]


def test_what_was_planned_before_is_not_sent_to_whoever_ended_invitations(candor: Candor) -> None:
    message = invited(candor)
    candor.clock.now = MONDAY - timedelta(hours=1)
    candor.tick()
    assert person(candor, "U01").reminded == 1
    candor.sandbox.user("U01").press("pulse.stop_inviting", message=message)
    candor.tick_at(MONDAY)
    assert told(candor, "U01") == [message]


def choose(candor: Candor, action_id: str, user: str = "U01") -> None:
    """Press the button of the choice as it is on this person's Home tab."""
    blocks = views.invitation_choice(person(candor, user))
    candor.client.views_publish(user_id=user, view={"type": "home", "private_metadata": ref(user), "blocks": blocks})
    candor.sandbox.user(user).press(action_id, view=candor.sandbox.workspace.home(user))


def test_whoever_takes_them_up_again_is_invited_to_nothing_twice(candor: Candor) -> None:
    message = invited(candor)
    choose(candor, "pulse.stop_inviting")
    assert not person(candor, "U01").invitations
    choose(candor, "pulse.invite_again")
    assert views.AGAIN in str(candor.top_modal("U01"))
    assert person(candor, "U01").invitations
    candor.tick_at(THURSDAY + DAY)
    assert told(candor, "U01") == [message]


def test_whoever_had_ended_them_when_the_wave_opened_is_invited_once_they_want_it(candor: Candor) -> None:
    join(candor, "U01")
    choose(candor, "pulse.stop_inviting")
    begin(candor)
    candor.tick()
    candor.tick_at(THURSDAY)
    assert not told(candor, "U01")
    choose(candor, "pulse.invite_again")
    candor.tick_at(THURSDAY + timedelta(minutes=2))
    candor.tick_at(THURSDAY + DAY)
    assert len(told(candor, "U01")) == 1


def test_the_home_tabs_choice_shows_the_one_button_that_changes_what_is() -> None:
    (on,), (off,) = (views.invitation_choice(Person(id="U01", tz="UTC", invitations=each)) for each in (True, False))
    assert (on["accessory"]["action_id"], off["accessory"]["action_id"]) == (
        "pulse.stop_inviting",
        "pulse.invite_again",
    )
    assert "as you chose" in off["text"]["text"]


def test_somebody_elses_button_changes_neither_their_choice_nor_the_others(candor: Candor) -> None:
    join(candor, "U02")
    invited(candor)
    (theirs,) = told(candor, "U02")
    candor.sandbox.user("U02").press("pulse.stop_inviting", message=theirs)
    payload = copy.deepcopy(candor.sandbox.last_payload("interactive"))
    payload["user"]["id"] = "U01"
    for action_id in ("pulse.stop_inviting", "pulse.invite_again"):
        payload["actions"][0]["action_id"] = action_id
        candor.sandbox.send_raw(payload, "interactive")
        assert "belongs to somebody else" in candor.dms("U01")[-1].text
    assert (person(candor, "U01").invitations, person(candor, "U02").invitations) == (True, False)


def test_the_log_says_nothing_of_who_ended_invitations(candor: Candor) -> None:
    log = io.StringIO()
    message = invited(candor)
    configure_logs("DEBUG", log)
    candor.sandbox.user("U01").press("pulse.stop_inviting", message=message)
    assert not person(candor, "U01").invitations
    assert "U01" not in log.getvalue()


def test_what_is_held_of_somebody_who_was_only_invited_is_said_and_is_no_more_than_that(candor: Candor) -> None:
    invited(candor)
    candor.sandbox.user("U01").command("/candor", "held")
    shown = str(candor.top_modal("U01"))
    for said in (
        "wants invitations to a pulse: yes",
        "newest pulse you were to be invited to (0: none): 1",
        "newest pulse you were to be reminded of (0: none): 0",
        "kind: pulse",
        "state: sent",
    ):
        assert said in shown
    assert "Every row held about you: 2 rows" in shown
