"""Where the settings ask for it, a second person of HR has to agree before anything is published."""

import copy
from datetime import date

from sqlmodel import select

from bot.policy.publishing.drafting import Rules, schedule, seal
from bot.sandbox.model import Message
from storage.tables import PolicyDraft
from tests.candor import HR, Candor
from tests.policy.publishing.acts import CHANNEL, HR2, as_it_is_now, drop, policy, press, versions

RULES = Rules(CHANNEL, frozenset({HR, HR2}), two=True)


def asked(office: Candor) -> tuple[Message, Message]:
    """HR drops a file and presses Publish: (the preview, what the other one of HR is asked)."""
    preview = drop(office, policy(office))
    press(office, "draft.publish", preview)
    office.tick()
    (question,) = office.dms(HR2)
    return preview, question


def sealed(office: Candor) -> str:
    with office.sessions() as session:
        return seal(session.exec(select(PolicyDraft)).one())


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
    forged["actions"][0]["value"] += f":{sealed(strict_office)}"
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
    again["actions"][0]["value"] += f":{sealed(strict_office)}"
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


def test_another_day_asks_the_second_person_anew_and_the_old_request_confirms_nothing(strict_office: Candor) -> None:
    drop(strict_office, policy(strict_office, days=5))
    with strict_office.sessions() as session:
        draft_id = session.exec(select(PolicyDraft.id)).one()
    for day in ("2026-11-20", "2026-11-21"):
        schedule(strict_office.sessions, draft_id, date.fromisoformat(day), RULES, strict_office.clock())
        strict_office.tick()
    first, second = strict_office.dms(HR2)
    press(strict_office, "draft.confirm", first, HR2)
    assert "changed after this preview was made" in str(strict_office.top_modal(HR2))
    assert len(versions(strict_office)) == 1
    assert "published on 21 November 2026" in second.text


def test_whoever_handed_it_in_is_told_when_it_is_confirmed_and_when_it_is_discarded(strict_office: Candor) -> None:
    _, question = asked(strict_office)
    press(strict_office, "draft.confirm", question, HR2)
    strict_office.tick()
    assert f"was confirmed by <@{HR2}> and is published" in strict_office.dms(HR)[-1].text
    press(strict_office, "draft.publish", drop(strict_office, policy(strict_office, usage=8)))
    strict_office.tick()
    press(strict_office, "draft.discard", strict_office.dms(HR2)[-1], HR2)
    strict_office.tick()
    assert f"was discarded by <@{HR2}>" in strict_office.dms(HR)[-1].text
