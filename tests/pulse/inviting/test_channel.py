"""The post in the channel: owed in the transaction that opens a wave, posted once, and not of a wave that is over."""

from datetime import timedelta

import pytest

from bot.policy.publishing.health import examine
from bot.pulse.opening import NoWave
from bot.sandbox.model import Message
from storage import posts
from tests.candor import Candor
from tests.policy.publishing.test_spoken import require_all_said
from tests.pulse.inviting.acts import CHANNEL
from tests.pulse.world import begin, finish


def posted(office: Candor) -> list[Message]:
    """Posts that say that a wave is open."""
    return [post for post in office.sandbox.workspace.messages(CHANNEL) if "is open" in post.text]


def test_the_channel_hears_of_a_wave_once_with_the_button_that_opens_the_form(office: Candor) -> None:
    wave = begin(office, channel=CHANNEL)
    for _ in range(3):
        office.tick()
        office.clock.pass_by(hours=1)
    (post,) = posted(office)
    assert "until 25 November 2026, 12:00 UTC" in post.text
    assert "everybody sees the same results at the same moment" in post.text
    buttons = [(each["action_id"], each["value"]) for each in post.blocks[-1]["elements"]]
    assert buttons == [("ballot.open", f"anyone|{wave.id}")]
    require_all_said(post)


def test_without_a_channel_nothing_is_owed(office: Candor) -> None:
    begin(office)
    office.tick()
    assert not posted(office)


def test_a_wave_that_could_not_be_opened_owes_nothing(office: Candor) -> None:
    begin(office)
    with pytest.raises(NoWave):
        begin(office, channel=CHANNEL)
    with office.sessions() as session:
        assert not posts.any_open(session)


@pytest.mark.parametrize("left", [timedelta(hours=1), -timedelta(hours=1)])
def test_a_post_that_was_held_up_until_the_wave_was_nearly_over_is_dropped(office: Candor, left: timedelta) -> None:
    wave = begin(office, channel=CHANNEL)
    office.tick_at(wave.closes_at - left)
    assert not posted(office)
    with office.sessions() as session:
        assert posts.get(session, "pulse 1 opened") is None


def test_a_post_of_a_wave_that_hr_closed_is_dropped(office: Candor) -> None:
    wave = begin(office, channel=CHANNEL)
    finish(office, wave)
    office.clock.now = wave.opened_at
    office.tick()
    assert not posted(office)


def test_a_channel_that_candor_is_not_in_is_in_the_doctors_findings_and_is_tried_again(office: Candor) -> None:
    office.sandbox.workspace.channels[CHANNEL].members.remove(office.sandbox.workspace.bot_user_id)
    begin(office, channel=CHANNEL)
    office.tick()
    with office.sessions() as session:
        owed = posts.get(session, "pulse 1 opened")
        assert owed is not None and (owed.state, owed.reason) == ("owed", "not_in_channel")
    settings, now = office.services.settings, office.clock()
    said = {each.name: each.said for each in examine(settings, office.client, office.sessions, now)}
    assert (
        said["posts"] == f"“pulse 1 opened” to {CHANNEL}: not_in_channel: type /invite @Candor there, it is tried again"
    )
    office.sandbox.workspace.channels[CHANNEL].members.add(office.sandbox.workspace.bot_user_id)
    office.clock.pass_by(hours=1)
    office.tick()
    assert len(posted(office)) == 1
