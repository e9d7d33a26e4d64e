"""Where the settings ask for it, a second person of HR has to agree before anything is published."""

import copy

from bot.sandbox.model import Message
from tests.candor import HR, Candor
from tests.policy.publishing.acts import CHANNEL, HR2, as_it_is_now, drop, policy, press, versions


def asked(office: Candor) -> tuple[Message, Message]:
    """HR drops a file and presses Publish: (the preview, what the other one of HR is asked)."""
    preview = drop(office, policy(office))
    press(office, "draft.publish", preview)
    office.tick()
    (question,) = office.dms(HR2)
    return preview, question


def test_publishing_asks_the_other_one_with_the_same_preview_and_publishes_nothing(strict_office: Candor) -> None:
    preview, question = asked(strict_office)
    assert len(versions(strict_office)) == 1
    assert "waits for a second person of HR" in as_it_is_now(strict_office, preview).text
    assert "12, until now 26" in str(question.blocks)
    assert f"<@{HR}>" in question.text


def test_the_other_ones_yes_publishes_and_both_are_named_as_publishers(strict_office: Candor) -> None:
    _, question = asked(strict_office)
    press(strict_office, "draft.confirm", question, HR2)
    assert versions(strict_office)[-1].publisher == f"{HR}, {HR2}"
    strict_office.tick()
    assert len(strict_office.sandbox.workspace.messages(CHANNEL)) == 1


def test_whoever_handed_it_in_cannot_be_the_second(strict_office: Candor) -> None:
    preview, _ = asked(strict_office)
    assert "draft.confirm" not in str(as_it_is_now(strict_office, preview).blocks)
    press(strict_office, "draft.read", as_it_is_now(strict_office, preview))
    forged = copy.deepcopy(strict_office.sandbox.last_payload("interactive"))
    strict_office.sandbox.user(HR).close_modal()
    forged["actions"][0]["action_id"] = "draft.confirm"
    strict_office.sandbox.send_raw(forged, "interactive")
    assert "Somebody else of HR has to confirm" in str(strict_office.dms(HR)[-1].text) + str(
        strict_office.sandbox.workspace.modals(HR)
    )
    assert len(versions(strict_office)) == 1


def test_pressing_publish_again_asks_nobody_twice(strict_office: Candor) -> None:
    preview, _ = asked(strict_office)
    press(strict_office, "draft.read", as_it_is_now(strict_office, preview))
    again = copy.deepcopy(strict_office.sandbox.last_payload("interactive"))
    again["actions"][0]["action_id"] = "draft.publish"
    strict_office.sandbox.send_raw(again, "interactive")
    strict_office.tick()
    assert len(strict_office.dms(HR2)) == 1


def test_a_confirmation_pressed_twice_publishes_once(strict_office: Candor) -> None:
    _, question = asked(strict_office)
    press(strict_office, "draft.confirm", question, HR2)
    strict_office.sandbox.send_raw(strict_office.sandbox.last_payload("interactive"), "interactive")
    assert len(versions(strict_office)) == 2


def test_the_other_one_can_discard_it_and_then_it_cannot_be_confirmed(strict_office: Candor) -> None:
    preview, question = asked(strict_office)
    press(strict_office, "draft.discard", question, HR2)
    press(strict_office, "draft.discard", as_it_is_now(strict_office, preview))
    assert "not there any more" in as_it_is_now(strict_office, preview).text
    assert len(versions(strict_office)) == 1


def test_a_day_is_kept_only_once_it_is_confirmed(strict_office: Candor) -> None:
    preview = drop(strict_office, policy(strict_office, days=5))
    press(strict_office, "draft.schedule", preview)
    assert strict_office.sandbox.user(HR).fill_and_submit(values={"day": "2026-11-20"}).ok
    strict_office.tick()
    (question,) = strict_office.dms(HR2)
    assert "published on 20 November 2026, 09:00 UTC" in question.text
    press(strict_office, "draft.confirm", question, HR2)
    assert "will be published on 20 November 2026" in as_it_is_now(strict_office, question, HR2).text
    assert len(versions(strict_office)) == 1
    strict_office.clock.pass_by(days=2)
    strict_office.tick()
    assert versions(strict_office)[-1].publisher == f"{HR}, {HR2}"
