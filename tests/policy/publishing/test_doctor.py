"""What `candor doctor` says of publishing: who is HR, what was not posted, what will not be published."""

from datetime import timedelta

from bot.policy.publishing.health import examine
from bot.troubles import Finding
from tests.candor import HR, Candor
from tests.policy.publishing.acts import CHANNEL, HR2, drop, policy, press, publish


def found(office: Candor, name: str, **changes: object) -> Finding:
    settings = office.services.settings.model_copy(update=changes)
    (one,) = [each for each in examine(settings, office.client, office.sessions, office.clock()) if each.name == name]
    return one


def test_all_is_well_and_the_channel_is_named(office: Candor) -> None:
    assert found(office, "posts") == Finding(
        "posts", True, f"news of the policy and of pulses goes to {CHANNEL}; Candor has to be a member there"
    )


def test_a_user_group_that_slack_does_not_know_is_named_with_the_mend(office: Candor) -> None:
    wrong = found(office, "HR", hr=frozenset({"S0NONE"}))
    assert not wrong.well
    assert "S0NONE" in wrong.said
    assert "CANDOR_HR" in wrong.said


def test_a_user_group_with_people_is_well(office: Candor) -> None:
    office.sandbox.workspace.add_usergroup(id="S0HR", handle="hr", users=[HR, HR2])
    assert found(office, "HR", hr=frozenset({"S0HR"})) == Finding("HR", True, "user group S0HR: 2 people")


def test_a_channel_that_candor_is_not_in_is_named_with_the_mend(office: Candor) -> None:
    channel = office.sandbox.workspace.channels[CHANNEL]
    channel.members.discard(office.sandbox.workspace.bot_user_id)
    publish(office, policy(office))
    office.tick()
    wrong = found(office, "posts")
    assert not wrong.well
    assert "“policy 2” to C0POLICY: not_in_channel: type /invite @Candor there, it is tried again" in wrong.said


def test_a_scheduled_draft_that_cannot_be_published_is_said_before_its_day(office: Candor) -> None:
    day = (office.clock() + timedelta(days=2)).date()
    press(office, "draft.schedule", drop(office, policy(office, days=5)))
    office.sandbox.user(HR).fill_and_submit(values={"day": str(day)})
    assert found(office, "scheduled policy") == Finding("scheduled policy", True, "for 20 November 2026, 09:00 UTC")
    publish(office, policy(office, usage=8), HR2)
    wrong = found(office, "scheduled policy")
    assert not wrong.well
    assert "version 2 was published meanwhile" in wrong.said
